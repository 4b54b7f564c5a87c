/** Analysis of the current filter: distributions, intersections, distance to a target, balancing. */

import { Newest, get, isAborted, offers } from "./api.js";
import { barChart, crossTable } from "./charts.js";
import { balanceForm, makeReport } from "./balance.js";
import { fill, h } from "./dom.js";
import { jobList } from "./jobs.js";
import { say } from "./messages.js";
import { distance, equalShares, mostBalanced, sharesOf } from "./shares.js";
import { store } from "./store.js";
import { address, chosen, filterQuery } from "./view.js";
import { counted, percent, several } from "./words.js";

/** @typedef {import("./words.js").Attribute} Attribute */
/** @typedef {Record<string, {counts: Record<string, number>, unknown: number}>} Facets */

const FIRST = ["sex", "age_group", "ethnicity"];
const CHARTS = [
  "sex",
  "age_group",
  "age",
  "ethnicity",
  "skin_tone",
  "emotion",
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

/** @param {HTMLElement} place @param {import("./routes.js").Parts} parts */
export async function showAnalysis(place, { known }) {
  const attributes = known.attributes.filter((each) => each.levels?.length && each.known !== 0);
  const named = new Map(attributes.map((each) => [each.name, each]));
  const charts = h("div", { class: "charts" });
  const cross = h("div", { class: "card" });
  const verdict = h("div", { class: "verdict card" });
  const total = h("p", { class: "hint" });
  const newest = new Newest();
  const jobs = (await offers("POST", "/api/jobs")) ? jobList(["balance", "report"]) : null;
  fill(
    place,
    h("header", { class: "view-head" }, h("h1", { text: "Analysis" }), total),
    h("p", {
      class: "notice",
      text: "Shares are of apparent, estimated labels. Labels err, and so do these shares.",
    }),
    verdict,
    jobs,
    cross,
    charts,
  );

  const refresh = async () => {
    if (store.view.route !== "analysis") return;
    const by = attributesOf(named);
    const wanted = [...new Set([...by, ...CHARTS.filter((name) => named.has(name))])];
    const query = filterQuery(store.view);
    query.set("attributes", wanted.join(","));
    place.classList.add("changing");
    try {
      const answer = await newest.get(`/api/facets?${query}`);
      const facets = /** @type {Facets} */ (answer.facets);
      const target = await targetOf(by, named, facets, store.view.target);
      total.textContent = `${several(answer.total, "face")} of the current filter`;
      fill(verdict, controls(attributes, by, known), verdictWords(by, named, facets, target, answer.total));
      fill(
        charts,
        wanted.map((name) =>
          barChart(
            /** @type {Attribute} */ (named.get(name)),
            facets[name].counts,
            facets[name].unknown,
            target[name] ?? null,
            target[name]
              ? `${percent(distance(sharesOf(facets[name].counts), target[name]))} from the target`
              : "",
          ),
        ),
      );
      await showCross(cross, by, named);
    } catch (/** @type {any} */ error) {
      if (!isAborted(error)) say(error.message, "bad");
    } finally {
      place.classList.remove("changing");
    }
  };
  const follow = () => void refresh();
  store.subscribe(follow);
  await refresh();
}

/** Attributes that are compared and crossed. @param {Map<string, Attribute>} named */
function attributesOf(named) {
  const told = store.view.by.split(",").filter((name) => named.has(name));
  return told.length ? told : FIRST.filter((name) => named.has(name));
}

/** @param {string[]} by @param {Map<string, Attribute>} named @param {Facets} facets @param {string} target @returns {Promise<Record<string, Record<string, number>>>} */
async function targetOf(by, named, facets, target) {
  if (target.startsWith("dataset:") || target === "all") {
    const query = new URLSearchParams({ attributes: by.join(",") });
    if (target !== "all") query.set("dataset", target.slice("dataset:".length));
    const answer = await get(`/api/facets?${query}`);
    return Object.fromEntries(by.map((name) => [name, sharesOf(answer.facets[name].counts)]));
  }
  return Object.fromEntries(
    by.map((name) => [name, equalShares(levelsThere(/** @type {Attribute} */ (named.get(name)), facets))]),
  );
}

/** Levels that equal shares are over: all classes, or the bins that hold a face. @param {Attribute} attribute @param {Facets} facets */
function levelsThere(attribute, facets) {
  const keys = Object.keys(facets[attribute.name].counts);
  return attribute.kind === "class" && keys.length <= 12
    ? keys
    : keys.filter((key) => facets[attribute.name].counts[key] > 0);
}

/** @param {Attribute[]} attributes @param {string[]} by @param {import("./main.js").Known} known */
function controls(attributes, by, known) {
  const target = h(
    "select",
    { id: "target" },
    h("option", { value: "", text: "Equal shares" }),
    h("option", { value: "all", text: "Everything that is served" }),
    known.datasets.map((each) => h("option", { value: `dataset:${each.name}`, text: `As ${each.name}` })),
  );
  target.value = store.view.target;
  target.addEventListener("change", () => store.go({ target: target.value }));
  const pickers = [0, 1, 2].map((at) => {
    const select = h(
      "select",
      { "aria-label": `Attribute ${at + 1}` },
      at ? h("option", { value: "", text: "none" }) : null,
      attributes
        .filter((each) => each.kind === "class")
        .map((each) => h("option", { value: each.name, text: each.title })),
    );
    select.value = by[at] ?? "";
    select.addEventListener("change", () =>
      store.go({ by: [...new Set(pickers.map((each) => each.value).filter(Boolean))].join(",") }),
    );
    return select;
  });
  return h(
    "div",
    { class: "controls" },
    h(
      "div",
      { class: "field" },
      h("span", { class: "label", text: "Compare by" }),
      h("div", { class: "actions start" }, pickers),
    ),
    h("div", { class: "field" }, h("label", { for: target.id, text: "Target" }), target),
  );
}

/** @param {string[]} by @param {Map<string, Attribute>} named @param {Facets} facets @param {Record<string, Record<string, number>>} target @param {number} total */
function verdictWords(by, named, facets, target, total) {
  const lines = by.map((name) => {
    const far = distance(sharesOf(facets[name].counts), target[name]);
    return h(
      "li",
      {},
      h("b", { text: percent(far) }),
      h("span", { text: /** @type {Attribute} */ (named.get(name)).title.replace(/^Apparent /, "") }),
      h("span", { class: "meter", vars: { "--share": far } }),
    );
  });
  const first = by[0];
  const most = first ? mostBalanced(facets[first].counts, target[first]) : 0;
  const button = h("button", {
    class: "primary",
    type: "button",
    text: "Balance this",
    hidden: true,
    on: { click: () => void balanceForm(by) },
  });
  const report = h("button", {
    class: "plain",
    type: "button",
    text: "Full report",
    hidden: true,
    on: { click: () => void makeReport(by) },
  });
  void offers("POST", "/api/jobs").then((is) => {
    button.hidden = report.hidden = !is;
  });
  return h(
    "div",
    { class: "verdict-words" },
    h("p", { text: "Share of faces that would have to be others to meet the target:" }),
    h("ul", { class: "distances" }, lines),
    first
      ? h("p", {
          class: "hint",
          text: `By ${named
            .get(first)
            ?.title.replace(/^Apparent /, "")
            .toLowerCase()} alone, ${counted(most)} of ${counted(total)} faces can be had at the target without repeats.`,
        })
      : null,
    h("div", { class: "actions start" }, button, report),
  );
}

/** Counts of the first attribute's levels by the second's, one request a level. @param {HTMLElement} place @param {string[]} by @param {Map<string, Attribute>} named */
async function showCross(place, by, named) {
  place.hidden = by.length < 2;
  if (by.length < 2) return;
  const [across, down] = by.map((name) => /** @type {Attribute} */ (named.get(name)));
  const keys = (down.levels ?? []).map((level) => level.key).slice(0, 12);
  const view = (/** @type {string} */ row) => chosen(store.view, down.name, { any: [row], not: [] });
  const answers = await Promise.all(
    keys.map((key) => {
      const query = filterQuery(view(key));
      query.set("attributes", across.name);
      return get(`/api/facets?${query}`);
    }),
  );
  const cells = Object.fromEntries(keys.map((key, at) => [key, answers[at].facets[across.name].counts]));
  fill(
    place,
    crossTable(across, down, cells, (row, column) =>
      address({
        ...chosen(view(row), across.name, { any: [column], not: [] }),
        route: "faces",
        face: "",
        by: "",
        target: "",
      }),
    ),
  );
}
