/** The page: its parts are made here once and then follow the view. */

import { get, onRefused } from "./api.js";
import { Basket, startBasketBar } from "./basket.js";
import { startChips } from "./chips.js";
import { startCondition } from "./condition.js";
import { byId, fill, h } from "./dom.js";
import { FacePage } from "./face.js";
import { FaceList } from "./facelist.js";
import { FacetPanel, startSheet } from "./facets.js";
import { Grid } from "./grid.js";
import { startGridKeys } from "./gridkeys.js";
import { startGrowth } from "./growth.js";
import { icon } from "./icons.js";
import { startKeys } from "./keys.js";
import { startLookAlike } from "./lookalike.js";
import { say } from "./messages.js";
import { startRoutes } from "./routes.js";
import { selectionName } from "./selections.js";
import { askToken } from "./signin.js";
import { startSuggestions } from "./suggestbox.js";
import { start, store } from "./store.js";
import { startTools } from "./tools.js";
import { startToolbar } from "./toolbar.js";
import { cleared, orderedQuery, sameFaces } from "./view.js";

/** @typedef {import("./words.js").Attribute} Attribute */
/** @typedef {{name: string, faces: number, photos?: number, synthetic?: number | boolean, crops?: any, licences?: any, notice?: string}} DatasetCard */
/** @typedef {{attributes: Attribute[], datasets: DatasetCard[]}} Known what the server holds */

const NOTICE = "Attributes are apparent and estimated from single pictures; none is a fact about a person.";

/** @returns {Promise<Known>} */
async function ask() {
  const [attributes, datasets] = await Promise.all([get("/api/attributes"), get("/api/datasets")]);
  return { attributes: attributes.attributes ?? attributes, datasets: datasets.datasets ?? datasets };
}

/** @param {Known} known */
function show(known) {
  const list = new FaceList();
  const basket = new Basket();
  const grid = new Grid(byId("scroller"), list, {
    isPicked: (id) => basket.has(id),
    query: () => orderedQuery(store.view),
  });
  const page = new FacePage(list, grid, basket, known);
  startGridKeys(grid, {
    open: (id) => store.open(id),
    pick: (ids, isPicked) => basket.pick(ids, isPicked),
    flag: (id) => page.flag(id),
  });
  basket.addEventListener("change", () => grid.redraw());
  const showChips = startChips(known.attributes, (id) => selectionName(id, () => showChips()));
  startToolbar(known.attributes, grid);
  startBasketBar(basket);
  startTools(known);
  startSuggestions(known.attributes);
  startRoutes({ known, list, basket });
  startLookAlike(known);
  startEmpty(list);
  list.addEventListener("failed", (event) => failed(list, /** @type {CustomEvent} */ (event).detail));
  store.subscribe((view, before) => {
    if (sameFaces(view, before)) return;
    byId("scroller").classList.add("changing");
    void list.load(orderedQuery(view));
  });
  list.addEventListener("reset", () => byId("scroller").classList.remove("changing"));
  list.addEventListener("failed", () => byId("scroller").classList.remove("changing"));
  remembersPlace(grid, list);
  startGrowth(list, grid);
  const total = known.datasets.reduce((sum, each) => sum + each.faces, 0);
  new FacetPanel(byId("facets"), known.attributes, total);
  const told = known.datasets.find((each) => each.notice)?.notice;
  byId("notice").textContent = told ?? NOTICE;
}

/** @param {FaceList} list @param {Error} error */
function failed(list, error) {
  if (list.total) return say(error.message, "bad");
  const empty = byId("empty");
  empty.hidden = false;
  fill(byId("total"), "No faces");
  fill(
    empty,
    icon("filter"),
    h("h2", { text: "This view cannot be shown" }),
    h("p", { text: error.message }),
    h("button", {
      class: "primary",
      type: "button",
      text: "Clear all conditions",
      on: { click: () => store.go(cleared(store.view)) },
    }),
  );
}

/** Keeps the place in the grid over a reload. @param {Grid} grid @param {FaceList} list */
function remembersPlace(grid, list) {
  const at = Number(history.state?.at) || 0;
  list.addEventListener("reset", () => at && grid.show(at, { top: true }), { once: true });
  grid.addEventListener("settled", (event) => {
    history.replaceState({ ...history.state, at: /** @type {CustomEvent} */ (event).detail }, "");
  });
  void list.load(orderedQuery(store.view), at);
}

/** @param {FaceList} list */
function startEmpty(list) {
  const empty = byId("empty");
  list.addEventListener("grown", () => {
    empty.hidden = list.total > 0;
  });
  list.addEventListener("reset", () => {
    empty.hidden = list.total > 0;
    if (list.total > 0) return;
    const isFiltered =
      store.view !== cleared(store.view) &&
      orderedQuery(cleared(store.view)).toString() !== orderedQuery(store.view).toString();
    fill(
      empty,
      icon("face"),
      h("h2", { text: isFiltered ? "No face meets all of these conditions" : "There are no faces here yet" }),
      h("p", {
        text: isFiltered
          ? "Take one away with its chip above, or begin anew."
          : "A dataset that is still being built shows its faces as they are made.",
      }),
      isFiltered
        ? h("button", {
            class: "primary",
            type: "button",
            text: "Clear all conditions",
            on: { click: () => store.go(cleared(store.view)) },
          })
        : null,
    );
  });
}

async function main() {
  start();
  onRefused(askToken);
  startSheet();
  startKeys();
  startCondition();
  fill(byId("shuffle"), icon("shuffle"));
  byId("filter-button").prepend(icon("filter"));
  try {
    show(await ask());
  } catch (/** @type {any} */ error) {
    if (error.status === 401) return;
    byId("empty").hidden = false;
    fill(
      byId("empty"),
      h("h2", { text: "The server did not answer" }),
      h("p", { text: error.message }),
      h("button", {
        class: "primary",
        type: "button",
        text: "Try again",
        on: { click: () => location.reload() },
      }),
    );
  }
}

void main();
