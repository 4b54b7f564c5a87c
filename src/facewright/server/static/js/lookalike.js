/**
 * Faces that look like a picture which is dropped, pasted or picked. The picture is not kept
 * anywhere; what it found is an address, which holds the faces' ids and how near they are.
 */

import { get, offers, send } from "./api.js";
import { byId, fill, h, topmost } from "./dom.js";
import { icon } from "./icons.js";
import { thumbLink } from "./related.js";
import { sheet } from "./sheet.js";
import { store } from "./store.js";
import { whichFace } from "./whichface.js";
import { several } from "./words.js";

/** @typedef {{file: File, isAny: boolean, which: number}} Search a picture that this tab still holds */

const LARGEST = 20 * 1024 * 1024;
const PRIVATE = "Your picture goes to this server only, is compared in memory and is not stored.";
const LINKED =
  "The address of this page says which faces were found and how near they are, never the picture: that is what a shared link shows.";
let isOffered = false;
/** The last searches by what they found, as long as the tab is open. @type {Map<string, Search>} */
const searches = new Map();
/** @type {HTMLDialogElement | null} */
let open = null;
let shown = "";

/** @param {import("./main.js").Known} _known */
export function startLookAlike(_known) {
  void offers("POST", "/api/similar").then((is) => {
    isOffered = is;
  });
  const veil = byId("drop");
  const carries = (/** @type {DragEvent} */ event) =>
    isOffered && [...(event.dataTransfer?.items ?? [])].some((item) => item.kind === "file");
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    topmost().append(veil);
    veil.hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) veil.hidden = true;
  });
  document.addEventListener("drop", (event) => {
    veil.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (!file || !isOffered) return;
    event.preventDefault();
    lookAlike({ file, isAny: false, which: 0 });
  });
  document.addEventListener("paste", (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((each) => each.type.startsWith("image/"));
    if (!file || !isOffered) return;
    event.preventDefault();
    lookAlike({ file, isAny: false, which: 0 });
  });
  store.subscribe(follow);
  follow();
}

/** Asks for a picture: chosen, dropped or pasted. */
export function pickPicture() {
  const input = h("input", {
    type: "file",
    accept: "image/*",
    class: "unseen",
    tabIndex: -1,
    "aria-hidden": "true",
  });
  const dialog = sheet(
    "Find faces like a picture",
    h(
      "div",
      { class: "drop-zone" },
      icon("picture"),
      h("p", { text: "Drop a picture, or paste one." }),
      h("button", {
        class: "primary",
        type: "button",
        text: "Choose a picture",
        on: { click: () => input.click() },
      }),
      input,
    ),
    h("p", {
      class: "hint",
      text: `${PRIVATE} Synthetic faces are shown, unless you ask for photographs too.`,
    }),
  );
  input.addEventListener(
    "change",
    () => input.files?.[0] && lookAlike({ file: input.files[0], isAny: false, which: 0 }),
  );
  dialog.classList.add("picking");
}

/** Shows what the address says was found, or nothing. */
function follow() {
  const { view } = store;
  const key = view.route === "alike" ? view.found.join("\n") : "";
  if (key === shown) return;
  if (!key) return leave();
  shown = key;
  const search = searches.get(key) ?? null;
  const results = dialogOf(search);
  const query = new URLSearchParams(view.found.map((each) => ["found", each]));
  get(`/api/similar?${query}`).then(
    (answer) => {
      if (shown === key) showFaces(results, answer.faces, search?.isAny ?? true, answer.gone);
    },
    (error) => {
      if (shown === key) fill(results, problem(error.message));
    },
  );
}

function leave() {
  shown = "";
  const dialog = open;
  open = null;
  dialog?.close();
}

/** Looks for faces like a picture; when they are found, their address is gone to. @param {Search} search */
function lookAlike(search) {
  /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog.picking"))?.close();
  const results = dialogOf(search);
  fill(
    results,
    h(
      "ul",
      { class: "tiles" },
      Array.from({ length: 12 }, () => h("li", {}, h("span", { class: "thumb skeleton" }))),
    ),
  );
  void ask(search, results);
}

