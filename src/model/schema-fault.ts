// What a schema refuses in a value: the words that JSON Schema and the built-in schemas share, and what only the latter ask.

export type PlainSchemaFault =
  | "missing_key"
  | "not_accepted"
  | "fits_several_forms"
  | "schema_without_end"
  | "not_currency"
  | "not_asset_code"
  | "first_tier_not_zero"
  | "no_rates"
  | "base_among_rates";

/** Names out of a list that may be long: the first ones. */
export interface Names {
  readonly names: readonly string[];
  readonly areMore: boolean;
}

export interface SchemaFaults {
  /** As zod or JSON Schema name them. */
  readonly wrong_type: { readonly types: readonly string[] };
  /** `meant` is the one that differs by a typo. */
  readonly not_one_of: Names & { readonly meant: string | null };
  /** `value` as one would write it. */
  readonly not_this: { readonly value: string };
  readonly out_of_bounds: {
    readonly must: "at_least" | "more_than" | "at_most" | "less_than";
    readonly bound: number;
  };
  readonly wrong_count: {
    readonly must: "at_least" | "at_most";
    readonly bound: number;
    readonly of: "character" | "item" | "key";
  };
  readonly not_multiple: { readonly of: number };
  readonly no_match: { readonly pattern: string };
  readonly wrong_format: { readonly format: string };
  /** Indexes count from 0. */
  readonly repeated_item: { readonly first: number };
  readonly key_needed: { readonly by: string };
  readonly unknown_key: Names & { readonly meant: string | null };
  readonly wrong_contents: {
    readonly must: "at_least" | "at_most";
    readonly bound: number;
  };
  /** One of these sets of keys. */
  readonly keys_missing: { readonly sets: readonly (readonly string[])[] };
  readonly tier_not_above: { readonly before: number };
  readonly below_fixed_fee: { readonly fixed: number };
}
