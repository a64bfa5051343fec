// What keeps bytes from being a document at all: no text, no YAML, no JSON, too much of it.
import type { Trouble } from "./trouble.ts";

export type PlainSyntaxFault =
  | "mark_before_json"
  /** A byte order mark that some readers count as a column. */
  | "mark_counted"
  | "empty_document"
  | "second_document"
  | "too_many_documents"
  | "alias_with_properties"
  | "wrong_alias"
  | "tag_of_other_kind"
  | "directive"
  | "backslash"
  | "indentation"
  | "properties_misplaced"
  | "value_begins_wrong"
  | "block_on_key_line"
  | "second_colon"
  | "indented_below_value"
  | "merge_conflict"
  | "block_in_brackets"
  | "key_repeated"
  | "not_understood"
  | "something_missing"
  | "key_over_lines"
  | "anchors_several"
  | "tags_several"
  | "key_is_no_text"
  | "too_complex"
  | "tab_in_indentation"
  | "value_unlike_tag"
  | "unexpected"
  | "comma_or_colon_missing"
  | "comma_missing"
  | "space_missing_after_colon"
  | "space_missing_before_comment"
  | "colon_missing_after_key"
  | "dash_missing"
  | "space_missing"
  | "document_start_missing"
  | "line_break_missing_after_start"
  | "line_break_missing"
  | "double_quote_open"
  | "single_quote_open"
  | "double_quote_open_before"
  | "single_quote_open_before"
  | "bracket_open_before"
  | "value_missing_before_comma"
  | "space_missing_after_colon_before"
  | "indentation_less_than_key"
  | "block_indentation_zero"
  | "tag_not_understood"
  | "json_none"
  | "json_comment"
  | "json_number"
  | "json_text_open"
  | "json_backslash"
  | "json_key_unquoted"
  | "json_single_quotes"
  | "json_not_understood"
  | "json_goes_on"
  | "colon_missing"
  | "value_missing";

export interface SyntaxFaults {
  readonly unreadable: { readonly trouble: Trouble };
  readonly too_large: { readonly bytesMax: number };
  readonly too_slow_to_check: { readonly limitMs: number };
  readonly too_much_memory: { readonly megabytesMax: number };
  /** `likely` is the name of an encoding; null where none is likely. */
  readonly not_utf8: { readonly likely: string | null };
  readonly hidden_character: {
    readonly what: "byte_order_mark" | "line_break" | "control_character";
    /** Its number in Unicode. */
    readonly code: number;
  };
  readonly too_deep: { readonly levelsMax: number };
  readonly key_too_long: { readonly charsMax: number };
  readonly quote_open: { readonly quote: "double" | "single" };
  readonly quote_over_lines: { readonly quote: "double" | "single" };
  readonly text_after_quote: { readonly quote: "double" | "single" };
  readonly bracket_open: { readonly open: "[" | "{"; readonly close: "]" | "}" };
  /** `missing` is null for a value. */
  readonly json_ends: { readonly missing: "}" | "]" | null };
  /** `escape` is what to write instead. */
  readonly json_control_character: { readonly escape: string };
  readonly json_last_comma: { readonly bracket: "}" | "]" };
  readonly json_separator_missing: { readonly bracket: "}" | "]" };
  readonly json_no_number: { readonly word: "NaN" | "Infinity" };
  readonly json_no_value: { readonly word: string };
}
