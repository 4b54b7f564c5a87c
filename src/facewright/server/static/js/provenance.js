/** Where a face comes from, and what to write beside it. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { copies } from "./toolbar.js";
import { counted, spaced } from "./words.js";

/** @param {any} face */
export function provenance(face) {
  const photo = face.photo ?? {};
  const size = photo.width
    ? `${counted(photo.width)} × ${counted(photo.height)} pixels${photo.format ? `, ${photo.format}` : ""}`
    : "";
  const facts = [
    ["Dataset", face.dataset],
    [face.synthetic ? "Picture" : "Photo", photo.key ?? photo.photo_id],
    ["Title", photo.title],
    ["Author", photo.author],
    ["Licence", link(photo.licence ?? "unstated", photo.licence_url)],
    ["Source", photo.source_url ? link(photo.source_url, photo.source_url) : null],
    ["Generator", photo.generator],
    ["Seed", photo.seed],
    ["Retrieved", photo.retrieved],
    ["Size", size],
    ["SHA-256", photo.sha256 ? h("code", { text: photo.sha256 }) : null],
    ["Certificate", certificateOf(face.certificate)],
  ].filter(([, value]) => value);
  const copy = h("button", { class: "plain", type: "button" }, icon("copy"), "Copy attribution");
  return h(
    "section",
    { class: "provenance" },
    h("h3", { text: "Provenance and licence" }),
    h(
      "dl",
      { class: "facts" },
      facts.flatMap(([term, value]) => [h("dt", { text: term }), h("dd", {}, value)]),
    ),
    face.attribution ? h("blockquote", { class: "attribution", text: face.attribution }) : null,
    face.attribution ? copies(copy, () => face.attribution) : null,
  );
}

/** State of the certificate or mark in the picture's file; nothing where there is none. @param {{state: string, mark?: string | null, detail?: string} | null | undefined} told */
function certificateOf(told) {
  if (!told || told.state === "none") return null;
  const kind = told.mark?.split("/").pop();
  return h(
    "span",
    {},
    h("b", { class: `certificate ${told.state}`, text: told.state }),
    kind ? [", ", link(spaced(kind), told.mark)] : null,
    told.detail ? `. ${told.detail}` : null,
  );
}

/** A link where the address is one of the web. @param {string} text @param {string | null} [url] */
function link(text, url) {
  return url && /^https?:\/\//.test(url)
    ? h("a", { href: url, rel: "noopener noreferrer", target: "_blank", text })
    : text;
}

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
