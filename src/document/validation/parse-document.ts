// Reads the text as one YAML document, with one meaning for all readers.
import {
  type Document,
  isScalar,
  type LineCounter,
  parseAllDocuments,
  type ParsedNode,
  type YAMLError,
} from "yaml";
import type { DocumentSyntax } from "./document-syntax.ts";
import { jsonSyntaxProblem } from "./json-syntax.ts";
import type { Problem } from "./problem.ts";

export type ParsedDocument =
  | {
      readonly kind: "document";
      /** null only where there are errors. */
      readonly root: ParsedNode | null;
      readonly errors: readonly YAMLError[];
    }
  /** What makes everything else meaningless. */
  | { readonly kind: "problem"; readonly problem: Problem };

export function parseDocument(
  text: string,
  lines: LineCounter,
  syntax: DocumentSyntax,
): ParsedDocument {
  const refused = syntax === "json" && text.trim() !== "" ? jsonSyntaxProblem(text) : undefined;
  if (refused !== undefined) {
    noteLines(text, lines);
    return problemAt(lines, refused.offset, refused.message);
  }
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    // Its own check for duplicate keys takes time that grows with the square of their number.
    uniqueKeys: false,
    // Whatever a %YAML line says.
    version: "1.2",
    schema: "core",
    merge: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const documents: readonly Document.Parsed[] = "empty" in parsed ? [] : parsed;
  const [document, second] = documents;
  if (second !== undefined) {
    return problemAt(
      lines,
      second.range[0],
      "another document begins here, but a file holds one: remove the line --- or what follows it",
    );
  }
  const root = document?.contents ?? null;
  const errors = document?.errors ?? [];
  if (errors.length === 0 && (root === null || isEmpty(root))) {
    const message = "the file is empty, or has only comments";
    return { kind: "problem", problem: { line: null, column: null, path: "", message } };
  }
  return { kind: "document", root, errors };
}

/** The parser would, but it is not asked. */
function noteLines(text: string, lines: LineCounter): void {
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
}

/** `---` alone makes a document with an empty value. */
function isEmpty(root: ParsedNode): boolean {
  return isScalar(root) && root.source === "" && root.type === "PLAIN" && root.tag === undefined;
}

function problemAt(lines: LineCounter, offset: number, message: string): ParsedDocument {
  const { line, col } = lines.linePos(offset);
  return { kind: "problem", problem: { line, column: col, path: "", message } };
}
