/** A small dialog with a title and a way out. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

/** @param {string} title @param {...(import("./dom.js").Child)} content @returns {HTMLDialogElement} */
export function sheet(title, ...content) {
  const id = `sheet-${Math.random().toString(36).slice(2)}`;
  const close = h(
    "button",
    { class: "plain icon-only", type: "button", "aria-label": "Close" },
    icon("close"),
  );
  const dialog = h(
    "dialog",
    { class: "sheet", "aria-labelledby": id },
    h("header", {}, h("h2", { id, text: title }), close),
    h("div", { class: "sheet-body" }, ...content),
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
