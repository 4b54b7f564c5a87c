/** Where a face comes from, and what to write beside it. */

import { picture } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { copies } from "./toolbar.js";
import { counted } from "./words.js";

/** @param {any} face */
export function provenance(face) {
  const photo = face.photo ?? {};
  const size = photo.width
    ? `${counted(photo.width)} × ${counted(photo.height)} pixels${photo.format ? `, ${photo.format}` : ""}`
    : "";
  const facts = [
    ["Dataset", face.dataset],
    ["Photo", photo.key ?? photo.photo_id],
    ["Title", photo.title],
    ["Author", photo.author],
    ["Licence", link(photo.licence ?? "unstated", photo.licence_url)],
    ["Source", photo.source_url ? link(photo.source_url, photo.source_url) : null],
    ["Generator", photo.generator],
    ["Seed", photo.seed],
    ["Retrieved", photo.retrieved],
    ["Size", size],
    ["SHA-256", photo.sha256 ? h("code", { text: photo.sha256 }) : null],
    ["Certificate", face.certificate?.state ?? face.certificate],
  ].filter(([, value]) => value);
  const copy = h("button", { class: "plain", type: "button" }, icon("copy"), "Copy attribution");
  return h(
    "section",
    { class: "provenance" },
    h("h3", { text: "Provenance" }),
    h(
      "dl",
      { class: "facts" },
      facts.flatMap(([term, value]) => [h("dt", { text: term }), h("dd", {}, value)]),
    ),
    face.attribution ? h("blockquote", { class: "attribution", text: face.attribution }) : null,
    face.attribution ? copies(copy, () => face.attribution) : null,
  );
}

/** A link where the address is one of the web. @param {string} text @param {string | null} [url] */
function link(text, url) {
  return url && /^https?:\/\//.test(url)
    ? h("a", { href: url, rel: "noopener noreferrer", target: "_blank", text })
    : text;
}

/** @param {any} face */
export function downloads(face) {
  const copy = h("button", { class: "plain", type: "button" }, icon("copy"), "Copy as JSON");
  copies(copy, () => JSON.stringify(face, null, 2));
  const json = h(
    "a",
    {
      class: "plain",
      href: `/api/faces/${encodeURIComponent(face.id)}`,
      download: `${fileName(face.id)}.json`,
    },
    icon("download"),
    "JSON",
  );
  if (!face.crops.length)
    return h(
      "section",
      { class: "downloads" },
      h("h3", { text: "Take it along" }),
      h("div", { class: "actions start" }, copy, json),
    );
  const crop = select(
    "Crop",
    face.crops.map((/** @type {any} */ each) => [each.alignment, `${each.alignment} ${each.size}`]),
  );
  const size = select("Size", []);
  const format = select("Format", [
    ["png", "PNG"],
    ["webp", "WebP"],
    ["jpeg", "JPEG"],
  ]);
  const get = h("a", { class: "primary", download: "" }, icon("download"), "Picture");
  const offer = () => {
    const own = face.crops.find((/** @type {any} */ each) => each.alignment === crop.value)?.size ?? 512;
    const sizes = [...new Set([...[128, 256, 512, 1024].filter((each) => each < own), Math.min(own, 1024)])];
    fill(
      size,
      sizes.map((each) => h("option", { value: String(each), text: `${each} × ${each}` })),
    );
    size.value = String(sizes[sizes.length - 1]);
  };
  const follow = () => {
    get.href = picture(face.id, Number(size.value), { format: format.value, crop: crop.value });
    get.download = `${fileName(face.id)}-${crop.value}-${size.value}.${format.value === "jpeg" ? "jpg" : format.value}`;
  };
  crop.addEventListener("change", () => {
    offer();
    follow();
  });
  for (const each of [size, format]) each.addEventListener("change", follow);
  offer();
  follow();
  return h(
    "section",
    { class: "downloads" },
    h("h3", { text: "Take it along" }),
    h("div", { class: "actions start" }, face.crops.length > 1 ? crop : null, size, format, get),
    h("div", { class: "actions start" }, copy, json),
  );
}

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

/** All that is known, as JSON. @param {any} face */
export function everything(face) {
  return h(
    "details",
    { class: "everything" },
    h("summary", { text: "The whole record" }),
    h("pre", {
      tabIndex: 0,
      text: JSON.stringify({ ...face.record, mesh: face.record.mesh ? "478 points" : null }, null, 1),
    }),
  );
}
