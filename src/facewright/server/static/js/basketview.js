/** The basket's view: picked faces, selections made of them or of a filter, exports. */

import { offers, picture } from "./api.js";
import { sketch } from "./sketch.js";
import { fill, h, jsonLink } from "./dom.js";
import { icon } from "./icons.js";
import { jobList } from "./jobs.js";
import { keepForm } from "./keepform.js";
import { showSelections } from "./selectionlist.js";
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
  const follow = () => {
    if (place.contains(picked)) return showPicked();
    basket.removeEventListener("change", follow);
    list.removeEventListener("reset", follow);
  };
  basket.addEventListener("change", follow);
  list.addEventListener("reset", follow); // how many faces the filter has
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
    jsonLink("/basket.json"),
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
