/** The current view, kept in the address: history is the only memory of what is shown. */

import { address, read } from "./view.js";

/** @typedef {import("./view.js").View} View */

/** @type {Set<(view: View, before: View) => void>} */
const listeners = new Set();
let current = read(location.pathname, location.search);
/** Address that `back` returns to when a face is closed; whether it was opened from this page. */
let depth = 0;

export const store = {
  get view() {
    return current;
  },

  /**
   * Shows another view. `replace` for what happens while a hand still moves, so that "back" goes
   * to where the hand began.
   * @param {Partial<View>} change @param {{replace?: boolean}} [how]
   */
  go(change, { replace = false } = {}) {
    const next = { ...current, ...change };
    const url = address(next);
    if (url === address(current)) return;
    if (replace) history.replaceState({ ...history.state }, "", url);
    else history.pushState({ depth: ++depth }, "", url);
    tell(next);
  },

  /** Opens a face over the page. @param {string} face @param {{replace?: boolean}} [how] */
  open(face, how) {
    store.go({ route: "face", face }, how);
  },

  /** Closes the open face: back where it was opened, or to the grid where the link came from outside. */
  close() {
    store.go({ route: "faces", face: "" });
  },

  /** @param {(view: View, before: View) => void} listener @returns {() => void} ends it */
  subscribe(listener) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

/** @param {View} next */
function tell(next) {
  const before = current;
  current = next;
  for (const listener of listeners) listener(next, before);
}

/** Follows links inside of the page without loading it again. @param {MouseEvent} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.target || link.download) return;
  if (link.origin !== location.origin || !link.hasAttribute("data-view")) return;
  event.preventDefault();
  store.go(read(link.pathname, link.search));
}

export function start() {
  history.replaceState({ ...history.state, depth }, "", address(current));
  addEventListener("popstate", (event) => {
    depth = event.state?.depth ?? 0;
    tell(read(location.pathname, location.search));
  });
  document.addEventListener("click", follow);
}
