/** Faces like the open one: all, synthetic ones only (to stand in for it), or photographs only. */

import { get, isAborted } from "./api.js";
import { fill, h } from "./dom.js";
import { tiles } from "./related.js";
import { store } from "./store.js";
import { address, chosen, likeFirst } from "./view.js";

/** @typedef {import("./related.js").Face} Face */

const FEW = 12;
const MANY = 60;
const KINDS = [
  ["", "All"],
  ["yes", "Synthetic"],
  ["no", "Photographs"],
];

/**
 * @param {string} id @param {boolean} isMixed whether synthetic faces and photographs are both served
 * @returns {HTMLElement} fills itself
 */
export function similarFaces(id, isMixed) {
  const place = h("div", { class: "similar-faces", "aria-live": "polite" }, waiting());
  const more = h("button", { class: "quiet", type: "button", text: "Show more", hidden: true });
  const all = h("a", { class: "quiet link", "data-view": "", text: "All faces by likeness to this one" });
  const kinds = h("div", { class: "segmented small", role: "group", "aria-label": "Which faces" });
  const element = h(
    "section",
    { class: "related" },
    h("header", { class: "section-head" }, h("h3", { text: "Faces like this one" }), isMixed ? kinds : null),
    h("p", {
      class: "hint",
      text: "Nearest by an embedding of the face. A likeness is no proof of identity.",
    }),
    place,
    h("div", { class: "actions start" }, more, all),
  );
  let most = FEW;
  const show = async () => {
    fill(kinds, ...KINDS.map(([kind, text]) => kindButton(kind, text, () => void show())));
    all.href = address(likeFirst(ofKind(), id));
    const faces = await nearest(id, most).catch((error) => (isAborted(error) ? null : []));
    if (!faces) return;
    element.hidden = !faces.length && !store.view.alike;
    more.hidden = faces.length < most || most === MANY;
    fill(place, faces.length ? tiles(faces) : h("p", { class: "hint", text: "None of this kind is here." }));
  };
  more.addEventListener("click", () => {
    most = MANY;
    void show();
  });
  void show();
  return element;
}

/** The view with the condition on what is synthetic that is chosen here. */
function ofKind() {
  const { view } = store;
  if (view.alike === "yes") return chosen(view, "synthetic", { any: ["yes"], not: [] });
  return view.alike === "no" ? chosen(view, "synthetic", { any: [], not: ["yes"] }) : view;
}

/** As much room as the answer will take. */
const waiting = () =>
  h(
    "ul",
    { class: "strip", "aria-hidden": "true" },
    Array.from({ length: FEW }, () => h("li", {}, h("span", { class: "thumb skeleton" }))),
  );

/** @param {string} kind @param {string} text @param {() => void} show */
function kindButton(kind, text, show) {
  return h("button", {
    type: "button",
    text,
    "data-keep": `alike-${kind || "all"}`,
    "aria-pressed": store.view.alike === kind,
    on: {
      click: (/** @type {Event} */ event) => {
        const group = /** @type {HTMLElement} */ (event.currentTarget).parentElement;
        store.go({ alike: kind }, { replace: true });
        show();
        /** @type {HTMLElement | null | undefined} */ (group?.querySelector("[aria-pressed=true]"))?.focus();
      },
    },
  });
}

/** @param {string} id @param {number} most @returns {Promise<Face[]>} */
async function nearest(id, most) {
  const query = new URLSearchParams({ limit: String(most) });
  if (store.view.alike === "yes") query.set("synthetic", "yes");
  if (store.view.alike === "no") query.set("not.synthetic", "yes"); // of many photographs nobody says so
  const answer = await get(`/api/faces/${encodeURIComponent(id)}/similar?${query}`);
  return (answer.faces ?? answer).filter((/** @type {Face} */ face) => face.id !== id);
}
