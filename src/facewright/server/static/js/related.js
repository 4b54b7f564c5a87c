/** Strips of faces beside an open one: similar, of the same photo, of the same synthetic person. */

import { get, isAborted, picture } from "./api.js";
import { h } from "./dom.js";
import { sketch } from "./sketch.js";
import { isSynthetic, sized } from "./cell.js";
import { summaryWords } from "./words.js";

/** @typedef {import("./facelist.js").Face & {similarity?: number}} Face */

/** @param {string} title @param {Face[]} faces @param {string} [hint] */
export function strip(title, faces, hint) {
  return h(
    "section",
    { class: "related" },
    h("h3", { text: title }),
    hint ? h("p", { class: "hint", text: hint }) : null,
    h(
      "ul",
      { class: "strip" },
      faces.map((face) => h("li", {}, thumbLink(face))),
    ),
  );
}

/** @param {Face} face */
export function thumbLink(face) {
  const words = summaryWords(face.summary) || "a face";
  const near = typeof face.similarity === "number" ? `, similarity ${face.similarity.toFixed(2)}` : "";
  const isMade = isSynthetic(face);
  const image = face.thumb
    ? h("img", {
        src: sized(face.thumb, 256),
        alt: "",
        loading: "lazy",
        on: { load: () => image?.classList.add("there") },
      })
    : null;
  return h(
    "a",
    {
      class: "thumb",
      href: `/face/${encodeURIComponent(face.id)}${location.search}`,
      "data-view": "",
      "aria-label": `${isMade ? "synthetic, " : ""}${words}${near}`,
      title: `${words}${near}`,
    },
    image ?? h("span", { class: "sketch" }, sketch(face.summary ?? {})),
    isMade ? h("span", { class: "badge", text: "Synthetic" }) : null,
  );
}

/** Faces of which only the id is known. @param {string[]} ids @param {boolean} synthetic @returns {Face[]} */
export const byIds = (ids, synthetic = false) =>
  ids.map((id) => ({ id, thumb: picture(id, 256), synthetic }));

/** @param {string} id @param {AbortSignal} signal @returns {Promise<Face[]>} */
export async function similarTo(id, signal) {
  try {
    const answer = await get(`/api/faces/${encodeURIComponent(id)}/similar?limit=18`, signal);
    return (answer.faces ?? answer).filter((/** @type {Face} */ face) => face.id !== id);
  } catch (error) {
    if (isAborted(error)) throw error;
    return [];
  }
}
