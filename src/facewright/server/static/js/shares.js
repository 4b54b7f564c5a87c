/** Shares of levels, and how far they are from wanted ones. Pure. */

/** @param {Record<string, number>} counts @returns {Record<string, number>} shares of what is known */
export function sharesOf(counts) {
  const sum = Object.values(counts).reduce((a, b) => a + b, 0);
  return Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, sum ? count / sum : 0]));
}

/** The same share for each. @param {string[]} keys */
export const equalShares = (keys) => Object.fromEntries(keys.map((key) => [key, 1 / keys.length]));

/**
 * Total variation: the share of faces that would have to be others.
 * @param {Record<string, number>} a @param {Record<string, number>} b
 */
export function distance(a, b) {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].reduce((sum, key) => sum + Math.abs((a[key] ?? 0) - (b[key] ?? 0)), 0) / 2;
}

/** Most faces that a choice without repeats can have at these shares. @param {Record<string, number>} counts @param {Record<string, number>} wanted */
export function mostBalanced(counts, wanted) {
  const limits = Object.entries(wanted)
    .filter(([, share]) => share > 0)
    .map(([key, share]) => (counts[key] ?? 0) / share);
  return limits.length ? Math.floor(Math.min(...limits) + 1e-9) : 0;
}
