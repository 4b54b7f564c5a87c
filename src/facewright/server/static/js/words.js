/** How values are said to people. Pure. */

/** @typedef {{key: string, label: string}} Level */
/**
 * @typedef {object} Attribute
 * @property {string} name
 * @property {string} title
 * @property {Level[] | null} levels
 * @property {"class" | "bins" | "number"} kind
 * @property {[number, number] | null} [range]
 * @property {string} [unit]
 * @property {string} [note]
 * @property {string} group
 * @property {boolean} [several] whether a face can have several of the levels
 * @property {number} [known] faces of which it is known
 */

const number = new Intl.NumberFormat("en");

/** @param {number} value */
export const counted = (value) => number.format(value);

/** A number as short as it can be said: 3 significant digits and a true minus. @param {number} value */
export function shortly(value) {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return String(rounded).replace("-", "−");
}

/** Large counts in little room: 69,541 gives 69.5k. @param {number} value */
export function compactly(value) {
  if (value < 10_000) return counted(value);
  return value < 1_000_000 ? `${shortly(value / 1000)}k` : `${shortly(value / 1e6)}M`;
}

/** @param {number} share of 1 */
export function percent(share) {
  if (share > 0 && share < 0.001) return "<0.1\u00a0%";
  if (share >= 0.995 && share < 1) return ">99\u00a0%";
  return `${share >= 0.0995 ? Math.round(share * 100) : Number((share * 100).toFixed(1))}\u00a0%`;
}

/** @param {number} count @param {string} one @param {string} [many] */
export const several = (count, one, many = `${one}s`) => `${counted(count)} ${count === 1 ? one : many}`;

/** Words of a name: "ReadingGlasses" gives "reading glasses". @param {string} name */
export function spaced(name) {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[_.]/g, " ")
    .toLowerCase();
}

/** @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** A level's name. "~" is a value that is not known. @param {Attribute | undefined} attribute @param {string} key */
export function labelOf(attribute, key) {
  if (key === "~") return "unknown";
  return attribute?.levels?.find((level) => level.key === key)?.label ?? spaced(key);
}

/** A range, as people say it. @param {{low: number | null, high: number | null}} range @param {string} [unit] */
export function rangeWords({ low, high }, unit = "") {
  const of = unit && unit !== "of 1" ? ` ${unit}` : "";
  if (low === null) return `below ${shortly(high ?? 0)}${of}`;
  if (high === null) return `${shortly(low)}${of} or more`;
  return `${shortly(low)} to ${shortly(high)}${of}`;
}

/** How a face of an expression looks; nothing is said of a neutral one. @type {Record<string, string>} */
export const LOOKS = {
  anger: "angry",
  contempt: "contemptuous",
  disgust: "disgusted",
  fear: "afraid",
  happiness: "happy",
  neutral: "",
  sadness: "sad",
  surprise: "surprised",
};

/** What a face's summary says, in a few words. @param {Record<string, any>} [summary] @returns {string} */
export function summaryWords(summary = {}) {
  const age = typeof summary.age === "number" ? `${Math.round(summary.age)}` : summary.age_group;
  return [
    summary.sex,
    age,
    LOOKS[summary.emotion] ?? summary.emotion,
    summary.pose && summary.pose !== "front" ? `looks ${summary.pose}` : "",
  ]
    .filter(Boolean)
    .join(", ");
}
