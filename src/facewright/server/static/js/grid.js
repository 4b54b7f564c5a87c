/** The grid: only rows that are seen exist, each at the place that its number gives it. */

import { h, set, settled } from "./dom.js";
import { clearPicture, makeCell, paintCell } from "./cell.js";
import { Scroll, geometry, pictureSize } from "./geometry.js";

/** @typedef {import("./facelist.js").FaceList} FaceList */
/** @typedef {{isPicked: (id: string) => boolean, query: () => URLSearchParams}} Surroundings */

const GAP = 4;

/** Events: `settled` after scrolling came to rest (detail: first face that is seen). */
export class Grid extends EventTarget {
  /** Index of the face that keys act on. */
  current = 0;
  wanted = 144;
  #scroll = new Scroll();
  #shape = geometry(1, 144, GAP, 0);
  /** @type {Map<number, HTMLElement>} */
  #rows = new Map();
  /** @type {HTMLElement[]} */
  #spare = [];
  #isFast = false;
  #frame = 0;
  #rest = settled(() => this.#settle(), 120);

  /** @param {HTMLElement} scroller @param {FaceList} list @param {Surroundings} around */
  constructor(scroller, list, around) {
    super();
    this.scroller = scroller;
    this.list = list;
    this.around = around;
    this.body = h("div", {
      class: "grid",
      role: "grid",
      "aria-label": "Faces",
      "aria-multiselectable": "true",
    });
    scroller.append(this.body);
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.resize()).observe(scroller);
    list.addEventListener("reset", () => this.#reset());
    list.addEventListener("arrived", () => this.#drawSoon());
    list.addEventListener("grown", () => {
      this.#measure();
      this.#seek(this.#scroll.top);
    });
  }

  /** Columns of a row now. */
  get columns() {
    return this.#shape.columns;
  }

  /** Rows that fit on the screen. */
  get rowsSeen() {
    return Math.max(1, Math.floor(this.scroller.clientHeight / this.#shape.row));
  }

  /** Index of the first face that is wholly seen. */
  get firstSeen() {
    return Math.ceil(Math.max(0, this.#scroll.top - GAP) / this.#shape.row) * this.#shape.columns;
  }

  /** Other width or wanted size: the face at the top stays there. */
  resize() {
    const anchor = this.firstSeen;
    this.#measure();
    this.#dropRows();
    this.#seek(Math.floor(anchor / this.#shape.columns) * this.#shape.row);
  }

  /** Scrolls so that a face is seen, and lets keys act on it. @param {number} index @param {{focus?: boolean, top?: boolean}} [how] */
  show(index, { focus = false, top = false } = {}) {
    this.current = Math.max(0, Math.min(index, this.list.total - 1));
    const y = Math.floor(this.current / this.#shape.columns) * this.#shape.row;
    const view = this.scroller.clientHeight;
    if (top || y < this.#scroll.top) this.#seek(y);
    else if (y + this.#shape.cell > this.#scroll.top + view) this.#seek(y + this.#shape.cell - view + GAP);
    else this.redraw();
    if (focus) this.cellOf(this.current)?.querySelector("a")?.focus({ preventScroll: true });
  }

  /** @param {number} index @returns {HTMLElement | null} */
  cellOf(index) {
    const row = this.#rows.get(Math.floor(index / this.#shape.columns));
    return /** @type {HTMLElement | null} */ (row?.children[index % this.#shape.columns] ?? null);
  }

  /** Paints every cell again: faces came, or were picked. */
  redraw() {
    this.#draw();
  }

  #measure() {
    const style = getComputedStyle(this.scroller);
    const width = this.scroller.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    this.#shape = geometry(width, this.wanted, GAP, this.list.total);
    this.#scroll.resize(this.#shape.height + 2 * GAP, this.scroller.clientHeight);
    const vars = {
      "--columns": this.#shape.columns,
      "--cell": `${this.#shape.cell}px`,
      "--tall": `${this.#scroll.laidOut}px`,
    };
    set(this.body, { vars, "aria-rowcount": this.#shape.rows, "aria-colcount": this.#shape.columns });
    this.body.classList.toggle("small", this.#shape.cell < 112);
  }

  #reset() {
    this.#measure();
    this.#dropRows();
    this.current = Math.min(this.current, Math.max(0, this.list.total - 1));
    this.#seek(Math.min(this.#scroll.top, this.#scroll.furthest));
  }

  /** @param {number} top */
  #seek(top) {
    this.scroller.scrollTop = this.#scroll.seek(top);
    this.#draw();
    this.#rest();
  }

  #scrolled() {
    const before = this.#scroll.top;
    this.#scroll.moved(this.scroller.scrollTop);
    this.#isFast = Math.abs(this.#scroll.top - before) > 1.5 * this.scroller.clientHeight;
    this.#rest();
    this.#drawSoon();
  }

  /** At rest: load what is seen; bring the scrollbar to where its proportion says. */
  #settle() {
    if (Math.abs(this.scroller.scrollTop - this.#scroll.place) > 1) return; // a scroll is about to be told
    this.#isFast = false;
    if (this.#scroll.isScaled) this.scroller.scrollTop = this.#scroll.seek(this.#scroll.top);
    this.#draw();
    this.dispatchEvent(new CustomEvent("settled", { detail: this.firstSeen }));
  }

  #drawSoon() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    const { row, rows, columns } = this.#shape;
    const spare = this.#isFast ? 0 : 2;
    const first = Math.max(0, Math.floor(this.#scroll.top / row) - spare);
    const last = Math.min(
      rows - 1,
      Math.floor((this.#scroll.top + this.scroller.clientHeight) / row) + spare,
    );
    const held = Math.floor(this.current / columns);
    for (const [number, element] of this.#rows) {
      const isFocused = number === held && element.contains(document.activeElement);
      if ((number < first || number > last) && !isFocused) this.#release(number, element);
    }
    if (!this.#isFast) this.list.want(first * columns, (last + 1) * columns - 1);
    const faces = this.list.total ? last : -1;
    for (let number = first; number <= faces; number++) this.#drawRow(number);
  }

  /** @param {number} number */
  #drawRow(number) {
    const { row, columns, cell } = this.#shape;
    let element = this.#rows.get(number);
    if (!element) {
      element =
        this.#spare.pop() ??
        h("div", { class: "row", role: "row" }, Array.from({ length: columns }, makeCell));
      this.#rows.set(number, element);
      this.body.append(element);
    }
    set(element, {
      vars: { transform: `translateY(${this.#scroll.laid(number * row + GAP)}px)` },
      "aria-rowindex": number + 1,
    });
    const shared = {
      total: this.list.total,
      size: pictureSize(cell, devicePixelRatio),
      query: this.around.query(),
      mayLoad: !this.#isFast,
    };
    for (let column = 0; column < columns; column++) {
      const index = number * columns + column;
      const face = this.list.at(index);
      const isPicked = face !== null && this.around.isPicked(face.id);
      paintCell(/** @type {HTMLElement} */ (element.children[column]), face, {
        ...shared,
        index,
        column,
        isPicked,
        isCurrent: index === this.current,
      });
    }
  }

  /** @param {number} number @param {HTMLElement} element */
  #release(number, element) {
    for (const link of element.querySelectorAll("a")) clearPicture(link);
    this.#rows.delete(number);
    element.remove();
    if (element.children.length === this.#shape.columns) this.#spare.push(element);
  }

  #dropRows() {
    for (const [number, element] of this.#rows) this.#release(number, element);
    this.#spare = [];
  }
}
