/** One face in the grid: a picture, or a drawing of its numbers where there is no picture. */

import { h, set } from "./dom.js";
import { icon } from "./icons.js";
import { sketch } from "./sketch.js";
import { spelled } from "./view.js";
import { counted, summaryWords } from "./words.js";

/** @typedef {import("./facelist.js").Face} Face */
/** @typedef {{index: number, total: number, column: number, isCurrent: boolean, isPicked: boolean, size: number, query: URLSearchParams, mayLoad: boolean}} Showing */

/** @param {Face} face */
export const isSynthetic = (face) => face.synthetic ?? face.summary?.synthetic === "yes";

export function makeCell() {
  const image = h("img", { alt: "", decoding: "async", draggable: false });
  image.addEventListener("load", () => image.classList.add("there"));
  image.addEventListener("error", () => image.parentElement?.classList.add("broken"));
  const link = h(
    "a",
    { class: "face", "data-view": "" },
    image,
    h("span", { class: "sketch" }),
    h("span", { class: "says", "aria-hidden": "true" }),
    h("span", { class: "badge", text: "Synthetic", hidden: true }),
    h("span", { class: "flag-mark", "aria-hidden": "true" }, icon("flag")),
  );
  return h(
    "div",
    { class: "cell", role: "gridcell" },
    link,
    h("span", { class: "tick", "aria-hidden": "true" }, icon("check")),
  );
}

/** @param {HTMLElement} cell @param {Face | null} face @param {Showing} how */
export function paintCell(cell, face, how) {
  const link = /** @type {HTMLAnchorElement} */ (cell.firstElementChild);
  set(cell, {
    "aria-colindex": how.column + 1,
    "aria-selected": how.isPicked,
    hidden: how.index >= how.total,
  });
  cell.dataset.index = String(how.index);
  cell.classList.toggle("picked", how.isPicked);
  link.tabIndex = how.isCurrent ? 0 : -1;
  if (!face) return emptyCell(cell, how.index);
  if (
    link.dataset.face !== face.id ||
    cell.classList.contains("flagged") !== (face.summary?.flagged === "yes")
  )
    renameCell(cell, link, face, how);
  if (how.mayLoad) loadPicture(link, face, how.size);
}

/** @param {HTMLElement} cell @param {HTMLAnchorElement} link @param {Face} face @param {Showing} how */
function renameCell(cell, link, face, how) {
  const words = summaryWords(face.summary);
  clearPicture(link);
  link.dataset.face = face.id;
  link.href = `/face/${encodeURIComponent(face.id)}${how.query.size ? `?${spelled(how.query)}` : ""}`;
  const isMade = isSynthetic(face);
  const isFlagged = face.summary?.flagged === "yes";
  const made = `${isFlagged ? "flagged, " : ""}${isMade ? "synthetic, " : ""}`;
  link.setAttribute(
    "aria-label",
    `${made}${words || "no attributes known"}. Face ${counted(how.index + 1)} of ${counted(how.total)}`,
  );
  const [image, drawing, says, badge] = /** @type {HTMLElement[]} */ ([...link.children]);
  says.textContent = words;
  badge.hidden = !isMade;
  image.hidden = !face.thumb;
  drawing.replaceChildren();
  if (!face.thumb) drawing.append(sketch(face.summary ?? {}));
  cell.classList.toggle("sketched", !face.thumb);
  cell.classList.toggle("flagged", isFlagged);
  cell.classList.remove("waiting");
}

/** @param {HTMLElement} cell @param {number} index */
function emptyCell(cell, index) {
  const link = /** @type {HTMLAnchorElement} */ (cell.firstElementChild);
  clearPicture(link);
  delete link.dataset.face;
  link.removeAttribute("href");
  link.setAttribute("aria-label", `Face ${counted(index + 1)} is loading`);
  for (const child of /** @type {HTMLElement[]} */ ([...link.children]).slice(1))
    child.hidden = child.className === "badge";
  link.children[1].replaceChildren();
  link.children[2].textContent = "";
  cell.classList.add("waiting");
  cell.classList.remove("sketched", "flagged");
}

/** @param {HTMLAnchorElement} link @param {Face} face @param {number} size */
function loadPicture(link, face, size) {
  const image = /** @type {HTMLImageElement} */ (link.firstElementChild);
  if (!face.thumb) return;
  const url = sized(face.thumb, size);
  if (image.dataset.url === url) return;
  image.dataset.url = url;
  image.src = url;
  if (image.complete && image.naturalWidth) image.classList.add("there");
}

/** Stops a picture that is scrolled past. @param {HTMLAnchorElement} link */
export function clearPicture(link) {
  const image = /** @type {HTMLImageElement} */ (link.firstElementChild);
  link.classList.remove("broken");
  if (!image.dataset.url) return;
  image.classList.remove("there");
  image.removeAttribute("src");
  delete image.dataset.url;
}

/** A thumbnail's address in another size. @param {string} thumb @param {number} size */
export function sized(thumb, size) {
  const url = new URL(thumb, location.origin);
  url.searchParams.set("size", String(size));
  return url.pathname + url.search;
}
