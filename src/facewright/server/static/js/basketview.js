/** The basket's view: picked faces, selections made of them or of a filter, exports. */

import { offers, picture } from "./api.js";
import { sketch } from "./sketch.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { jobList } from "./jobs.js";
import { say } from "./messages.js";
import { showSelections } from "./selectionlist.js";
import { makeSelection } from "./selections.js";
import { store } from "./store.js";
import { orderedQuery, spelled } from "./view.js";
import { several } from "./words.js";

const SHOWN = 240;

/** @param {HTMLElement} place @param {import("./routes.js").Parts} parts */
export async function showBasket(place, { basket, list }) {
  const picked = h("section", { class: "picked" });
  const kept = h("section", { class: "selections" });
  const mayKeep = await offers("POST", "/api/selections");
  const jobs = (await offers("POST", "/api/jobs")) ? jobList(["export", "balance"]) : null;
  const showKept = () => (mayKeep ? showSelections(kept, showKept) : undefined);
  const showPicked = () =>
    fill(picked, pickedHead(basket), pickedFaces(basket), mayKeep ? keepForm(basket, list, showKept) : null);
  const follow = () => (place.contains(picked) ? showPicked() : basket.removeEventListener("change", follow));
  basket.addEventListener("change", follow);
  showPicked();
  fill(place, h("div", { class: "columns" }, picked, h("div", {}, kept, jobs)));
  await showKept();
}

/** @param {import("./basket.js").Basket} basket */
function pickedHead(basket) {
  return h(
    "header",
    { class: "view-head" },
    h("h1", { text: "Basket" }),
    h("p", { class: "hint", text: basket.size ? several(basket.size, "face") : "" }),
    basket.size
      ? h("button", { class: "plain", type: "button", text: "Empty it", on: { click: () => basket.clear() } })
      : null,
  );
}

/** @param {import("./basket.js").Basket} basket */
function pickedFaces(basket) {
  if (!basket.size) {
    return h(
      "div",
      { class: "empty" },
      icon("basket"),
      h("h2", { text: "Nothing is picked yet" }),
      h(
        "p",
        {},
        "Press ",
        h("kbd", { text: "Space" }),
        " on a face in the grid, or its round mark, and it comes here. A filter can become a selection as a whole, too.",
      ),
      h("a", { class: "primary", href: "/", "data-view": "", text: "To the faces" }),
    );
  }
  return [
    h(
      "ul",
      { class: "tiles" },
      basket.ids.slice(0, SHOWN).map((id) => tile(basket, id)),
    ),
    basket.size > SHOWN
      ? h("p", { class: "hint", text: `and ${several(basket.size - SHOWN, "face")} more` })
      : null,
  ];
}

/** @param {import("./basket.js").Basket} basket @param {string} id */
function tile(basket, id) {
  const image = h("img", {
    src: picture(id, 256),
    alt: "",
    loading: "lazy",
    on: {
      load: () => image.classList.add("there"),
      error: () => image.replaceWith(h("span", { class: "sketch" }, sketch({}))),
    },
  });
  return h(
    "li",
    {},
    h(
      "a",
      {
        class: "thumb",
        href: `/face/${encodeURIComponent(id)}`,
        "data-view": "",
        "aria-label": `Face ${id}`,
      },
      image,
    ),
    h(
      "button",
      {
        class: "remove",
        type: "button",
        "aria-label": `Take ${id} out`,
        title: "Take out",
        on: { click: () => basket.pick([id], false) },
      },
      icon("close"),
    ),
  );
}

/** @param {import("./basket.js").Basket} basket @param {import("./facelist.js").FaceList} list @param {() => void} showKept */
function keepForm(basket, list, showKept) {
  const name = h("input", {
    id: "selection-name",
    type: "text",
    required: true,
    maxLength: 120,
    placeholder: "e.g. front, smiling",
  });
  const ofBasket = h("input", {
    type: "radio",
    name: "of",
    value: "basket",
    checked: basket.size > 0,
    disabled: basket.size === 0,
  });
  const ofFilter = h("input", { type: "radio", name: "of", value: "filter", checked: basket.size === 0 });
  const form = h(
    "form",
    { class: "stack card" },
    h("h2", { text: "Keep as a selection" }),
    h("label", { for: name.id, text: "Name" }),
    name,
    h(
      "fieldset",
      {},
      h("legend", { class: "unseen", text: "Of what" }),
      h("label", { class: "radio" }, ofBasket, `The ${several(basket.size, "picked face")}`),
      h("label", { class: "radio" }, ofFilter, `All ${several(list.total, "face")} of the filter`),
    ),
    h("div", { class: "actions" }, h("button", { class: "primary", text: "Keep" })),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await makeSelection(
        ofBasket.checked
          ? { name: name.value, face_ids: basket.ids }
          : { name: name.value, filter: spelled(orderedQuery(store.view)) },
      );
      say(`“${name.value}” is kept.`);
      name.value = "";
      showKept();
    } catch (/** @type {any} */ error) {
      say(error.message, "bad");
    }
  });
  return form;
}
