/** Short messages at the foot of the page, read out as they come. */

import { byId, h, topmost } from "./dom.js";

/** @type {HTMLElement | null} */
let messages = null;

/**
 * @param {string} text @param {"good" | "bad"} [kind]
 * @param {{label: string, run: () => void}} [action]
 */
export function say(text, kind = "good", action) {
  const place = (messages ??= byId("messages"));
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
  if (place.parentElement !== topmost()) topmost().append(place);
  place.append(element);
  while (place.children.length > 3) place.firstElementChild?.remove();
  setTimeout(end, kind === "bad" ? 9000 : 5000);
}
