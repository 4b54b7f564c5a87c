/** View: what the page shows, as its address spells it. Pure: reading and writing, no browser. */

/**
 * Values of one attribute that are wanted and not wanted. A range is one wanted value, "20..40".
 * @typedef {{readonly any: readonly string[], readonly not: readonly string[]}} Choice
 */
/** What is wanted of an order, by the name of its field. @typedef {Readonly<Record<string, readonly string[]>>} Wish */
/** @typedef {"faces" | "face" | "alike" | "analysis" | "order" | "basket"} Route */
/**
 * @typedef {object} View
 * @property {Route} route
 * @property {string} face id of the open face
 * @property {Readonly<Record<string, Choice>>} choices by attribute's name
 * @property {Wish} wish the order that is being written, "order.sex=female" in an address
 * @property {readonly string[]} found faces that a picture has found: likeness and id, "0.731:ID"
 * @property {readonly string[]} facets columns that were added to the filters, by their dotted names
 * @property {string} where SQL-like condition
 * @property {string} select id of a selection
 * @property {string} sort "" is the dataset's own order
 * @property {string} seed of the random order
 * @property {number} size of a picture in the grid, 0 as the page likes
 * @property {string} by attributes of the analysis, with commas
 * @property {string} target what shares are held against
 * @property {string} show of an open face: "photo" or a crop's alignment, and layers drawn over it, with commas
 * @property {string} alike which look-alikes stand beside an open face: "yes" synthetic only, "no" photographs only, "" all
 */

export const ROUTES = /** @type {const} */ (["faces", "alike", "analysis", "order", "basket"]);
const RESERVED = [
  "where",
  "select",
  "sort",
  "seed",
  "size",
  "by",
  "target",
  "show",
  "alike",
  "facets",
  "found",
];
const ORDERED = "order.";
/** Columns that are added to the filters at the same time; the server keeps a few more. */
export const MOST_FACETS = 12;
const RANGE = /^(-?[\d.]*?(?:e-?\d+)?)\.\.(-?[\d.]*(?:e-?\d+)?)$/;
const NONE = /** @type {Choice} */ ({ any: [], not: [] });

/** @param {string} path @param {string} query @returns {View} */
export function read(path, query) {
  const params = new URLSearchParams(query);
  /** @type {Record<string, {any: string[], not: string[]}>} */
  const choices = {};
  /** @type {Record<string, string[]>} */
  const wish = {};
  for (const [key, value] of params) {
    if (key.startsWith(ORDERED)) {
      if (value) (wish[key.slice(ORDERED.length)] ??= []).push(value);
      continue;
    }
    const name = key.replace(/^not\./, "");
    if (RESERVED.includes(name) || !value) continue;
    const choice = (choices[name] ??= { any: [], not: [] });
    const list = name === key ? choice.any : choice.not;
    if (!list.includes(value)) list.push(value);
  }
  const text = (/** @type {string} */ name) => params.get(name) ?? "";
  return {
    ...place(path),
    choices,
    wish,
    found: params.getAll("found").filter(Boolean),
    facets: [...new Set(text("facets").split(",").filter(Boolean))].slice(0, MOST_FACETS),
    where: text("where"),
    select: text("select"),
    sort: text("sort"),
    seed: text("seed"),
    size: sized(text("size")),
    by: text("by"),
    target: text("target"),
    show: text("show"),
    alike: text("alike"),
  };
}

/** @param {string} text */
function sized(text) {
  const size = Math.round(Number(text));
  return size >= 64 && size <= 320 ? size : 0;
}

/** @param {string} path @returns {{route: Route, face: string}} */
function place(path) {
  const face = /^\/face\/(.+)$/.exec(path);
  if (face) return { route: "face", face: decodeURIComponent(face[1]) };
  const name = path.slice(1);
  return { route: ROUTES.find((each) => each === name) ?? "faces", face: "" };
}

/** The condition as the API takes it, without what only the page knows. @param {View} view */
export function filterQuery(view) {
  const params = new URLSearchParams();
  for (const name of Object.keys(view.choices)) {
    for (const value of view.choices[name].any) params.append(name, value);
    for (const value of view.choices[name].not) params.append(`not.${name}`, value);
  }
  if (view.where) params.set("where", view.where);
  if (view.select) params.set("select", view.select);
  return params;
}

