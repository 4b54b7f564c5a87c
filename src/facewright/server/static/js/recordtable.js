/** The record as a table: value, how sure, who said so; nulls with their reasons; truth beside estimates. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { FIELDS, at, isNothing, reasonsOf, said, toldOf } from "./fields.js";
import { correct } from "./correct.js";
import { store } from "./store.js";
import { address, chosen, cleared } from "./view.js";
import { percent, spaced } from "./words.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {{attribute: string, value: string | null, who?: string, when?: string}} Correction */

/** @param {any} face @param {import("./main.js").Known} known @param {() => void} reload @param {boolean} mayCorrect */
export function recordTable(face, known, reload, mayCorrect) {
  const hasTruth = Object.values(FIELDS)
    .flat()
    .some((each) => truthOf(face, each) !== "");
  const bodies = Object.entries(FIELDS).map(([title, fields]) =>
    h(
      "tbody",
      {},
      h("tr", { class: "head" }, h("th", { scope: "rowgroup", text: title })),
      fields.map((each) =>
        row(
          face,
          each,
          known,
          hasTruth,
          mayCorrect ? () => correct(face, each, known.attributes, reload) : null,
        ),
      ),
    ),
  );
  return h(
    "table",
    { class: hasTruth ? "record has-truth" : "record" },
    h("caption", {}, "What is known of this face", h("small", { text: "apparent and estimated" })),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col", text: "Field" }),
        h(
          "th",
          { scope: "col" },
          h(
            "span",
            { class: "value-line" },
            h("span", { text: "Value" }),
            h("small", { class: "who", text: "Said by" }),
          ),
        ),
        hasTruth ? h("th", { scope: "col", class: "truth", text: "Truth" }) : null,
        h("th", { scope: "col", class: "sure", text: "How sure" }),
      ),
    ),
    bodies,
  );
}

/** @param {any} face @param {Field} each @param {import("./main.js").Known} known @param {boolean} hasTruth @param {(() => void) | null} edit */
function row(face, each, known, hasTruth, edit) {
  const { record } = face;
  const value = at(record, each.path);
  const audited = auditedOf(face, each);
  const who = toldOf(face.annotators ?? {}, each.path);
  const nothing = isNothing(value);
  const truth = truthOf(face, each);
  return h(
    "tr",
    { class: nothing && !audited ? "null" : "" },
    h("th", { scope: "row", text: each.label }),
    h(
      "td",
      { title: who ? `Said by ${who}` : "" },
      h(
        "span",
        { class: "value-line" },
        valueOf(face, each, value, audited, known),
        edit && each.attribute
          ? h(
              "button",
              {
                class: "plain icon-only edit",
                type: "button",
                "aria-label": `Correct ${each.label.toLowerCase()}`,
                title: "Correct by hand",
                on: { click: edit },
              },
              icon("pencil"),
            )
          : null,
        who && !nothing && !audited ? h("small", { class: "who", text: who }) : null,
      ),
      truth ? h("small", { class: "truth narrow-truth", text: `truth: ${truth}` }) : null,
    ),
    hasTruth ? h("td", { class: "truth", text: truth }) : null,
    h("td", { class: "sure" }, audited ? h("small", { text: "by hand" }) : sureOf(record, each)),
  );
}

/** @param {any} face @param {Field} each @param {any} value @param {Correction | undefined} audited @param {import("./main.js").Known} known */
function valueOf(face, each, value, audited, known) {
  if (audited) {
    const when = audited.when ? `, ${new Date(audited.when).toLocaleDateString()}` : "";
    return h(
      "span",
      { class: "audited" },
      h("b", { text: audited.value ?? "nobody can tell" }),
      h("small", { text: ` corrected by ${audited.who || "hand"}${when}` }),
    );
  }
  if (!isNothing(value)) {
    const text = said(each, value, face.record);
    const href = facesWith(each, value, known);
    if (!href) return h("span", { class: "value-text", text });
    return h("a", { class: "value-text", "data-view": "", href, text, title: "All faces with this" });
  }
  const reason = toldOf(reasonsOf(face.record.null_reasons), each.path);
  return h("span", { class: "unknown-text", text: reason ? `not known: ${reason}` : "not known" });
}

/** Address of all faces that have a value: by the filter that it is of, or by a condition over its column. @param {Field} each @param {any} value @param {import("./main.js").Known} known */
function facesWith(each, value, known) {
  const attribute = known.attributes.find((one) => one.name === each.attribute);
  const view = { ...cleared(store.view), route: /** @type {const} */ ("faces"), face: "" };
  if (attribute?.levels?.some((level) => level.key === value))
    return address(chosen(view, attribute.name, { any: [value], not: [] }));
  if (typeof value === "boolean") return address({ ...view, where: `${each.path} = ${value}` });
  if (typeof value === "string")
    return address({ ...view, where: `${each.path} = '${value.replaceAll("'", "''")}'` });
  return null;
}

/** @param {any} face @param {Field} each @returns {Correction | undefined} */
function auditedOf(face, each) {
  const list = Array.isArray(face.corrections) ? face.corrections : Object.values(face.corrections ?? {});
  return list.filter((/** @type {Correction} */ one) => one.attribute === each.attribute).pop();
}

/** @param {any} face @param {Field} each */
function truthOf(face, each) {
  const path =
    {
      apparent_ethnicity: "ethnicity",
      "facial_hair.beard": "beard",
      "facial_hair.moustache": "moustache",
      "hair.color": "hair_color",
      "hair.length": "hair_length",
      "hair.bald": "bald",
      "skin_tone.monk": "skin_tone",
      "makeup.eye": "eye_makeup",
      "makeup.lip": "lip_makeup",
    }[each.path] ?? each.path;
  const value = at(face.truth ?? {}, path);
  if (isNothing(value)) return "";
  if (each.path === "apparent_ethnicity") return spaced(largest(value));
  if (typeof value === "string" || typeof value === "boolean")
    return said({ label: "", path: "" }, value, {});
  return said(each, value, {});
}

/** @param {any} record @param {Field} each */
function sureOf(record, each) {
  const sure = each.sure ? at(record, each.sure) : null;
  if (typeof sure !== "number") return null;
  return h("span", { class: "bar", vars: { "--share": sure } }, h("span", { text: percent(sure) }));
}

/** Name of the largest share. @param {Record<string, number>} shares */
const largest = (shares) => Object.entries(shares).sort(([, a], [, b]) => b - a)[0][0];
