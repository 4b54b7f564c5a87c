/** What can be ordered, as the server tells it, in groups for the eye. */

import { get, offers } from "./api.js";
import { capital, spaced } from "./words.js";

/** @typedef {import("./wish.js").Vocabulary} Vocabulary */
/** @typedef {import("./wish.js").Wanted} Wanted */

/** Attributes that every generator knows, where the server does not tell. */
const USUAL = [
  "sex",
  "age_group",
  "ethnicity",
  "emotion",
  "pose",
  "hair_color",
  "hair_length",
  "eye_color",
  "glasses",
  "beard",
];

/** @type {Record<string, string[]>} */
const GROUPS = {
  Person: ["sex", "age_group", "age", "ethnicity", "skin_tone", "weight"],
  Hair: ["hair_color", "hair_length", "hair_style", "bald", "headwear"],
  Face: ["eye_color", "glasses", "beard", "moustache", "eye_makeup", "lip_makeup"],
  "Expression and pose": [
    "emotion",
    "smile",
    "strength",
    "pose",
    "yaw",
    "pitch",
    "roll",
    "gaze_yaw",
    "gaze_pitch",
  ],
  "Light and background": ["light", "background"],
};

/** @param {import("./words.js").Attribute[]} attributes @returns {Promise<Vocabulary>} */
export async function vocabulary(attributes) {
  if (await offers("GET", "/api/vocabulary")) {
    const told = await get("/api/vocabulary");
    return { attributes: told.attributes.map(titled), exclusive: told.exclusive ?? [] };
  }
  const known = attributes.filter((each) => USUAL.includes(each.name) && each.levels?.length);
  return { attributes: known.map((each) => titled({ ...each, kind: "choice" })), exclusive: [] };
}

/** @param {any} each @returns {Wanted} */
const titled = (each) => ({
  ...each,
  title: capital((each.title ?? spaced(each.name)).replace(/^Apparent /, "")),
});

/** @param {Wanted[]} attributes @returns {[string, Wanted[]][]} */
export function grouped(attributes) {
  const of = (/** @type {Wanted} */ each) =>
    Object.keys(GROUPS).find((group) => GROUPS[group].includes(each.name)) ?? "More";
  const place = (/** @type {Wanted} */ each) => GROUPS[of(each)]?.indexOf(each.name) ?? 0;
  return [...Object.keys(GROUPS), "More"]
    .map(
      (group) =>
        /** @type {[string, Wanted[]]} */ ([
          group,
          attributes.filter((each) => of(each) === group).sort((a, b) => place(a) - place(b)),
        ]),
    )
    .filter(([, list]) => list.length);
}
