/** A label set by hand: it wins over the estimate and keeps who said so. */

import { send } from "./api.js";
import { h } from "./dom.js";
import { at, isNothing, said } from "./fields.js";
import { say } from "./messages.js";
import { sheet } from "./sheet.js";

const WHO = "who";
const NOBODY = "~";

/** @param {any} face @param {import("./fields.js").Field} each @param {import("./words.js").Attribute[]} attributes @param {() => void} reload */
export function correct(face, each, attributes, reload) {
  const attribute = attributes.find((one) => one.name === each.attribute);
  if (!attribute?.levels?.length) return say("This field has no levels to choose from.", "bad");
  const level =
    attribute.kind === "class"
      ? h(
          "select",
          { id: "correct-level" },
          attribute.levels.map((one) => h("option", { value: one.key, text: one.label })),
          h("option", { value: NOBODY, text: "nobody can tell" }),
        )
      : h("input", { id: "correct-level", type: "number", required: true, step: "any" });
  const who = h("input", {
    id: "correct-who",
    type: "text",
    required: true,
    maxLength: 80,
    autocomplete: "name",
    value: localStorage.getItem(WHO) ?? "",
  });
  const value = at(face.record, each.path);
  const estimate = isNothing(value) ? "" : said(each, value, face.record);
  const path = `/api/faces/${encodeURIComponent(face.id)}/labels`;
  const corrected = (Array.isArray(face.corrections) ? face.corrections : []).some(
    (/** @type {any} */ one) => one.attribute === attribute.name,
  );
  const run = async (/** @type {() => Promise<any>} */ ask, /** @type {string} */ done) => {
    try {
      await ask();
      dialog.close();
      say(done);
      reload();
    } catch (/** @type {any} */ error) {
      say(error.message, "bad");
    }
  };
  const form = h(
    "form",
    { class: "stack" },
    h("p", {
      class: "hint",
      text: "Say what the picture shows. Your label wins over the estimate everywhere, and your name stays beside it.",
    }),
    estimate ? h("p", { text: `Estimated: ${estimate}` }) : null,
    h("label", { for: level.id, text: attribute.title }),
    level,
    h("label", { for: who.id, text: "Your name" }),
    who,
    h(
      "div",
      { class: "actions" },
      corrected
        ? h("button", {
            class: "plain",
            type: "button",
            text: "Back to the estimate",
            on: {
              click: () =>
                run(
                  () => send("DELETE", `${path}?attribute=${encodeURIComponent(attribute.name)}`),
                  "The estimate holds again.",
                ),
            },
          })
        : null,
      h("button", { class: "primary", text: "Set label" }),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    localStorage.setItem(WHO, who.value);
    void run(
      () =>
        send("POST", path, {
          attribute: attribute.name,
          value: level.value === NOBODY ? null : level.value,
          who: who.value,
        }),
      "Label set by hand.",
    );
  });
  const dialog = sheet(`Correct ${each.label.toLowerCase()}`, form);
}