/** Condition and order. @param {View} view */
export function orderedQuery(view) {
  const params = filterQuery(view);
  if (view.sort) params.set("sort", view.sort);
  if (view.sort === "random" && view.seed) params.set("seed", view.seed);
  return params;
}

/** The address of a view. @param {View} view */
export function address(view) {
  const params = orderedQuery(view);
  if (view.size) params.set("size", String(view.size));
  if (view.facets.length) params.set("facets", view.facets.join(","));
  if (view.by) params.set("by", view.by);
  if (view.target) params.set("target", view.target);
  if (view.route === "order") {
    for (const [name, values] of Object.entries(view.wish))
      for (const value of values) params.append(`${ORDERED}${name}`, value);
  }
  if (view.route === "alike") for (const each of view.found) params.append("found", each);
  if (view.route === "face" && view.show) params.set("show", view.show);
  if (view.route === "face" && view.alike) params.set("alike", view.alike);
  const query = spelled(params);
  const path =
    view.route === "face"
      ? `/face/${encodeURIComponent(view.face)}`
      : view.route === "faces"
        ? "/"
        : `/${view.route}`;
  return query ? `${path}?${query}` : path;
}

/** A query that people can read: what needs no escape stays as it is. @param {URLSearchParams} params */
export function spelled(params) {
  return params
    .toString()
    .replace(/%3A/g, ":")
    .replace(/%2C/g, ",")
    .replace(/%7E/g, "~")
    .replace(/%3C/g, "<")
    .replace(/%3E%3D/g, ">=");
}

/** @param {View} view @param {string} name @returns {Choice} */
export function choiceOf(view, name) {
  return view.choices[name] ?? NONE;
}

/** The view with another choice of an attribute. @param {View} view @param {string} name @param {Choice} choice @returns {View} */
export function chosen(view, name, choice) {
  const choices = { ...view.choices };
  if (choice.any.length || choice.not.length) choices[name] = choice;
  else delete choices[name];
  return { ...view, choices };
}

/**
 * The choice after a value was taken ("any"), excluded ("not") or let go ("").
 * @param {Choice} choice @param {string} value @param {"any" | "not" | ""} state @returns {Choice}
 */
export function marked(choice, value, state) {
  const any = choice.any.filter((each) => each !== value);
  const not = choice.not.filter((each) => each !== value);
  return { any: state === "any" ? [...any, value] : any, not: state === "not" ? [...not, value] : not };
}

/** The view without any condition. @param {View} view @returns {View} */
export function cleared(view) {
  return { ...view, choices: {}, where: "", select: "" };
}

/** The view with a facet of a further column, or without it and its condition. @param {View} view @param {string} name @param {boolean} is @returns {View} */
export function withFacet(view, name, is) {
  const rest = view.facets.filter((each) => each !== name);
  return is ? { ...view, facets: [...rest, name] } : { ...chosen(view, name, NONE), facets: rest };
}

const LIKE = "like:";

/** Id of the face by whose likeness faces are ordered; "" where they are not. @param {View} view */
export const likeOf = (view) => (view.sort.startsWith(LIKE) ? view.sort.slice(LIKE.length) : "");

/** The view ordered by likeness to a face. @param {View} view @param {string} id @returns {View} */
export const likeFirst = (view, id) => ({ ...view, route: "faces", face: "", sort: LIKE + id, seed: "" });

/** Whether two views show the same faces in the same order. @param {View} a @param {View} b */
export function sameFaces(a, b) {
  return orderedQuery(a).toString() === orderedQuery(b).toString();
}

/**
 * A range's ends; null where it is open.
 * @param {Choice} choice @returns {{low: number | null, high: number | null} | null}
 */
export function rangeOf(choice) {
  const found = choice.any.map((each) => RANGE.exec(each)).find(Boolean);
  if (!found) return null;
  const end = (/** @type {string} */ text) => (text === "" ? null : Number(text));
  return { low: end(found[1]), high: end(found[2]) };
}

/** @param {number | null} low @param {number | null} high @returns {Choice} */
export function ranged(low, high) {
  return low === null && high === null ? NONE : { any: [`${low ?? ""}..${high ?? ""}`], not: [] };
}
