/** Analysis of the current filter: distance to a target, intersections, distributions. */

import { Newest, isAborted, offers } from "./api.js";
import { barChart } from "./charts.js";
import { alsoChips } from "./chips.js";
import { readColumn } from "./columns.js";
import { compare, comparedBy, farOf } from "./compare.js";
import { showCrosses } from "./cross.js";
import { fill, h, jsonLink, keepingFocus } from "./dom.js";
import { filterButton } from "./facets.js";
import { jobList } from "./jobs.js";
import { say } from "./messages.js";
import { posePad } from "./posepad.js";
import { store } from "./store.js";
import { targetPicker } from "./targetpicker.js";
import { verdict } from "./verdict.js";
import { filterQuery } from "./view.js";
import { percent, several } from "./words.js";

/** @typedef {import("./words.js").Attribute} Attribute */
/** @typedef {import("./compare.js").Facets} Facets */

const CHARTS = [
  "sex",
  "age_group",
  "age",
  "ethnicity",
  "skin_tone",
  "emotion",
  "smile",
  "pose",
  "yaw",
  "pitch",
  "hair_color",
  "hair_length",
  "eye_color",
  "glasses",
  "beard",
  "quality",
  "licence",
];

const MOST_BARS = 40;

/** @param {HTMLElement} place @param {import("./routes.js").Parts} parts */
export async function showAnalysis(place, { known }) {
  const attributes = known.attributes.filter((each) => each.levels?.length && each.known !== 0);
  const named = new Map(attributes.map((each) => [each.name, each]));
  const charts = h("div", { class: "charts" }, h("p", { class: "skeleton lines" }));
  const cross = h("div", { class: "crosses" });
  const pad = named.has("yaw") && named.has("pitch") ? posePad("The filters have sliders for both.") : null;
  const held = h("div", { class: "verdict card" }, h("p", { class: "skeleton lines short" }));
  const total = h("p", { class: "hint" });
  const json = jsonLink("/analysis.json");
  const chips = h("div", { class: "chips", role: "group", "aria-label": "Conditions that hold" });
  const newest = new Newest();
  const jobs = (await offers("POST", "/api/jobs")) ? jobList(["balance", "report"]) : null;
  fill(
    place,
    h("header", { class: "view-head" }, h("h1", { text: "Analysis" }), total, json, filterButton(), chips),
    h("p", {
      class: "notice",
      text: "Shares are of apparent, estimated labels. Labels err, and so do these shares.",
    }),
    held,
    jobs,
    cross,
    charts,
  );
  alsoChips(chips);

  const refresh = async () => {
    if (store.view.route !== "analysis" || !place.contains(charts)) return;
    const added = await addedColumns(named, attributes);
    const usual = CHARTS.filter((name) => named.has(name));
    const wanted = [...new Set([...comparedBy(named), ...added, ...usual])];
    const query = filterQuery(store.view);
    query.set("attributes", wanted.join(","));
    json.href = `/analysis.json?${query}`;
    place.classList.add("changing");
    try {
      const answer = await newest.get(`/api/facets?${query}`);
      const facets = /** @type {Facets} */ (answer.facets);
      const comparison = await compare(named, facets);
      total.textContent = `${several(answer.total, "face")} of the current filter`;
      keepingFocus(held, () =>
        fill(
          held,
          targetPicker(attributes, comparison.by, known.datasets, comparison.wrong),
          verdict(comparison, named, facets, answer.total),
        ),
      );
      fill(
        charts,
        [...new Set([...comparison.by.filter((name) => facets[name]), ...wanted])]
          .filter((name) => Object.values(facets[name].counts).some(Boolean))
          .map((name) => chartOf(/** @type {Attribute} */ (named.get(name)), facets, comparison)),
        pad?.element,
      );
      await Promise.all([showCrosses(cross, comparison.by, named), pad?.refresh()]);
    } catch (/** @type {any} */ error) {
      if (!isAborted(error)) say(error.message, "bad");
    } finally {
      place.classList.remove("changing");
    }
  };
  const stop = store.subscribe(() => (place.contains(charts) ? void refresh() : stop()));
  await refresh();
}

/**
 * Reads the columns that the address adds to the filters or compares by.
 * @param {Map<string, Attribute>} named takes them in @param {Attribute[]} attributes takes in those that can be compared by
 * @returns {Promise<string[]>} those that have a chart
 */
async function addedColumns(named, attributes) {
  const { facets, by } = store.view;
  const further = [...facets, ...by.split(",")].filter((name) => name && !named.has(name));
  for (const each of await Promise.allSettled(further.map(readColumn))) {
    if (each.status === "rejected" || named.has(each.value.name)) continue; // the filters say why
    named.set(each.value.name, each.value);
    if (!each.value.several && each.value.levels?.length) attributes.push(each.value);
  }
  return facets.filter((name) => (named.get(name)?.levels?.length ?? 99) <= MOST_BARS);
}

/** @param {Attribute} attribute @param {Facets} facets @param {import("./compare.js").Comparison} held */
function chartOf(attribute, facets, held) {
  const { counts, unknown } = facets[attribute.name];
  const far = farOf(facets, held, attribute.name);
  return barChart(attribute, counts, unknown, {
    wanted: held.wanted[attribute.name] ?? null,
    between: held.between[attribute.name] ?? null,
    aside: far === null ? "" : `${percent(far)} from the target`,
  });
}
