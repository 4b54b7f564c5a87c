/** What the analysis is held against: equal shares, a dataset, or a sentence; and by which attributes. */

import { h, settled } from "./dom.js";
import { isSentence } from "./compare.js";
import { store } from "./store.js";

/** @typedef {import("./words.js").Attribute} Attribute */

const SENTENCE = "sentence";
const FIRST_SENTENCE = "equal over sex; 50 % adults, 25 % children, 25 % elderly";
const MOST = 3;

/** @param {Attribute[]} attributes @param {string[]} by @param {import("./main.js").DatasetCard[]} datasets @param {string} wrong */
export function targetPicker(attributes, by, datasets, wrong) {
  const { target } = store.view;
  const hasSentence = isSentence(target);
  const select = h(
    "select",
    { id: "target", "data-keep": "target" },
    h("option", { value: "", text: "Equal shares" }),
    h("option", { value: SENTENCE, text: "A sentence of shares" }),
    h("option", { value: "all", text: "Everything that is served" }),
    datasets.map((each) => h("option", { value: `dataset:${each.name}`, text: `As ${each.name}` })),
  );
  select.value = hasSentence ? SENTENCE : target === "equal" ? "" : target;
  select.addEventListener("change", () =>
    store.go({ target: select.value === SENTENCE ? FIRST_SENTENCE : select.value }),
  );
  return h(
    "div",
    { class: "controls" },
    h("div", { class: "field" }, h("label", { for: select.id, text: "Target" }), select),
    hasSentence ? sentence(target, wrong) : byFields(attributes, by),
    wrong ? h("p", { class: "inline-error", id: "target-wrong", role: "alert", text: wrong }) : null,
  );
}

/** @param {string} target @param {string} wrong */
function sentence(target, wrong) {
  const tell = (/** @type {Event} */ event) => {
    const text = /** @type {HTMLTextAreaElement} */ (event.target).value.trim();
    store.go({ target: text }, { replace: true });
  };
  return h(
    "div",
    { class: "field" },
    h("label", { for: "target-sentence", text: "Shares, clauses between semicolons" }),
    h("textarea", {
      id: "target-sentence",
      rows: 2,
      maxLength: 2000,
      spellcheck: false,
      value: target,
      "data-keep": "sentence",
      "aria-invalid": Boolean(wrong),
      ...(wrong ? { "aria-describedby": "target-wrong" } : {}),
      on: { input: settled(tell, 600), change: tell },
    }),
  );
}

/** @param {Attribute[]} attributes @param {string[]} by */
function byFields(attributes, by) {
  const classes = attributes.filter((each) => each.kind === "class");
  const pickers = Array.from({ length: MOST }, (_, at) => {
    const select = h(
      "select",
      { "aria-label": `Attribute ${at + 1}`, "data-keep": `by-${at}` },
      at ? h("option", { value: "", text: "none" }) : null,
      classes.map((each) => h("option", { value: each.name, text: each.title })),
    );
    select.value = by[at] ?? "";
    select.addEventListener("change", () =>
      store.go({ by: [...new Set(pickers.map((each) => each.value).filter(Boolean))].join(",") }),
    );
    return select;
  });
  return h(
    "div",
    { class: "field" },
    h("span", { class: "label", text: "Over" }),
    h("div", { class: "by-fields" }, pickers),
  );
}
