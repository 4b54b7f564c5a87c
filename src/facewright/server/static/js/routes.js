/** Which view is shown, and the links that lead there. Views other than the grid load when first seen. */

import { offers } from "./api.js";
import { byId, fill, h, set } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import { address } from "./view.js";

/** @typedef {import("./view.js").Route} Route */
/** @typedef {{known: import("./main.js").Known, list: import("./facelist.js").FaceList, basket: import("./basket.js").Basket}} Parts */

/** @type {{route: Route, text: string, icon: import("./icons.js").IconName, needs?: [string, string]}[]} */
const LINKS = [
  { route: "faces", text: "Faces", icon: "face" },
  { route: "analysis", text: "Analysis", icon: "chart" },
  { route: "order", text: "Order", icon: "wand", needs: ["POST", "/api/jobs"] },
  { route: "basket", text: "Basket", icon: "basket" },
];

/** @type {Record<string, (place: HTMLElement, parts: Parts) => Promise<void>>} */
const VIEWS = {
  analysis: async (place, parts) => (await import("./analysis.js")).showAnalysis(place, parts),
  order: async (place, parts) => (await import("./order.js")).showOrder(place, parts),
  basket: async (place, parts) => (await import("./basketview.js")).showBasket(place, parts),
};

/** @param {Parts} parts */
export function startRoutes(parts) {
  /** @type {Map<Route, HTMLAnchorElement>} */
  const links = new Map();
  const nav = byId("nav");
  for (const each of LINKS) {
    const link = h("a", { "data-view": "" }, icon(each.icon), h("span", { text: each.text }));
    links.set(each.route, link);
    nav.append(link);
    if (each.needs)
      void offers(...each.needs).then((is) => {
        link.hidden = !is;
      });
  }
  let shown = "";
  const show = async () => {
    const { view } = store;
    const route = view.route === "face" || view.route === "alike" ? "faces" : view.route;
    for (const [name, link] of links) {
      link.href = address({ ...view, route: name, face: "" });
      set(link, { "aria-current": name === route ? "page" : "false" });
    }
    byId("faces-view").hidden = route !== "faces";
    byId("panel").toggleAttribute("data-away", route === "order" || route === "basket");
    const other = byId("other-view");
    set(byId("skip"), {
      href: route === "faces" ? "#scroller" : "#other-view",
      text: route === "faces" ? "Skip to the faces" : "Skip the filters",
    });
    other.hidden = route === "faces";
    if (view.route === "alike") document.title = "Look-alikes · Facewright";
    else if (view.route !== "face")
      document.title = `${LINKS.find((each) => each.route === route)?.text} · Facewright`;
    if (route === shown) return;
    shown = route;
    fill(other);
    await VIEWS[route]?.(other, parts);
  };
  store.subscribe(() => void show());
  void show();
}
