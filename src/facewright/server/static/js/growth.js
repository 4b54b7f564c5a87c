/**
 * Faces that come while somebody looks: an order is being made, or a dataset is being built.
 *
 * As long as those up to where one looks stand where they stood, new ones are put behind them.
 * Where they would come between (in an order by quality, say), nothing moves until a button is
 * pressed, and then the face at the top stays there.
 */

import { get } from "./api.js";
import { byId, fill } from "./dom.js";
import { store } from "./store.js";
import { several } from "./words.js";

const OFTEN = 3000;

/** @param {import("./facelist.js").FaceList} list @param {import("./grid.js").Grid} grid */
export function startGrowth(list, grid) {
  const button = byId("grown");
  let served = -1;
  const hide = () => {
    button.hidden = true;
  };

  const look = async () => {
    const near = grid.firstSeen + grid.columns * grid.rowsSeen;
    const now = await list.look(near);
    if (!now || (now.total === list.total && now.isSame)) return;
    const more = now.total - list.total;
    if (!list.total && now.total) return void (await list.again(0));
    if (now.isSame && more > 0) {
      hide();
      list.extend(now.page, now.faces, now.total);
      byId("announce").textContent = `${several(more, "new face")}, ${several(now.total, "face")} now`;
    } else if (more > 0) {
      fill(button, several(more, "new face"));
      button.hidden = false;
    }
  };
  const ask = async () => {
    if (document.hidden) return;
    const told = await get("/ready").catch(() => null);
    if (!told || told.faces === served) return;
    const isFirst = served < 0;
    served = told.faces;
    if (isFirst) return;
    document.dispatchEvent(new Event("facesgrew"));
    await look().catch(() => {
      served = -2; // looked at again next time
    });
  };
  button.addEventListener("click", async () => {
    hide();
    const at = grid.firstSeen;
    const first = list.at(at)?.id ?? "";
    await list.again(at);
    const now = list.indexOf(first);
    grid.show(now < 0 ? at : now, { top: true, focus: true });
  });
  list.addEventListener("reset", hide);
  store.subscribe((view, before) => {
    if (view.route !== before.route) void ask();
  });
  setInterval(() => void ask(), OFTEN);
  void ask();
}
