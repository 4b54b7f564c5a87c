/** Parts of the order form: how many, shared out how, and what they look like. */

import { h, settled } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import { wishField } from "./wishfields.js";
import { USUAL_COUNT, first, isOfPersons, wordsOf } from "./wish.js";

/** @typedef {import("./wish.js").Wish} Wish */
/** @typedef {import("./wish.js").Wanted} Wanted */
/** @typedef {(name: string, values: readonly string[], how?: {replace?: boolean}) => void} Change */

const SIZES = ["128", "256", "512", "1024"];
const QUALITIES = [
  ["draft", "draft, quick"],
  ["standard", "standard"],
  ["hq", "high, slow"],
];
const EXAMPLES = [
  "equal over sex x ethnicity",
  "50 % adults, 25 % children, 25 % elderly",
  "60 % female, rest male",
  "smile: yes = 0.5, no = 0.5",
];
const WAIT = 500;

/** Groups that are open. @type {Set<string>} */
const open = new Set(["Person"]);

/** How many pictures, of how many people, how large. @param {Wish} wish @param {{name: string, title?: string}[]} generators @param {Change} change */
export function amountCard(wish, generators, change) {
  const isMany = isOfPersons(wish);
  const kind = (/** @type {boolean} */ many, /** @type {string} */ text) =>
    h("button", {
      type: "button",
      text,
      "aria-pressed": isMany === many,
      "data-keep": `many-${many}`,
      on: { click: () => isMany !== many && change("persons", many ? ["4"] : []) },
    });
  const number = (
    /** @type {string} */ name,
    /** @type {string} */ title,
    /** @type {string} */ usual,
    /** @type {string} */ max,
  ) => {
    const tell = (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      if (input.value && input.checkValidity()) change(name, [input.value], { replace: true });
    };
    return field(
      title,
      h("input", {
        id: `order-${name}`,
        type: "number",
        min: "1",
        max,
        required: true,
        value: first(wish, name) || usual,
        "data-keep": name,
        "data-usual": usual,
        on: {
          input: settled(tell, WAIT),
          change: tell, // before a click elsewhere counts
        },
      }),
    );
  };
  const choice = (
    /** @type {string} */ name,
    /** @type {string} */ title,
    /** @type {string[][]} */ options,
    /** @type {string} */ usual,
  ) => {
    const select = h(
      "select",
      {
        id: `order-${name}`,
        "data-keep": name,
        on: {
          change: (/** @type {Event} */ event) => {
            const { value } = /** @type {HTMLSelectElement} */ (event.target);
            change(name, value === usual ? [] : [value]);
          },
        },
      },
      options.map(([value, text]) => h("option", { value, text })),
    );
    select.value = first(wish, name) || usual;
    return field(title, select);
  };
  return h(
    "section",
    { class: "card" },
    h(
      "div",
      { class: "section-head" },
      h("h2", { text: "How many" }),
      h(
        "div",
        { class: "segmented small", role: "group", "aria-label": "Pictures of each person" },
        kind(false, "One picture each"),
        kind(true, "Several of each person"),
      ),
    ),
    h(
      "div",
      { class: "fields" },
      isMany
        ? [
            number("persons", "People", "4", "10000"),
            number("views", "Views of each", "1", "100"),
            number("expressions", "Expressions of each", "1", "8"),
          ]
        : number("count", "Pictures", String(USUAL_COUNT), "10000"),
      choice(
        "size",
        "Size",
        SIZES.map((size) => [size, `${size} × ${size}`]),
        "256",
      ),
      choice("quality", "Quality", [["", "usual"], ...QUALITIES], ""),
      generators.length > 1
        ? choice(
            "generator",
            "Generator",
            generators.map((each) => [each.name, each.title ?? each.name]),
            generators[0].name,
          )
        : null,
    ),
  );
}

