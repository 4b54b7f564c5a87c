/** The picture of an open face, crop or photo, with what can be drawn over it. */

import { picture } from "./api.js";
import { fill, h, svg } from "./dom.js";
import { axesOf, boxOf, landmarksOf, meshOf, ontoCrop, ontoPhoto } from "./overlay.js";
import { sketch } from "./sketch.js";
import { store } from "./store.js";

/** @typedef {import("./overlay.js").Mapping} Mapping */
/** @typedef {{key: string, label: string, draw: (record: any, map: Mapping, unit: number) => SVGElement[]}} Layer */

/** @type {Layer[]} */
const LAYERS = [
  { key: "box", label: "Box", draw: drawBox },
  { key: "points", label: "68 points", draw: drawPoints },
  { key: "mesh", label: "478 points", draw: drawMesh },
  { key: "axes", label: "Axes", draw: drawAxes },
];

const PHOTO = "photo";

/** What the address says is shown; it stays from face to face. */
const shown = () => store.view.show.split(",").filter(Boolean);
/** @param {string} key of a layer */
const isOn = (key) => shown().includes(key);
/** "photo", or a crop's alignment. @param {any} face */
const pictureOf = (face) =>
  shown().find(
    (each) => each === PHOTO || face.crops.some((/** @type {any} */ crop) => crop.alignment === each),
  ) ?? face.crops[0]?.alignment;

/** Takes some words of what is shown away and adds others. @param {(key: string) => boolean} isGone @param {string[]} added */
const showing = (isGone, added) =>
  store.go({ show: [...shown().filter((each) => !isGone(each)), ...added].join(",") }, { replace: true });
const isLayer = (/** @type {string} */ key) => LAYERS.some((each) => each.key === key);

/** @param {any} face answer of /api/faces/{id} */
export function makeStage(face) {
  const image = h("img", { class: "stage-picture", alt: altOf(face) });
  const layers = svg("svg", { class: "stage-layers", "aria-hidden": "true", focusable: "false" });
  const frame = h("div", { class: "stage-frame" }, image, layers);
  const bar = h("div", { class: "stage-bar" });
  image.addEventListener("load", () => image.classList.add("there"));

  const show = () => {
    const view = viewOf(face);
    const mapping = view.map;
    if (!view.url) {
      fill(
        frame,
        h("div", { class: "sketch large" }, sketch(face.summary ?? summaryOf(face.record))),
        h("p", {
          class: "hint",
          text: "This dataset holds no picture of the face; the drawing is made from its numbers.",
        }),
      );
    } else if (image.getAttribute("src") !== view.url) {
      image.classList.remove("there");
      image.src = view.url;
    }
    layers.setAttribute("viewBox", `0 0 ${view.width} ${view.height}`);
    fill(
      layers,
      mapping
        ? LAYERS.filter((each) => isOn(each.key)).map((each) =>
            svg("g", { class: `layer ${each.key}` }, each.draw(face.record, mapping, view.width / 400)),
          )
        : [],
    );
    fill(bar, ...sourceButtons(face, show), ...(view.url ? layerButtons(face, Boolean(mapping), show) : []));
  };
  image.addEventListener("error", () => {
    if (pictureOf(face) !== PHOTO) return;
    face.has_photo = false;
    showing((key) => key === PHOTO, []);
    show();
  });
  show();
  return h("figure", { class: "stage" }, frame, bar);
}

/** @param {any} face @returns {{url: string | null, width: number, height: number, map: Mapping | null}} */
function viewOf(face) {
  const { photo } = face;
  if (pictureOf(face) === PHOTO && photo?.width)
    return {
      url: `/api/faces/${encodeURIComponent(face.id)}/photo`,
      width: photo.width,
      height: photo.height,
      map: ontoPhoto,
    };
  const crop =
    face.crops.find((/** @type {any} */ each) => each.alignment === pictureOf(face)) ?? face.crops[0];
  if (!crop) return { url: null, width: 100, height: 100, map: null };
  const side = Math.min(1024, Math.max(crop.size, 512));
  return {
    url: picture(face.id, side, { crop: crop.alignment }),
    width: crop.size,
    height: crop.size,
    map: crop.quad ? ontoCrop(crop.quad, crop.size) : null,
  };
}

