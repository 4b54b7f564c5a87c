/** Faces that look like a picture which is dropped, pasted or picked. The picture is not kept anywhere. */

import { offers, send } from "./api.js";
import { byId, fill, h, topmost } from "./dom.js";
import { icon } from "./icons.js";
import { thumbLink } from "./related.js";
import { sheet } from "./sheet.js";
import { store } from "./store.js";

const LARGEST = 20 * 1024 * 1024;
let isOffered = false;

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
    lookAlike(file);
  });
  document.addEventListener("paste", (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((each) => each.type.startsWith("image/"));
    if (!file || !isOffered) return;
    event.preventDefault();
    lookAlike(file);
  });
}

const PRIVATE = "Your picture goes to this server only, is compared in memory and is not stored.";

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
  input.addEventListener("change", () => input.files?.[0] && lookAlike(input.files[0]));
  dialog.classList.add("picking");
}

/** @param {File} file */
function lookAlike(file) {
  /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog.picking"))?.close();
  const url = URL.createObjectURL(file);
  const results = h("div", { class: "lookalike-results", "aria-live": "polite" });
  const any = h("input", { type: "checkbox" });
  const own = h("img", { class: "lookalike-own there", src: url, alt: "Your picture" });
  const dialog = sheet(
    "Faces that look alike",
    h(
      "div",
      { class: "lookalike" },
      h(
        "div",
        { class: "lookalike-side" },
        own,
        h("p", {
          class: "hint",
          text: PRIVATE,
        }),
        h("label", { class: "radio" }, any, "Photographs of people too"),
        h("button", {
          class: "plain",
          type: "button",
          text: "Another picture",
          on: {
            click: () => {
              dialog.close();
              pickPicture();
            },
          },
        }),
      ),
      results,
    ),
  );
  dialog.classList.add("wide");
  dialog.addEventListener("close", () => URL.revokeObjectURL(url));
  const leave = () => dialog.close();
  dialog.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("a.thumb")) leave();
  });
  const ask = () => void search(file, any.checked, results, 0);
  any.addEventListener("change", ask);
  ask();
}

/** @param {File} file @param {boolean} isAny @param {HTMLElement} results @param {number} which face of the picture; 0: the only one */
async function search(file, isAny, results, which) {
  fill(
    results,
    h(
      "ul",
      { class: "tiles" },
      Array.from({ length: 12 }, () => h("li", {}, h("span", { class: "thumb skeleton" }))),
    ),
  );
  if (file.size > LARGEST)
    return fill(results, h("p", { class: "inline-error", text: "The picture is larger than 20 MB." }));
  const form = new FormData();
  form.append("picture", file);
  try {
    const answer = await send(
      "POST",
      `/api/similar?limit=24&synthetic=${isAny ? "any" : "yes"}${which ? `&face=${which}` : ""}`,
      form,
    );
    const faces = answer.faces ?? answer;
    fill(
      results,
      faces.length
        ? h(
            "ul",
            { class: "tiles" },
            faces.map((/** @type {any} */ face) => h("li", {}, thumbLink(face))),
          )
        : h(
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
                  on: { click: () => store.view },
                }),
          ),
    );
  } catch (/** @type {any} */ error) {
    const faces = (error.errors ?? []).filter((/** @type {any} */ each) => typeof each.face === "number");
    if (faces.length > 1)
      return fill(
        results,
        h("p", { text: `The picture shows ${faces.length} faces. Which one?` }),
        choice(file, isAny, results, faces),
      );
    fill(results, h("p", { class: "inline-error", role: "alert", text: error.message }));
  }
}

/** The picture with a button on each of its faces. @param {File} file @param {boolean} isAny @param {HTMLElement} results @param {{face: number, x: number, y: number, width: number, height: number}[]} faces */
function choice(file, isAny, results, faces) {
  const image = h("img", { src: URL.createObjectURL(file), alt: "" });
  const place = h("div", { class: "which" }, image);
  image.addEventListener("load", () => {
    const [wide, tall] = [image.naturalWidth / 100, image.naturalHeight / 100];
    for (const { face, x, y, width, height } of faces) {
      place.append(
        h("button", {
          type: "button",
          "aria-label": `Face ${face}`,
          on: { click: () => void search(file, isAny, results, face) },
          vars: {
            "--left": `${x / wide}%`,
            "--upper": `${y / tall}%`,
            "--wide": `${width / wide}%`,
            "--tall": `${height / tall}%`,
          },
        }),
      );
    }
    URL.revokeObjectURL(image.src);
  });
  return place;
}
