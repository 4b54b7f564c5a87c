/** Thumbs down with a reason. */

import { send } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { say } from "./messages.js";
import { sheet } from "./sheet.js";

export const REASONS = [
  ["artefact", "Artefact or broken picture"],
  ["not_a_face", "Not a face"],
  ["quality", "Too blurred, dark or small"],
  ["occluded", "Covered"],
  ["duplicate", "Duplicate"],
  ["label", "Attributes are wrong"],
  ["rights", "Must not be here: rights or privacy"],
  ["other", "Something else"],
];

/** @param {string} id @param {(isFlagged: boolean) => void} done */
export function flagFace(id, done) {
  const note = h("input", { id: "flag-note", type: "text", maxLength: 500 });
  const choices = REASONS.map(([key, label], at) =>
    h(
      "label",
      { class: "radio" },
      h("input", { type: "radio", name: "reason", value: key, checked: at === 0 }),
      label,
    ),
  );
  const form = h(
    "form",
    { class: "stack" },
    h("fieldset", {}, h("legend", { class: "unseen", text: "Reason" }), choices),
    h("label", { for: note.id, text: "Note (may stay empty)" }),
    note,
    h("div", { class: "actions" }, h("button", { class: "primary", text: "Flag this face" })),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reason = new FormData(form).get("reason");
    try {
      await send("POST", `/api/faces/${encodeURIComponent(id)}/flags`, { reason, note: note.value });
      dialog.close();
      say("Flagged. The dataset’s rules can drop it.", "good", {
        label: "Undo",
        run: () => void unflag(id, () => done(false)),
      });
      done(true);
    } catch (/** @type {any} */ error) {
      say(error.message, "bad");
    }
  });
  const dialog = sheet("Flag this face", form);
}

/** @param {string} id @param {() => void} done */
export async function unflag(id, done) {
  try {
    await send("DELETE", `/api/faces/${encodeURIComponent(id)}/flags`);
    say("Flag taken back.");
    done();
  } catch (/** @type {any} */ error) {
    say(error.message, "bad");
  }
}

/** @param {{reason: string, note?: string, who?: string}} flag */
const reasonOf = ({ reason, note, who }) =>
  [REASONS.find(([key]) => key === reason)?.[1].toLowerCase() ?? reason, note, who && `by ${who}`]
    .filter(Boolean)
    .join(", ");

/** Flags that a face has, and the way to take them back. @param {any} face @param {() => void} reload */
export function flagsOf(face, reload) {
  if (!face.flags?.length) return null;
  return h(
    "p",
    { class: "flagged-note" },
    icon("flag"),
    `Flagged: ${[...new Set(face.flags.map(reasonOf))].join("; ")}`,
    h("button", {
      class: "quiet",
      type: "button",
      text: "Take back",
      on: { click: () => void unflag(face.id, reload) },
    }),
  );
}
