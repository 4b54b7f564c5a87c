/** Colours of levels that are colours. The Monk scale: Ellis Monk, skintone.google, CC BY 4.0. */

const MONK = [
  "#f6ede4",
  "#f3e7db",
  "#f7ead0",
  "#eadaba",
  "#d7bd96",
  "#a07e56",
  "#825c43",
  "#604134",
  "#3a312a",
  "#292420",
];

/** @type {Record<string, Record<string, string>>} */
const SWATCHES = {
  skin_tone: Object.fromEntries(MONK.map((colour, at) => [String(at + 1), colour])),
  hair_color: {
    brown: "#5d3d28",
    blond: "#d9b872",
    black: "#1d1a19",
    red: "#a4471f",
    gray: "#a3a3a0",
    white: "#f1efea",
  },
  eye_color: { brown: "#5b3a1e", hazel: "#8a6a33", green: "#5f7f52", blue: "#5c86ad", gray: "#8d979e" },
};

/** @param {string} attribute @param {string} key @returns {string | undefined} */
export const swatchOf = (attribute, key) => SWATCHES[attribute]?.[key];
