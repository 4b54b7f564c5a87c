/** The page of one face, over the grid. */

import { get, isAborted, offers } from "./api.js";
import { byId, fill, h, isTyping, topmost } from "./dom.js";
import { flagFace, flagsOf } from "./flag.js";
import { icon } from "./icons.js";
import { downloads } from "./downloads.js";
import { faceHead } from "./facehead.js";
import { everything, provenance } from "./provenance.js";
import { recordTable } from "./recordtable.js";
import { byIds, personStrip, strip } from "./related.js";
import { similarFaces } from "./similar.js";
import { makeStage } from "./stage.js";
import { store } from "./store.js";
import { counted } from "./words.js";

/** @typedef {import("./facelist.js").FaceList} FaceList */

export class FacePage {
  #dialog = /** @type {HTMLDialogElement} */ (byId("face"));
  /** What is made anew; messages may lie beside it. */
  #page = h("div", { class: "face-frame" });
  #asked = new AbortController();
  #shown = "";

  /** @param {FaceList} list @param {import("./grid.js").Grid} grid @param {import("./basket.js").Basket} basket @param {import("./main.js").Known} known */
  constructor(list, grid, basket, known) {
    Object.assign(this, { list, grid, basket, known });
    this.list = list;
    this.grid = grid;
    this.basket = basket;
    this.known = known;
    this.isMixed = new Set(known.datasets.map((each) => Boolean(each.synthetic))).size > 1;
    this.#dialog.append(this.#page);
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      store.close();
    });
    document.addEventListener("keydown", (event) => this.#key(event)); // what had the focus may be gone
    basket.addEventListener("change", () => this.#head());
    list.addEventListener("reset", () => this.#head());
    list.addEventListener("arrived", () => this.#head());
    store.subscribe(() => void this.#follow());
    void this.#follow();
  }

  /** Asks for a reason to flag a face. @param {string} id */
  async flag(id) {
    if (!(await offers("POST", "/api/faces/{}/flags"))) return;
    flagFace(id, (isFlagged) => this.#flagged(id, isFlagged));
  }

  /** @param {string} id @param {boolean} isFlagged */
  #flagged(id, isFlagged) {
    this.list.change(id, { flagged: isFlagged ? "yes" : "no" });
    void this.#show(true);
  }

  async #follow() {
    const { view } = store;
    if (view.route !== "face") return this.#leave();
    if (view.face !== this.#shown) await this.#show();
  }

  #leave() {
    this.#asked.abort();
    if (!this.#dialog.open) return;
    const index = this.list.indexOf(this.#shown);
    this.#shown = "";
    this.#dialog.close();
    for (const each of this.#dialog.querySelectorAll(":scope > .messages, :scope > .drop"))
      topmost().append(each);
    fill(this.#page);
    if (index >= 0) this.grid.show(index, { focus: true });
  }

  async #show(isAgain = false) {
    const id = isAgain ? this.#shown : store.view.face;
    if (!id) return;
    this.#shown = id;
    this.#asked.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    if (!this.#dialog.open) this.#dialog.showModal();
    if (!isAgain) this.#skeleton();
    try {
      const face = await get(`/api/faces/${encodeURIComponent(id)}`, signal);
      await this.#fill(face);
    } catch (/** @type {any} */ error) {
      if (isAborted(error)) return;
      fill(
        this.#page,
        this.#bar(),
        h(
          "div",
          { class: "empty" },
          h("h2", { text: error.status === 404 ? "There is no such face" : "This face cannot be shown" }),
          h("p", { text: error.message }),
          h("button", {
            class: "primary",
            type: "button",
            text: "To the faces",
            on: { click: () => store.close() },
          }),
        ),
      );
    }
  }

  #skeleton() {
    if (this.#dialog.querySelector(".face-body")) return void this.#dialog.classList.add("changing");
    fill(
      this.#page,
      this.#bar(),
      h(
        "div",
        { class: "face-body" },
        h("div", { class: "stage" }, h("div", { class: "stage-frame skeleton" })),
        h("div", { class: "face-text" }, h("p", { class: "skeleton lines" })),
      ),
    );
  }

  /** @param {any} face */
  async #fill(face) {
    const mayCorrect = await offers("POST", "/api/faces/{}/labels");
    const focused = this.#dialog.contains(document.activeElement)
      ? document.activeElement?.getAttribute("data-keep")
      : null;
    const text = h(
      "div",
      { class: "face-text", tabIndex: -1 },
      faceHead(face),
      flagsOf(face, () => this.#flagged(face.id, false)),
      downloads(face),
      face.person?.length ? personStrip(face.person_faces ?? byIds(face.person, true)) : null,
      face.siblings?.length
        ? strip("Other faces of this photo", face.sibling_faces ?? byIds(face.siblings))
        : null,
      similarFaces(face.id, this.isMixed),
      recordTable(face, this.known, () => void this.#show(true), mayCorrect),
      provenance(face),
      everything(face),
    );
    this.#dialog.classList.remove("changing");
    this.#dialog.setAttribute("aria-label", `Face ${face.id}`);
    document.title = `${face.id} · Facewright`;
    fill(this.#page, this.#bar(face), h("div", { class: "face-body" }, makeStage(face), text));
    const again = focused ? this.#dialog.querySelector(`[data-keep=${focused}]`) : null;
    /** @type {HTMLElement} */ (again ?? text).focus({ preventScroll: true }); // on phones the picture is above
  }

  /** @param {any} [face] */
  #bar(face) {
    const step = (/** @type {number} */ by) => void this.#step(by);
    const button = (
      /** @type {string} */ keep,
      /** @type {import("./icons.js").IconName} */ name,
      /** @type {string} */ label,
      /** @type {() => void} */ run,
    ) =>
      h(
        "button",
        {
          class: "plain icon-only",
          type: "button",
          "data-keep": keep,
          "aria-label": label,
          title: label,
          on: { click: run },
        },
        icon(name),
      );
    const pick = h("button", {
      class: "plain",
      type: "button",
      "data-keep": "pick",
      data: { id: face?.id ?? "" },
      on: { click: () => this.basket.pick([this.#shown]) },
    });
    const flag = button("flag", "flag", "Flag this face (F)", () => void this.flag(this.#shown));
    flag.hidden = true;
    pick.hidden = !face;
    void offers("POST", "/api/faces/{}/flags").then((is) => {
      flag.hidden = !is || !face;
    });
    const bar = h(
      "header",
      { class: "face-bar" },
      button("close", "close", "Close (Escape)", () => store.close()),
      h(
        "h2",
        {},
        h("span", { class: "face-id", text: this.#shown }),
        face?.synthetic ? h("span", { class: "badge", text: "Synthetic" }) : null,
      ),
      h("span", { class: "place" }),
      button("before", "left", "The face before (left arrow)", () => step(-1)),
      button("after", "right", "The next face (right arrow)", () => step(1)),
      flag,
      pick,
    );
    queueMicrotask(() => this.#head());
    return bar;
  }

  /** What of the bar changes with the grid and the basket. */
  #head() {
    if (!this.#dialog.open) return;
    const index = this.list.indexOf(this.#shown);
    const find = (/** @type {string} */ keep) =>
      /** @type {HTMLButtonElement | null} */ (this.#dialog.querySelector(`[data-keep=${keep}]`));
    const [before, after, pick] = ["before", "after", "pick"].map(find);
    const place = this.#dialog.querySelector(".place");
    if (!before || !after || !pick || !place) return;
    place.textContent = index < 0 ? "" : `${counted(index + 1)} of ${counted(this.list.total)}`;
    before.disabled = index <= 0;
    after.disabled = index < 0 || index >= this.list.total - 1;
    const has = this.basket.has(this.#shown);
    pick.setAttribute("aria-pressed", String(has));
    fill(pick, icon(has ? "check" : "basket"), h("span", { text: has ? "In the basket" : "To the basket" }));
  }

  /** @param {number} by */
  async #step(by) {
    const face = await this.list.face(this.list.indexOf(this.#shown) + by);
    if (face) store.open(face.id, { replace: true });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#dialog.open || document.querySelector("dialog.sheet[open]")) return;
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowLeft") void this.#step(-1);
    else if (event.key === "ArrowRight") void this.#step(1);
    else if (event.key === "f" || event.key === "F") void this.flag(this.#shown);
    else return;
    event.preventDefault();
  }
}
