/** Short messages at the foot of the page, read out as they come. */

import { byId, h } from "./dom.js";

/**
 * @param {string} text @param {"good" | "bad"} [kind]
 * @param {{label: string, run: () => void}} [action]
 */
export function say(text, kind = "good", action) {
  const place = byId("messages");
  const element = h("div", { class: `message ${kind}` }, h("span", { text }));
  const end = () => element.remove();
  if (action) {
    element.append(
      h("button", {
        class: "quiet",
        type: "button",
        text: action.label,
        on: {
          click: () => {
            action.run();
            end();
          },
        },
      }),
    );
  }
  const open = document.querySelector("dialog[open]");
  (open ?? document.body).append(place); // a modal dialog hides what is outside of it
  place.append(element);
  while (place.children.length > 3) place.firstElementChild?.remove();
  setTimeout(end, kind === "bad" ? 9000 : 5000);
}
