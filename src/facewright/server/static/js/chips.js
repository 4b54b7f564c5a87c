/** Conditions that hold now, each as a chip that takes it away. */

import { onColumn } from "./columns.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import { choiceOf, chosen, cleared, marked, rangeOf } from "./view.js";
import { capital, labelOf, rangeWords, spaced } from "./words.js";

/** @typedef {import("./words.js").Attribute} Attribute */
/** @typedef {import("./view.js").View} View */
/** @typedef {{text: string, isNot: boolean, without: View}} Chip */

/** Where chips are shown. @type {Set<HTMLElement>} */
const places = new Set();
let show = () => {};

/** Shows the chips at a further place, as long as it is on the page. @param {HTMLElement} place */
export function alsoChips(place) {
  places.add(place);
  show();
}

/** @param {Attribute[]} attributes @param {(id: string) => string} selectionName */
export function startChips(attributes, selectionName) {
  const named = new Map(attributes.map((each) => [each.name, each]));
  places.add(byId("chips"));
  show = () => {
    const chips = chipsOf(store.view, named, selectionName);
    byId("clear-all").toggleAttribute("disabled", chips.length === 0);
    byId("filter-count").textContent = chips.length ? String(chips.length) : "";
    for (const place of places) {
      if (place.isConnected) fill(place, chips.map(chip), chips.length > 1 ? clearAll() : null);
      else places.delete(place);
    }
  };
  onColumn((attribute) => {
    named.set(attribute.name, attribute);
    show();
  });
  store.subscribe(() => show());
  show();
  return show;
}

const clearAll = () =>
  h("button", {
    class: "quiet",
    type: "button",
    text: "Clear all",
    on: { click: () => store.go(cleared(store.view)) },
  });

/** @param {Chip} each */
function chip({ text, isNot, without }) {
  const label = isNot ? `not ${text}` : text;
  return h(
    "button",
    {
      class: isNot ? "chip not" : "chip",
      type: "button",
      "aria-label": `Remove ${label}`,
      title: `Remove ${label}`,
      on: { click: () => store.go(without) },
    },
    h("span", { text: label }),
    icon("close"),
  );
}

/** @param {View} view @param {Map<string, Attribute>} named @param {(id: string) => string} selectionName @returns {Chip[]} */
function chipsOf(view, named, selectionName) {
  /** @type {Chip[]} */
  const chips = [];
  for (const name of Object.keys(view.choices)) {
    const attribute = named.get(name);
    const title = attribute?.title ?? spaced(name);
    const choice = choiceOf(view, name);
    for (const [list, isNot] of /** @type {const} */ ([
      [choice.any, false],
      [choice.not, true],
    ])) {
      for (const value of list) {
        const range = rangeOf({ any: [value], not: [] });
        const said = range ? rangeWords(range, attribute?.unit) : labelOf(attribute, value);
        chips.push({
          text: `${capital(title.replace(/^Apparent /, ""))}: ${said}`,
          isNot,
          without: chosen(view, name, marked(choice, value, "")),
        });
      }
    }
  }
  if (view.where) chips.push({ text: view.where, isNot: false, without: { ...view, where: "" } });
  if (view.select)
    chips.push({
      text: `Selection: ${selectionName(view.select)}`,
      isNot: false,
      without: { ...view, select: "" },
    });
  return chips;
}
