/** Faces of the current view, fetched a page at a time where they are looked at. */

import { Newest, get, isAborted } from "./api.js";

/**
 * @typedef {object} Face
 * @property {string} id
 * @property {string} [dataset]
 * @property {string | null} [thumb]
 * @property {boolean} [synthetic]
 * @property {Record<string, any>} [summary]
 */

const PAGE = 120;
const KEPT = 80;

/** Events: `reset` (other faces), `grown` (more of them, those before stand where they stood), `arrived` (a page is there), `failed` (detail: the error). */
export class FaceList extends EventTarget {
  total = 0;
  #query = "";
  /** @type {Map<number, Face[]>} */
  #pages = new Map();
  /** @type {Map<number, AbortController>} */
  #coming = new Map();
  #first = new Newest();

  /** Shows other faces; what was there stays until they are. @param {URLSearchParams} query @param {number} [near] an index that will be looked at */
  async load(query, near = 0) {
    this.#cancelAll();
    const page = Math.floor(near / PAGE);
    try {
      const answer = await this.#first.get(pathOf(query.toString(), page));
      this.#cancelAll();
      this.#query = query.toString();
      this.#pages = new Map([[page, answer.faces]]);
      this.total = answer.total;
      this.dispatchEvent(new Event("reset"));
    } catch (error) {
      if (!isAborted(error)) this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    }
  }

  /**
   * Looks whether there are other faces now, without changing anything. How many there are, and
   * whether those up to where somebody looks stand where they stood.
   * @param {number} near an index that is looked at
   */
  async look(near) {
    const query = this.#query;
    const page = Math.max(0, Math.floor(Math.min(near, this.total - 1) / PAGE));
    const answer = await get(pathOf(query, page));
    if (query !== this.#query) return null;
    const held = this.#pages.get(page) ?? [];
    const isSame =
      held.length <= answer.faces.length &&
      held.every((/** @type {Face} */ face, /** @type {number} */ at) => face.id === answer.faces[at].id);
    return { total: Number(answer.total), isSame, page, faces: answer.faces };
  }

  /** Takes over more faces behind those that are there. @param {number} page @param {Face[]} faces of it @param {number} total */
  extend(page, faces, total) {
    this.#cancelAll();
    for (const each of this.#pages.keys()) if (each > page) this.#pages.delete(each);
    this.#pages.set(page, faces);
    this.total = total;
    this.dispatchEvent(new Event("grown"));
  }

  /** Fetches the same view anew; what was there stays until it is. @param {number} near an index that is looked at */
  again(near) {
    return this.load(new URLSearchParams(this.#query), near);
  }

  /** The face of an index, if its page is there. @param {number} index @returns {Face | null} */
  at(index) {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null;
  }

  /** Index of a face among those that are there; -1 where it is not. @param {string} id */
  indexOf(id) {
    for (const [page, faces] of this.#pages) {
      const at = faces.findIndex((face) => face.id === id);
      if (at >= 0) return page * PAGE + at;
    }
    return -1;
  }

  /** Something of a face has changed. @param {string} id @param {Record<string, any>} summary what is new of it */
  change(id, summary) {
    const face = this.at(this.indexOf(id));
    if (!face) return;
    face.summary = { ...face.summary, ...summary };
    this.dispatchEvent(new Event("arrived"));
  }

  /** Fetches what of these indexes is not there, and stops what nobody looks at any more. @param {number} first @param {number} last */
  want(first, last) {
    const low = Math.max(0, Math.floor(first / PAGE));
    const high = Math.min(Math.floor(last / PAGE), Math.ceil(this.total / PAGE) - 1);
    for (const [page, controller] of this.#coming) {
      if (page < low - 1 || page > high + 1) controller.abort();
    }
    for (let page = low; page <= high; page++) this.#fetch(page);
  }

  /** The face of an index, fetched where it is not there. @param {number} index */
  async face(index) {
    if (index < 0 || index >= this.total) return null;
    await this.#fetch(Math.floor(index / PAGE));
    return this.at(index);
  }

  /** @param {number} page */
  async #fetch(page) {
    if (this.#pages.has(page) || this.#coming.has(page)) return;
    const controller = new AbortController();
    this.#coming.set(page, controller);
    try {
      const answer = await get(pathOf(this.#query, page), controller.signal);
      this.#pages.set(page, answer.faces);
      this.#forget(page);
      this.dispatchEvent(new Event("arrived"));
    } catch (error) {
      if (!isAborted(error)) this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    } finally {
      if (this.#coming.get(page) === controller) this.#coming.delete(page);
    }
  }

  /** Drops the pages furthest from this one. @param {number} page */
  #forget(page) {
    if (this.#pages.size <= KEPT) return;
    const furthest = [...this.#pages.keys()].sort((a, b) => Math.abs(b - page) - Math.abs(a - page));
    for (const each of furthest.slice(0, this.#pages.size - KEPT)) this.#pages.delete(each);
  }

  #cancelAll() {
    for (const controller of this.#coming.values()) controller.abort();
    this.#coming.clear();
  }
}

/** @param {string} query @param {number} page */
function pathOf(query, page) {
  return `/api/faces?${query}${query ? "&" : ""}limit=${PAGE}&offset=${page * PAGE}`;
}
