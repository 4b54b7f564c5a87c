/** The current filter held against a target: by the server's report, or here where it gives none. */

import { Newest, get, isAborted, offers } from "./api.js";
import { distance, equalShares, mostBalanced, sharesOf } from "./shares.js";
import { store } from "./store.js";
import { filterQuery } from "./view.js";

/** @typedef {import("./words.js").Attribute} Attribute */
/** @typedef {Record<string, {counts: Record<string, number>, unknown: number}>} Facets */
/** @typedef {Record<string, number>} Shares by level */
/**
 * @typedef {object} Comparison
 * @property {string[]} by attributes of the target
 * @property {Record<string, Shares>} wanted by attribute
 * @property {Record<string, {low: Shares, high: Shares}>} between 95 % intervals of what was found, where they are told
 * @property {number | null} joint total variation over all cells
 * @property {number | null} largest faces that can be had at the target without repeats
 * @property {string} wrong why the target cannot be used
 */

const FIRST = ["sex", "age_group", "ethnicity"];
const newest = new Newest();

/** Whether a target is a sentence, and not one of the page's own words. @param {string} target */
export const isSentence = (target) =>
  target !== "" && target !== "equal" && target !== "all" && !target.startsWith("dataset:");

/** Attributes that the address names, or the usual ones of which something is known. @param {Map<string, Attribute>} named @param {Facets} [facets] */
export function comparedBy(named, facets) {
  const told = store.view.by.split(",").filter((name) => named.has(name));
  const isKnown = (/** @type {string} */ name) => !facets || Object.values(facets[name].counts).some(Boolean);
  return told.length ? told : FIRST.filter((name) => named.has(name) && isKnown(name));
}

/** @param {Map<string, Attribute>} named @param {Facets} facets @returns {Promise<Comparison>} */
export async function compare(named, facets) {
  const { target } = store.view;
  const by = comparedBy(named, facets);
  if (await offers("GET", "/api/report")) return byServer(by, target);
  if (isSentence(target))
    return { ...NOTHING, by, wrong: "This server compares with equal shares and datasets only." };
  return here(by, named, facets, target);
}

/** @type {Comparison} */
const NOTHING = { by: [], wanted: {}, between: {}, joint: null, largest: null, wrong: "" };

/** @param {string[]} by @param {string} target @returns {Promise<Comparison>} */
async function byServer(by, target) {
  const query = filterQuery(store.view);
  query.set("target", target || "equal");
  if (!isSentence(target)) query.set("by", by.join(","));
  try {
    const told = await newest.get(`/api/report?${query}`);
    const marginals = /** @type {[string, any][]} */ (Object.entries(told.marginals));
    return {
      by: told.by,
      wanted: Object.fromEntries(marginals.map(([name, each]) => [name, each.wanted])),
      between: Object.fromEntries(
        marginals
          .filter(([, each]) => each.low)
          .map(([name, each]) => [name, { low: each.low, high: each.high }]),
      ),
      joint: told.distances?.total_variation ?? null,
      largest: told.largest ?? null,
      wrong: "",
    };
  } catch (/** @type {any} */ error) {
    if (isAborted(error)) throw error;
    return { ...NOTHING, by, wrong: error.message };
  }
}

/** @param {string[]} by @param {Map<string, Attribute>} named @param {Facets} facets @param {string} target @returns {Promise<Comparison>} */
async function here(by, named, facets, target) {
  const wanted = target && target !== "equal" ? await sharesIn(by, target) : equal(by, named, facets);
  const largest = by.length === 1 ? mostBalanced(facets[by[0]].counts, wanted[by[0]]) : null;
  return { ...NOTHING, by, wanted, largest };
}

/** Shares in another dataset, or in all. @param {string[]} by @param {string} target "all" or "dataset:NAME" */
async function sharesIn(by, target) {
  const query = new URLSearchParams({ attributes: by.join(",") });
  if (target !== "all") query.set("dataset", target.slice("dataset:".length));
  const answer = await get(`/api/facets?${query}`);
  return Object.fromEntries(by.map((name) => [name, sharesOf(answer.facets[name].counts)]));
}

/** Equal shares of all classes, or of the bins that hold a face. @param {string[]} by @param {Map<string, Attribute>} named @param {Facets} facets */
function equal(by, named, facets) {
  const levels = (/** @type {string} */ name) => {
    const { counts } = facets[name];
    const keys = Object.keys(counts);
    return named.get(name)?.kind === "class" && keys.length <= 12
      ? keys
      : keys.filter((key) => counts[key] > 0);
  };
  return Object.fromEntries(by.map((name) => [name, equalShares(levels(name))]));
}

/** How far one attribute is from its target; null where nothing is known of it. @param {Facets} facets @param {Comparison} held @param {string} name */
export function farOf(facets, held, name) {
  const counts = facets[name]?.counts ?? {};
  const isKnown = Object.values(counts).some(Boolean);
  return held.wanted[name] && isKnown ? distance(sharesOf(counts), held.wanted[name]) : null;
}
