// What YAML can say and Airlock does not take: what readers in use read differently, aliases that unfold to too much, tags.

export type PlainReaderFault =
  | "tab"
  | "end_mark_before_document"
  | "second_end_mark"
  | "spaces_before_document_mark"
  | "block_is_document"
  | "block_with_spaces_on_empty_line"
  | "block_ends_open"
  | "comment_before_value"
  | "empty_item_beside_comment"
  | "anchor_name"
  | "anchor_without_space"
  | "escaped_empty_line"
  | "key_missing"
  | "key_without_space"
  | "key_is_merge"
  | "quoted_key_is_merge"
  | "key_not_plain"
  | "equals_sign"
  | "merge_sign";

/** How a scalar is written, fit to be shown. */
interface Shown {
  readonly shown: string;
}

export interface ReaderFaults {
  readonly too_many_aliases: { readonly aliasesMax: number };
  readonly aliases_unfold_too_far: { readonly valuesMax: number };
  readonly unknown_alias: { readonly name: string };
  readonly circular_alias: { readonly name: string };
  readonly anchor_repeated: { readonly name: string };
  /** `source` is the scalar that has such a mark. */
  readonly mark_in_brackets: {
    readonly mark: "colon" | "question_mark";
    readonly source: string;
  };
  readonly no_character: { readonly escape: string };
  readonly key_refused: { readonly name: string };
  readonly key_twice: { readonly firstLine: number; readonly secondLine: number };
  /** A key that is no text to some readers, but this. */
  readonly key_of_type: Shown & { readonly type: "number" | "truth" | "nothing" };
  readonly not_finite: Shown;
  readonly symbol: Shown;
  readonly truth_to_some: Shown & { readonly meant: "true" | "false" };
  readonly nothing_to_some: Shown;
  /** `meant` is the date in a form that all read alike; null where there is no such date. */
  readonly date_to_some: Shown & { readonly meant: string | null };
  readonly leading_zero: Shown;
  readonly base_60: Shown;
  /** `meant` are the numbers that can be meant, in a form that all read alike. */
  readonly number_to_some: Shown & { readonly meant: readonly string[] };
  readonly read_differently: Shown;
  /** `tag` as it is written. */
  readonly own_tag: { readonly tag: string };
  readonly standard_tag: { readonly tag: string; readonly instead: InsteadOfTag };
}

/** What to write without the tag: a scalar as it would be written, or a kind of value. */
export type InsteadOfTag =
  | { readonly write: string }
  | {
      readonly kind:
        "quoted_text" | "number" | "truth" | "date" | "same_collection" | "plain_collection";
    };
