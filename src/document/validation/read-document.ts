// From bytes to a document that all readers read in one way, or to everything that keeps it from being one. What a schema says comes after.
import { type Event, EVENT_ID, SCALAR_STYLE } from "js-yaml";
import { tooDeep } from "./document-limits.ts";
import type { DocumentReading } from "./document-reading.ts";
import type { DocumentSyntax } from "./document-syntax.ts";
import { decodeDocument } from "./document-text.ts";
import { endOf } from "./event-offsets.ts";
import { jsonEvents } from "./json-events.ts";
import { jsonSyntaxProblems } from "./json-syntax.ts";
import { isShiftedByMark } from "./layout-traps.ts";
import { linePositions, type LinePositions } from "./line-positions.ts";
import { absent, parseEvents } from "./parse-events.ts";
import { type Fault, type Problem, wholeDocument } from "../../model/problem.ts";
import { beginSuggestions } from "./suggestions.ts";
import { walkEvents } from "./walk-events.ts";
import type { ReadingOptions } from "./walk-state.ts";

/** @param syntax - as its file's name says */
export async function readDocument(
  bytes: Uint8Array,
  syntax: DocumentSyntax,
  { readers = "all" }: ReadingOptions = {},
): Promise<DocumentReading> {
  beginSuggestions();
  const decoded = decodeDocument(bytes);
  if (decoded.kind === "not_text") return refused([decoded.problem]);
  // The parser would only complain of the same characters again, less clearly.
  if (decoded.total > 0) return refused(decoded.problems, decoded.total);
  const { mark, text } = decoded;
  const lines = linePositions(text);
  const isJson = syntax === "json" && /[^ \t\r\n]/.test(text);
  if (isJson) {
    const problems = jsonSyntaxProblems(text).map(({ offset, fault }) =>
      problemAt(lines, offset, fault),
    );
    if (mark !== "") problems.push(problemAt(lines, 0, { code: "mark_before_json" }));
    if (problems.length > 0) return refused(problems);
  }

  const parsed = isJson ? jsonEvents(text) : parseEvents(text);
  if (parsed.kind === "too_deep") {
    return refused([problemAt(lines, parsed.offset, tooDeep)]);
  }
  if (parsed.kind === "wrong") {
    // Comes with a second parser: nobody loads that for texts that are right.
    const { recoverDocument } = await import("./recover-document.ts");
    return recoverDocument({ mark, text, lines }, parsed);
  }
  const { events } = parsed;
  const shape = isJson ? undefined : shapeProblem(text, events, lines);
  if (shape !== undefined) return refused([shape]);
  if (!isJson && readers === "all" && isShiftedByMark(mark, text)) {
    return refused([problemAt(lines, 0, { code: "mark_counted" })]);
  }
  const walked = walkEvents({ text, events, lines, syntax, readers });
  const { value, problems, total, aliasTargets } = walked;
  const document = { mark, text, events, lines, aliasTargets, value };
  return { document, problems, total, misread: [] };
}

function refused(problems: readonly Problem[], total = problems.length): DocumentReading {
  return { document: undefined, problems, total, misread: problems };
}

function problemAt(lines: LinePositions, offset: number, fault: Fault): Problem {
  return { ...fault, place: { ...lines.position(offset), path: [] } };
}

/** A file holds one document, and something in it. */
function shapeProblem(
  text: string,
  events: readonly Event[],
  lines: LinePositions,
): Problem | undefined {
  const directive = directiveStart(text);
  if (directive !== undefined) {
    return problemAt(lines, directive, { code: "directive" });
  }
  const second = events.findIndex(({ type }, index) => index > 0 && type === EVENT_ID.DOCUMENT);
  if (second !== -1) {
    return problemAt(lines, documentStart(text, events, second), { code: "second_document" });
  }
  return isEmpty(events[1]) ? wholeDocument({ code: "empty_document" }) : undefined;
}

/** A line before the document that could change how a reader reads it; `%YAML 1.2` changes nothing. */
function directiveStart(text: string): number | undefined {
  if (!text.includes("%")) return undefined;
  for (const { 0: line, index } of text.matchAll(/^.*$/gm)) {
    if (/^%YAML 1\.2\s*$/.test(line) || /^\s*(?:#|$)/.test(line)) continue;
    return /^\s*%/.test(line) ? index : undefined;
  }
  return undefined;
}

/** The line `---` or `...` behind the last thing of the document before. */
function documentStart(text: string, events: readonly Event[], index: number): number {
  const ends = events.slice(0, index).map(endOf);
  const from = ends.reduce((last, end) => Math.max(last, end), 0);
  const marker = /^(?:---|\.\.\.)(?=\s|$)/m.exec(text.slice(from));
  return marker === null ? from : from + marker.index;
}

/** `---` alone makes a document with an empty value. */
function isEmpty(root: Event | undefined): boolean {
  if (root === undefined) return true;
  return (
    root.type === EVENT_ID.SCALAR &&
    root.style === SCALAR_STYLE.PLAIN &&
    root.valueStart === absent &&
    root.tagStart === absent
  );
}
