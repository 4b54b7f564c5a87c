/** Attributes against each other: one request a row. */

import { get } from "./api.js";
import { crossTable } from "./charts.js";
import { fill, h } from "./dom.js";
import { store } from "./store.js";
import { address, chosen, filterQuery } from "./view.js";

/** @typedef {import("./words.js").Attribute} Attribute */

const ROWS = 12;

/** The first attribute against each of the others. @param {HTMLElement} place @param {string[]} by @param {Map<string, Attribute>} named */
export async function showCrosses(place, by, named) {
  const [across, ...others] = by.map((name) => named.get(name)).filter((each) => each !== undefined);
  const tables = await Promise.all(others.map((down) => crossOf(across, down)));
  fill(place, ...tables);
}

/** Counts of the first attribute's levels by the second's; null where nothing is known. @param {Attribute} across @param {Attribute} down */
async function crossOf(across, down) {
  const keys = (down.levels ?? []).map((level) => level.key).slice(0, ROWS);
  const view = (/** @type {string} */ row) => chosen(store.view, down.name, { any: [row], not: [] });
  const answers = await Promise.all(
    keys.map((key) => {
      const query = filterQuery(view(key));
      query.set("attributes", across.name);
      return get(`/api/facets?${query}`);
    }),
  );
  const cells = Object.fromEntries(keys.map((key, at) => [key, answers[at].facets[across.name].counts]));
  if (!Object.values(cells).some((row) => Object.values(row).some(Boolean))) return null;
  const faces = (/** @type {string} */ row, /** @type {string} */ column) =>
    address({
      ...chosen(view(row), across.name, { any: [column], not: [] }),
      route: "faces",
      face: "",
      by: "",
      target: "",
    });
  return h("div", { class: "card" }, crossTable(across, down, cells, faces));
}
