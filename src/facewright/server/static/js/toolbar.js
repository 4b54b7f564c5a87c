/** Above the grid: how many faces, their order, the size of pictures, and the view's links. */

import { onColumn } from "./columns.js";
import { append, byId, fill, h, set } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import { likeOf, orderedQuery, spelled } from "./view.js";
import { counted, several } from "./words.js";

/** @typedef {import("./words.js").Attribute} Attribute */

const SORTS = ["quality", "age", "face_size", "yaw", "pitch", "smile"];
const USUAL = 144;

/** @param {Attribute[]} attributes @param {import("./grid.js").Grid} grid */
export function startToolbar(attributes, grid) {
  const sort = /** @type {HTMLSelectElement} */ (byId("sort"));
  const size = /** @type {HTMLInputElement} */ (byId("size"));
  fill(sort, sortOptions(attributes));
  sort.addEventListener("change", () =>
    store.go({ sort: sort.value, seed: sort.value === "random" ? newSeed() : "" }),
  );
  byId("shuffle").addEventListener("click", () => store.go({ sort: "random", seed: newSeed() }));
  size.addEventListener("input", () => {
    const wanted = Number(size.value);
    store.go({ size: wanted === USUAL ? 0 : wanted }, { replace: true });
  });
  onColumn((attribute) => {
    for (const option of [...sort.options])
      if (option.value.replace(/^-/, "") === attribute.name) option.remove(); // one that an address named
    if (attribute.range) append(sort, bothWays(attribute));
    show();
  });
  const show = () => {
    const { view } = store;
    const like = likeOf(view);
    for (const option of [...sort.options])
      if (option.value.startsWith("like:") && option.value !== view.sort) option.remove();
    if (view.sort && ![...sort.options].some((option) => option.value === view.sort))
      sort.append(h("option", { value: view.sort, text: like ? `Likeness to ${like}` : view.sort }));
    sort.value = view.sort;
    const usual = matchMedia("(max-width: 30rem)").matches ? 112 : USUAL;
    const wanted = view.size || usual;
    size.value = String(wanted);
    set(size, { "aria-valuetext": `${wanted} pixels` });
    if (grid.wanted !== wanted) {
      grid.wanted = wanted;
      grid.resize();
    }
    const query = spelled(orderedQuery(view));
    set(byId("json-link"), { href: `/faces.json${query ? `?${query}` : ""}` });
  };
  store.subscribe(show);
  show();
  grid.list.addEventListener("reset", () => showCount(grid.list.total));
  grid.list.addEventListener("grown", () => showCount(grid.list.total, { isTold: false }));
}

/** @param {number} total @param {{isTold?: boolean}} [how] */
function showCount(total, { isTold = true } = {}) {
  const strong = h("strong", { text: counted(total) });
  fill(byId("total"), strong, total === 1 ? " face" : " faces");
  if (isTold) byId("announce").textContent = `${several(total, "face")} found`;
}

/** @param {Attribute[]} attributes */
function sortOptions(attributes) {
  const there = SORTS.flatMap((name) => attributes.filter((each) => each.name === name && each.known !== 0));
  return [
    h("option", { value: "", text: "As made" }),
    h("option", { value: "random", text: "Random" }),
    ...there.flatMap(bothWays),
  ];
}

/** @param {Attribute} each */
const bothWays = (each) => [
  h("option", { value: `-${each.name}`, text: `${each.title}, high first` }),
  h("option", { value: each.name, text: `${each.title}, low first` }),
];

const newSeed = () => String(1 + Math.floor(Math.random() * 999_999));

/** Copies a text and says so on the button. @param {HTMLElement} button @param {() => string | Promise<string>} text */
export function copies(button, text) {
  const usual = [...button.childNodes];
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(await text());
    fill(button, icon("check"), "Copied");
    byId("announce").textContent = "Copied";
    setTimeout(() => button.replaceChildren(...usual), 1600);
  });
  return button;
}
