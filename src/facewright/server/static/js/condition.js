/** The box for an SQL condition over the record: applied with Enter, its error told beside it. */

import { byId, settled } from "./dom.js";
import { get } from "./api.js";
import { store } from "./store.js";

export function startCondition() {
  const form = /** @type {HTMLFormElement} */ (byId("search"));
  const field = /** @type {HTMLInputElement} */ (byId("where"));
  const told = byId("where-error");

  const tell = (/** @type {string} */ text) => {
    told.textContent = text;
    told.hidden = !text;
    field.setAttribute("aria-invalid", String(Boolean(text)));
  };
  const check = async () => {
    const text = field.value.trim();
    if (!text) return tell("");
    const query = new URLSearchParams({ where: text, limit: "1" });
    try {
      await get(`/api/faces?${query}`);
      tell("");
    } catch (/** @type {any} */ error) {
      if (field.value.trim() === text)
        tell(error.message.replace(/^where: /, "").replace(/^\w+ Error: /, ""));
      return error;
    }
  };
  const later = settled(() => {
    if (!told.hidden) void check();
  }, 400);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const where = field.value.trim();
    if (await check()) return;
    store.go({ where, route: "faces", face: "" });
  });
  field.addEventListener("input", () => {
    if (!field.value) tell("");
    later();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    field.value = store.view.where;
    tell("");
    field.blur();
  });
  const follow = () => {
    if (document.activeElement !== field) field.value = store.view.where;
  };
  store.subscribe(follow);
  follow();
  if (field.value) void check();
}
