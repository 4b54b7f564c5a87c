/** Taking an open face along: its picture in sizes and formats, its photo, its record. */

import { picture } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { copies } from "./toolbar.js";

const SIZES = [32, 64, 128, 256, 512, 1024];
const FORMATS = [
  ["png", "PNG"],
  ["webp", "WebP"],
  ["jpeg", "JPEG"],
];

/** @param {any} face */
export function downloads(face) {
  const path = `/api/faces/${encodeURIComponent(face.id)}`;
  const copy = h("button", { class: "plain", type: "button" }, icon("copy"), "Copy as JSON");
  copies(copy, () => JSON.stringify(face, null, 2));
  return h(
    "section",
    { class: "downloads", "aria-label": "Downloads" },
    face.crops.length ? pictureForm(face) : null,
    h(
      "div",
      { class: "actions start" },
      copy,
      fileLink("JSON", path, `${fileName(face.id)}.json`),
      face.photo?.width && face.has_photo !== false
        ? fileLink(
            face.synthetic ? "Whole picture" : "Source photo",
            `${path}/photo`,
            `${fileName(face.id)}-photo`,
          )
        : null,
    ),
  );
}

/** Crop, size and format, and the link that they make. @param {any} face */
function pictureForm(face) {
  const crops = face.crops.map((/** @type {any} */ each) => [
    each.alignment,
    `${each.alignment}, ${each.size} px`,
  ]);
  const [crop, size, format] = [select("Crop", crops), select("Size", []), select("Format", FORMATS)];
  const link = h("a", { class: "primary", download: "" }, icon("download"), "Picture");
  const follow = () => {
    link.href = picture(face.id, Number(size.value), { format: format.value, crop: crop.value });
    const ending = format.value === "jpeg" ? "jpg" : format.value;
    link.download = `${fileName(face.id)}-${crop.value}-${size.value}.${ending}`;
  };
  const offer = () => {
    const own = face.crops.find((/** @type {any} */ each) => each.alignment === crop.value)?.size ?? 512;
    const sizes = [...SIZES.filter((each) => each < own), Math.min(own, 1024)];
    fill(
      size,
      sizes.map((each) => h("option", { value: String(each), text: `${each} × ${each}` })),
    );
    size.value = String(sizes[sizes.length - 1]);
    follow();
  };
  crop.addEventListener("change", offer);
  for (const each of [size, format]) each.addEventListener("change", follow);
  offer();
  return h("div", { class: "actions start" }, crops.length > 1 ? crop : null, size, format, link);
}

/** @param {string} text @param {string} href @param {string} name */
const fileLink = (text, href, name) =>
  h("a", { class: "plain", href, download: name }, icon("download"), text);

/** @param {string} label @param {string[][]} options */
function select(label, options) {
  return h(
    "select",
    { "aria-label": label },
    options.map(([value, text]) => h("option", { value, text })),
  );
}

/** @param {string} id */
const fileName = (id) => id.replace(/[^\w.-]+/g, "_");
