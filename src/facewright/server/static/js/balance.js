/** Jobs of the analysis: a balanced selection, a whole report. */

import { get } from "./api.js";
import { h } from "./dom.js";
import { startJob } from "./jobs.js";
import { say } from "./messages.js";
import { sheet } from "./sheet.js";
import { store } from "./store.js";
import { filterQuery, spelled } from "./view.js";

/** What both jobs are asked. @param {string[]} by */
const asked = (by) => ({
  filter: spelled(filterQuery(store.view)),
  by,
  target: store.view.target || "equal",
});

/** Asks how, then balances. @param {string[]} by */
export async function balanceForm(by) {
  const told = await get("/api/strategies").catch(() => ({ strategies: [] }));
  const name = h("input", {
    id: "balance-name",
    type: "text",
    required: true,
    maxLength: 120,
    value: `Balanced by ${by.join(", ")}`,
  });
  const count = h("input", {
    id: "balance-count",
    type: "number",
    min: "1",
    placeholder: "as many as the target allows",
  });
  const ways = told.strategies.filter((/** @type {any} */ each) => each.name !== "uniform"); // said by the target
  const strategy = h(
    "select",
    { id: "balance-strategy" },
    ways.map((/** @type {any} */ each) => h("option", { value: each.name, text: each.name })),
  );
  strategy.value = "subset";
  const about = h("p", { class: "hint" });
  const explain = () => {
    about.textContent =
      `${ways.find((/** @type {any} */ each) => each.name === strategy.value)?.summary ?? ""}`.split(". ")[0];
  };
  strategy.addEventListener("change", explain);
  explain();
  const form = h(
    "form",
    { class: "stack" },
    h("label", { for: name.id, text: "Name of the selection" }),
    name,
    h("label", { for: count.id, text: "Faces (may stay empty)" }),
    count,
    strategy.options.length ? [h("label", { for: strategy.id, text: "Way" }), strategy, about] : [],
    h("p", { class: "hint", text: "With a number, missing faces are said and can be ordered." }),
    h("div", { class: "actions" }, h("button", { class: "primary", text: "Balance" })),
  );
  const dialog = sheet("Balance these faces", form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await startJob({
        kind: "balance",
        ...asked(by),
        name: name.value,
        ...(count.value ? { count: Number(count.value) } : {}),
        ...(strategy.value ? { strategy: strategy.value } : {}),
      });
      dialog.close();
      say("Balancing. The selection appears here when it is made.");
    } catch (/** @type {any} */ error) {
      say(error.message, "bad");
    }
  });
}

/** The report of `facewright analyse` over the current filter. @param {string[]} by */
export async function makeReport(by) {
  try {
    await startJob({ kind: "report", ...asked(by), name: "Report" });
  } catch (/** @type {any} */ error) {
    say(error.message, "bad");
  }
}
