// Everything that is checked in a document, in one pure function: the same in the worker and in a test.
import { LineCounter, type ParsedNode } from "yaml";
import { builtInSchemas, type BuiltInSchemaName } from "../schemas.ts";
import { decodeDocument } from "./document-text.ts";
import { type Problem, problemsListedMax, type Validation } from "./problem.ts";
import { schemaProblems } from "./schema-problems.ts";
import { syntaxProblems } from "./syntax-problems.ts";
import { parseDocument } from "./parse-document.ts";
import { type WalkedDocument, walkDocument } from "./walk-document.ts";

/** All problems of a document at once, sorted by their place; the document is never changed. */
export function checkDocument(bytes: Uint8Array, schemaName: BuiltInSchemaName): Validation {
  const decoded = decodeDocument(bytes);
  if (decoded.kind === "not_text") return invalid([decoded.problem], 1);
  // The parser would only complain of the same characters again, less clearly.
  if (decoded.total > 0) return invalid(decoded.problems, decoded.total);

  const lines = new LineCounter();
  const parsed = parseDocument(decoded.text, lines);
  if (parsed.kind === "problem") return invalid([parsed.problem], 1);
  const walked = walkDocument(parsed.root, lines);
  // The parser runs out of stack far beyond our limit on depth; what it says of the rest is noise.
  const exhausted = parsed.errors.some(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (exhausted && walked.total > 0) return invalid(walked.problems, walked.total);
  const syntax = syntaxProblems(parsed.errors, lines);
  // After a syntax error the values are guesses, and what a schema says of them would mislead.
  const schema =
    syntax.length > 0 || parsed.root === null
      ? []
      : checkSchema(schemaName, walked, parsed.root, lines);
  const places = new Set(walked.problems.map(placeOf));
  const news = schema.filter((problem) => !places.has(placeOf(problem)));
  const total = syntax.length + walked.total + news.length;
  return total === 0 ? { kind: "valid" } : invalid([...syntax, ...walked.problems, ...news], total);
}

function checkSchema(
  schemaName: BuiltInSchemaName,
  { value, aliasTargets }: WalkedDocument,
  root: ParsedNode,
  lines: LineCounter,
): readonly Problem[] {
  const schema = builtInSchemas[schemaName];
  const result = schema.safeParse(value, { reportInput: true });
  return result.success
    ? []
    : schemaProblems(schema, result.error.issues, { root, lines, aliasTargets });
}

/** A value that is wrong already need not be told wrong again. */
function placeOf({ line, column, path }: Problem): string {
  return `${line}:${column}:${path}`;
}

function invalid(problems: readonly Problem[], total: number): Validation {
  const sorted = problems.toSorted(
    (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
  );
  return { kind: "invalid", problems: sorted.slice(0, problemsListedMax), total };
}
