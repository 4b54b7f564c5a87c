/** One job in a list: what it is, how far it is, what it left, what can be done with it. */

import { get, send } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { say } from "./messages.js";
import { tiles } from "./related.js";
import { store } from "./store.js";
import { capital, counted, percent, several } from "./words.js";

/** @typedef {import("./jobs.js").Job} Job */

const ENDED = ["done", "failed", "cancelled", "interrupted"];
const SHOWN = 6;
/** Letters of a job's name. */
export const LONGEST = 120;

/** @param {string} state */
export const isOver = (state) => ENDED.includes(state);

/**
 * A row that follows its job; what has the focus keeps it as long as it is there.
 * @param {Job} first @param {() => void} refresh after something was done
 */
export function jobRow(first, refresh) {
  const label = first.title || capital(first.kind);
  const state = h("span", { class: "job-state" });
  const bar = h("progress", { max: 1, "aria-label": label });
  const words = h("p", { class: "hint" });
  const found = h("div", { class: "job-faces" });
  const actions = h("div", { class: "actions start" });
  const element = h(
    "li",
    {},
    h("div", { class: "job-head" }, h("b", { text: label }), state),
    bar,
    words,
    found,
    actions,
  );
  let before = "";
  let drawn = "";
  const show = (/** @type {Job} */ job) => {
    const isRunning = !isOver(job.state);
    element.className = `job ${job.state}`;
    state.textContent = job.state === "running" ? percent(job.progress ?? 0) : job.state;
    bar.hidden = !isRunning;
    bar.value = job.progress ?? 0;
    words.textContent = saidOf(job);
    words.hidden = !words.textContent;
    if (job.dataset && (!isRunning || job.message !== drawn)) {
      drawn = job.message ?? "";
      void showFaces(found, job.dataset);
    }
    if (`${job.state} ${job.dataset}` === before) return;
    before = `${job.state} ${job.dataset}`;
    const hadFocus = actions.contains(document.activeElement);
    fill(actions, actionsOf(job, refresh));
    if (hadFocus) /** @type {HTMLElement | null} */ (actions.querySelector("button, a"))?.focus();
  };
  show(first);
  return { element, show };
}

/** How far it is, or what came of it. @param {Job} job */
function saidOf(job) {
  const told = job.result;
  if (job.state !== "done" || !told) return job.message === job.state ? "" : (job.message ?? "");
  const rejected = Object.values(told.rejected ?? {}).reduce((sum, count) => sum + Number(count), 0);
  return [
    typeof told.faces === "number" ? several(told.faces, "face") : "",
    told.ordered > told.faces ? `of ${counted(told.ordered)} ordered` : "",
    rejected ? `${several(rejected, "picture")} rejected and made again` : "",
    told.lacking ? `${counted(told.lacking)} of what is wanted lack` : "",
    told.left_out?.length ? `${counted(told.left_out.length)} left out: ${told.left_out[0].why}` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/** The first of the faces that were made. @param {HTMLElement} place @param {string} dataset */
async function showFaces(place, dataset) {
  const query = new URLSearchParams({ dataset, limit: String(SHOWN) });
  const answer = await get(`/api/faces?${query}`).catch(() => ({ faces: [] }));
  const ids = answer.faces.map((/** @type {{id: string}} */ face) => face.id).join(" ");
  if (place.dataset.faces === ids) return;
  place.dataset.faces = ids;
  fill(place, answer.faces.length ? tiles(answer.faces) : null);
}

/** @param {Job} job @param {() => void} refresh */
function actionsOf(job, refresh) {
  const path = `/api/jobs/${encodeURIComponent(job.id)}`;
  const act = async (
    /** @type {"POST" | "DELETE"} */ method,
    /** @type {string} */ to,
    /** @type {unknown} */ body = undefined,
  ) => {
    await send(method, to, body).catch((error) => say(error.message, "bad"));
    refresh();
  };
  const action = (/** @type {string} */ text, /** @type {() => void} */ run) =>
    h("button", { class: "plain", type: "button", text, on: { click: run } });
  const soFar = job.dataset && job.state !== "done" ? facesLink(job.dataset) : null;
  if (!isOver(job.state)) return [soFar, action("Cancel", () => void act("DELETE", path))];
  /** @type {{count: number}[]} */
  const lacking = job.result?.order ?? [];
  const lacks = lacking.reduce((sum, line) => sum + line.count, 0);
  return [
    soFar,
    ...(job.state === "done" ? results(job) : [action("Try again", () => void act("POST", `${path}/again`))]),
    lacks
      ? action(`Order the ${counted(lacks)} that lack`, async () => {
          const name = `What lacks of “${job.title}”`.slice(0, LONGEST);
          await act("POST", "/api/jobs", { kind: "generate", name, order: lacking });
          store.go({ route: "order", face: "" });
        })
      : null,
    h("button", {
      class: "quiet",
      type: "button",
      hidden: job.kind === "generate" && job.state === "done", // its faces are being served
      text: job.dataset ? "Forget, with its faces" : "Forget",
      on: { click: () => void act("DELETE", path) },
    }),
  ];
}

/** @param {string} name @param {string} id @param {string} text */
const viewLink = (name, id, text) =>
  h("a", { class: "plain", "data-view": "", href: `/?${name}=${encodeURIComponent(id)}`, text });

/** The faces of an order, those that are made so far. @param {string} dataset */
const facesLink = (dataset) => viewLink("dataset", dataset, "Show the faces");

/** What a finished job leaves. @param {Job} job */
function results(job) {
  const told = job.result ?? {};
  if (told.dataset) return [facesLink(told.dataset)];
  if (told.selection) return [viewLink("select", told.selection, "Show the selection")];
  const href = `/api/jobs/${encodeURIComponent(job.id)}/result`;
  return [h("a", { class: "primary", href, download: "" }, icon("download"), "Download")];
}
