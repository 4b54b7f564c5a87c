/** Facets of further columns: those that the address names, above the groups of attributes. */

import { readColumn } from "./columns.js";
import { byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { classFacet } from "./facetvalues.js";
import { rangeFacet } from "./facetrange.js";
import { store } from "./store.js";
import { withFacet } from "./view.js";
import { capital, spaced } from "./words.js";

/** @typedef {import("./words.js").Attribute} Attribute */
/** @typedef {import("./facets.js").Facet} Facet */
/** @typedef {{place: HTMLElement, facet: Facet | null}} Added */

export class AddedFacets {
  #body = h("div", { class: "group-body" });
  element = h(
    "section",
    { class: "group added", "aria-label": "Added facets", hidden: true },
    h("h3", { class: "group-name", text: "Added facets" }),
    this.#body,
  );
  /** @type {Map<string, Added>} */
  #shown = new Map();
  /** Names of attributes, which have their places below. */
  #known;

  /** @param {Attribute[]} attributes @param {number} total faces that are served @param {() => void} onRead a column was read and wants its counts */
  constructor(attributes, total, onRead) {
    this.#known = new Set(attributes.map((each) => each.name));
    this.total = total;
    this.onRead = onRead;
    store.subscribe(() => this.#follow());
    this.#follow();
  }

  /** Facets whose columns are read, by name. @returns {Map<string, Facet>} */
  get ready() {
    /** @type {Map<string, Facet>} */
    const found = new Map();
    for (const [name, { facet }] of this.#shown) if (facet) found.set(name, facet);
    return found;
  }

  /** @param {string} name */
  has(name) {
    return this.#shown.has(name);
  }

  /** @param {string} name */
  focus(name) {
    const place = this.#shown.get(name)?.place;
    place?.scrollIntoView({ block: "nearest" });
    place?.focus();
  }

  #follow() {
    const { view } = store;
    const chosen = Object.keys(view.choices).filter((name) => !view.facets.includes(name));
    const wanted = [...view.facets, ...chosen].filter((name) => !this.#known.has(name));
    for (const [name, { place, facet }] of this.#shown) {
      if (wanted.includes(name)) continue;
      facet?.end();
      place.remove();
      this.#shown.delete(name);
    }
    for (const name of wanted) if (!this.#shown.has(name)) this.#add(name);
    this.element.hidden = !wanted.length;
  }

  /** @param {string} name */
  #add(name) {
    const said = h("p", {
      class: "hint",
      role: "status",
      text: "Reading the column. In a large dataset that takes a moment.",
    });
    const title = h("h3", { text: capital(spaced(name)) });
    const waiting = h("section", { class: "facet waiting" }, title, said);
    const remove = h(
      "button",
      {
        class: "plain icon-only remove-facet",
        type: "button",
        title: `Remove this facet (${name})`,
        "aria-label": `Remove the facet ${capital(spaced(name))}`,
        on: { click: () => this.#remove(name) },
      },
      icon("close"),
    );
    const place = h("div", { class: "added-facet", tabIndex: -1, data: { column: name } }, waiting, remove);
    /** @type {Added} */
    const added = { place, facet: null };
    this.#shown.set(name, added);
    this.#body.append(place);
    readColumn(name).then(
      (attribute) => {
        if (this.#shown.get(name) !== added) return;
        added.facet =
          attribute.kind === "class" ? classFacet(attribute, this.total) : rangeFacet(attribute, this.total);
        waiting.replaceWith(added.facet.element);
        byId("announce").textContent = `${attribute.title} is among the filters`;
        this.onRead();
      },
      (error) => {
        said.className = "inline-error";
        said.textContent = error.message.replace(`${name}: `, `${capital(spaced(name))}: `);
      },
    );
  }

  /** @param {string} name */
  #remove(name) {
    store.go(withFacet(store.view, name, false));
    byId("add-facet").focus();
  }
}
