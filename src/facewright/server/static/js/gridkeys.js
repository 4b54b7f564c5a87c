/** Keys and clicks of the grid. Arrows move, Enter opens, Space picks, F flags. */

import { isTyping } from "./dom.js";

/** @typedef {import("./grid.js").Grid} Grid */
/** @typedef {{open: (id: string) => void, pick: (ids: string[], isPicked?: boolean) => void, flag: (id: string) => void}} Actions */

/** @param {Grid} grid @param {Actions} actions */
export function startGridKeys(grid, actions) {
  /** Where a range of picks begins. */
  let anchor = 0;

  /** @param {number} index @param {boolean} isRange */
  const pick = (index, isRange) => {
    const [low, high] = isRange ? [Math.min(anchor, index), Math.max(anchor, index)] : [index, index];
    const ids = [];
    for (let each = low; each <= high; each++) {
      const face = grid.list.at(each);
      if (face) ids.push(face.id);
    }
    actions.pick(ids, isRange ? true : undefined);
    if (!isRange) anchor = index;
  };

  grid.body.addEventListener("keydown", (event) => {
    if (isTyping(event.target) || event.altKey || event.metaKey) return;
    const step = stepOf(grid, event);
    if (step !== null) {
      event.preventDefault();
      grid.show(grid.current + step, { focus: true });
      if (event.shiftKey && event.key.startsWith("Arrow")) pick(grid.current, true);
      return;
    }
    const face = grid.list.at(grid.current);
    if (!face || event.ctrlKey) return;
    if (event.key === " ") pick(grid.current, event.shiftKey);
    else if (event.key === "Enter") actions.open(face.id);
    else if (event.key === "f" || event.key === "F") actions.flag(face.id);
    else return;
    event.preventDefault();
  });

  grid.body.addEventListener("focusin", (event) => {
    const cell = /** @type {Element} */ (event.target).closest(".cell");
    const index = Number(/** @type {HTMLElement | null} */ (cell)?.dataset.index ?? grid.current);
    if (index === grid.current) return;
    grid.current = index; // readers of the screen move the focus by themselves
    grid.redraw();
  });

  grid.body.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const cell = /** @type {HTMLElement | null} */ (target.closest(".cell"));
    if (!cell || event.metaKey || event.ctrlKey) return;
    const index = Number(cell.dataset.index);
    grid.current = index;
    const face = grid.list.at(index);
    if (!face) return;
    event.preventDefault();
    if (target.closest(".tick") || event.shiftKey) pick(index, event.shiftKey);
    else actions.open(face.id);
    grid.redraw();
  });
}

/** How far a key moves, in faces; null where it does not. @param {Grid} grid @param {KeyboardEvent} event @returns {number | null} */
function stepOf(grid, event) {
  const { columns, current } = grid;
  const screen = columns * grid.rowsSeen;
  switch (event.key) {
    case "ArrowLeft":
      return -1;
    case "ArrowRight":
      return 1;
    case "ArrowUp":
      return current >= columns ? -columns : 0;
    case "ArrowDown":
      return current + columns < grid.list.total ? columns : 0;
    case "PageUp":
      return -Math.min(screen, current);
    case "PageDown":
      return screen;
    case "Home":
      return event.ctrlKey ? -current : -(current % columns);
    case "End":
      return event.ctrlKey ? grid.list.total - 1 - current : columns - 1 - (current % columns);
    default:
      return null;
  }
}
