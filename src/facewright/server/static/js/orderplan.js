/** What an order comes to, told while it is written: how many, whom, in which shares, or what is wrong. */

import { isAborted, send } from "./api.js";
import { fill, h } from "./dom.js";
import { labelOf, percent, several } from "./words.js";

/** @typedef {import("./wish.js").Vocabulary} Vocabulary */
/** @typedef {{pictures: number, people: number, shares: Record<string, Record<string, number>>}} Plan */

const MOST_LEVELS = 6;

/** Asks for the plan of an order; null where a newer one is asked for. */
export class Planner {
  #turn = 0;

  /** @param {Record<string, unknown>} order @returns {Promise<{plan?: Plan, wrong?: string} | null>} */
  async plan(order) {
    const turn = ++this.#turn;
    try {
      const plan = await send("POST", "/api/orders/plan", order);
      return turn === this.#turn ? { plan } : null;
    } catch (/** @type {any} */ error) {
      return turn === this.#turn && !isAborted(error) ? { wrong: error.message } : null;
    }
  }
}

/** @param {HTMLElement} place @param {Plan} plan @param {Vocabulary} vocabulary */
export function showPlan(place, plan, vocabulary) {
  const named = new Map(vocabulary.attributes.map((each) => [each.name, each]));
  const shares = Object.entries(plan.shares ?? {}).filter(([, levels]) => Object.keys(levels).length > 1);
  fill(
    place,
    h(
      "p",
      { class: "plan-count" },
      h("b", { text: several(plan.pictures, "picture") }),
      ` of ${several(plan.people, "person", "people")}`,
    ),
    shares.map(([name, levels]) => {
      const wanted = named.get(name);
      return h(
        "div",
        { class: "plan-share" },
        h("h3", { text: wanted?.title ?? name }),
        h(
          "ul",
          {},
          sorted(levels).map(([key, share]) =>
            h(
              "li",
              { vars: { "--share": share } },
              h("span", { text: labelOf(/** @type {any} */ (wanted), key) }),
              h("span", { text: percent(share) }),
            ),
          ),
        ),
      );
    }),
  );
}

/** The largest shares; the rest as one. @param {Record<string, number>} levels @returns {[string, number][]} */
function sorted(levels) {
  const all = Object.entries(levels);
  if (all.length <= MOST_LEVELS) return all;
  const largest = all.sort(([, a], [, b]) => b - a);
  const rest = largest.slice(MOST_LEVELS - 1).reduce((sum, [, share]) => sum + share, 0);
  return [...largest.slice(0, MOST_LEVELS - 1), ["others", rest]];
}
