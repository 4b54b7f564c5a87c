/** Jobs that run on the server: a list with progress, followed while it is on the screen. */

import { get, send } from "./api.js";
import { h } from "./dom.js";
import { isOver, jobRow } from "./jobrow.js";

/** @typedef {{id: string, kind: string, title?: string, state: string, progress?: number, message?: string, dataset?: string | null, result?: any}} Job */

const OFTEN = 700;
const SHOWN = 12;

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
  /** @type {Map<string, ReturnType<typeof jobRow>>} */
  const rows = new Map();
  let timer = 0;
  const refresh = async () => {
    clearTimeout(timer);
    if (!element.isConnected) return document.removeEventListener("jobstarted", refresh);
    const answer = await get("/api/jobs").catch(() => []);
    /** @type {Job[]} */
    const jobs = (answer.jobs ?? answer).filter((/** @type {Job} */ job) => kinds.includes(job.kind));
    element.hidden = jobs.length === 0;
    const elements = jobs.slice(0, SHOWN).map((job) => {
      const row = rows.get(job.id) ?? jobRow(job, () => void refresh());
      rows.set(job.id, row);
      row.show(job);
      return row.element;
    });
    if (elements.length !== list.children.length || elements.some((each, at) => list.children[at] !== each))
      list.replaceChildren(...elements);
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