/** @param {Search} search @param {HTMLElement} results */
async function ask(search, results) {
  if (search.file.size > LARGEST) return fill(results, problem("The picture is larger than 20 MB."));
  const form = new FormData();
  form.append("picture", search.file);
  const query = new URLSearchParams({ limit: "24", synthetic: search.isAny ? "any" : "yes" });
  if (search.which) query.set("face", String(search.which));
  try {
    const { faces } = await send("POST", `/api/similar?${query}`, form);
    if (!results.isConnected) return; // closed meanwhile
    if (!faces.length) return showFaces(results, faces, search.isAny, 0);
    const found = faces.map((/** @type {any} */ face) => `${Number(face.similarity.toFixed(4))}:${face.id}`);
    searches.set(found.join("\n"), search);
    shown = found.join("\n"); // it is shown already
    showFaces(results, faces, search.isAny, 0);
    store.go({ route: "alike", face: "", found });
  } catch (/** @type {any} */ error) {
    const faces = (error.errors ?? []).filter((/** @type {any} */ each) => typeof each.face === "number");
    if (faces.length < 2) return fill(results, problem(error.message));
    fill(
      results,
      h("p", { text: `The picture shows ${faces.length} faces. Which one?` }),
      whichFace(search.file, faces, (which) => lookAlike({ ...search, which })),
    );
  }
}

/** @param {string} text */
const problem = (text) => h("p", { class: "inline-error", role: "alert", text });

/** The dialog, made or made anew; where its results are to be. @param {Search | null} search null: the picture is not here any more */
function dialogOf(search) {
  const results = h("div", { class: "lookalike-results", "aria-live": "polite" });
  const content = h(
    "div",
    { class: "lookalike" },
    h("div", { class: "lookalike-side" }, search ? ofPicture(search) : ofLink(), anotherPicture()),
    results,
  );
  const body = open?.isConnected ? open.querySelector(".sheet-body") : null;
  if (body) {
    const kept = body.contains(document.activeElement)
      ? document.activeElement?.getAttribute("data-keep")
      : null;
    fill(body, content);
    if (kept) /** @type {HTMLElement | null} */ (body.querySelector(`[data-keep=${kept}]`))?.focus();
    return results;
  }
  const dialog = sheet("Faces that look alike", content);
  dialog.classList.add("wide");
  open = dialog;
  dialog.addEventListener("close", () => {
    if (open !== dialog) return; // the address has moved on already
    open = null;
    shown = "";
    if (store.view.route === "alike") store.go({ route: "faces", found: [] });
  });
  return results;
}

/** @param {Search} search */
function ofPicture(search) {
  const own = h("img", { class: "lookalike-own there", alt: "Your picture" });
  own.src = URL.createObjectURL(search.file);
  own.addEventListener("load", () => URL.revokeObjectURL(own.src), { once: true });
  const any = h("input", { type: "checkbox", checked: search.isAny, "data-keep": "any" });
  any.addEventListener("change", () => lookAlike({ ...search, isAny: any.checked }));
  return [
    own,
    h("label", { class: "radio" }, any, "Photographs of people too"),
    h("p", { class: "hint", text: `${PRIVATE} ${LINKED}` }),
  ];
}

const ofLink = () => [
  h("h3", { text: "Found by a picture" }),
  h("p", { class: "hint", text: `The picture is not here: it was never stored. ${LINKED}` }),
];

function anotherPicture() {
  const button = h("button", {
    class: "plain",
    type: "button",
    text: "Another picture",
    hidden: !isOffered,
    on: { click: pickPicture },
  });
  void offers("POST", "/api/similar").then((is) => {
    button.hidden = !is;
  });
  return button;
}

/** @param {HTMLElement} results @param {any[]} faces @param {boolean} isAny @param {number} gone */
function showFaces(results, faces, isAny, gone) {
  const lost = gone
    ? h("p", {
        class: "hint",
        text: `${several(gone, "face")} of the link ${gone === 1 ? "is" : "are"} not served here any more.`,
      })
    : null;
  if (faces.length)
    return fill(
      results,
      h(
        "ul",
        { class: "tiles" },
        faces.map((face) =>
          h("li", {}, thumbLink(face), h("small", { class: "caption", text: face.similarity.toFixed(2) })),
        ),
      ),
      h("p", {
        class: "hint",
        text: "Numbers are cosines of the faces' embeddings: 1 is the same picture. A likeness is no proof of identity.",
      }),
      lost,
    );
  fill(
    results,
    lost,
    h(
      "div",
      { class: "empty" },
      h("h3", { text: "No face to compare with" }),
      h("p", {
        text: isAny
          ? "These datasets hold no face embeddings."
          : "No synthetic face is here. Tick the box to compare with photographs of people, or order synthetic faces.",
      }),
      isAny
        ? null
        : h("a", {
            class: "plain",
            href: "/order",
            "data-view": "",
            text: "Order synthetic faces",
            on: { click: leave },
          }),
    ),
  );
}
