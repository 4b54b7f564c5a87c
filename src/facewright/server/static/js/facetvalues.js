/** Facet of classes: a box to take a value, a minus to exclude it, a bar and a count. */

import { h, set } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import { valueSearch } from "./valuesearch.js";
import { swatchOf } from "./swatches.js";
import { choiceOf, chosen, marked } from "./view.js";
import { compactly, counted, labelOf } from "./words.js";

/** @typedef {import("./words.js").Attribute} Attribute */
/** @typedef {import("./facets.js").Counts} Counts */

const SHOWN = 8;
/** A value as a query writes it: "~" alone means unknown. @param {string} key */
const written = (key) => (key.startsWith("~") ? `~${key}` : key);

/** @param {Attribute} attribute @param {number} total faces that are served @returns {import("./facets.js").Facet} */
export function classFacet(attribute, total) {
  const list = h("ul", { class: "values" });
  const more = h("button", { class: "quiet more", type: "button", hidden: true });
  const title = h("h3", { id: `facet-${attribute.name}`, text: attribute.title });
  const none = h("p", { class: "hint none-known", text: "not known", hidden: true });
  /** @type {ReturnType<typeof valueSearch> | null} made where there are values beyond those that are listed */
  let search = null;
  const element = h(
    "section",
    { class: "facet", "aria-labelledby": title.id },
    title,
    attribute.note ? h("p", { class: "hint", text: attribute.note }) : null,
    list,
    none,
    attribute.several ? h("p", { class: "hint", text: "A face can have several of these." }) : null,
    more,
  );
  /** @type {Map<string, ReturnType<typeof valueRow>>} */
  const rows = new Map();
  let isLong = false;
  /** Whether the unknown have a line; once there it stays, so that nothing jumps. */
  let hasUnknown = (attribute.known ?? total) < total;
  /** @type {Counts | undefined} */
  let latest;

  const show = (/** @type {Counts | undefined} */ counts) => {
    latest = counts ?? latest;
    hasUnknown ||= Boolean(latest?.unknown);
    const entries = entriesOf(attribute, latest, hasUnknown);
    const choice = choiceOf(store.view, attribute.name);
    const taken = (/** @type {string} */ key) => choice.any.includes(key) || choice.not.includes(key);
    const most = Math.max(1, ...entries.filter(([key]) => key !== "~").map(([, count]) => count)); // what is not known is told, not drawn
    const seen = entries.filter(
      ([key], at) => isLong || at < SHOWN || taken(key) || (attribute.levels?.length ?? 99) <= SHOWN + 3,
    );
    for (const [key, count] of seen) {
      const row = rows.get(key) ?? valueRow(attribute, key);
      rows.set(key, row);
      row.show(
        latest ? count : null,
        key === "~" ? 0 : count / most,
        choice.any.includes(key) ? "any" : choice.not.includes(key) ? "not" : "",
      );
    }
    const elements = seen.map(([key]) => /** @type {any} */ (rows.get(key)).element);
    if (elements.length !== list.children.length || elements.some((each, at) => list.children[at] !== each))
      list.replaceChildren(...elements);
    const known =
      !latest?.unknown || entries.some(([key, count]) => (key !== "~" && count > 0) || taken(key));
    none.hidden = known || !latest;
    if (latest?.others && !search) {
      search = valueSearch(attribute, (key) => valueRow(attribute, key));
      element.append(search.element);
    }
    search?.show(latest?.others ?? 0);
    list.hidden = !known && Boolean(latest);
    element.classList.toggle("nothing", !known && Boolean(latest));
    more.hidden = seen.length === entries.length && !isLong;
    more.textContent = isLong ? "Show fewer" : `Show all ${counted(entries.length)}`;
  };
  more.addEventListener("click", () => {
    isLong = !isLong;
    show(latest);
  });
  const end = store.subscribe(() => show(undefined));
  show(undefined);
  return { element, show, end };
}

/** Keys and counts in order, unknown last. @param {Attribute} attribute @param {Counts | undefined} counts @param {boolean} hasUnknown @returns {[string, number][]} */
function entriesOf(attribute, counts, hasUnknown) {
  const keys = new Set([
    ...(attribute.levels ?? []).map((level) => level.key),
    ...Object.keys(counts?.counts ?? {}),
  ]);
  /** @type {[string, number][]} */
  const entries = [...keys].map((key) => [written(key), counts?.counts[key] ?? 0]);
  const choice = choiceOf(store.view, attribute.name);
  const listed = new Set(entries.map(([key]) => key));
  for (const key of [...choice.any, ...choice.not]) {
    if (key !== "~" && !listed.has(key)) entries.push([key, 0]); // one of the rare ones
  }
  if (hasUnknown || choice.any.includes("~") || choice.not.includes("~"))
    entries.push(["~", counts?.unknown ?? 0]);
  return entries;
}

/** @param {Attribute} attribute @param {string} key */
function valueRow(attribute, key) {
  const label = labelOf(attribute, key);
  const take = (/** @type {"any" | "not" | ""} */ state) =>
    store.go(chosen(store.view, attribute.name, marked(choiceOf(store.view, attribute.name), key, state)));
  const box = h("input", { type: "checkbox", on: { change: () => take(box.checked ? "any" : "") } });
  const number = h("span", { class: "count" });
  const exclude = h(
    "button",
    { class: "exclude", type: "button", title: `Exclude ${label}`, "aria-label": `Exclude ${label}` },
    icon("minus"),
  );
  const swatch = swatchOf(attribute.name, key);
  const name = h(
    "label",
    {},
    box,
    swatch ? h("i", { class: "swatch", vars: { "--swatch": swatch } }) : null,
    h("span", { class: "name", text: label, title: label }),
    number,
  );
  const element = h("li", { class: "value" }, name, exclude);
  let isExcluded = false;
  exclude.addEventListener("click", () => take(isExcluded ? "" : "not"));
  name.addEventListener("click", (event) => {
    if (!event.altKey) return;
    event.preventDefault();
    take(isExcluded ? "" : "not");
  });
  return {
    element,
    /** @param {number | null} count null: not told yet @param {number} share @param {"any" | "not" | ""} state */
    show(count, share, state) {
      isExcluded = state === "not";
      box.checked = state === "any";
      number.textContent = count === null ? "" : compactly(count);
      number.title = count === null ? "" : counted(count);
      set(element, {
        vars: { "--share": share.toFixed(4) },
        class: `value ${state ? `is-${state}` : ""} ${count === 0 ? "none" : ""}`,
      });
      set(exclude, { "aria-pressed": isExcluded });
    },
  };
}
