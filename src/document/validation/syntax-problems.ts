// What the parser found, in plain words.
import type { LineCounter, YAMLError } from "yaml";
import type { Problem } from "./problem.ts";

type ErrorCode = YAMLError["code"];

const texts: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "an alias (*name) cannot have an anchor or a tag of its own",
  BAD_ALIAS: "this alias (*name) or anchor (&name) is not written correctly",
  BAD_COLLECTION_TYPE: "this tag does not fit a map or a list",
  BAD_DIRECTIVE: "this line that begins with % is not understood: remove it",
  BAD_DQ_ESCAPE:
    "this backslash in a double-quoted text is not understood: write \\\\ for a backslash",
  BAD_INDENT:
    "the indentation is wrong here, or a bracket before it is not closed: lines that belong together begin in the same column",
  BAD_PROP_ORDER: "an anchor or tag is in the wrong place here",
  BAD_SCALAR_START: "a value cannot begin with this character: put the value in quotes",
  BLOCK_AS_IMPLICIT_KEY:
    "a key and its map or list cannot share a line: is a line break or a quote missing?",
  BLOCK_IN_FLOW: "a map or list over several lines cannot stand inside [ ] or { }",
  DUPLICATE_KEY: "this key is there twice",
  IMPOSSIBLE: "this is not understood",
  KEY_OVER_1024_CHARS: "a key is longer than 1024 characters: is a colon or a quote missing?",
  MISSING_CHAR:
    "something is missing here: a closing quote, a bracket, a comma, or a space after a colon",
  MULTILINE_IMPLICIT_KEY: "a key cannot go over several lines: is a colon missing?",
  MULTIPLE_ANCHORS: "a value can have one anchor (&name) only",
  MULTIPLE_DOCS: "there is more than one document in the file",
  MULTIPLE_TAGS: "a value can have one tag only",
  NON_STRING_KEY: "a key must be a plain text",
  RESOURCE_EXHAUSTION: "the file is too complex",
  TAB_AS_INDENT: "there is a tab in the indentation: use spaces",
  TAG_RESOLVE_FAILED: "this value does not fit its tag",
  UNEXPECTED_TOKEN:
    "this is not expected here: is a quote, a colon or a line break missing before it?",
};

/** One problem per line: what the parser says of the rest of a line follows from its first mistake. */
export function syntaxProblems(
  errors: readonly YAMLError[],
  lines: LineCounter,
): readonly Problem[] {
  const problems = new Map<number, Problem>();
  for (const { code, pos } of errors) {
    const { line, col } = lines.linePos(pos[0]);
    if (problems.has(line)) continue;
    problems.set(line, { line, column: col, path: "", message: texts[code] });
  }
  return [...problems.values()];
}
