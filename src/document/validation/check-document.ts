// Everything that is checked in a document, in one pure function: the same in the worker and in a test.
import { LineCounter } from "yaml";
import type { z } from "zod";
import { builtInSchemas, type ConfigSchema } from "../schemas.ts";
import { decodeDocument } from "./document-text.ts";
import type { DocumentPlaces } from "./document-places.ts";
import type { DocumentSyntax } from "./document-syntax.ts";
import { jsonSchemaProblems } from "./json-schema-problems.ts";
import { type Problem, problemsListedMax, type Validation } from "./problem.ts";
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

/** @param findProblems - what the schema refuses; not asked where the document cannot be read */
export function checkWith(
  bytes: Uint8Array,
  syntax: DocumentSyntax,
  findProblems: (document: ReadDocument) => readonly Problem[],
):
  | Extract<Validation, { kind: "invalid" }>
  | { readonly kind: "read"; readonly document: ReadDocument } {
  beginSuggestions();
  const decoded = decodeDocument(bytes);
  if (decoded.kind === "not_text") return invalid([decoded.problem], 1);
  // The parser would only complain of the same characters again, less clearly.
  if (decoded.total > 0) return invalid(decoded.problems, decoded.total);

  const lines = new LineCounter();
  const parsed = parseDocument(decoded.text, lines, syntax);
  if (parsed.kind === "problem") return invalid([parsed.problem], 1);
  const walked = walkDocument(parsed.root, lines, syntax);
  // The parser runs out of stack far beyond our limit on depth; what it says of the rest is noise.
  const exhausted = parsed.errors.some(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (exhausted && walked.total > 0) return invalid(walked.problems, walked.total);
  const misread = syntaxProblems(parsed.errors, lines);
  // After a syntax error the values are guesses, and what a schema says of them would mislead.
  const { value, aliasTargets } = walked;
  const document =
    misread.length > 0 || parsed.root === null
      ? undefined
      : { value, root: parsed.root, lines, aliasTargets };
  const schema = document === undefined ? [] : findProblems(document);
  const places = new Set(walked.problems.map(placeOf));
  const news = schema.filter((problem) => !places.has(placeOf(problem)));
  const total = misread.length + walked.total + news.length;
  return total === 0 && document !== undefined
    ? { kind: "read", document }
    : invalid([...misread, ...walked.problems, ...news], total);
}

/** What a schema of zod's refuses in the document. */
export function zodProblems(schema: z.ZodType, document: ReadDocument): readonly Problem[] {
  const result = schema.safeParse(document.value, { reportInput: true });
  return result.success ? [] : schemaProblems(schema, result.error.issues, document);
}

/** A value that is wrong already need not be told wrong again. */
function placeOf({ line, column, path }: Problem): string {
  return `${line}:${column}:${path}`;
}

function invalid(
  problems: readonly Problem[],
  total: number,
): Extract<Validation, { kind: "invalid" }> {
  const sorted = problems.toSorted(
    (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
  );
  return { kind: "invalid", problems: sorted.slice(0, problemsListedMax), total };
}
