// Everything that is checked in a document, in one pure function: the same in the worker and in a test.
import type { BuiltInSchemaName } from "../../model/config-schema.ts";
import { builtInSchemas } from "../schemas.ts";
import type { DocumentSyntax } from "./document-syntax.ts";
import { type Issue, issueProblems } from "./issue-problems.ts";
import { inOrder, problemsListedMax } from "./problem.ts";
import type { Problem, Validation } from "../../model/problem.ts";
import { zodIssues } from "./zod-issues.ts";
import type { ReadDocument } from "./document-reading.ts";
import { readDocument } from "./read-document.ts";

/**
 * All problems of a document at once, sorted by their place; the document is never changed.
 * @param schema - a built-in one, or whatever finds the issues in a document's value
 */
export async function checkDocument(
  bytes: Uint8Array,
  schema: BuiltInSchemaName | ((value: unknown) => readonly Issue[]),
  syntax: DocumentSyntax = "yaml",
): Promise<Validation> {
  const checked = await checkWith(bytes, syntax, (document) =>
    typeof schema === "string"
      ? zodIssues(builtInSchemas[schema], document.value)
      : schema(document.value),
  );
  return checked.kind === "read" ? { kind: "valid" } : checked;
}

/** @param findIssues - what the schema refuses; not asked where the document cannot be read */
export async function checkWith(
  bytes: Uint8Array,
  syntax: DocumentSyntax,
  findIssues: (document: ReadDocument) => readonly Issue[],
): Promise<
  | Extract<Validation, { kind: "invalid" }>
  | { readonly kind: "read"; readonly document: ReadDocument }
> {
  const { problems, total, document, misread } = await readDocument(bytes, syntax);
  if (document === undefined) return invalid(problems, total);
  // After a syntax error the values are guesses, and what a schema says of them would mislead.
  const news =
    misread.length > 0 ? [] : newsOf(issueProblems(findIssues(document), document), problems);
  return total + news.length === 0
    ? { kind: "read", document }
    : invalid([...problems, ...news], total + news.length);
}

/** A value that is wrong already need not be told wrong again. @returns those of `found` that stand where none of `known` does */
export function newsOf(found: readonly Problem[], known: readonly Problem[]): readonly Problem[] {
  const places = new Set(known.map(placeOf));
  return found.filter((problem) => !places.has(placeOf(problem)));
}

function placeOf({ place: { line, column, path } }: Problem): string {
  return JSON.stringify([line, column, path]);
}

function invalid(
  problems: readonly Problem[],
  total: number,
): Extract<Validation, { kind: "invalid" }> {
  return {
    kind: "invalid",
    problems: inOrder(problems).slice(0, problemsListedMax),
    total,
  };
}
