/** The panel of facets: groups of attributes with live counts, fetched for what is open. */

import { Newest, isAborted } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { AddedFacets } from "./facetsadded.js";
import { startFacetPicker } from "./facetpicker.js";
import { classFacet } from "./facetvalues.js";
import { rangeFacet } from "./facetrange.js";
import { posePad } from "./posepad.js";
import { store } from "./store.js";
import { cleared, filterQuery, sameFaces } from "./view.js";
import { capital } from "./words.js";

/** @typedef {import("./words.js").Attribute} Attribute */
/** @typedef {{counts: Record<string, number>, unknown: number, others?: number}} Counts */
/** @typedef {{element: HTMLElement, show: (counts: Counts | undefined) => void, end: () => void}} Facet */

const OPEN_AT_FIRST = ["person", "expression", "pose"];
const REMEMBERED = "open-groups";

export class FacetPanel {
  /** @type {Map<string, Facet>} */
  #facets = new Map();
  /** @type {Map<string, HTMLDetailsElement>} */
  #groups = new Map();
  #newest = new Newest();
  /** @type {AddedFacets} */
  #added;
  /** @type {ReturnType<typeof posePad> | null} */
  #pad = null;

  /** @param {HTMLElement} body @param {Attribute[]} attributes @param {number} total faces that are served */
  constructor(body, attributes, total) {
    attributes = attributes.filter((each) => each.known !== 0 || each.name in store.view.choices);
    this.attributes = attributes;
    this.total = total;
    const names = [...new Set(attributes.map((each) => each.group))];
    this.#added = new AddedFacets(attributes, total, () => void this.refresh());
    startFacetPicker(attributes, (name) => this.#reveal(name), this.#added);
    fill(
      body,
      this.#added.element,
      names.map((name) =>
        this.#group(
          name,
          attributes.filter((each) => each.group === name),
        ),
      ),
    );
    store.subscribe((view, before) => {
      if (!sameFaces({ ...view, sort: "" }, { ...before, sort: "" })) this.refresh();
    });
    document.addEventListener("facesgrew", () => void this.refresh());
    this.refresh();
  }

  /** @param {string} name @param {Attribute[]} attributes */
  #group(name, attributes) {
    const body = h("div", { class: "group-body" });
    if (name === "pose" && ["yaw", "pitch"].every((each) => attributes.some((one) => one.name === each))) {
      this.#pad = posePad();
      body.append(this.#pad.element);
    }
    for (const each of attributes) {
      const facet = each.kind === "class" ? classFacet(each, this.total) : rangeFacet(each, this.total);
      this.#facets.set(each.name, facet);
      body.append(facet.element);
    }
    const chosen = attributes.some((each) => each.name in store.view.choices);
    const details = h(
      "details",
      { class: "group", open: chosen || openGroups().includes(name) },
      h("summary", {}, h("span", { class: "group-name", text: titleOf(name, attributes) }), icon("down")),
      body,
    );
    details.addEventListener("toggle", () => {
      remember(this.#groups);
      if (details.open) this.refresh();
    });
    this.#groups.set(name, details);
    return details;
  }

  /** Brings a facet that is there into sight. @param {string} name */
  #reveal(name) {
    const facet = this.#facets.get(name)?.element;
    const details = facet?.closest("details");
    if (!facet || !details) return;
    details.open = true;
    facet.tabIndex = -1;
    facet.scrollIntoView({ block: "nearest" });
    facet.focus();
  }

  /** Counts anew what is open. */
  async refresh() {
    const open = this.attributes.filter((each) => this.#groups.get(each.group)?.open);
    const added = this.#added.ready;
    if (open.some((each) => each.group === "pose")) this.#pad?.refresh();
    const query = filterQuery(store.view);
    query.set("attributes", [...open.map((each) => each.name), ...added.keys()].join(","));
    if (!open.length && !added.size) return;
    try {
      const answer = await this.#newest.get(`/api/facets?${query}`);
      for (const each of open) this.#facets.get(each.name)?.show(answer.facets[each.name]);
      for (const [name, facet] of added) facet.show(answer.facets[name]);
    } catch (error) {
      if (!isAborted(error)) for (const each of open) this.#facets.get(each.name)?.show(undefined);
    }
  }
}

/** @param {string} group @param {Attribute[]} attributes */
const titleOf = (group, attributes) =>
  attributes.every((each) => each.name.startsWith("truth.")) ? "Truth of synthetic faces" : capital(group);

/** @returns {string[]} */
function openGroups() {
  try {
    const told = JSON.parse(localStorage.getItem(REMEMBERED) ?? "null");
    return Array.isArray(told) ? told : OPEN_AT_FIRST;
  } catch {
    return OPEN_AT_FIRST;
  }
}

/** @param {Map<string, HTMLDetailsElement>} groups */
function remember(groups) {
  const open = [...groups].filter(([, details]) => details.open).map(([name]) => name);
  localStorage.setItem(REMEMBERED, JSON.stringify(open));
}

/** A further button that opens the panel where it is a sheet. */
export function filterButton() {
  return h(
    "button",
    { class: "plain narrow-only", type: "button", on: { click: () => byId("filter-button").click() } },
    icon("filter"),
    "Filters",
  );
}

/** The panel as a sheet on narrow screens: opened by a button, closed by Escape or beside it. */
export function startSheet() {
  const panel = byId("panel");
  const button = byId("filter-button");
  const narrow = matchMedia("(max-width: 55rem)");
  const show = (/** @type {boolean} */ isOpen) => {
    panel.toggleAttribute("data-open", isOpen);
    panel.inert = narrow.matches && !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    byId("veil").hidden = !isOpen || !narrow.matches;
    if (isOpen && narrow.matches) panel.focus();
  };
  const close = () => {
    show(false);
    button.focus();
  };
  button.addEventListener("click", () => show(!panel.hasAttribute("data-open")));
  byId("sheet-close").addEventListener("click", close);
  byId("veil").addEventListener("click", close);
  byId("clear-all").addEventListener("click", () => store.go(cleared(store.view)));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && narrow.matches) close();
  });
  narrow.addEventListener("change", () => show(false));
  show(false);
}
