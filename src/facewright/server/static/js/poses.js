/** Yaw and pitch of many faces, painted: darker where there are more. */

/** Degrees to either side. */
export const YAW = 90;
/** Degrees up and down. */
export const PITCH = 60;
/** Pixels of a bin, at least: a few faces are seen too. */
const LEAST = 5;

/** @typedef {{counts: number[][], ranges: [number, number, number, number]}} Histogram counts pitch first, both rising; yaw from, to, pitch from, to */

/** @param {HTMLCanvasElement} canvas @param {Histogram} found */
export function paintCounts(canvas, { counts, ranges }) {
  const pen = canvas.getContext("2d");
  if (!pen || !counts.length) return;
  const [red, green, blue] = rgbOf(getComputedStyle(canvas).color);
  const most = Math.log1p(Math.max(1, ...counts.flat()));
  const [left, right, bottom, top] = ranges;
  const across = (/** @type {number} */ x) =>
    (((left + ((right - left) * x) / counts[0].length) / YAW + 1) / 2) * canvas.width;
  const down = (/** @type {number} */ y) =>
    ((1 - (bottom + ((top - bottom) * y) / counts.length) / PITCH) / 2) * canvas.height;
  const [wide, tall] = [Math.max(LEAST, across(1) - across(0)), Math.max(LEAST, down(0) - down(1))];
  pen.clearRect(0, 0, canvas.width, canvas.height);
  counts.forEach((line, y) =>
    line.forEach((count, x) => {
      if (!count) return;
      pen.fillStyle = `rgb(${red} ${green} ${blue} / ${0.16 + 0.84 * (Math.log1p(count) / most)})`;
      pen.fillRect(across(x + 0.5) - wide / 2, down(y + 0.5) - tall / 2, wide, tall);
    }),
  );
}

/** @param {string} colour as the browser computes it: "rgb(1, 2, 3)" */
const rgbOf = (colour) => (colour.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number);
