/** A small dialog with a title and a way out. */

import { h, topmost } from "./dom.js";
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
  dialog.addEventListener("close", () => {
    dialog.remove();
    for (const each of dialog.querySelectorAll(":scope > .messages, :scope > .drop")) topmost().append(each);
  });
  document.body.append(dialog);
  dialog.showModal();
  const field = dialog.querySelector(
    ".sheet-body :is(input:checked, input:not([type=radio]), select, textarea)",
  );
  /** @type {HTMLElement} */ (field ?? dialog.querySelector(".sheet-body .primary") ?? close).focus();
  return dialog;
}
