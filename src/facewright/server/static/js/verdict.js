/** How far the current filter is from its target, in words, and what can be done about it. */

import { offers } from "./api.js";
import { balanceForm, makeReport } from "./balance.js";
import { farOf } from "./compare.js";
import { h } from "./dom.js";
import { counted, percent, several } from "./words.js";

/** @typedef {import("./words.js").Attribute} Attribute */

/** @param {import("./compare.js").Comparison} held @param {Map<string, Attribute>} named @param {import("./compare.js").Facets} facets @param {number} total */
export function verdict(held, named, facets, total) {
  if (held.wrong) return h("div", { class: "verdict-words" });
  const lines = held.by.map((name) => {
    const far = farOf(facets, held, name);
    return h(
      "li",
      {},
      h("b", { text: far === null ? "–" : percent(far) }),
      h("span", { text: (named.get(name)?.title ?? name).replace(/^Apparent /, "") }),
      far === null
        ? h("span", { class: "hint", text: "not known of these faces" })
        : h("span", { class: "meter", vars: { "--share": far } }),
    );
  });
  return h(
    "div",
    { class: "verdict-words" },
    held.joint === null
      ? h("p", { text: "Share of faces that would have to be others to meet the target:" })
      : h(
          "p",
          { class: "joint" },
          h("b", { text: percent(held.joint) }),
          " of the faces would have to be others to meet the target",
          held.by.length > 1 ? " over all of these together; of each alone:" : ".",
        ),
    h("ul", { class: "distances" }, lines),
    held.largest === null
      ? null
      : h("p", {
          class: "hint",
          text: held.largest
            ? `${counted(held.largest)} of ${several(total, "face")} can be had exactly at the target, without repeats.`
            : "None can be had exactly at the target: some of what is wanted has no face. Balancing says what lacks, and it can be ordered.",
        }),
    actions(held.by),
  );
}

/** @param {string[]} by */
function actions(by) {
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
  return h("div", { class: "actions start" }, button, report);
}
