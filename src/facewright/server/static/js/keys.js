/** Keys of the whole page, and the list of them. */

import { byId, h, isTyping } from "./dom.js";
import { sheet } from "./sheet.js";

const KEYS = [
  ["Arrows", "move among faces; in an open face, the one before or after"],
  ["Enter", "open the face"],
  ["Space", "put the face into the basket, or take it out"],
  ["Shift + arrows", "put a row of faces into the basket"],
  ["F", "flag the face"],
  ["Page up, page down, Home, End", "further moves; with Ctrl to the first and last face"],
  ["/", "write a condition"],
  ["Alt + click", "exclude a value of a filter"],
  ["Ctrl + V", "find faces like the picture that was copied"],
  ["Escape", "close what is open"],
  ["?", "this list"],
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
  sheet(
    "Keys",
    h(
      "dl",
      { class: "keys" },
      KEYS.flatMap(([key, words]) => [h("dt", {}, h("kbd", { text: key })), h("dd", { text: words })]),
    ),
    h(
      "p",
      {},
      "The same data for programs: ",
      h("a", { href: "/docs", text: "the API’s documentation" }),
      ".",
    ),
  );
}
