/** Buttons at the upper right: datasets, look-alike, theme, help. */

import { get, offers } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { showHelp } from "./keys.js";
import { pickPicture } from "./lookalike.js";
import { store } from "./store.js";
import { startTheme } from "./theme.js";
import { choiceOf, chosen } from "./view.js";
import { compactly } from "./words.js";

/** @param {import("./main.js").Known} known */
export function startTools(known) {
  const look = button("picture", "Find faces like a picture", pickPicture);
  look.append(h("span", { class: "wide-only", text: "Look-alikes" }));
  look.hidden = true;
  void offers("POST", "/api/similar").then((is) => {
    look.hidden = !is;
  });
  const theme = h("button", { class: "plain icon-only", type: "button" });
  byId("tools").append(datasetSelect(known.datasets), look, theme, button("help", "Keys and help", showHelp));
  startTheme(theme);
}

/** @param {import("./icons.js").IconName} name @param {string} label @param {() => void} run */
function button(name, label, run) {
  return h(
    "button",
    { class: "plain icon-only", type: "button", "aria-label": label, title: label, on: { click: run } },
    icon(name),
  );
}

/** @param {import("./main.js").DatasetCard[]} datasets */
function datasetSelect(datasets) {
  const select = h("select", { "aria-label": "Dataset", class: "dataset" });
  const list = (/** @type {import("./main.js").DatasetCard[]} */ all) => {
    select.hidden = all.length < 2; // an order may bring a second one
    fill(
      select,
      h("option", { value: "", text: "All datasets" }),
      all.map((each) => h("option", { value: each.name, text: `${each.name} (${compactly(each.faces)})` })),
    );
  };
  list(datasets);
  select.addEventListener("change", () =>
    store.go(chosen(store.view, "dataset", { any: select.value ? [select.value] : [], not: [] })),
  );
  const follow = async () => {
    const name = choiceOf(store.view, "dataset").any[0] ?? "";
    if (![...select.options].some((option) => option.value === name)) list(await get("/api/datasets")); // one that was ordered since
    select.value = name;
  };
  document.addEventListener("facesgrew", async () => {
    list(await get("/api/datasets"));
    await follow();
  });
  store.subscribe(() => void follow());
  void follow();
  return select;
}
