// Everything that is checked in a document, in one pure function: the same in the worker and in a test.
import { LineCounter } from "yaml";
import type { z } from "zod";
import { builtInSchemas, type ConfigSchema } from "../schemas.ts";
import { decodeDocument } from "./document-text.ts";
import type { DocumentPlaces } from "./document-places.ts";
import type { DocumentSyntax } from "./document-syntax.ts";
import { jsonSchemaProblems } from "./json-schema-problems.ts";
import { byPlace, type Problem, problemsListedMax, type Validation } from "./problem.ts";
import { beginSuggestions } from "./problem-words.ts";
import { schemaProblems } from "./schema-problems.ts";
import { syntaxProblems } from "./syntax-problems.ts";
import { parseDocument } from "./parse-document.ts";
import { walkDocument } from "./walk-document.ts";

/** All problems of a document at once, sorted by their place; the document is never changed. */
export function checkDocument(
  bytes: Uint8Array,
  schema: ConfigSchema,
  syntax: DocumentSyntax = "yaml",
): Validation {
  const checked = checkWith(bytes, syntax, (document) =>
    typeof schema === "string"
      ? zodProblems(builtInSchemas[schema], document)
      : jsonSchemaProblems(schema, document.value, document),
  );
  return checked.kind === "read" ? { kind: "valid" } : checked;
}

/** A document that could be read in one way only: its value, and where in its text things are. */
export interface ReadDocument extends DocumentPlaces {
  readonly value: unknown;
}

/** What can be said of a document before any schema is asked. */
export interface DocumentReading {
  /** The first ones, in no order; `total` counts all. */
  readonly problems: readonly Problem[];
  readonly total: number;
  /** Undefined where nothing can be known of its value. */
  readonly document: ReadDocument | undefined;
  /** Those of `problems` where the syntax is wrong: what `document` holds around them is the parser's guess. */
  readonly misread: readonly Problem[];
}

export function readDocument(bytes: Uint8Array, syntax: DocumentSyntax): DocumentReading {
  beginSuggestions();
  const unreadable = (problems: readonly Problem[], total: number): DocumentReading => ({
    problems,
    total,
    document: undefined,
    misread: problems,
  });
  const decoded = decodeDocument(bytes);
  if (decoded.kind === "not_text") return unreadable([decoded.problem], 1);
  // The parser would only complain of the same characters again, less clearly.
  if (decoded.total > 0) return unreadable(decoded.problems, decoded.total);

  const lines = new LineCounter();
  const parsed = parseDocument(decoded.text, lines, syntax);
  if (parsed.kind === "problem") return unreadable([parsed.problem], 1);
  const walked = walkDocument(parsed.root, lines, syntax);
  // The parser runs out of stack far beyond our limit on depth; what it says of the rest is noise.
  const exhausted = parsed.errors.some(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (exhausted && walked.total > 0) return unreadable(walked.problems, walked.total);
  const misread = syntaxProblems(parsed.errors, lines);
  const { value, aliasTargets } = walked;
  return {
    problems: [...misread, ...walked.problems],
    total: misread.length + walked.total,
    document: parsed.root === null ? undefined : { value, root: parsed.root, lines, aliasTargets },
    misread,
  };
}

/** @param findProblems - what the schema refuses; not asked where the document cannot be read */
export function checkWith(
  bytes: Uint8Array,
  syntax: DocumentSyntax,
  findProblems: (document: ReadDocument) => readonly Problem[],
):
  | Extract<Validation, { kind: "invalid" }>
  | { readonly kind: "read"; readonly document: ReadDocument } {
  const { problems, total, document, misread } = readDocument(bytes, syntax);
  if (document === undefined) return invalid(problems, total);
  // After a syntax error the values are guesses, and what a schema says of them would mislead.
  const news = misread.length > 0 ? [] : newsOf(findProblems(document), problems);
  return total + news.length === 0
    ? { kind: "read", document }
    : invalid([...problems, ...news], total + news.length);
}

/** A value that is wrong already need not be told wrong again. @returns those of `found` that stand where none of `known` does */
export function newsOf(found: readonly Problem[], known: readonly Problem[]): readonly Problem[] {
  const places = new Set(known.map(placeOf));
  return found.filter((problem) => !places.has(placeOf(problem)));
}

function placeOf({ line, column, path }: Problem): string {
  return `${line}:${column}:${path}`;
}

/** What a schema of zod's refuses in the document. */
export function zodProblems(schema: z.ZodType, document: ReadDocument): readonly Problem[] {
  const result = schema.safeParse(document.value, { reportInput: true });
  return result.success ? [] : schemaProblems(schema, result.error.issues, document);
}

function invalid(
  problems: readonly Problem[],
  total: number,
): Extract<Validation, { kind: "invalid" }> {
  return {
    kind: "invalid",
    problems: problems.toSorted(byPlace).slice(0, problemsListedMax),
    total,
  };
}
