/** The API, and what of it this server offers. */

/** An answer that is not what was asked for, as problem+json tells it. */
export class Problem extends Error {
  /** @param {number} status @param {string} title @param {string} detail @param {any[]} [errors] of each part */
  constructor(status, title, detail, errors = []) {
    super(detail || title);
    this.status = status;
    this.title = title;
    this.errors = errors;
  }
}

/** @param {Response} response */
async function problem(response) {
  const told = await response.json().catch(() => ({}));
  const detail = typeof told.detail === "string" ? told.detail : "";
  return new Problem(response.status, told.title ?? response.statusText, detail, told.errors ?? []);
}

/** @type {(() => void)[]} */
const refused = [];

/** Runs when the server wants a token. @param {() => void} run */
export function onRefused(run) {
  refused.push(run);
}

/** @param {string} path @param {RequestInit} [how] @returns {Promise<any>} */
async function call(path, how) {
  const response = await fetch(path, { headers: { accept: "application/json" }, ...how }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "No answer", "The server does not answer. Is it still running?");
  });
  if (response.status === 401) refused.forEach((run) => run());
  if (!response.ok) throw await problem(response);
  return response.status === 204 ? null : response.json();
}

/** @param {string} path @param {AbortSignal} [signal] */
export const get = (path, signal) => call(path, { signal });

/** @param {"POST" | "PUT" | "DELETE"} method @param {string} path @param {unknown} [body] */
export function send(method, path, body) {
  if (body instanceof FormData) return call(path, { method, body });
  const headers = {
    accept: "application/json",
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  return call(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
}

/** Whether an error only says that a newer request took this one's place. @param {any} error */
export const isAborted = (error) => error?.name === "AbortError";

/** @type {Promise<[Record<string, Record<string, unknown>>, string]> | null} */
let told = null;
/** What needs no right to write, though it is sent. */
const HARMLESS = ["/api/similar", "/api/session", "/api/orders/plan"];

/** Routes of the server, and whether this visitor may read or write. */
async function ask() {
  const paths = await get("/openapi.json").then(
    (api) => api.paths ?? {},
    () => ({}),
  );
  const scope =
    "/api/session" in paths
      ? await get("/api/session").then(
          (session) => session.scope,
          () => "write",
        )
      : "write";
  return /** @type {[Record<string, Record<string, unknown>>, string]} */ ([paths, scope]);
}

/**
 * Whether the server has a route that this visitor may use, as its OpenAPI says. A server that does not tell has them all:
 * its answers will say otherwise.
 * @param {string} method @param {string} path as OpenAPI writes it, parameters' names left out: "/api/faces/{}"
 */
export async function offers(method, path) {
  told ??= ask();
  const [all, scope] = await told;
  const names = Object.keys(all);
  if (!names.length) return true;
  if (scope === "read" && method !== "GET" && !HARMLESS.includes(path)) return false;
  const found = names.find((name) => name.replace(/\{[^}]*\}/g, "{}") === path);
  return found !== undefined && method.toLowerCase() in all[found];
}

/** Runs only the newest of its calls; earlier ones are cancelled. */
export class Newest {
  #current = new AbortController();

  /** @param {string} path */
  get(path) {
    this.cancel();
    return get(path, this.#current.signal);
  }

  cancel() {
    this.#current.abort();
    this.#current = new AbortController();
  }
}

/** Address of a face's picture. @param {string} id @param {number} size @param {Record<string, string>} [more] */
export function picture(id, size, more = {}) {
  const params = new URLSearchParams({ size: String(size), ...more });
  return `/api/faces/${encodeURIComponent(id)}/image?${params}`;
}
