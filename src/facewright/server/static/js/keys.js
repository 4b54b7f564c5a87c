/** Keys of the whole page, and the list of them. */

import { byId, h, isTyping } from "./dom.js";
import { sheet } from "./sheet.js";

/** Keys, and what they do. @type {[string[], string][]} */
const KEYS = [
  [["←", "→", "↑", "↓"], "move among faces; in an open face, the one before or after"],
  [["PgUp", "PgDn", "Home", "End"], "move further; with Ctrl to the first and last face"],
  [["Enter"], "open the face"],
  [["Space"], "into the basket, or out of it"],
  [["Shift", "→"], "put a row of faces into the basket"],
  [["F"], "flag the face, with a reason"],
  [["/"], "write a condition"],
  [["Alt", "click"], "exclude a value of a filter"],
  [["Ctrl", "V"], "find faces like the picture that was copied"],
  [["Esc"], "close what is open"],
  [["?"], "this list"],
];

/** What a hand does. @type {[string, string][]} */
const WAYS = [
  ["Filters", "Tick values to take them; the minus excludes. Counts say what choosing would give."],
  ["Address", "It holds all that is shown: copy it to share a view, go back to undo."],
  ["Look-alikes", "Drop a picture anywhere, or paste one. It is not stored."],
];

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      byId("where").focus();
    } else if (event.key === "?") {
      event.preventDefault();
      showHelp();
    }
  });
}

export function showHelp() {
  const list = (/** @type {import("./dom.js").Child[]} */ ...items) => h("dl", { class: "keys" }, items);
  const dialog = sheet(
    "Keys and help",
    list(
      ...KEYS.flatMap(([keys, words]) => [
        h(
          "dt",
          {},
          keys.map((key) => h("kbd", { text: key })),
        ),
        h("dd", { text: words }),
      ]),
    ),
    h("h3", { text: "With the mouse or a finger" }),
    list(...WAYS.flatMap(([name, words]) => [h("dt", { text: name }), h("dd", { text: words })])),
    h(
      "p",
      { class: "hint" },
      "The same data for programs: ",
      h("a", { href: "/docs", text: "the API’s documentation" }),
      ", and .json behind the path of any view.",
    ),
  );
  dialog.classList.add("help");
}
