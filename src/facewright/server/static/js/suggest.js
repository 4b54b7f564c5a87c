/** Values that somebody who types words may mean. Pure. */

/** @typedef {import("./words.js").Attribute} Attribute */
/** @typedef {{name: string, key: string, title: string, label: string}} Suggestion */

const MOST = 8;
/** Other words for levels. @type {Record<string, string>} */
const SAME = {
  woman: "female",
  women: "female",
  girl: "female",
  man: "male",
  men: "male",
  boy: "male",
  kid: "child",
  kids: "child",
  children: "child",
  old: "elderly",
  senior: "elderly",
  shades: "sunglasses",
  spectacles: "glasses",
  happy: "happiness",
  sad: "sadness",
  angry: "anger",
  surprised: "surprise",
  grey: "gray",
  colour: "color",
};

/**
 * @param {string} text as it is typed @param {Attribute[]} attributes
 * @returns {Suggestion[]} best first; none for what looks like a condition
 */
export function suggestions(text, attributes) {
  if (/[<>=!()'"]/.test(text)) return [];
  const asked = wordsOf(text).map((word) => SAME[word] ?? word);
  if (!asked.length) return [];
  /** @type {[number, Suggestion][]} */
  const found = [];
  for (const { name, title, levels, kind } of attributes) {
    if (kind !== "class" || name.startsWith("truth.")) continue;
    for (const { key, label } of levels ?? []) {
      const score = scoreOf(asked, wordsOf(label), wordsOf(`${title} ${name}`));
      if (score) found.push([score, { name, key, title, label }]);
    }
  }
  return found
    .sort(([a], [b]) => b - a)
    .slice(0, MOST)
    .map(([, each]) => each);
}

/** @param {string} text */
const wordsOf = (text) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Every word must begin one of the label's or the title's; those of the label count more, whole ones most. @param {string[]} asked @param {string[]} label @param {string[]} title */
function scoreOf(asked, label, title) {
  let score = 0;
  for (const word of asked) {
    if (label.includes(word)) score += 4;
    else if (label.some((each) => each.startsWith(word))) score += 2;
    else if (title.some((each) => each.startsWith(word))) score += 1;
    else return 0;
  }
  return score;
}
