/** What stands above the record of an open face: who it seems to be, and what that is worth. */

import { h } from "./dom.js";
import { isNothing } from "./fields.js";
import { LOOKS } from "./words.js";

const NOTICE = "Attributes are apparent and estimated; none is a fact about this person.";

/** @param {any} face */
export function faceHead(face) {
  const words = summaryOf(face.record);
  const made = madeAs(face.truth);
  return h(
    "header",
    { class: "face-head" },
    words ? h("p", { class: "face-words", text: words }) : null,
    made ? h("p", { class: "face-made", text: made }) : null,
    h("p", { class: "hint", text: face.notice || NOTICE }),
  );
}

/** "Made as female, 31", of a synthetic face. @param {any} truth */
function madeAs(truth) {
  const words = [truth?.sex, typeof truth?.age === "number" ? Math.round(truth.age) : ""].filter(Boolean);
  return words.length ? `Made as ${words.join(", ")}: the truth stands beside each estimate` : "";
}

/** "Apparently female, about 29, Black, happy". @param {any} record */
function summaryOf(record) {
  const seems = [record.sex, typeof record.age === "number" ? `about ${Math.round(record.age)}` : ""];
  const strongest = isNothing(record.emotion)
    ? ""
    : Object.entries(record.emotion).sort(([, a], [, b]) => Number(b) - Number(a))[0][0];
  const words = [...seems, LOOKS[strongest] ?? strongest].filter(Boolean);
  return words.length ? `Apparently ${words.join(", ")}` : "";
}