/** Clauses of the sentence. @param {Wish} wish */
const clausesOf = (wish) =>
  first(wish, "target")
    .split(";")
    .map((each) => each.trim())
    .filter(Boolean);

/** Fields that are written, not pressed: the form is not made anew for them. */
const WRITTEN = ["count", "persons", "views", "expressions", "target"];

/** What the form's elements follow from; where it stays the same, `follow` is enough. @param {Wish} wish */
export const shapeOf = (wish) =>
  JSON.stringify([isOfPersons(wish), Object.entries(wish).filter(([name]) => !WRITTEN.includes(name))]);

/** Brings what is written to what the address says; nothing that a hand is on is replaced. @param {HTMLElement} form @param {Wish} wish */
export function follow(form, wish) {
  for (const field of form.querySelectorAll("[data-usual]")) {
    const input = /** @type {HTMLInputElement} */ (field);
    const { keep = "", usual = "" } = input.dataset;
    if (input !== document.activeElement) input.value = first(wish, keep) || usual;
  }
  const clauses = clausesOf(wish);
  for (const button of form.querySelectorAll("[data-example]"))
    button.setAttribute("aria-pressed", String(clauses.includes(button.getAttribute("data-example") ?? "")));
}

/** A sentence of shares, with examples to press. @param {Wish} wish @param {Change} change */
export function sharesCard(wish, change) {
  const now = first(wish, "target");
  const clauses = clausesOf(wish);
  const tell = (/** @type {Event} */ event) => {
    const text = /** @type {HTMLTextAreaElement} */ (event.target).value.trim();
    change("target", text ? [text] : [], { replace: true });
  };
  return h(
    "section",
    { class: "card" },
    h("h2", { text: "Shared out as" }),
    h("p", {
      class: "hint",
      id: "target-hint",
      text: "A sentence of shares, clauses between semicolons. Empty: as they come.",
    }),
    h("textarea", {
      id: "order-target",
      rows: 2,
      maxLength: 2000,
      spellcheck: false,
      value: now,
      placeholder: `${EXAMPLES[0]}; ${EXAMPLES[1]}`,
      "aria-label": "Shared out as",
      "aria-describedby": "target-hint",
      "data-keep": "target",
      "data-usual": "",
      on: { input: settled(tell, WAIT), change: tell },
    }),
    h(
      "div",
      { class: "toggles examples", role: "group", "aria-label": "Examples" },
      EXAMPLES.map((text) =>
        h("button", {
          class: "toggle",
          type: "button",
          text,
          "aria-pressed": clauses.includes(text),
          "data-keep": `example-${text}`,
          "data-example": text,
          on: {
            click: () => {
              const clauses = clausesOf(store.view.wish); // as they are now
              const next = clauses.includes(text)
                ? clauses.filter((each) => each !== text)
                : [...clauses, text];
              change("target", next.length ? [next.join("; ")] : []);
            },
          },
        }),
      ),
    ),
  );
}

/** Attributes of one group, folded; what is chosen stands beside its title. @param {string} title @param {Wanted[]} list @param {Wish} wish @param {Change} change */
export function attributeGroup(title, list, wish, change) {
  const asked = list.filter((each) => wish[each.name]?.length);
  const words = asked.map((each) => wordsOf(each, wish[each.name]));
  const details = h(
    "details",
    { class: "card wish-group", open: open.has(title) },
    h(
      "summary",
      { "data-keep": `group-${title}` },
      h("span", { class: "group-name", text: title }),
      h("span", { class: "group-words", text: words.join(", ") || "any" }),
      icon("down"),
    ),
    h(
      "div",
      { class: "wish-fields" },
      list.map((each) => wishField(each, wish[each.name] ?? [], change)),
    ),
  );
  details.addEventListener("toggle", () => (details.open ? open.add(title) : open.delete(title)));
  return details;
}

/** @param {string} title @param {HTMLElement} input */
function field(title, input) {
  return h("div", { class: "field" }, h("label", { for: input.id, text: title }), input);
}
