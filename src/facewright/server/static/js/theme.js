/** Light or dark: as the system says, until somebody says otherwise. theme-early.js sets it first. */

import { fill, set } from "./dom.js";
import { icon } from "./icons.js";

const ORDER = /** @type {const} */ (["auto", "light", "dark"]);
const WORDS = { auto: "as the system", light: "light", dark: "dark" };

/** @param {HTMLElement} button */
export function startTheme(button) {
  const show = () => {
    const theme = /** @type {"auto" | "light" | "dark"} */ (document.documentElement.dataset.theme ?? "auto");
    fill(button, icon(theme));
    const label = `Colours: ${WORDS[theme]}`;
    set(button, { "aria-label": label, title: label });
  };
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const at = ORDER.findIndex((each) => each === (root.dataset.theme ?? "auto"));
    const next = ORDER[(at + 1) % ORDER.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    localStorage.setItem("theme", next);
    document.dispatchEvent(new Event("themechange"));
    show();
  });
  show();
}
