/** Charts made of elements: bars with a wanted share marked, and a table of two attributes. */

import { h } from "./dom.js";
import { swatchOf } from "./swatches.js";
import { compactly, counted, labelOf, percent } from "./words.js";

/** @typedef {import("./words.js").Attribute} Attribute */

/**
 * @param {Attribute} attribute @param {Record<string, number>} counts @param {number} unknown
 * @param {object} against
 * @param {Record<string, number> | null} against.wanted shares
 * @param {{low: Record<string, number>, high: Record<string, number>} | null} against.between 95 % intervals of the shares
 * @param {string} against.aside
 */
export function barChart(attribute, counts, unknown, { wanted, between, aside }) {
  const sum = Object.values(counts).reduce((a, b) => a + b, 0);
  const shares = Object.entries(counts).map(
    ([key, count]) => /** @type {const} */ ([key, count, sum ? count / sum : 0]),
  );
  const most = Math.max(
    0.01,
    ...shares.map(([, , share]) => share),
    ...Object.values(wanted ?? {}),
    ...Object.values(between?.high ?? {}),
  );
  const shown = shares
    .filter(
      ([key, count], at) =>
        count > 0 ||
        (attribute.kind !== "class" ? isInside(shares, at) : shares.length <= 12 || (wanted?.[key] ?? 0) > 0),
    )
    .slice(0, 24);
  return h(
    "table",
    { class: "chart" },
    h("caption", {}, h("span", { text: attribute.title }), h("small", { text: aside })),
    h(
      "thead",
      { class: "unseen" },
      h(
        "tr",
        {},
        ["Level", "Share", "Faces"].map((text) => h("th", { scope: "col", text })),
      ),
    ),
    h(
      "tbody",
      {},
      shown.map(([key, count, share]) => {
        const swatch = swatchOf(attribute.name, key);
        return h(
          "tr",
          {},
          h(
            "th",
            { scope: "row" },
            swatch ? h("i", { class: "swatch", vars: { "--swatch": swatch } }) : null,
            labelOf(attribute, key),
          ),
          h(
            "td",
            {
              class: "bar-cell",
              vars: { "--share": share / most, ...(wanted ? { "--wanted": (wanted[key] ?? 0) / most } : {}) },
            },
            h("span", { class: "fill" }),
            between ? whisker(between.low[key], between.high[key], most) : null,
            wanted ? h("span", { class: "mark", title: `wanted: ${percent(wanted[key] ?? 0)}` }) : null,
            h("span", { class: "unseen", text: percent(share) }),
          ),
          h("td", { class: "number", text: percent(share) }),
          h("td", { class: "number faint", text: compactly(count), title: counted(count) }),
        );
      }),
    ),
    unknown
      ? h("tfoot", {}, h("tr", {}, h("td", { colSpan: 4, text: `not known of ${counted(unknown)}` })))
      : null,
  );
}

/** The interval in which the share lies, for all that chance does. @param {number | undefined} low @param {number | undefined} high @param {number} most */
function whisker(low, high, most) {
  if (low === undefined || high === undefined) return null;
  return h("span", {
    class: "whisker",
    vars: { "--low": low / most, "--high": high / most },
    title: `${percent(low)} to ${percent(high)}, 95 % interval of sampling`,
  });
}

/** Whether an empty bin stands between two that are not. @param {(readonly [string, number, number])[]} shares @param {number} at */
const isInside = (shares, at) =>
  shares.slice(0, at).some(([, count]) => count) && shares.slice(at + 1).some(([, count]) => count);

/**
 * @param {Attribute} across @param {Attribute} down
 * @param {Record<string, Record<string, number>>} cells by level of `down`, then of `across`
 * @param {(down: string, across: string) => string} href of a cell's faces
 */
export function crossTable(across, down, cells, href) {
  const columns = (across.levels ?? [])
    .map((level) => level.key)
    .filter((key) => Object.values(cells).some((row) => row[key]));
  const rows = (down.levels ?? [])
    .map((level) => level.key)
    .filter((key) => Object.values(cells[key] ?? {}).some(Boolean));
  const sum = rows.reduce(
    (total, row) => total + columns.reduce((part, column) => part + (cells[row][column] ?? 0), 0),
    0,
  );
  const most = Math.max(1, ...rows.flatMap((row) => columns.map((column) => cells[row][column] ?? 0)));
  return h(
    "div",
    { class: "scrolls", tabIndex: 0, role: "region", "aria-label": `${down.title} by ${across.title}` },
    h(
      "table",
      { class: "cross" },
      h(
        "caption",
        {},
        h("span", { text: `${down.title} by ${across.title.toLowerCase()}` }),
        h("small", { text: "share of all; a cell leads to its faces" }),
      ),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("td"),
          columns.map((key) => h("th", { scope: "col", text: labelOf(across, key) })),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            h("th", { scope: "row", text: labelOf(down, row) }),
            columns.map((column) => {
              const count = cells[row][column] ?? 0;
              return h(
                "td",
                { vars: { "--heat": Math.sqrt(count / most).toFixed(3) } },
                count
                  ? h("a", {
                      href: href(row, column),
                      "data-view": "",
                      title: `${counted(count)} faces`,
                      text: percent(count / sum),
                    })
                  : h("span", { class: "faint", text: "0" }),
              );
            }),
          ),
        ),
      ),
    ),
  );
}
