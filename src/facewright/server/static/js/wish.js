/** What is wanted of an order: words of the address, read and told. Pure. */

import { labelOf, rangeWords, several } from "./words.js";

/** @typedef {import("./view.js").Wish} Wish */
/**
 * What can be wanted of a face.
 * @typedef {object} Wanted
 * @property {string} name
 * @property {string} title
 * @property {"choice" | "number" | "mix"} kind
 * @property {import("./words.js").Level[] | null} levels
 * @property {number} [low]
 * @property {number} [high]
 * @property {string} [unit]
 * @property {boolean} [whole] only whole numbers
 */
/** @typedef {{attributes: Wanted[], exclusive: [string, string][]}} Vocabulary */

/** Fields that are not of a face. */
const OWN = ["count", "persons", "views", "expressions", "target", "size", "quality", "generator", "seed"];
const NUMBERS = ["count", "persons", "views", "expressions", "size", "seed"];
export const USUAL_COUNT = 24;

/** @param {Wish} wish @param {string} name */
export const first = (wish, name) => wish[name]?.[0] ?? "";

/**
 * A wish with other values of a field; of two names of one thing (age, age group) one is kept.
 * @param {Wish} wish @param {string} name @param {readonly string[]} values @param {[string, string][]} [exclusive]
 * @returns {Wish}
 */
export function wishing(wish, name, values, exclusive = []) {
  const gone = values.length ? exclusive.filter((pair) => pair.includes(name)).flat() : [];
  const kept = Object.entries(wish).filter(([key]) => key !== name && !gone.includes(key));
  return Object.fromEntries(values.length ? [...kept, [name, values]] : kept);
}

/** Whether several pictures of each person are wanted. @param {Wish} wish */
export const isOfPersons = (wish) => "persons" in wish;

/** Pictures that a wish comes to. @param {Wish} wish */
export function picturesOf(wish) {
  const number = (/** @type {string} */ name) => Math.max(1, Number(first(wish, name)) || 1);
  if (!isOfPersons(wish)) return Number(first(wish, "count")) || USUAL_COUNT;
  return number("persons") * number("views") * number("expressions");
}

/** What a wish asks of a generator. @param {Wish} wish @param {Vocabulary} vocabulary @returns {Record<string, unknown>} */
export function orderOf(wish, vocabulary) {
  /** @type {Record<string, unknown>} */
  const order = {};
  for (const name of OWN) {
    const value = first(wish, name);
    if (value) order[name] = NUMBERS.includes(name) ? Number(value) : value;
  }
  if (isOfPersons(wish)) delete order.count;
  else Object.assign(order, { count: picturesOf(wish) });
  for (const name of isOfPersons(wish) ? [] : ["views", "expressions"]) delete order[name];
  const asked = vocabulary.attributes.filter((each) => wish[each.name]?.length);
  order.attributes = Object.fromEntries(asked.map((each) => [each.name, valueOf(each, wish[each.name])]));
  return order;
}

/** @param {Wanted} each @param {readonly string[]} values */
function valueOf(each, values) {
  if (each.kind === "number") {
    const numbers = values.map((value) => (value.includes("..") ? closed(each, value) : Number(value)));
    return numbers.length === 1 ? numbers[0] : numbers;
  }
  return values.length === 1 ? values[0] : [...values];
}

/** A range with both ends, as orders need it. @param {Wanted} each @param {string} value "20..", "..40" or "20..40" */
function closed(each, value) {
  const [low, high] = value.split("..");
  return `${low || (each.low ?? 0)}..${high || (each.high ?? 1)}`;
}

/** Values of one field in words. @param {Wanted} each @param {readonly string[]} values */
export function valueWords(each, values) {
  return values
    .map((value) => {
      const [low, high] = value.split("..");
      if (high === undefined) return labelOf(/** @type {any} */ (each), value);
      const end = (/** @type {string} */ text) => (text === "" ? null : Number(text));
      return rangeWords({ low: end(low), high: end(high) }, each.unit);
    })
    .join(" or ");
}

/** Values that say themselves of what they are. */
const PLAIN = ["sex", "age_group", "ethnicity", "emotion", "glasses"];

/** A field and its values, in words. @param {Wanted} each @param {readonly string[]} values */
export const wordsOf = (each, values) =>
  PLAIN.includes(each.name)
    ? valueWords(each, values)
    : `${each.title.toLowerCase()} ${valueWords(each, values)}`;

/** An order in a sentence. @param {Wish} wish @param {Vocabulary} vocabulary */
export function wishWords(wish, vocabulary) {
  const asked = vocabulary.attributes.filter((each) => wish[each.name]?.length);
  const values = asked.map((each) => wordsOf(each, wish[each.name]));
  const pictures = several(picturesOf(wish), "synthetic face");
  const of = isOfPersons(wish)
    ? ` of ${several(Number(first(wish, "persons")) || 1, "person", "people")}`
    : "";
  const target = first(wish, "target");
  return `${pictures}${of}${values.length ? `: ${values.join(", ")}` : ""}${target ? `; ${target}` : ""}`;
}
