/** Selections that the server keeps. */

import { get, send } from "./api.js";

/** @typedef {{id: string, name: string, faces?: number, count?: number, created?: string}} Selection */

/** @type {Map<string, string>} */
const names = new Map();

/** @returns {Promise<Selection[]>} */
export async function listSelections() {
  const answer = await get("/api/selections");
  /** @type {Selection[]} */
  const list = answer.selections ?? answer;
  for (const each of list) names.set(each.id, each.name);
  return list;
}

/** A selection's name, where it is known yet; `later` runs when it comes. @param {string} id @param {() => void} later */
export function selectionName(id, later) {
  const name = names.get(id);
  if (name !== undefined) return name;
  names.set(id, id);
  get(`/api/selections/${encodeURIComponent(id)}`).then(
    (told) => {
      names.set(id, told.name);
      later();
    },
    () => undefined,
  );
  return id;
}

/** @param {{name: string, face_ids: string[]} | {name: string, filter: string}} body @returns {Promise<Selection>} */
export const makeSelection = (body) => send("POST", "/api/selections", body);

/** @param {string} id */
export const dropSelection = (id) => send("DELETE", `/api/selections/${encodeURIComponent(id)}`);

/** @param {string} id */
export const selectionFile = (id) => `/api/selections/${encodeURIComponent(id)}/file`;

/** @param {Selection} each */
export const sizeOf = (each) => each.faces ?? each.count ?? 0;
