/** Basket: faces picked by hand, in the order of picking, kept in this browser. */

import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { say } from "./messages.js";
import { store } from "./store.js";
import { several } from "./words.js";

const KEPT = "basket";
const MOST = 20_000;

/** Event: `change`. */
export class Basket extends EventTarget {
  #ids = new Set(stored());

  constructor() {
    super();
    addEventListener("storage", (event) => {
      if (event.key !== KEPT) return;
      this.#ids = new Set(stored());
      this.dispatchEvent(new Event("change"));
    });
  }

  get ids() {
    return [...this.#ids];
  }

  get size() {
    return this.#ids.size;
  }

  /** @param {string} id */
  has(id) {
    return this.#ids.has(id);
  }

  /** Puts faces in or takes them out; where nothing is said, the opposite of what they are. @param {string[]} ids @param {boolean} [isPicked] */
  pick(ids, isPicked) {
    for (const id of ids) {
      if (isPicked ?? !this.#ids.has(id)) this.#ids.add(id);
      else this.#ids.delete(id);
    }
    if (this.#ids.size > MOST) {
      this.#ids = new Set([...this.#ids].slice(0, MOST));
      say(
        `The basket holds ${several(MOST, "face")} at most. For more, make a selection of the filter.`,
        "bad",
      );
    }
    this.#keep();
  }

  clear() {
    const before = this.ids;
    this.#ids.clear();
    this.#keep();
    say("The basket is empty.", "good", { label: "Undo", run: () => this.pick(before, true) });
  }

  #keep() {
    localStorage.setItem(KEPT, JSON.stringify(this.ids));
    this.dispatchEvent(new Event("change"));
  }
}

/** @returns {string[]} */
function stored() {
  try {
    const told = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(told) ? told.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** The bar at the foot of the page while something is picked. @param {Basket} basket */
export function startBasketBar(basket) {
  const bar = byId("basket-bar");
  const words = h("span", { class: "basket-words" });
  fill(
    bar,
    icon("basket"),
    words,
    h("button", {
      class: "primary",
      type: "button",
      text: "Open basket",
      on: { click: () => store.go({ route: "basket", face: "" }) },
    }),
    h("button", { class: "plain", type: "button", text: "Empty it", on: { click: () => basket.clear() } }),
  );
  const show = () => {
    const isThere = basket.size > 0 && store.view.route !== "basket";
    bar.hidden = !isThere;
    document.body.classList.toggle("has-basket", isThere);
    words.textContent = `${several(basket.size, "face")} picked`;
  };
  basket.addEventListener("change", show);
  store.subscribe(show);
  show();
}
