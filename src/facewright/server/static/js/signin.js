/** Asks for the token that a server beyond this computer demands. The server keeps it in a cookie. */

import { send } from "./api.js";
import { h } from "./dom.js";
import { sheet } from "./sheet.js";

let isAsking = false;

export function askToken() {
  if (isAsking) return;
  isAsking = true;
  const field = h("input", {
    type: "password",
    id: "token",
    autocomplete: "current-password",
    required: true,
  });
  const told = h("p", { class: "inline-error", role: "alert", hidden: true });
  const form = h(
    "form",
    { class: "stack" },
    h("p", {
      text: "This server shows its faces to holders of a token. Whoever runs it makes one with “facewright token”.",
    }),
    h("label", { for: "token", text: "Token" }),
    field,
    told,
    h("button", { class: "primary", text: "Go on" }),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await send("POST", "/api/session", { token: field.value });
      location.reload();
    } catch (/** @type {any} */ error) {
      told.hidden = false;
      told.textContent = error.status === 401 ? "This token is not known here." : error.message;
    }
  });
  const dialog = sheet("Token", form);
  dialog.addEventListener("close", () => {
    isAsking = false;
  });
}
