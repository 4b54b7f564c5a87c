/** Bins of a number, and a scale on which every bin is as wide as the next. Pure. */

/**
 * @typedef {object} Scale
 * @property {string[]} keys of the bins
 * @property {number[]} edges rising, one more than bins
 */

/** @param {import("./words.js").Level[]} levels "<10", "10..20", ">=20" @param {[number, number] | null} [range] least and largest number @returns {Scale} */
export function scaleOf(levels, range) {
  const keys = levels.map((level) => level.key).filter((key) => /^(<|>=)?-?[\d.]/.test(key));
  const inner = keys.slice(1).map((key) => parseFloat(key.replace(">=", "")));
  if (!inner.length) return { keys, edges: range ? [range[0], range[1]] : [0, 1] };
  const step = inner.length > 1 ? inner[1] - inner[0] : 1;
  const last = inner.length > 1 ? inner[inner.length - 1] - inner[inner.length - 2] : 1;
  const isShare = inner[0] > 0 && inner[inner.length - 1] < 1;
  const floor = inner[0] - step >= 0 || inner[0] > 0 ? Math.max(0, inner[0] - step) : inner[0] - step;
  const ceiling = inner[inner.length - 1] + last;
  return { keys, edges: [floor, ...inner, isShare ? 1 : ceiling] };
}

/** The number at a place; places count bins from 0. @param {Scale} scale @param {number} place */
export function valueAt({ edges }, place) {
  const bin = Math.max(0, Math.min(edges.length - 2, Math.floor(place)));
  return edges[bin] + (edges[bin + 1] - edges[bin]) * (place - bin);
}

/** The place of a number. @param {Scale} scale @param {number} value */
export function placeOf({ edges }, value) {
  const last = edges.length - 2;
  for (let bin = 0; bin <= last; bin++) {
    if (value < edges[bin + 1] || bin === last) {
      return Math.max(0, Math.min(last + 1, bin + (value - edges[bin]) / (edges[bin + 1] - edges[bin])));
    }
  }
  return 0;
}

/** A number rounded as a hand on a slider means it. @param {Scale} scale @param {number} value */
export function rounded({ edges }, value) {
  const narrowest = Math.min(...edges.slice(1).map((edge, at) => edge - edges[at]));
  const unit = narrowest >= 5 ? 1 : narrowest >= 0.5 ? 0.1 : Math.min(0.01, finest(narrowest));
  return Number((Math.round(value / unit) * unit).toPrecision(9));
}

/** A tenth of a bin, as a power of ten. @param {number} width */
function finest(width) {
  return 10 ** (Math.floor(Math.log10(width)) - 1);
}
