/**
 * A drawing of what is known of a face that has no picture: how the head is turned, whether it
 * smiles, glasses and hair. It is meant to be told from a picture at once.
 */

import { svg } from "./dom.js";

/** @param {any} value @param {number} otherwise */
const num = (value, otherwise) => (typeof value === "number" && Number.isFinite(value) ? value : otherwise);

/** Yaw where only the class is known. @type {Record<string, number>} */
const TURNS = { left: -30, right: 30 };

/** @param {Record<string, any>} summary */
export function sketch(summary) {
  const yaw = num(summary.yaw, TURNS[summary.pose] ?? 0) / 90;
  const pitch = num(summary.pitch, 0) / 90;
  const x = 50 + 17 * Math.sin(yaw * 1.5);
  const y = 52 - 20 * Math.sin(pitch * 1.5);
  const wide = 11 * Math.cos(yaw * 1.3);
  const smile =
    summary.smile === "yes"
      ? 1
      : summary.smile === "no"
        ? 0
        : num(summary.smile, summary.emotion === "happiness" ? 1 : 0);
  const line = { fill: "none" };
  const mouth = y + 17;
  const glasses = summary.glasses && !/^no/i.test(summary.glasses);
  return svg(
    "svg",
    { viewBox: "14 10 72 80", "aria-hidden": "true", focusable: "false" },
    svg("path", {
      d: "M50 16c18 0 27 13 27 31 0 22-13 37-27 37S23 69 23 47c0-18 9-31 27-31Z",
      class: "head",
    }),
    svg("path", { d: `M50 16Q${x + (x - 50) * 0.9} ${y - 8} 50 84`, ...line, class: "guide" }),
    svg("path", {
      d: `M24 ${46 - (52 - y) * 0.1}Q50 ${y - 10 - (52 - y) * 0.6} 76 ${46 - (52 - y) * 0.1}`,
      ...line,
      class: "guide",
    }),
    ...[-1, 1].map((side) =>
      svg("circle", { cx: x + side * wide, cy: y - 6, r: glasses ? 7 : 2.2, class: glasses ? "rim" : "dot" }),
    ),
    svg("path", {
      d: `M${x - wide * 0.8} ${mouth - smile * 2}Q${x} ${mouth + 9 * smile} ${x + wide * 0.8} ${mouth - smile * 2}`,
      ...line,
      class: "mouth",
    }),
  );
}
