// What keeps bytes from being a document, in words.
import type { PlainSyntaxFault, SyntaxFaults } from "../model/syntax-fault.ts";
import type { Sentences } from "./sentences.ts";
import { sizeText } from "./numbers.ts";
import { troubleText } from "./trouble-words.ts";

export const plainSyntaxFaults: Readonly<Record<PlainSyntaxFault, string>> = {
  mark_before_json:
    "the file begins with a byte order mark (U+FEFF), which programs that read JSON refuse: save it as UTF-8 without one",
  mark_counted:
    "the file begins with a byte order mark (U+FEFF), which some programs count as a column: save it as UTF-8 without one",
  empty_document: "the file is empty, or has only comments",
  second_document:
    "another document begins here, but a file holds one: remove the line --- or what follows it",
  too_many_documents: "there is more than one document in the file",
  alias_with_properties: "an alias (*name) cannot have an anchor or a tag of its own",
  wrong_alias: "this alias (*name) or anchor (&name) is not written correctly",
  tag_of_other_kind: "this tag does not fit a map or a list",
  directive: "this line that begins with % is not understood: remove it",
  backslash: "this backslash in a double-quoted text is not understood: write \\\\ for a backslash",
  indentation:
    "the indentation is wrong here, or a bracket before it is not closed: lines that belong together begin in the same column",
  properties_misplaced: "an anchor or tag is in the wrong place here",
  value_begins_wrong: "a value cannot begin with this character: put the value in quotes",
  block_on_key_line:
    "a key and its map or list cannot share a line: is a line break or a quote missing?",
  block_in_brackets: "a map or list over several lines cannot stand inside [ ] or { }",
  key_repeated: "this key appears twice",
  not_understood: "this is not understood",
  something_missing:
    "something is missing here: a closing quote, a bracket, a comma, or a space after a colon",
  key_over_lines: "a key cannot go over several lines: is a colon missing?",
  anchors_several: "a value can have only one anchor (&name)",
  tags_several: "a value can have only one tag",
  key_is_no_text: "a key must be plain text",
  too_complex: "the file is too complex",
  tab_in_indentation: "there is a tab in the indentation: use spaces",
  value_unlike_tag: "this value does not fit its tag",
  unexpected: "this is not expected here: is a quote, a colon or a line break missing before it?",
  comma_or_colon_missing: "a comma or a colon is missing before this",
  comma_missing: "a comma is missing before this",
  space_missing_after_colon: "a space is missing after this colon",
  space_missing_before_comment: "a space is missing before this #",
  colon_missing_after_key: "a colon is missing after this key",
  dash_missing: "a dash is missing before this",
  space_missing: "a space is missing before this",
  document_start_missing: "the line --- is missing before this",
  line_break_missing_after_start: "a line break is missing after ---",
  line_break_missing: "a line break is missing before this",
  double_quote_open: "a double quote is never closed",
  single_quote_open: "a single quote is never closed",
  double_quote_open_before: "a double quote before this is never closed",
  single_quote_open_before: "a single quote before this is never closed",
  bracket_open_before: "a [ or { before this is never closed",
  value_missing_before_comma: "a value is missing before this comma",
  space_missing_after_colon_before: "a space is missing after the colon before this",
  indentation_less_than_key: "this must be indented more than the key that it belongs to",
  block_indentation_zero: "a block's indentation cannot be 0",
  tag_not_understood: "this tag is not understood: remove it",
  json_none: "this is not JSON",
  json_comment: "a comment is not allowed in JSON: remove it",
  json_number:
    "this is not a number in JSON: write digits, without a leading zero, with digits on both sides of the point",
  json_text_open:
    "the text that begins here is not closed on its line: add a double quote, or write \\n for a line break",
  json_backslash: "this backslash is not understood: write \\\\ for a backslash",
  json_key_unquoted: "a key must be in double quotes in JSON",
  json_single_quotes: "text goes in double quotes in JSON, not in single quotes",
  json_not_understood: "this is not understood in JSON",
  json_goes_on:
    "something follows the end of the document: a bracket before it is one too many, or a comma or bracket is missing",
  colon_missing: "a colon is missing before this",
  value_missing: "a value is missing before this",
};

const hiddenNames = {
  byte_order_mark: "byte order mark",
  line_break: "line break",
  control_character: "control character",
} as const;

export const syntaxFaults: Sentences<SyntaxFaults> = {
  unreadable: ({ trouble }) => `cannot be read: ${troubleText(trouble)}`,
  too_large: ({ bytesMax }) => `the file is too large: at most ${sizeText(bytesMax)} is taken`,
  too_slow_to_check: ({ limitMs }) =>
    `the file is too complex: checking it takes longer than ${limitMs / 1000} seconds`,
  too_much_memory: ({ megabytesMax }) =>
    `the file is too complex: checking it needs more than ${megabytesMax} MB of memory`,
  not_utf8: ({ likely }) =>
    likely === null
      ? "the file is not text in UTF-8"
      : `the file is not text in UTF-8, it looks like ${likely}: save it as UTF-8 (editors ask for the encoding under "Save as") and send it again`,
  hidden_character: ({ what, code }) =>
    `there is a ${hiddenNames[what]} here that cannot be seen (U+${code.toString(16).toUpperCase().padStart(4, "0")}): remove it`,
  too_deep: ({ levelsMax }) => `is nested deeper than ${levelsMax} levels`,
  key_too_long: ({ charsMax }) =>
    `a key is longer than ${charsMax} characters: is a colon or a quote missing?`,
  quote_open: ({ quote }) => `a ${quote} quote opens here and is never closed`,
  quote_over_lines: ({ quote }) =>
    `a ${quote} quote opens here and is closed only on another line: is one missing?`,
  bracket_open: ({ open, close }) =>
    `a ${open} opens here and is never closed: add a ${close}, or indent what belongs to it`,
  json_ends: ({ missing }) => `the file ends here, and a ${missing ?? "value"} is missing`,
  json_control_character: ({ escape }) =>
    `there is a tab or control character in this text: write \\${escape}`,
  json_last_comma: ({ bracket }) =>
    `this comma is the last thing before ${bracket}, which JSON does not allow: remove it`,
  json_separator_missing: ({ bracket }) => `a comma or ${bracket} is missing before this`,
  json_no_number: ({ word }) => `${word} is not a value in JSON: write a number`,
  json_no_value: ({ word }) =>
    `${word} is not a value in JSON: put it in double quotes if it is text`,
};
