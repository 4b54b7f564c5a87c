/** The order of synthetic faces: a form whose every state is an address, what it comes to, and its jobs. */

import { get, offers } from "./api.js";
import { fill, h, jsonLink, keepingFocus, settled } from "./dom.js";
import { LONGEST } from "./jobrow.js";
import { jobList, startJob } from "./jobs.js";
import { say } from "./messages.js";
import { amountCard, attributeGroup, follow, shapeOf, sharesCard } from "./orderform.js";
import { Planner, showPlan } from "./orderplan.js";
import { store } from "./store.js";
import { chosen, cleared } from "./view.js";
import { grouped, vocabulary } from "./vocabulary.js";
import { orderOf, wishWords, wishing } from "./wish.js";

const WAIT = 350;

/** @param {HTMLElement} place @param {import("./routes.js").Parts} parts */
export async function showOrder(place, { known }) {
  const [words, told, mayPlan] = await Promise.all([
    vocabulary(known.attributes),
    get("/api/generators").catch(() => null),
    offers("POST", "/api/orders/plan"),
  ]);
  const generators = (told?.generators ?? told ?? []).map((/** @type {any} */ one) =>
    typeof one === "string" ? { name: one } : one,
  );
  const form = h("form", { class: "order-form", id: "order-form" });
  const said = h("p", { class: "order-words" });
  const plan = h("div", { class: "plan" });
  const wrong = h("p", { class: "inline-error", role: "alert", hidden: true });
  const button = h("button", { class: "primary", text: "Order" });
  button.setAttribute("form", form.id);
  const again = h("button", {
    class: "quiet",
    type: "button",
    text: "Begin anew",
    on: { click: () => store.go({ wish: {} }) },
  });

  /** @type {import("./orderform.js").Change} */
  const change = (name, values, how) =>
    store.go({ wish: wishing(store.view.wish, name, values, words.exclusive) }, how);
  const planner = new Planner();
  const foresee = settled(async () => {
    const answer = await planner.plan(orderOf(store.view.wish, words));
    if (!answer) return;
    wrong.hidden = !answer.wrong;
    wrong.textContent = answer.wrong?.replace(/^order: /, "") ?? "";
    button.disabled = Boolean(answer.wrong);
    if (answer.plan) showPlan(plan, answer.plan, words);
    else fill(plan);
  }, WAIT);
  let drawn = "";
  const paint = () => {
    if (store.view.route !== "order" || !place.contains(form)) return;
    const { wish } = store.view;
    if (shapeOf(wish) === drawn) follow(form, wish);
    else {
      drawn = shapeOf(wish);
      keepingFocus(form, () =>
        fill(
          form,
          amountCard(wish, generators, change),
          sharesCard(wish, change),
          grouped(words.attributes).map(([title, list]) => attributeGroup(title, list, wish, change)),
        ),
      );
    }
    said.textContent = wishWords(wish, words);
    again.hidden = !Object.keys(wish).length;
    if (mayPlan) foresee();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await startJob({
        kind: "generate",
        name: wishWords(store.view.wish, words).slice(0, LONGEST),
        ...orderOf(store.view.wish, words),
      });
      say("Ordered. You can leave this page; the job goes on.");
    } catch (/** @type {any} */ error) {
      wrong.hidden = false;
      wrong.textContent = error.message;
    } finally {
      button.disabled = false;
    }
  });
  fill(
    place,
    h("header", { class: "view-head" }, h("h1", { text: "Order synthetic faces" }), jsonLink("/order.json")),
    h("p", {
      class: "lead",
      text: "Faces of people who do not exist. Every picture carries its mark of origin inside of the file, and is annotated and judged like a photograph.",
    }),
    h(
      "div",
      { class: "order" },
      form,
      h(
        "aside",
        { class: "order-side" },
        h(
          "section",
          { class: "card order-summary", "aria-label": "Your order" },
          h("header", { class: "section-head" }, h("h2", { text: "Your order" }), again),
          said,
          plan,
          wrong,
          button,
          h(
            "p",
            { class: "hint" },
            "What is ordered is wanted, not promised: a generator may miss, and each face says what was measured.",
          ),
        ),
        jobList(["generate"], done),
      ),
    ),
  );
  const stop = store.subscribe(() => (place.contains(form) ? paint() : stop()));
  paint();
}

/** @param {import("./jobs.js").Job} job that is done */
function done(job) {
  const name = job.result?.dataset;
  const show = () =>
    store.go({
      ...chosen(cleared(store.view), "dataset", { any: [name], not: [] }),
      route: "faces",
      face: "",
    });
  say("Your faces are made.", "good", name ? { label: "Show them", run: show } : undefined);
}
