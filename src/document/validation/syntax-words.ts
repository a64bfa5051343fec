// The words for what the two parsers say of a text that they do not understand.
import type { YAMLError } from "yaml";

export const yamlTexts: Readonly<Record<YAMLError["code"], string>> = {
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

interface Words {
  /** What the parser's message begins with. */
  readonly of: string;
  readonly message: string;
}

const missing: readonly Words[] = [
  { of: "Missing , or :", message: "a comma or a colon is missing before this" },
  { of: "Missing , between", message: "a comma is missing before this" },
  { of: "Missing space after :", message: "a space is missing after this colon" },
  { of: "Comments must be separated", message: "a space is missing before this #" },
  { of: "Implicit map keys", message: "a colon is missing after this key" },
  { of: "Sequence item without", message: "a dash is missing before this" },
  { of: "Tags and anchors must", message: "a space is missing before this" },
  { of: "Missing directives-end", message: "the line --- is missing before this" },
  { of: "Block collection cannot", message: "a line break is missing after ---" },
  { of: "Missing newline", message: "a line break is missing before this" },
];

/** @param message - of an error of `yaml` about something that is not there */
export function missingText(message: string): string | undefined {
  return missing.find(({ of }) => message.startsWith(of))?.message;
}

const ofJsYaml: readonly Words[] = [
  { of: "unexpected end of the stream within a double", message: "a double quote is never closed" },
  { of: "unexpected end of the stream within a single", message: "a single quote is never closed" },
  {
    of: "unexpected end of the document within a double",
    message: "a double quote before this is never closed",
  },
  {
    of: "unexpected end of the document within a single",
    message: "a single quote before this is never closed",
  },
  {
    of: "unexpected end of the stream within a flow",
    message: "a [ or { before this is never closed",
  },
  { of: "missed comma", message: "a comma is missing before this" },
  { of: "expected the node content", message: "a value is missing before this comma" },
  {
    of: "a whitespace character is expected after",
    message: "a space is missing after the colon before this",
  },
  { of: "a line break is expected", message: "a line break is missing before this" },
  { of: "expected ':'", message: "a colon is missing after this key" },
  { of: "directives end mark", message: "the line --- is missing before this" },
  { of: "end of the stream or a document separator", message: yamlTexts.UNEXPECTED_TOKEN },
  { of: "bad indentation", message: yamlTexts.BAD_INDENT },
  {
    of: "deficient indentation",
    message: "this must be indented more than the key that it belongs to",
  },
  { of: "bad explicit indentation", message: "a block's indentation cannot be 0" },
  { of: "tab characters", message: yamlTexts.TAB_AS_INDENT },
  { of: "can not read a block mapping entry", message: yamlTexts.MULTILINE_IMPLICIT_KEY },
  { of: "unknown escape", message: yamlTexts.BAD_DQ_ESCAPE },
  { of: "expected hexadecimal", message: yamlTexts.BAD_DQ_ESCAPE },
  { of: "name of an", message: yamlTexts.BAD_ALIAS },
  { of: "alias node", message: yamlTexts.ALIAS_PROPS },
  { of: "duplication of an anchor", message: yamlTexts.MULTIPLE_ANCHORS },
  { of: "duplication of a tag", message: yamlTexts.MULTIPLE_TAGS },
  { of: "duplication of %YAML", message: yamlTexts.BAD_DIRECTIVE },
];

/** @param reason - of an error of js-yaml */
export function jsYamlText(reason: string): string {
  const found = ofJsYaml.find(({ of }) => reason.startsWith(of))?.message;
  if (found !== undefined) return found;
  if (/directive/i.test(reason)) return yamlTexts.BAD_DIRECTIVE;
  return /tag/i.test(reason) ? "this tag is not understood: remove it" : yamlTexts.IMPOSSIBLE;
}
