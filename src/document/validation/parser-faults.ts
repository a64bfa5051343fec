// What the two parsers say of a text that they do not understand, as faults.
import type { YAMLError } from "yaml";
import type { Fault, PlainFault } from "../../model/problem.ts";
import { keyTooLong } from "./document-limits.ts";

const ofYaml: Readonly<Record<YAMLError["code"], PlainFault | Fault>> = {
  ALIAS_PROPS: "alias_with_properties",
  BAD_ALIAS: "wrong_alias",
  BAD_COLLECTION_TYPE: "tag_of_other_kind",
  BAD_DIRECTIVE: "directive",
  BAD_DQ_ESCAPE: "backslash",
  BAD_INDENT: "indentation",
  BAD_PROP_ORDER: "properties_misplaced",
  BAD_SCALAR_START: "value_begins_wrong",
  BLOCK_AS_IMPLICIT_KEY: "block_on_key_line",
  BLOCK_IN_FLOW: "block_in_brackets",
  DUPLICATE_KEY: "key_repeated",
  IMPOSSIBLE: "not_understood",
  KEY_OVER_1024_CHARS: keyTooLong,
  MISSING_CHAR: "something_missing",
  MULTILINE_IMPLICIT_KEY: "key_over_lines",
  MULTIPLE_ANCHORS: "anchors_several",
  MULTIPLE_DOCS: "too_many_documents",
  MULTIPLE_TAGS: "tags_several",
  NON_STRING_KEY: "key_is_no_text",
  RESOURCE_EXHAUSTION: "too_complex",
  TAB_AS_INDENT: "tab_in_indentation",
  TAG_RESOLVE_FAILED: "value_unlike_tag",
  UNEXPECTED_TOKEN: "unexpected",
};

/** By what the parser's message begins with. */
type Beginnings = readonly (readonly [beginning: RegExp, code: PlainFault])[];

const missing: Beginnings = [
  [/^Missing , or :/, "comma_or_colon_missing"],
  [/^Missing , between/, "comma_missing"],
  [/^Missing space after :/, "space_missing_after_colon"],
  [/^Comments must be separated/, "space_missing_before_comment"],
  [/^Implicit map keys/, "colon_missing_after_key"],
  [/^Sequence item without/, "dash_missing"],
  [/^Tags and anchors must/, "space_missing"],
  [/^Missing directives-end/, "document_start_missing"],
  [/^Block collection cannot/, "line_break_missing_after_start"],
  [/^Missing newline/, "line_break_missing"],
];

/** What `yaml` says. */
export function yamlFault({ code, message }: YAMLError): Fault {
  const found = (code === "MISSING_CHAR" ? codeOf(missing, message) : undefined) ?? ofYaml[code];
  return typeof found === "string" ? { code: found } : found;
}

const ofJsYaml: Beginnings = [
  [/^unexpected end of the stream within a double/, "double_quote_open"],
  [/^unexpected end of the stream within a single/, "single_quote_open"],
  [/^unexpected end of the document within a double/, "double_quote_open_before"],
  [/^unexpected end of the document within a single/, "single_quote_open_before"],
  [/^unexpected end of the stream within a flow/, "bracket_open_before"],
  [/^missed comma/, "comma_missing"],
  [/^expected the node content/, "value_missing_before_comma"],
  [/^a whitespace character is expected after/, "space_missing_after_colon_before"],
  [/^a line break is expected/, "line_break_missing"],
  [/^expected ':'/, "colon_missing_after_key"],
  [/^directives end mark/, "document_start_missing"],
  [/^end of the stream or a document separator/, "unexpected"],
  [/^bad indentation/, "indentation"],
  [/^deficient indentation/, "indentation_less_than_key"],
  [/^bad explicit indentation/, "block_indentation_zero"],
  [/^tab characters/, "tab_in_indentation"],
  [/^can not read a block mapping entry/, "key_over_lines"],
  [/^unknown escape/, "backslash"],
  [/^expected hexadecimal/, "backslash"],
  [/^name of an/, "wrong_alias"],
  [/^alias node/, "alias_with_properties"],
  [/^duplication of an anchor/, "anchors_several"],
  [/^duplication of a tag/, "tags_several"],
  [/^duplication of %YAML/, "directive"],
];

/** @param reason - of an error of js-yaml */
export function jsYamlFault(reason: string): Fault {
  const found = codeOf(ofJsYaml, reason);
  if (found !== undefined) return { code: found };
  if (/directive/i.test(reason)) return { code: "directive" };
  return { code: /tag/i.test(reason) ? "tag_not_understood" : "not_understood" };
}

function codeOf(beginnings: Beginnings, message: string): PlainFault | undefined {
  return beginnings.find(([beginning]) => beginning.test(message))?.[1];
}
