/** Finds a value among the many that a facet does not list: letters in, values with counts out. */

import { Newest, isAborted } from "./api.js";
import { fill, h, settled } from "./dom.js";
import { store } from "./store.js";
import { choiceOf, filterQuery } from "./view.js";
import { counted, several } from "./words.js";

/** @typedef {import("./words.js").Attribute} Attribute */
/** @typedef {{element: HTMLElement, show: (count: number | null, share: number, state: "any" | "not" | "") => void}} Row */

const WAIT = 180;

/** @param {Attribute} attribute @param {(key: string) => Row} makeRow */
export function valueSearch(attribute, makeRow) {
  const field = h("input", {
    type: "text",
    class: "value-search",
    placeholder: "Find a value",
    autocomplete: "off",
    spellcheck: false,
    "aria-label": `Find a value of ${attribute.title}`,
  });
  const list = h("ul", { class: "values" });
  const said = h("p", { class: "hint", role: "status" });
  const element = h("div", { class: "value-finder" }, field, list, said);
  const newest = new Newest();
  let rarer = 0;

  const tell = (/** @type {string} */ text) => {
    if (said.textContent !== text) said.textContent = text;
  };
  const look = async () => {
    const text = field.value.trim();
    if (!text) {
      newest.cancel();
      fill(list);
      return tell(rarer ? `${several(rarer, "face")} of rarer values; type to find one.` : "");
    }
    const query = filterQuery(store.view);
    query.set("contains", text);
    try {
      const { values, more } = await newest.get(`/api/facets/${encodeURIComponent(attribute.name)}?${query}`);
      const most = Math.max(1, ...values.map((/** @type {any} */ each) => each.faces));
      const choice = choiceOf(store.view, attribute.name);
      fill(
        list,
        values.map((/** @type {{key: string, faces: number}} */ { key, faces }) => {
          const row = makeRow(key.startsWith("~") ? `~${key}` : key);
          row.show(
            faces,
            faces / most,
            choice.any.includes(key) ? "any" : choice.not.includes(key) ? "not" : "",
          );
          return row.element;
        }),
      );
      tell(more ? `and ${counted(more)} more` : values.length ? "" : "No value holds these letters.");
    } catch (/** @type {any} */ error) {
      if (!isAborted(error)) tell(error.message);
    }
  };
  field.addEventListener("input", settled(look, WAIT));
  return {
    element,
    /** @param {number} others faces of values that are not listed */
    show(others) {
      rarer = others;
      if (element.contains(document.activeElement) && document.activeElement !== field) return; // a box in it was just ticked
      void look();
    },
  };
}
