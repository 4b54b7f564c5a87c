/** Strips of faces beside an open one: of the same photo, of the same synthetic person. */

import { picture } from "./api.js";
import { h } from "./dom.js";
import { sketch } from "./sketch.js";
import { isSynthetic, sized } from "./cell.js";
import { store } from "./store.js";
import { address } from "./view.js";
import { LOOKS, shortly, summaryWords } from "./words.js";

/** @typedef {import("./facelist.js").Face & {similarity?: number}} Face */

/** @param {string} title @param {Face[]} faces @param {string} [hint] */
export function strip(title, faces, hint) {
  return h(
    "section",
    { class: "related" },
    h("h3", { text: title }),
    hint ? h("p", { class: "hint", text: hint }) : null,
    tiles(faces),
  );
}

/** @param {Face[]} faces @param {((face: Face) => string) | null} [caption] */
export function tiles(faces, caption) {
  return h(
    "ul",
    { class: "strip" },
    faces.map((face) =>
      h("li", {}, thumbLink(face), caption ? h("small", { class: "caption", text: caption(face) }) : null),
    ),
  );
}

/** Views and expressions of one synthetic person, from the left to the right. @param {Face[]} faces */
export function personStrip(faces) {
  const yaw = (/** @type {Face} */ face) => Number(face.summary?.yaw ?? 0);
  const sorted = [...faces].sort((a, b) => yaw(a) - yaw(b));
  const isTold = sorted.some((face) => typeof face.summary?.yaw === "number");
  return h(
    "section",
    { class: "related" },
    h("h3", { text: "Other views and expressions of this synthetic person" }),
    tiles(sorted, isTold ? viewWords : null),
  );
}

/** "30° right, happy". @param {Face} face */
function viewWords({ summary = {} }) {
  const turn = typeof summary.yaw === "number" ? Math.round(summary.yaw) : null;
  const turned =
    turn === null ? "" : turn === 0 ? "0°" : `${shortly(Math.abs(turn))}° ${turn < 0 ? "left" : "right"}`;
  return [turned, LOOKS[summary.emotion] ?? ""].filter(Boolean).join(", ");
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
      href: address({ ...store.view, route: "face", face: face.id }),
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
