/** Facet of a number: a histogram with two handles. */

import { h, set, settled } from "./dom.js";
import { placeOf, rounded, scaleOf, valueAt } from "./bins.js";
import { store } from "./store.js";
import { choiceOf, chosen, rangeOf, ranged } from "./view.js";
import { counted, rangeWords, several } from "./words.js";

/** @typedef {import("./words.js").Attribute} Attribute */
/** @typedef {import("./facets.js").Counts} Counts */

/** @param {Attribute} attribute @param {number} total faces that are served @returns {import("./facets.js").Facet} */
export function rangeFacet(attribute, total) {
  const scale = scaleOf(attribute.levels ?? [], attribute.range);
  const bins = scale.edges.length - 1;
  const bars = scale.keys.map(() => h("i"));
  const handle = (/** @type {string} */ which) =>
    h("input", {
      type: "range",
      min: "0",
      max: String(bins),
      step: "0.05",
      class: which,
      "aria-label": `${attribute.title}, ${which === "low" ? "from" : "up to"}`,
    });
  const low = handle("low");
  const high = handle("high");
  const said = h("output", { class: "said" });
  const title = h("h3", { id: `facet-${attribute.name}` }, attribute.title, said);
  const chart = h("div", { class: "histogram", "aria-hidden": "true" }, bars);
  const unknown = h("p", {
    class: "hint none-known",
    text: "\u00a0",
    hidden: (attribute.known ?? total) >= total,
  });
  const element = h(
    "section",
    { class: "facet range", "aria-labelledby": title.id },
    title,
    attribute.note ? h("p", { class: "hint", text: attribute.note }) : null,
    h("div", { class: "slider" }, bars.length ? chart : null, h("div", { class: "track" }), low, high),
    unknown,
  );

  const choose = (/** @type {boolean} */ replace) => {
    const [from, to] = [Number(low.value), Number(high.value)];
    const choice = ranged(
      from <= 0 ? null : rounded(scale, valueAt(scale, from)),
      to >= bins ? null : rounded(scale, valueAt(scale, to)),
    );
    store.go(chosen(store.view, attribute.name, choice), { replace });
  };
  const soon = settled(() => choose(true), 140);
  let isHeld = false;
  for (const input of [low, high]) {
    input.addEventListener("input", () => {
      const least = 0.05;
      if (input === low && Number(low.value) > Number(high.value) - least)
        low.value = String(Number(high.value) - least);
      if (input === high && Number(high.value) < Number(low.value) + least)
        high.value = String(Number(low.value) + least);
      if (!isHeld) {
        isHeld = true;
        choose(false); // the first move is what "back" undoes
      }
      paint();
      soon();
    });
    input.addEventListener("change", () => {
      choose(true);
      isHeld = false;
    });
  }

  const paint = () => {
    const [from, to] = [Number(low.value), Number(high.value)];
    set(element, { vars: { "--from": from / bins, "--to": to / bins } });
    bars.forEach((bar, at) => bar.classList.toggle("out", at + 1 <= from || at >= to));
    const range = {
      low: from <= 0 ? null : rounded(scale, valueAt(scale, from)),
      high: to >= bins ? null : rounded(scale, valueAt(scale, to)),
    };
    const isAll = range.low === null && range.high === null;
    said.textContent = isAll ? "" : rangeWords(range, attribute.unit);
    set(low, { "aria-valuetext": range.low === null ? "any" : String(range.low) });
    set(high, { "aria-valuetext": range.high === null ? "any" : String(range.high) });
  };
  const follow = () => {
    if (isHeld) return;
    const range = rangeOf(choiceOf(store.view, attribute.name));
    low.value = String(range?.low == null ? 0 : placeOf(scale, range.low));
    high.value = String(range?.high == null ? bins : placeOf(scale, range.high));
    paint();
  };
  const end = store.subscribe(follow);
  follow();

  return {
    element,
    end,
    show(counts) {
      if (!counts) return;
      const numbers = scale.keys.map((key) => counts.counts[key] ?? 0);
      const most = Math.max(1, ...numbers);
      bars.forEach((bar, at) => {
        set(bar, { vars: { "--height": (numbers[at] / most).toFixed(4) } });
        bar.title = `${attribute.levels?.[at]?.label ?? ""}: ${counted(numbers[at])}`;
      });
      const known = numbers.some((count) => count > 0);
      element.classList.toggle(
        "nothing",
        !known && counts.unknown > 0 && !(attribute.name in store.view.choices),
      );
      if (counts.unknown) unknown.hidden = false; // once there it stays, so that nothing jumps
      unknown.textContent = known ? `${several(counts.unknown, "face")} without it` : "not known";
    },
  };
}
