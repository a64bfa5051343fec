// A text that does not parse: `yaml` goes on behind a mistake and finds further ones. What it does not call wrong is told by the one thing that
// js-yaml found.
import { parseAllDocuments } from "yaml";
import type { ParsedEvents } from "./parse-events.ts";
import type { Problem } from "../../model/problem.ts";
import type { DocumentReading, ReadDocument } from "./document-reading.ts";
import { recoveredEvents } from "./recovered-events.ts";
import { reasonProblem, syntaxProblems } from "./syntax-problems.ts";
import { walkEvents } from "./walk-events.ts";

/** @returns what is not understood, and what else is wrong around it */
export function recoverDocument(
  { mark, text, lines }: Pick<ReadDocument, "mark" | "text" | "lines">,
  wrong: Extract<ParsedEvents, { readonly kind: "wrong" }>,
): DocumentReading {
  const parsed = parseAllDocuments(text, {
    // Its own check for duplicate keys takes time that grows with the square of their number.
    uniqueKeys: false,
    // Whatever a %YAML line says.
    version: "1.2",
    schema: "core",
    merge: false,
    // Else !!omap and !!set become nodes of other kinds. Tags are refused anyway.
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const first = "empty" in parsed ? undefined : parsed[0];
  const errors = first?.errors ?? [];
  const root = first?.contents ?? null;
  const misread =
    errors.length === 0
      ? [reasonProblem(text, lines, wrong)]
      : syntaxProblems(text, errors, root, lines);
  if (root === null) {
    return { document: undefined, problems: misread, total: misread.length, misread };
  }
  const events = recoveredEvents(text, root);
  const walked = walkEvents({
    text,
    events,
    lines,
    syntax: "yaml",
    readers: "own",
  });
  const { value, aliasTargets } = walked;
  // Where the parser found a mistake, whatever else is wrong follows from it.
  const mistakes = errors.map(({ pos }) => ({ place: lines.position(pos[0]) }));
  const told = new Set([...misread, ...mistakes].map(placeOf));
  const news = walked.problems.filter((problem) => !told.has(placeOf(problem)));
  return {
    document: { mark, text, events, lines, aliasTargets, value },
    problems: [...misread, ...news],
    total: misread.length + walked.total - (walked.problems.length - news.length),
    misread,
  };
}

function placeOf({
  place: { line, column },
}: {
  readonly place: Pick<Problem["place"], "line" | "column">;
}): string {
  return `${line}:${column}`;
}
