/** Columns of the tables that are no attributes: what there is, and what each holds once it is read. */

import { get } from "./api.js";

/** @typedef {import("./words.js").Attribute} Attribute */
/**
 * @typedef {object} Leaf one column, as the server lists it
 * @property {string} name dotted
 * @property {string} title
 * @property {string} kind
 * @property {string} about
 * @property {string} unit
 * @property {string | null} attribute the attribute that it is already
 * @property {string} why it cannot be counted
 * @property {boolean} empty
 */

/** @type {Map<string, Promise<Attribute>>} */
const reading = new Map();
/** @type {Set<(attribute: Attribute) => void>} */
const listeners = new Set();
/** @type {Promise<Leaf[]> | null} */
let told = null;

/** Every column, in the order of the tables. @returns {Promise<Leaf[]>} */
export function allColumns() {
  told ??= get("/api/columns").catch((error) => {
    told = null; // asked again next time
    throw error;
  });
  return told;
}

/** A column as an attribute; the first time, the server reads it. @param {string} name @returns {Promise<Attribute>} */
export function readColumn(name) {
  let found = reading.get(name);
  if (found) return found;
  found = get(`/api/columns/${encodeURIComponent(name)}`);
  reading.set(name, found);
  found.then(
    (attribute) => listeners.forEach((listener) => listener(attribute)),
    () => reading.delete(name),
  );
  return found;
}

document.addEventListener("facesgrew", () => {
  told = null; // a new dataset may have brought columns
});

/** Tells of each column that is read. @param {(attribute: Attribute) => void} listener */
export const onColumn = (listener) => void listeners.add(listener);
