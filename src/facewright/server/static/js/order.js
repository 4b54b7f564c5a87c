/** The order form: so many synthetic faces of these attributes, made in the background. */

import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { jobList, startJob } from "./jobs.js";
import { say } from "./messages.js";
import { store } from "./store.js";
import { chosen, cleared } from "./view.js";
import { several } from "./words.js";

const ORDERED = [
  "sex",
  "age_group",
  "ethnicity",
  "emotion",
  "pose",
  "hair_color",
  "hair_length",
  "eye_color",
  "glasses",
  "beard",
];

/** @param {HTMLElement} place @param {import("./routes.js").Parts} parts */
export async function showOrder(place, { known }) {
  const told = await get("/api/generators").catch(() => null);
  const generators = (told?.generators ?? told ?? []).map((/** @type {any} */ one) =>
    typeof one === "string" ? { name: one } : one,
  );
  const count = h("input", {
    id: "order-count",
    type: "number",
    min: "1",
    max: "10000",
    value: "24",
    required: true,
  });
  const generator = h(
    "select",
    { id: "order-generator" },
    generators.map((/** @type {any} */ one) =>
      h("option", { value: one.name ?? one.id, text: one.title ?? one.name ?? one.id }),
    ),
  );
  const selects = known.attributes
    .filter((each) => ORDERED.includes(each.name) && each.levels?.length)
    .sort((a, b) => ORDERED.indexOf(a.name) - ORDERED.indexOf(b.name))
    .map((each) => [
      each,
      h(
        "select",
        { id: `order-${each.name}` },
        h("option", { value: "", text: "any" }),
        (each.levels ?? []).map((level) => h("option", { value: level.key, text: level.label })),
      ),
    ]);
  const said = h("p", { class: "order-words", "aria-live": "polite" });
  const button = h("button", { class: "primary", text: "Order" });
  const form = h(
    "form",
    { class: "order-form card" },
    h("div", { class: "field" }, h("label", { for: count.id, text: "How many" }), count),
    selects.map(([each, select]) =>
      h(
        "div",
        { class: "field" },
        h("label", {
          for: /** @type {any} */ (select).id,
          text: /** @type {any} */ (each).title
            .replace(/^Apparent /, "")
            .replace(/^./, (/** @type {string} */ c) => c.toUpperCase()),
        }),
        /** @type {any} */ (select),
      ),
    ),
    generators.length > 1
      ? h("div", { class: "field" }, h("label", { for: generator.id, text: "Generator" }), generator)
      : null,
    h("div", { class: "order-foot" }, said, button),
  );
  const wish = () =>
    Object.fromEntries(
      selects
        .map(([each, select]) => [/** @type {any} */ (each).name, /** @type {any} */ (select).value])
        .filter(([, value]) => value),
    );
  const words = () => {
    const values = selects
      .map(([, select]) => /** @type {HTMLSelectElement} */ (select))
      .filter((select) => select.value)
      .map((select) => select.selectedOptions[0].text);
    said.textContent = `${several(Number(count.value) || 0, "synthetic face")}${values.length ? `: ${values.join(", ")}` : ", as they come"}`;
  };
  form.addEventListener("input", words);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await startJob({
        kind: "generate",
        count: Number(count.value),
        attributes: wish(),
        ...(generator.value ? { generator: generator.value } : {}),
      });
      say("Ordered. You can leave this page; the job goes on.");
    } catch (/** @type {any} */ error) {
      say(error.message, "bad");
    } finally {
      button.disabled = false;
    }
  });
  words();
  const jobs = jobList(["generate"], (job) =>
    say(
      "Your faces are made.",
      "good",
      job.result?.dataset
        ? {
            label: "Show them",
            run: () =>
              store.go({
                ...chosen(cleared(store.view), "dataset", { any: [job.result.dataset], not: [] }),
                route: "faces",
                face: "",
              }),
          }
        : undefined,
    ),
  );
  fill(
    place,
    h("header", { class: "view-head" }, h("h1", { text: "Order synthetic faces" })),
    h("p", {
      class: "lead",
      text: "Faces of people who do not exist. Every picture carries its mark of origin inside of the file, and is annotated and judged like a photograph.",
    }),
    form,
    jobs,
    h(
      "p",
      { class: "hint" },
      icon("wand"),
      " What is ordered is wanted, not promised: a generator may miss, and each face says what was measured.",
    ),
  );
}
