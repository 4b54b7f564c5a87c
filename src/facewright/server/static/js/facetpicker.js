/** Picks a column to filter by: a box to type in, and a list that the arrow keys move through. */

import { allColumns } from "./columns.js";
import { byId, fill, h, set } from "./dom.js";
import { say } from "./messages.js";
import { sheet } from "./sheet.js";
import { store } from "./store.js";
import { MOST_FACETS, withFacet } from "./view.js";
import { counted } from "./words.js";

/** @typedef {import("./columns.js").Leaf} Leaf */
/** @typedef {import("./words.js").Attribute} Attribute */

const MOST = 200;
/** @type {Record<string, string>} */
const KINDS = { text: "values", flag: "yes or no", number: "numbers", texts: "several values" };

/**
 * @param {Attribute[]} attributes that have their facets already
 * @param {(name: string) => void} reveal shows one of these
 * @param {import("./facetsadded.js").AddedFacets} added
 */
export function startFacetPicker(attributes, reveal, added) {
  const titles = new Map(attributes.map((each) => [each.name, each.title]));
  const button = /** @type {HTMLButtonElement} */ (byId("add-facet"));
  button.disabled = false;
  button.addEventListener("click", () => {
    const picker = makePicker(titles, added, (leaf) => {
      picker.dialog.close();
      if (leaf.attribute && titles.has(leaf.attribute)) return reveal(leaf.attribute);
      if (!added.has(leaf.name) && store.view.facets.length >= MOST_FACETS)
        return say(`${MOST_FACETS} added facets are the most; remove one first.`, "bad");
      if (!added.has(leaf.name)) store.go(withFacet(store.view, leaf.name, true));
      added.focus(leaf.name);
    });
  });
}

/**
 * @param {Map<string, string>} titles of attributes @param {import("./facetsadded.js").AddedFacets} added
 * @param {(leaf: Leaf) => void} take
 */
function makePicker(titles, added, take) {
  const field = h("input", {
    type: "text",
    id: "facet-search",
    autocomplete: "off",
    spellcheck: false,
    placeholder: "Name of a column: jaw open, eye state, width…",
    role: "combobox",
    "aria-label": "Search the columns",
    "aria-expanded": true,
    "aria-controls": "facet-options",
    "aria-autocomplete": "list",
  });
  const list = h("ul", {
    id: "facet-options",
    class: "facet-options",
    role: "listbox",
    "aria-label": "Columns",
  });
  const said = h("p", { class: "hint", role: "status", text: "Asking the server for its columns…" });
  const dialog = sheet("Add a facet", field, list, said);
  dialog.classList.add("facet-picker");
  /** @type {Leaf[]} */
  let all = [];
  /** @type {Leaf[]} */
  let found = [];
  let hidden = 0;
  let active = 0;

  const mark = (/** @type {number} */ at) => {
    active = Math.max(0, Math.min(at, found.length - 1));
    [...list.children].forEach((each, n) => each.setAttribute("aria-selected", String(n === active)));
    list.children[active]?.scrollIntoView({ block: "nearest" });
    if (found.length) field.setAttribute("aria-activedescendant", `facet-option-${active}`);
    else field.removeAttribute("aria-activedescendant");
  };
  const show = () => {
    found = matching(all, field.value, titles);
    fill(
      list,
      found.slice(0, MOST).map((leaf, at) =>
        option(leaf, at, noteOf(leaf, titles, added), () => {
          if (!leaf.why) take(leaf);
        }),
      ),
    );
    found = found.slice(0, MOST);
    mark(0);
    const none = field.value ? "No column is called so. " : "";
    const empties = hidden ? `${counted(hidden)} columns hold nothing here and are not listed.` : "";
    said.textContent = `${found.length ? "" : none}${empties}`;
  };
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) mark(active + step);
    else if (event.key === "Enter" && found[active] && !found[active].why) take(found[active]);
    else if (event.key !== "Enter") return;
    event.preventDefault();
  });
  allColumns().then(
    (columns) => {
      all = columns.filter((each) => !each.empty);
      hidden = columns.length - all.length;
      show();
    },
    (error) => set(said, { class: "inline-error", text: error.message }),
  );
  return { dialog };
}

/**
 * Columns whose names hold every word; those that can be added first, then those that cannot.
 * @param {Leaf[]} all @param {string} text @param {Map<string, string>} titles
 */
function matching(all, text, titles) {
  const words = text
    .toLowerCase()
    .split(/[\s._]+/)
    .filter(Boolean);
  const rank = (/** @type {Leaf} */ leaf) => (leaf.why ? 2 : leaf.attribute ? 1 : 0);
  return all
    .filter((leaf) => {
      const told =
        `${leaf.name} ${leaf.title} ${leaf.about} ${titles.get(leaf.attribute ?? "") ?? ""}`.toLowerCase();
      return words.every((word) => told.includes(word));
    })
    .sort((a, b) => rank(a) - rank(b));
}

/** @param {Leaf} leaf @param {Map<string, string>} titles @param {import("./facetsadded.js").AddedFacets} added */
function noteOf(leaf, titles, added) {
  if (leaf.why) return leaf.why;
  if (leaf.attribute && titles.has(leaf.attribute)) return `is here as “${titles.get(leaf.attribute)}”`;
  if (added.has(leaf.name)) return "added";
  return [KINDS[leaf.kind], leaf.unit === "of 1" ? "0 to 1" : leaf.unit, leaf.about]
    .filter(Boolean)
    .join(", ");
}

/** @param {Leaf} leaf @param {number} at @param {string} note @param {() => void} take */
function option(leaf, at, note, take) {
  return h(
    "li",
    {
      id: `facet-option-${at}`,
      role: "option",
      "aria-selected": false,
      "aria-disabled": Boolean(leaf.why),
      on: {
        pointerdown: (/** @type {Event} */ event) => event.preventDefault(), // the field keeps the focus
        click: take,
      },
    },
    h("b", { text: leaf.title }),
    h("code", { text: leaf.name }),
    h("span", { text: note }),
  );
}
