/** Where a face's box, points and axes lie on its crop or its photo. Pure. */

/** @typedef {[number, number]} Point */
/** @typedef {(point: Point) => Point} Mapping photo pixels (centres at whole numbers) to the shown picture (its corner at 0) */

/** @type {Mapping} */
export const ontoPhoto = ([x, y]) => [x + 0.5, y + 0.5];

/**
 * @param {number[]} quad upper left, lower left, lower right, upper right corner in photo pixels
 * @param {number} size side of the crop
 * @returns {Mapping}
 */
export function ontoCrop(quad, size) {
  const [x0, y0, x1, y1, , , x3, y3] = quad;
  const [ax, ay, bx, by] = [x3 - x0, y3 - y0, x1 - x0, y1 - y0]; // across, down
  const area = ax * by - ay * bx;
  return ([x, y]) => [
    (((x - x0) * by - (y - y0) * bx) / area) * size,
    (((y - y0) * ax - (x - x0) * ay) / area) * size,
  ];
}

/** Corners of the rectangle. @param {any} record @returns {Point[]} */
export function boxOf(record) {
  const box = record.rectangle;
  if (!box) return [];
  const [left, top, right, bottom] = [
    box.left - 0.5,
    box.top - 0.5,
    box.left + box.width - 0.5,
    box.top + box.height - 0.5,
  ];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

const CLOSED = ["right_eye", "left_eye"];

/** The 68 points as lines, each with whether it is closed. @param {any} record @returns {{points: Point[], isClosed: boolean}[]} */
export function landmarksOf(record) {
  if (!record.landmarks) return [];
  return Object.entries(record.landmarks)
    .filter(([, points]) => Array.isArray(points))
    .flatMap(([name, points]) =>
      name === "mouth"
        ? [
            { points: points.slice(0, 12), isClosed: true },
            { points: points.slice(12), isClosed: true },
          ]
        : name === "nose"
          ? [
              { points: points.slice(0, 4), isClosed: false },
              { points: points.slice(4), isClosed: false },
            ]
          : [{ points, isClosed: CLOSED.includes(name) }],
    );
}

/** The 478 points. @param {any} record @returns {Point[]} */
export const meshOf = (record) =>
  Array.isArray(record.mesh)
    ? record.mesh.map((/** @type {number[]} */ [x, y]) => /** @type {Point} */ ([x, y]))
    : [];

/**
 * Ends of the head's axes from the middle of the face: to the subject's left, upwards, forwards.
 * R = Rz(-roll) Ry(yaw) Rx(-pitch) with x right, y up, z to the camera (docs/attributes.md).
 * @param {any} record @returns {{from: Point, ends: [Point, Point, Point]} | null}
 */
export function axesOf(record) {
  const pose = record.head_pose;
  if (!pose || [pose.yaw, pose.pitch, pose.roll].some((angle) => typeof angle !== "number")) return null;
  const box = record.rectangle;
  const tip = record.landmarks?.nose?.[3];
  if (!tip && !box) return null;
  const from = /** @type {Point} */ (tip ?? [box.left + box.width / 2, box.top + box.height / 2]);
  const length = 0.55 * (box ? Math.max(box.width, box.height) : 100);
  const [y, p, r] = [pose.yaw, -pose.pitch, -pose.roll].map((angle) => (angle * Math.PI) / 180);
  const turned = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ].map((axis) => rotateZ(rotateY(rotateX(axis, p), y), r));
  const ends = turned.map(([x, up]) => /** @type {Point} */ ([from[0] + length * x, from[1] - length * up]));
  return { from, ends: /** @type {[Point, Point, Point]} */ (ends) };
}

/** @param {number[]} v @param {number} a */
const rotateX = ([x, y, z], a) => [x, y * Math.cos(a) - z * Math.sin(a), y * Math.sin(a) + z * Math.cos(a)];
/** @param {number[]} v @param {number} a */
const rotateY = ([x, y, z], a) => [x * Math.cos(a) + z * Math.sin(a), y, -x * Math.sin(a) + z * Math.cos(a)];
/** @param {number[]} v @param {number} a */
const rotateZ = ([x, y, z], a) => [x * Math.cos(a) - y * Math.sin(a), x * Math.sin(a) + y * Math.cos(a), z];
