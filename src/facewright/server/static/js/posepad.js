/**
 * Yaw and pitch of all faces as one picture to brush over. Keys have the two sliders below it, so
 * the pad itself is a picture for readers of the screen.
 */

import { Newest, isAborted } from "./api.js";
import { h, set, settled } from "./dom.js";
import { PITCH, YAW, paintCounts } from "./poses.js";
import { store } from "./store.js";
import { choiceOf, chosen, filterQuery, rangeOf, ranged } from "./view.js";

const BINS = 48;

/** @typedef {import("./poses.js").Histogram} Histogram */

/** Yaw and pitch of a place, both of 0 to 1 from the upper left. @param {number} x @param {number} y */
const angles = (x, y) => ({ yaw: Math.round((x * 2 - 1) * YAW), pitch: Math.round((1 - y * 2) * PITCH) });

/** @param {string} [hint] for those who cannot brush */
export function posePad(hint = "Use the sliders below to choose a part.") {
  const canvas = h("canvas", {
    width: 288,
    height: 192,
    role: "img",
    "aria-label": `How heads are turned: yaw across, pitch upwards. ${hint}`,
  });
  const brush = h("div", { class: "brush", hidden: true });
  const surface = h(
    "div",
    { class: "pad" },
    canvas,
    h("i", { class: "axis across" }),
    h("i", { class: "axis upright" }),
    brush,
    h("span", { class: "end left", text: "left" }),
    h("span", { class: "end right", text: "right" }),
    h("span", { class: "end up", text: "up" }),
    h("span", { class: "end down", text: "down" }),
  );
  const element = h("section", { class: "facet pose" }, h("h3", { text: "Turn of the head" }), surface);
  const newest = new Newest();
  /** @type {Histogram | null} */
  let found = null;

  const draw = () => found && paintCounts(canvas, found);
  document.addEventListener("themechange", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

  const showBrush = (/** @type {number[] | null} */ box) => {
    brush.hidden = !box;
    if (box) set(brush, { vars: { "--x0": box[0], "--y0": box[1], "--x1": box[2], "--y1": box[3] } });
  };
  const follow = () => showBrush(boxOf());
  const stop = store.subscribe(() => (element.isConnected ? follow() : stop()));
  follow();
  startBrush(surface, showBrush);

  return {
    element,
    async refresh() {
      const query = filterQuery(store.view);
      for (const name of ["yaw", "pitch"]) query.delete(name);
      query.set("x", "yaw");
      query.set("y", "pitch");
      query.set("bins", String(BINS));
      try {
        found = await newest.get(`/api/histogram2d?${query}`);
        draw();
      } catch (error) {
        if (!isAborted(error)) surface.classList.add("unavailable");
      }
    },
  };
}

/** Where the chosen ranges lie on the pad; null where none is. */
function boxOf() {
  const yaw = rangeOf(choiceOf(store.view, "yaw"));
  const pitch = rangeOf(choiceOf(store.view, "pitch"));
  if (!yaw && !pitch) return null;
  const across = (/** @type {number | null | undefined} */ value, /** @type {number} */ open) =>
    value == null ? open : (value / YAW + 1) / 2;
  const down = (/** @type {number | null | undefined} */ value, /** @type {number} */ open) =>
    value == null ? open : (1 - value / PITCH) / 2;
  return [across(yaw?.low, 0), down(pitch?.high, 0), across(yaw?.high, 1), down(pitch?.low, 1)];
}

/** @param {HTMLElement} surface @param {(box: number[] | null) => void} show */
function startBrush(surface, show) {
  /** @type {number[] | null} */
  let from = null;
  let isPushed = false;
  const place = (/** @type {PointerEvent} */ event) => {
    const box = surface.getBoundingClientRect();
    const clamp = (/** @type {number} */ value) => Math.max(0, Math.min(1, value));
    return [clamp((event.clientX - box.left) / box.width), clamp((event.clientY - box.top) / box.height)];
  };
  const apply = (/** @type {number[]} */ box) => {
    const upper = angles(box[0], box[1]);
    const lower = angles(box[2], box[3]);
    const view = chosen(store.view, "yaw", ranged(upper.yaw, Math.max(lower.yaw, upper.yaw + 1)));
    store.go(chosen(view, "pitch", ranged(lower.pitch, Math.max(upper.pitch, lower.pitch + 1))), {
      replace: isPushed,
    });
    isPushed = true;
  };
  const soon = settled(apply, 120);
  const boxTo = (/** @type {number[]} */ [x, y]) => {
    const [x0, y0] = /** @type {number[]} */ (from);
    return [Math.min(x0, x), Math.min(y0, y), Math.max(x0, x), Math.max(y0, y)];
  };
  surface.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    surface.setPointerCapture(event.pointerId);
    from = place(event);
    isPushed = false;
  });
  surface.addEventListener("pointermove", (event) => {
    if (!from) return;
    const box = boxTo(place(event));
    if (Math.max(box[2] - box[0], box[3] - box[1]) < 0.02) return;
    show(box);
    soon(box);
  });
  surface.addEventListener("pointerup", (event) => {
    if (!from) return;
    const box = boxTo(place(event));
    from = null;
    if (Math.max(box[2] - box[0], box[3] - box[1]) >= 0.02) return apply(box);
    store.go(chosen(chosen(store.view, "yaw", ranged(null, null)), "pitch", ranged(null, null))); // a click clears
  });
  surface.addEventListener("pointercancel", () => {
    from = null;
  });
}
