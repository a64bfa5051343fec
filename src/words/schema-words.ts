// What a schema refuses, in words: after the path of the value that it is about.
import { quoted } from "../model/excerpt.ts";
import type { Names, PlainSchemaFault, SchemaFaults } from "../model/schema-fault.ts";
import { count } from "./numbers.ts";
import type { Sentences } from "./sentences.ts";

export const plainSchemaFaults: Readonly<Record<PlainSchemaFault, string>> = {
  missing_key: "is missing",
  not_accepted: "is not accepted here",
  fits_several_forms: "fits more than one of the forms accepted here",
  schema_without_end: "cannot be checked, because the schema refers to itself endlessly",
  not_currency: "must be three capital letters, such as USD",
  not_asset_code: "must be 2 to 10 capital letters and digits, such as BTC",
  first_tier_not_zero: "must be 0 in the first tier",
  no_rates: "must have at least one rate",
  base_among_rates: "must not be listed, because it is the base itself",
};

const bounds = {
  at_least: "at least",
  more_than: "greater than",
  at_most: "at most",
  less_than: "less than",
} as const;

export const schemaFaults: Sentences<SchemaFaults> = {
  wrong_type: ({ types }) => `must be ${types.map(typeText).join(" or ")}`,
  not_one_of: ({ meant, ...names }) =>
    `must be one of ${namesText(names)}${meant === null ? "" : ` (did you mean ${meant}?)`}`,
  not_this: ({ value }) => `must be ${value}`,
  out_of_bounds: ({ must, bound }) => `must be ${bounds[must]} ${bound}`,
  wrong_count: ({ must, bound, of }) => `must have ${bounds[must]} ${count(bound, of)}`,
  not_multiple: ({ of }) => `must be a multiple of ${of}`,
  no_match: ({ pattern }) => `must match ${quoted(pattern)}`,
  wrong_format: ({ format }) => `must be a valid ${format}`,
  repeated_item: ({ first }) => `must not be the same as item ${first}`,
  key_needed: ({ by }) => `is missing, and ${by} needs it`,
  unknown_key: ({ meant, ...known }) => {
    if (meant !== null) return `is not a known key: did you mean ${meant}?`;
    return known.names.length === 0
      ? "is not a known key"
      : `is not a known key (known are ${namesText(known)})`;
  },
  wrong_contents: ({ must, bound }) =>
    `must have ${bounds[must]} ${bound} of the items that are asked for here`,
  keys_missing: ({ sets }) => `must have ${sets.map((keys) => keys.join(" and ")).join(", or ")}`,
  tier_not_above: ({ before }) => `must be greater than the previous tier's ${before}`,
  below_fixed_fee: ({ fixed }) => `must be at least the fixed fee ${fixed}`,
};

function namesText({ names, areMore }: Names): string {
  return `${names.join(", ")}${areMore ? ", …" : ""}`;
}

/** A type's name, as zod or JSON Schema has it. */
function typeText(type: string): string {
  switch (type) {
    case "object":
    case "record":
    case "map":
      return "a map of keys and values";
    case "array":
      return "a list";
    case "string":
      return "text";
    case "boolean":
      return "true or false";
    case "integer":
    case "int":
      return "a whole number";
    case "null":
      return "nothing";
    default:
      return `a ${type}`;
  }
}
