/** Selections that the server keeps, as a list: shown, exported, downloaded, deleted. */

import { get, offers } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { startJob } from "./jobs.js";
import { say } from "./messages.js";
import { dropSelection, listSelections, selectionFile, sizeOf } from "./selections.js";
import { sheet } from "./sheet.js";
import { store } from "./store.js";
import { cleared } from "./view.js";
import { counted, several } from "./words.js";

/** @typedef {import("./selections.js").Selection} Selection */

/** Where the server does not say which it has. */
const LAYOUTS = [
  "ffhq",
  "stylegan",
  "eg3d",
  "imagefolder",
  "webdataset",
  "hf",
  "ffhq-features",
  "generated-photos",
  "metfaces",
  "coco",
  "celeba",
  "csv",
  "tfrecords",
];

const SIZES = [128, 256, 512, 1024];

/** @param {HTMLElement} place @param {() => void} again */
export async function showSelections(place, again) {
  const mayExport = await offers("POST", "/api/jobs");
  const list = await listSelections().catch(() => null);
  if (!list) return fill(place);
  fill(
    place,
    h("h2", { text: "Selections" }),
    list.length
      ? null
      : h("p", {
          class: "hint",
          text: "A selection is a named list of faces: shown, shared by its link, exported in any layout.",
        }),
    h(
      "ul",
      { class: "rows" },
      list.map((each) =>
        h(
          "li",
          {},
          h(
            "a",
            { "data-view": "", href: `/?select=${encodeURIComponent(each.id)}` },
            h("b", { text: each.name }),
            h("small", { text: several(sizeOf(each), "face") }),
          ),
          h(
            "span",
            { class: "actions" },
            mayExport
              ? h("button", {
                  class: "plain",
                  type: "button",
                  text: "Export",
                  on: { click: () => void exportForm(each) },
                })
              : null,
            h(
              "a",
              {
                class: "plain icon-only",
                href: selectionFile(each.id),
                download: "",
                "aria-label": `Download ${each.name}`,
                title: "Download the list of faces",
              },
              icon("download"),
            ),
            h(
              "button",
              {
                class: "plain icon-only",
                type: "button",
                "aria-label": `Delete ${each.name}`,
                title: "Delete",
                on: { click: () => void remove(each, again) },
              },
              icon("close"),
            ),
          ),
        ),
      ),
    ),
  );
}

/** @param {Selection} each @param {() => void} again */
async function remove(each, again) {
  try {
    await dropSelection(each.id);
    if (store.view.select === each.id) store.go(cleared(store.view), { replace: true });
    say(`“${each.name}” is deleted. No face is.`);
    again();
  } catch (/** @type {any} */ error) {
    say(error.message, "bad");
  }
}

/** @param {Selection} each */
async function exportForm(each) {
  const told = await get("/api/layouts").catch(() => null);
  /** @type {{name: string, title?: string, summary?: string}[]} */
  const layouts = (told?.layouts ?? told ?? LAYOUTS).map((/** @type {any} */ one) =>
    typeof one === "string" ? { name: one } : one,
  );
  const layout = h(
    "select",
    { id: "export-layout" },
    layouts.map((one) => h("option", { value: one.name, text: one.title ?? one.name })),
  );
  if (layouts.some((one) => one.name === LAYOUTS[0])) layout.value = LAYOUTS[0];
  const about = h("p", { class: "hint" });
  const explain = () => {
    about.textContent = layouts.find((one) => one.name === layout.value)?.summary ?? "";
  };
  layout.addEventListener("change", explain);
  explain();
  const size = h(
    "select",
    { id: "export-size" },
    h("option", { value: "", text: "as the layout or the crop has it" }),
    SIZES.map((side) => h("option", { value: String(side), text: `${side} × ${side} pixels` })),
  );
  const form = h(
    "form",
    { class: "stack" },
    h("p", { text: `${counted(sizeOf(each))} faces, with licences and a card of the dataset beside them.` }),
    h("label", { for: layout.id, text: "Layout" }),
    layout,
    about,
    h("label", { for: size.id, text: "Size" }),
    size,
    h("div", { class: "actions" }, h("button", { class: "primary", text: "Export" })),
  );
  const dialog = sheet(`Export “${each.name}”`, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const side = size.value ? { size: Number(size.value) } : {};
      await startJob({ kind: "export", selection: each.id, layout: layout.value, ...side });
      dialog.close();
    } catch (/** @type {any} */ error) {
      say(error.message, "bad");
    }
  });
}
