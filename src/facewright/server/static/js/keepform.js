/** Keeping faces as a selection: those in the basket, or all that the filter shows. */

import { h } from "./dom.js";
import { say } from "./messages.js";
import { makeSelection } from "./selections.js";
import { store } from "./store.js";
import { orderedQuery, spelled } from "./view.js";
import { several } from "./words.js";

/** @param {import("./basket.js").Basket} basket @param {import("./facelist.js").FaceList} list @param {() => void} showKept */
export function keepForm(basket, list, showKept) {
  const name = h("input", {
    id: "selection-name",
    type: "text",
    required: true,
    maxLength: 120,
    placeholder: "e.g. front, smiling",
  });
  const of = (/** @type {string} */ value, /** @type {boolean} */ checked) =>
    h("input", { type: "radio", name: "of", value, checked });
  const ofBasket = of("basket", basket.size > 0);
  const query = spelled(orderedQuery(store.view));
  const whole = [
    `All ${several(list.total, "face")} that the filter shows`,
    query ? h("code", { class: "query", text: query }) : null,
  ];
  const form = h(
    "form",
    { class: "stack card" },
    h("h2", { text: basket.size ? "Keep as a selection" : "Keep the filter as a selection" }),
    basket.size
      ? h(
          "fieldset",
          {},
          h("legend", { class: "unseen", text: "Of what" }),
          h("label", { class: "radio" }, ofBasket, `The ${several(basket.size, "picked face")}`),
          h("label", { class: "radio" }, of("filter", false), ...whole),
        )
      : h("p", { class: "whole" }, ...whole),
    h("label", { for: name.id, text: "Name" }),
    h("div", { class: "one-line" }, name, h("button", { class: "primary", text: "Keep" })),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = ofBasket.checked ? { face_ids: basket.ids } : { filter: query };
    try {
      await makeSelection({ name: name.value, ...body });
      say(`“${name.value}” is kept.`);
      name.value = "";
      showKept();
    } catch (/** @type {any} */ error) {
      say(error.message, "bad");
    }
  });
  return form;
}
