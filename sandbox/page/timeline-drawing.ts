// Draws who downloaded, validated, waited for the lock and held it, one row per upload, and the same as a table.
import { counted, drawing, element } from "./element.ts";

export interface Span {
  readonly uploadId: string;
  readonly config: string;
  readonly who: string;
  readonly what: "download" | "check" | "wait" | "hold";
  readonly fromMs: number;
  readonly toMs: number;
}

const labels: Readonly<Record<Span["what"], string>> = {
  download: "downloads",
  check: "is checked",
  wait: "waits for the lock",
  hold: "holds the lock",
};
/** For a narrow table, whose head is the picture's legend as well. */
const headings: Readonly<Record<Span["what"], string>> = {
  download: "Download",
  check: "Check",
  wait: "Wait",
  hold: "Lock held",
};
const kinds = ["download", "check", "wait", "hold"] as const;

/** The newest uploads of one burst: what lies further apart than this is another story. */
const burstGapMs = 20_000;
const rowsMax = 8;
/** Of the drawing, which is stretched to the room that there is. */
const width = 1000;
/** As in the style sheet, so that each name stands beside its row. */
const rowHeight = 24;
/** A save takes a millisecond or two: it must still be seen. */
const spanWidthMin = 6;

export function drawTimeline(spans: readonly Span[]): readonly Node[] {
  const rows = lastUploads(spans);
  if (rows.length === 0)
    return [element("p", { class: "hint" }, "No uploads yet. Press The race.")];
  return [drawSpans(rows), table(rows)];
}

type Row = readonly Span[];

function lastUploads(spans: readonly Span[]): readonly Row[] {
  const byUpload = new Map<string, Span[]>();
  for (const span of spans) {
    const row = byUpload.get(span.uploadId) ?? [];
    row.push(span);
    byUpload.set(span.uploadId, row);
  }
  const rows = [...byUpload.values()];
  const newest = Math.max(...rows.map(startOf));
  return rows
    .filter((row) => newest - startOf(row) < burstGapMs)
    .slice(-rowsMax)
    .toSorted((one, other) => startOf(one) - startOf(other));
}

function startOf(row: Row): number {
  return Math.min(...row.map(({ fromMs }) => fromMs));
}

function nameOf(row: Row): string {
  const [first] = row;
  return first === undefined ? "" : `${first.who}: ${first.config}`;
}

function drawSpans(rows: readonly Row[]): HTMLElement {
  const all = rows.flat();
  const fromMs = Math.min(...all.map((span) => span.fromMs));
  const toMs = Math.max(...all.map((span) => span.toMs), fromMs + 1);
  const scale = (width - spanWidthMin) / (toMs - fromMs);
  const height = rows.length * rowHeight;
  const bars = rows.flatMap((row, index) =>
    row.map((span) =>
      drawing(
        "rect",
        {
          class: `span-${span.what}`,
          x: String((span.fromMs - fromMs) * scale),
          y: String(index * rowHeight + 4),
          width: String(Math.max(spanWidthMin, (span.toMs - span.fromMs) * scale)),
          height: String(rowHeight - 8),
        },
        drawing("title", {}, `${span.who} ${labels[span.what]}, ${timeText(span)}`),
      ),
    ),
  );
  const picture = drawing(
    "svg",
    {
      class: "spans",
      viewBox: `0 0 ${width} ${height}`,
      height: String(height),
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": "The steps of the last uploads over time; the table below has the same",
    },
    ...bars,
  );
  const names = rows.map((row) => element("li", {}, nameOf(row)));
  return element(
    "div",
    { class: "picture" },
    element("ul", { "aria-hidden": "true" }, ...names),
    picture,
  );
}

function timeText({ fromMs, toMs }: Pick<Span, "fromMs" | "toMs">): string {
  const ms = toMs - fromMs;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${counted(Math.round(ms))} ms`;
}

/** The colour of a step, beside its name. */
function swatch(kind: Span["what"]): SVGElement {
  const square = drawing("rect", { class: `span-${kind}`, width: "10", height: "10" });
  return drawing("svg", { class: "swatch", viewBox: "0 0 10 10", "aria-hidden": "true" }, square);
}

function table(rows: readonly Row[]): HTMLElement {
  const head = [
    element("th", { scope: "col" }, "Upload"),
    ...kinds.map((kind) => element("th", { scope: "col" }, swatch(kind), headings[kind])),
  ];
  return element(
    "table",
    { class: "uploads" },
    element("caption", { class: "visually-hidden" }, "The last uploads, step by step"),
    element("thead", {}, element("tr", {}, ...head)),
    element(
      "tbody",
      {},
      ...rows.map((row) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, nameOf(row)),
          ...kinds.map((kind) => {
            const span = row.find(({ what }) => what === kind);
            return element("td", {}, span === undefined ? "–" : timeText(span));
          }),
        ),
      ),
    ),
  );
}