/** @param {any} face @param {() => void} show */
function sourceButtons(face, show) {
  const choices = [
    ...face.crops.map((/** @type {any} */ crop) => [
      crop.alignment,
      face.crops.length > 1 ? `${crop.alignment} ${crop.size}` : "Crop",
    ]),
  ];
  const isGone = face.has_photo === false;
  if (face.photo?.width && face.crops.length && !isGone)
    choices.push([PHOTO, face.synthetic ? "Whole picture" : "Photo"]);
  if (choices.length < 2)
    return isGone ? [h("span", { class: "hint", text: "The source photo is not at hand." })] : [];
  const now = pictureOf(face);
  return [
    h(
      "div",
      { class: "segmented", role: "group", "aria-label": "Which picture" },
      choices.map(([key, label]) =>
        h("button", {
          type: "button",
          "aria-pressed": key === now,
          text: label,
          on: {
            click: () => {
              showing((each) => !isLayer(each), key === choices[0][0] ? [] : [key]);
              show();
            },
          },
        }),
      ),
    ),
  ];
}

/** @param {any} face @param {boolean} isPlaced @param {() => void} show */
function layerButtons(face, isPlaced, show) {
  const has = {
    box: face.record.rectangle,
    points: face.record.landmarks?.jaw,
    mesh: face.record.mesh,
    axes: axesOf(face.record),
  };
  const there = LAYERS.filter((each) => isPlaced && /** @type {any} */ (has)[each.key]);
  if (!there.length) return [];
  return [
    h(
      "div",
      { class: "toggles", role: "group", "aria-label": "Drawn over the picture" },
      there.map((each) =>
        h("button", {
          class: "toggle",
          type: "button",
          "aria-pressed": isOn(each.key),
          text: each.label,
          on: {
            click: (/** @type {Event} */ event) => {
              showing((key) => key === each.key, isOn(each.key) ? [] : [each.key]);
              show();
              const again = [...document.querySelectorAll(".stage-bar .toggle")].find(
                (button) => button.textContent === each.label,
              );
              /** @type {HTMLElement | undefined} */ (again)?.focus();
              event.stopPropagation();
            },
          },
        }),
      ),
    ),
  ];
}

/** @param {any} record @param {Mapping} map */
function drawBox(record, map) {
  return [svg("polygon", { points: boxOf(record).map(map).join(" ") })];
}

/** @param {any} record @param {Mapping} map @param {number} unit */
function drawPoints(record, map, unit) {
  return landmarksOf(record).flatMap(({ points, isClosed }) => [
    svg(isClosed ? "polygon" : "polyline", { points: points.map(map).join(" ") }),
    ...points.map(map).map(([x, y]) => svg("circle", { cx: x, cy: y, r: 1.6 * unit })),
  ]);
}

/** @param {any} record @param {Mapping} map @param {number} unit */
function drawMesh(record, map, unit) {
  return meshOf(record)
    .map(map)
    .map(([x, y]) => svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: 0.9 * unit }));
}

/** @param {any} record @param {Mapping} map */
function drawAxes(record, map) {
  const axes = axesOf(record);
  if (!axes) return [];
  const from = map(axes.from);
  return axes.ends
    .map(map)
    .map(([x, y], at) =>
      svg("line", { x1: from[0], y1: from[1], x2: x, y2: y, class: ["across", "up", "ahead"][at] }),
    );
}

/** @param {any} face */
function altOf(face) {
  const { record } = face;
  const words = [
    face.synthetic ? "Synthetic face" : "Face",
    record.sex ? `apparently ${record.sex}` : "",
    typeof record.age === "number" ? `about ${Math.round(record.age)} years` : "",
  ];
  return words.filter(Boolean).join(", ");
}

/** What a drawing needs of a whole record. @param {any} record */
export function summaryOf(record) {
  return {
    yaw: record.head_pose?.yaw,
    pitch: record.head_pose?.pitch,
    smile: record.smile,
    glasses: record.glasses,
  };
}
