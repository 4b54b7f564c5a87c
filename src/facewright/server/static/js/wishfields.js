/** Fields of the order form: values to press, of which several may hold; numbers from and to. */

import { h } from "./dom.js";
import { swatchOf } from "./swatches.js";

/** @typedef {import("./wish.js").Wanted} Wanted */
/** @typedef {(name: string, values: string[]) => void} Change */

/** At most so many whole numbers are pressed; more are a range. */
const PRESSED = 10;

/** @param {Wanted} each @param {readonly string[]} values @param {Change} change */
export function wishField(each, values, change) {
  const numbers = wholeNumbers(each);
  const isRange = each.kind === "number" && !numbers;
  const label = h("span", { class: "label", id: `order-${each.name}`, text: each.title });
  return h(
    "div",
    { class: "field", role: "group", "aria-labelledby": label.id },
    label,
    isRange ? rangeFields(each, values, change) : pressed(each, numbers ?? each.levels ?? [], values, change),
  );
}

/** Levels of a number that has few whole values. @param {Wanted} each */
function wholeNumbers({ kind, whole, low = 0, high = 0 }) {
  if (kind !== "number" || !whole || high - low >= PRESSED) return null;
  return Array.from({ length: high - low + 1 }, (_, at) => ({
    key: String(low + at),
    label: String(low + at),
  }));
}

/** @param {Wanted} each @param {import("./words.js").Level[]} levels @param {readonly string[]} values @param {Change} change */
function pressed(each, levels, values, change) {
  return h(
    "div",
    { class: "toggles" },
    levels.map(({ key, label }) => {
      const swatch = swatchOf(each.name, key);
      return h(
        "button",
        {
          class: "toggle",
          type: "button",
          "aria-pressed": values.includes(key),
          "data-keep": `${each.name}-${key}`,
          on: {
            click: () =>
              change(
                each.name,
                values.includes(key) ? values.filter((value) => value !== key) : [...values, key],
              ),
          },
        },
        swatch ? h("i", { class: "swatch", vars: { "--swatch": swatch } }) : null,
        label,
      );
    }),
  );
}

/** @param {Wanted} each @param {readonly string[]} values @param {Change} change */
function rangeFields(each, values, change) {
  const ends = (values[0] ?? "").split("..");
  const input = (/** @type {number} */ at, /** @type {string} */ words) =>
    h("input", {
      type: "number",
      min: String(each.low ?? ""),
      max: String(each.high ?? ""),
      step: each.whole ? "1" : "any",
      value: ends[at] ?? "",
      placeholder: String((at ? each.high : each.low) ?? ""),
      "aria-label": `${each.title}, ${words}`,
      "data-keep": `${each.name}-${at}`,
    });
  const [low, high] = [input(0, "from"), input(1, "up to")];
  const tell = () => change(each.name, low.value || high.value ? [`${low.value}..${high.value}`] : []);
  for (const end of [low, high]) end.addEventListener("change", tell);
  return h(
    "div",
    { class: "range-fields" },
    low,
    h("span", { text: "to" }),
    high,
    h("small", { text: each.unit ?? "" }),
  );
}
