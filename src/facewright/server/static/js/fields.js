/** Fields of the record as a person reads them, in the order of the page. Pure. */

import { capital, percent, shortly, spaced } from "./words.js";

/**
 * @typedef {object} Field
 * @property {string} label
 * @property {string} path of the value, dotted
 * @property {string} [sure] path of its confidence
 * @property {string} [attribute] name under which a label can be corrected
 * @property {(value: any, record: any) => string} [say]
 */

/** @param {string} label @param {string} path @param {string} [sure] @param {string} [attribute] @param {Field["say"]} [say] @returns {Field} */
const field = (label, path, sure, attribute, say) => ({
  label,
  path,
  sure: sure && `confidence.${sure}`,
  attribute,
  say,
});
const degrees = (/** @type {number} */ value) => `${shortly(value)}°`;
const yes = (/** @type {boolean} */ value) => (value ? "yes" : "no");
const share = (/** @type {number} */ value) => percent(value);
/** @param {Record<string, number | null>} shares */
const strongest = (shares) =>
  Object.entries(shares)
    .filter(([, value]) => value !== null)
    .sort((a, b) => Number(b[1]) - Number(a[1]))
    .slice(0, 3)
    .filter(([, value], at) => at === 0 || Number(value) >= 0.05)
    .map(([name, value]) => `${spaced(name)}\u00a0${percent(Number(value))}`)
    .join(", ");

/** @type {Record<string, Field[]>} */
export const FIELDS = {
  Person: [
    field("Apparent sex", "sex", "sex", "sex"),
    field(
      "Apparent age",
      "age",
      undefined,
      "age",
      (age, record) => `${shortly(age)} years${record.age_std ? ` ± ${shortly(record.age_std)}` : ""}`,
    ),
    field("Apparent ethnicity", "apparent_ethnicity", "ethnicity", "ethnicity"),
    field("Ethnicity, by shares", "ethnicity", undefined, undefined, strongest),
    field("Skin tone", "skin_tone.monk", "skin_tone", "skin_tone", (tone) => `Monk ${tone}`),
  ],
  Expression: [
    field("Expression", "emotion", undefined, "emotion", strongest),
    field("Smile", "smile", "smile", "smile", share),
    field("Left eye", "eye_state.left", "eye_state", "left_eye"),
    field("Right eye", "eye_state.right", "eye_state", "right_eye"),
    field(
      "Gaze",
      "gaze",
      "gaze",
      undefined,
      (gaze) => `${degrees(gaze.yaw)} across, ${degrees(gaze.pitch)} up`,
    ),
  ],
  Pose: [
    field("Yaw", "head_pose.yaw", "mesh", undefined, degrees),
    field("Pitch", "head_pose.pitch", "mesh", undefined, degrees),
    field("Roll", "head_pose.roll", "mesh", undefined, degrees),
  ],
  Hair: [
    field("Hair colour", "hair.color", undefined, "hair_color", (list) =>
      list
        .slice(0, 3)
        .filter((/** @type {any} */ each, /** @type {number} */ at) => at === 0 || each.confidence >= 0.1)
        .map((/** @type {any} */ each) => `${each.color} ${percent(each.confidence)}`)
        .join(", "),
    ),
    field("Hair length", "hair.length", "hair_length", "hair_length"),
    field("Bangs", "hair.bangs", "bangs", undefined, yes),
    field("Bald", "hair.bald", "bald", "bald", share),
    field(
      "Accessories",
      "accessories",
      "headwear",
      undefined,
      (list) => list.map((/** @type {any} */ each) => spaced(each.type)).join(", ") || "none",
    ),
  ],
  Face: [
    field("Beard", "facial_hair.beard", "beard", "beard", share),
    field("Moustache", "facial_hair.moustache", "moustache", "moustache", share),
    field("Sideburns", "facial_hair.sideburns", "sideburns", undefined, share),
    field("Glasses", "glasses", "glasses", "glasses"),
    field("Eye colour", "eye_color", "eye_color", "eye_color"),
    field("Eye makeup", "makeup.eye", "eye_makeup", "eye_makeup", yes),
    field("Lip makeup", "makeup.lip", "lip_makeup", "lip_makeup", yes),
    field("Forehead covered", "occlusion.forehead", "forehead_occluded", "forehead_occluded", yes),
    field("Eye covered", "occlusion.eye", "eye_occluded", "eye_occluded", yes),
    field("Mouth covered", "occlusion.mouth", "mouth_occluded", "mouth_occluded", yes),
  ],
  Picture: [
    field("Quality", "quality.overall", undefined, undefined, share),
    field("Face size", "quality.face_size", undefined, undefined, (size) => `${shortly(size)} pixels`),
    field("Blur", "blur.level"),
    field("Exposure", "exposure.level"),
    field("Noise", "noise.level"),
    field("Detector", "detection_score", undefined, undefined, share),
    field(
      "View’s density",
      "camera_density",
      undefined,
      undefined,
      (density) => `${shortly(density)} per rad²`,
    ),
  ],
};

/** @param {any} data @param {string} path @returns {any} */
export const at = (data, path) => path.split(".").reduce((value, name) => value?.[name] ?? null, data);

/** Whether a value, or each of a struct's, is null. @param {any} value @returns {boolean} */
export function isNothing(value) {
  if (value === null || value === undefined) return true;
  return typeof value === "object" && !Array.isArray(value) && Object.values(value).every(isNothing);
}

/** @param {Field} each @param {any} value @param {any} record */
export function said(each, value, record) {
  if (each.say) return each.say(value, record);
  if (typeof value === "number") return shortly(value);
  return typeof value === "boolean" ? yes(value) : spaced(String(value));
}

/** What is told of a dotted name or, failing that, of what holds it. @param {Record<string, string>} told @param {string} path */
export function toldOf(told, path) {
  const parts = path.split(".");
  for (let length = parts.length; length; length--) {
    const found = told[parts.slice(0, length).join(".")];
    if (found) return found;
  }
  const inside = Object.keys(told).find((key) => key.startsWith(`${path}.`));
  return (inside && told[inside]) ?? told["*"] ?? "";
}

/** Reasons as a mapping, whichever way JSON spells Arrow's map. @param {any} reasons @returns {Record<string, string>} */
export const reasonsOf = (reasons) =>
  Array.isArray(reasons) ? Object.fromEntries(reasons) : (reasons ?? {});

/** @param {string} annotator "heads 1" */
export const annotatorWords = (annotator) => capital(annotator.replace(/^layout:/, "from "));
