/** Jobs that run on the server: a list with progress, followed while it is on the screen. */

import { get, send } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { say } from "./messages.js";
import { capital, percent } from "./words.js";

/** @typedef {{id: string, kind: string, title?: string, state: string, progress?: number, message?: string, result?: any}} Job */

const ENDED = ["done", "failed", "cancelled", "interrupted"];
const OFTEN = 700;

/** @param {string} state */
export const isOver = (state) => ENDED.includes(state);

/** Starts a job; the list shows it. @param {Record<string, any>} body @returns {Promise<string>} */
export async function startJob(body) {
  const { id } = await send("POST", "/api/jobs", body);
  document.dispatchEvent(new Event("jobstarted"));
  return id;
}

/**
 * @param {string[]} kinds that are listed
 * @param {(job: Job) => void} [onDone] runs once for each job that ends while it is looked at
 */
export function jobList(kinds, onDone) {
  const list = h("ul", { class: "jobs" });
  const element = h(
    "section",
    { class: "job-section", "aria-label": "Jobs", hidden: true },
    h("h2", { text: "Jobs" }),
    list,
  );
  /** @type {Map<string, string>} */
  const states = new Map();
  let timer = 0;
  const refresh = async () => {
    clearTimeout(timer);
    if (!element.isConnected) return;
    const answer = await get("/api/jobs").catch(() => []);
    /** @type {Job[]} */
    const jobs = (answer.jobs ?? answer).filter((/** @type {Job} */ job) => kinds.includes(job.kind));
    element.hidden = jobs.length === 0;
    fill(
      list,
      jobs.slice(0, 12).map((job) => row(job, refresh)),
    );
    for (const job of jobs) {
      const before = states.get(job.id);
      states.set(job.id, job.state);
      if (before && !isOver(before) && job.state === "done") onDone?.(job);
    }
    if (jobs.some((job) => !isOver(job.state))) timer = window.setTimeout(refresh, OFTEN);
  };
  document.addEventListener("jobstarted", refresh);
  queueMicrotask(refresh);
  return element;
}

/** @param {Job} job @param {() => void} refresh */
function row(job, refresh) {
  const isRunning = !isOver(job.state);
  const path = `/api/jobs/${encodeURIComponent(job.id)}`;
  const act = async (/** @type {"POST" | "DELETE"} */ method, /** @type {string} */ to) => {
    await send(method, to).catch((error) => say(error.message, "bad"));
    refresh();
  };
  const action = (/** @type {string} */ text, /** @type {() => void} */ run) =>
    h("button", { class: "plain", type: "button", text, on: { click: run } });
  const label = job.title ?? capital(job.kind);
  return h(
    "li",
    { class: `job ${job.state}` },
    h(
      "div",
      { class: "job-head" },
      h("b", { text: label }),
      h("span", { class: "job-state", text: isRunning ? percent(job.progress ?? 0) : job.state }),
    ),
    isRunning ? h("progress", { max: 1, value: job.progress ?? 0, "aria-label": label }) : null,
    job.message ? h("p", { class: "hint", text: job.message }) : null,
    h(
      "div",
      { class: "actions start" },
      isRunning ? action("Cancel", () => void act("DELETE", path)) : null,
      job.state === "done" ? results(job) : null,
      isRunning || job.state === "done" ? null : action("Try again", () => void act("POST", `${path}/again`)),
      isRunning ? null : action("Forget", () => void act("DELETE", path)),
    ),
  );
}

/** What a finished job leaves. @param {Job} job */
function results(job) {
  const told = job.result ?? {};
  const links = [];
  if (told.dataset)
    links.push(
      h("a", {
        class: "plain",
        "data-view": "",
        href: `/?dataset=${encodeURIComponent(told.dataset)}`,
        text: "Show the faces",
      }),
    );
  if (told.selection)
    links.push(
      h("a", {
        class: "plain",
        "data-view": "",
        href: `/?select=${encodeURIComponent(told.selection)}`,
        text: "Show the selection",
      }),
    );
  if (told.file !== false && job.kind !== "generate" && !told.selection) {
    links.push(
      h(
        "a",
        { class: "primary", href: `/api/jobs/${encodeURIComponent(job.id)}/result`, download: "" },
        icon("download"),
        "Download",
      ),
    );
  }
  return links;
}
