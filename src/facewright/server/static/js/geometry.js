/**
 * Where faces lie in the grid: everything follows from the width, the wanted size and the number of
 * faces, so nothing ever jumps. Pure.
 *
 * @typedef {object} Geometry
 * @property {number} columns
 * @property {number} cell side of a picture in CSS pixels
 * @property {number} row height of a row with the gap below it
 * @property {number} rows
 * @property {number} height of all rows
 */

/** Browsers lay out no more than about 17 million pixels (Firefox); past this, scrolling is scaled. */
export const TALLEST = 8_000_000;

/** @param {number} width @param {number} wanted side @param {number} gap @param {number} total @returns {Geometry} */
export function geometry(width, wanted, gap, total) {
  const columns = Math.max(1, Math.round((width + gap) / (wanted + gap)));
  const cell = Math.max(16, Math.floor((width - gap * (columns - 1)) / columns));
  const rows = Math.ceil(total / columns);
  return { columns, cell, row: cell + gap, rows, height: Math.max(0, rows * (cell + gap) - gap) };
}

/** Side of the picture to ask for: the server keeps those of 256 pixels. @param {number} cell @param {number} density pixels of the screen a CSS pixel */
export function pictureSize(cell, density) {
  return cell * Math.min(density, 2) * 0.8 <= 256 ? 256 : 512;
}

/**
 * Turns the scrollbar's place into a place among the rows. As long as all rows fit into what browsers
 * lay out, both are the same. Past it, small moves stay pixel for pixel, and large ones (somebody
 * drags the scrollbar) go by proportion.
 */
export class Scroll {
  #last = 0;
  /** Logical top, in pixels of all rows. */
  top = 0;
  #height = 0;
  #view = 1;

  /** @param {number} height of all rows @param {number} view height of what is seen */
  resize(height, view) {
    this.#height = height;
    this.#view = view;
    this.top = Math.min(this.top, this.furthest);
  }

  /** The scrollTop that is known of. */
  get place() {
    return this.#last;
  }

  get isScaled() {
    return this.#height > TALLEST;
  }

  /** Height for the element inside of the scroller. */
  get laidOut() {
    return Math.min(this.#height, TALLEST);
  }

  /** Largest logical top. */
  get furthest() {
    return Math.max(0, this.#height - this.#view);
  }

  get #furthestPlace() {
    return Math.max(0, this.laidOut - this.#view);
  }

  /** The scroller has moved. @param {number} place its scrollTop */
  moved(place) {
    const step = place - this.#last;
    this.#last = place;
    if (!this.isScaled || Math.abs(step) > 3 * this.#view) this.top = this.#proportional(place);
    else this.top = Math.max(0, Math.min(this.furthest, this.top + step));
    if (place <= 0) this.top = 0;
    if (place >= this.#furthestPlace) this.top = this.furthest;
  }

  /** @param {number} place */
  #proportional(place) {
    if (!this.isScaled) return Math.max(0, Math.min(this.furthest, place));
    return (place / this.#furthestPlace) * this.furthest;
  }

  /** The scrollTop that belongs to a logical top, which is taken over. @param {number} top */
  seek(top) {
    this.top = Math.max(0, Math.min(this.furthest, top));
    this.#last = this.isScaled ? Math.round((this.top / this.furthest) * this.#furthestPlace) : this.top;
    return this.#last;
  }

  /** Where a row lies inside of the scrolled element. @param {number} y logical */
  laid(y) {
    return this.isScaled ? y - this.top + this.#last : y;
  }
}
