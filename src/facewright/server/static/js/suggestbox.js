/** Suggestions below the box for conditions: words lead to values of filters, without any SQL. */

import { byId, fill, h, set } from "./dom.js";
import { store } from "./store.js";
import { suggestions } from "./suggest.js";
import { choiceOf, chosen, marked } from "./view.js";

/** @typedef {import("./suggest.js").Suggestion} Suggestion */

/** @param {import("./words.js").Attribute[]} attributes */
export function startSuggestions(attributes) {
  const field = /** @type {HTMLInputElement} */ (byId("where"));
  const list = h("ul", {
    id: "suggestions",
    class: "suggestions",
    role: "listbox",
    "aria-label": "Values",
    hidden: true,
  });
  byId("search").append(list);
  set(field, {
    role: "combobox",
    "aria-expanded": false,
    "aria-controls": list.id,
    "aria-autocomplete": "list",
  });
  /** @type {Suggestion[]} */
  let found = [];
  let active = -1;

  const mark = (/** @type {number} */ index) => {
    active = index;
    [...list.children].forEach((each, at) => each.setAttribute("aria-selected", String(at === active)));
    if (active < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `suggestion-${active}`);
  };
  const show = (/** @type {Suggestion[]} */ next) => {
    found = next;
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(found.length > 0));
    fill(
      list,
      found.map((each, at) => item(each, at, () => take(each))),
    );
    mark(found.length ? 0 : -1); // Enter takes the first
  };
  const take = (/** @type {Suggestion} */ { name, key }) => {
    const { view } = store;
    store.go({ ...chosen(view, name, marked(choiceOf(view, name), key, "any")), ...grid(view) });
    field.value = view.where;
    show([]);
  };

  const suggest = () => show(suggestions(field.value, attributes));
  field.addEventListener("input", suggest);
  field.addEventListener("blur", () => show([]));
  field.addEventListener("keydown", (event) => {
    if (!found.length) return;
    if (event.key === "ArrowDown") mark((active + 1) % found.length);
    else if (event.key === "ArrowUp") mark(active <= 0 ? found.length - 1 : active - 1);
    else if (event.key === "Enter" && active >= 0) take(found[active]);
    else if (event.key === "Escape") show([]);
    else return;
    event.preventDefault();
  });
  // Somebody may type before the attributes have come.
  if (document.activeElement === field && field.value !== store.view.where) suggest();
}

/** A value is looked at where faces or their counts are. @param {import("./view.js").View} view */
const grid = (view) => (view.route === "analysis" ? {} : { route: /** @type {const} */ ("faces"), face: "" });

/** @param {Suggestion} each @param {number} at @param {() => void} take */
function item({ title, label }, at, take) {
  return h(
    "li",
    {
      id: `suggestion-${at}`,
      role: "option",
      "aria-selected": false,
      on: {
        pointerdown: (/** @type {Event} */ event) => event.preventDefault(), // the field keeps the focus
        click: take,
      },
    },
    h("b", { text: label }),
    h("span", { text: title }),
  );
}
