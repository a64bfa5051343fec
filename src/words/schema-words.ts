// What a schema refuses, in words: after the path of the value that it is about.
import { quoted } from "../model/excerpt.ts";
import type { Names, PlainSchemaFault, SchemaFaults } from "../model/schema-fault.ts";
import { code, codes, countEn, countRu, type Phrase, type Spoken, t } from "./line.ts";
import type { Sentences } from "./sentences.ts";

export const plainSchemaFaults: Readonly<Record<PlainSchemaFault, Spoken>> = {
  missing_key: { en: "is missing", ru: "нет такого ключа, а он нужен" },
  not_accepted: { en: "is not accepted here", ru: "здесь не допускается" },
  fits_several_forms: {
    en: "fits more than one of the forms accepted here",
    ru: "подходит сразу под несколько из допустимых здесь форм",
  },
  schema_without_end: {
    en: "cannot be checked, because the schema refers to itself endlessly",
    ru: "не проверить: схема бесконечно ссылается на саму себя",
  },
  not_currency: {
    en: t`must be three capital letters, such as ${code("USD")}`,
    ru: t`нужны три заглавные латинские буквы, например ${code("USD")}`,
  },
  not_asset_code: {
    en: t`must be 2 to 10 capital letters and digits, such as ${code("BTC")}`,
    ru: t`нужно от 2 до 10 заглавных латинских букв и цифр, например ${code("BTC")}`,
  },
  first_tier_not_zero: { en: "must be 0 in the first tier", ru: "на первой ступени должно быть 0" },
  no_rates: { en: "must have at least one rate", ru: "нужен хотя бы один курс" },
  base_among_rates: {
    en: "must not be listed, because it is the base itself",
    ru: "здесь лишнее: это сама базовая валюта",
  },
};

const bounds = {
  at_least: { en: "at least", ru: "не меньше" },
  more_than: { en: "greater than", ru: "больше" },
  at_most: { en: "at most", ru: "не больше" },
  less_than: { en: "less than", ru: "меньше" },
} as const;

const counted = {
  character: ["символа", "символов", "символов"],
  item: ["элемента", "элементов", "элементов"],
  key: ["ключа", "ключей", "ключей"],
} as const;

export const schemaFaults: Sentences<SchemaFaults> = {
  wrong_type: ({ types }) => {
    const named = types.map(typeText);
    return {
      en: t`must be ${named.map(({ en }) => en).join(" or ")}`,
      ru: t`ожидается ${named.map(({ ru }) => ru).join(" или ")}`,
    };
  },
  not_one_of: ({ meant, ...names }) => ({
    en: t`must be one of ${namesText(names)}${meant === null ? "" : t` (did you mean ${code(meant)}?)`}`,
    ru: t`допускается одно из: ${namesText(names)}${meant === null ? "" : t` (может быть, ${code(meant)}?)`}`,
  }),
  not_this: ({ value }) => ({ en: t`must be ${code(value)}`, ru: t`должно быть ${code(value)}` }),
  out_of_bounds: ({ must, bound }) => ({
    en: t`must be ${bounds[must].en} ${code(bound)}`,
    ru: t`должно быть ${bounds[must].ru} ${code(bound)}`,
  }),
  wrong_count: ({ must, bound, of }) => {
    const [one, few, many] = counted[of];
    return {
      en: t`must have ${bounds[must].en} ${countEn(bound, of)}`,
      ru: t`должно быть ${bounds[must].ru} ${countRu(bound, one, few, many)}`,
    };
  },
  not_multiple: ({ of }) => ({
    en: t`must be a multiple of ${code(of)}`,
    ru: t`должно делиться на ${code(of)} без остатка`,
  }),
  no_match: ({ pattern }) => ({
    en: t`must match ${code(quoted(pattern))}`,
    ru: t`должно соответствовать шаблону ${code(quoted(pattern))}`,
  }),
  wrong_format: ({ format }) => ({
    en: t`must be a valid ${format}`,
    ru: t`записано неверно, нужен формат ${code(format)}`,
  }),
  repeated_item: ({ first }) => ({
    en: t`must not be the same as item ${first}`,
    ru: t`повторяет элемент ${first}`,
  }),
  key_needed: ({ by }) => ({
    en: t`is missing, and ${code(by)} needs it`,
    ru: t`нет такого ключа, а он нужен вместе с ${code(by)}`,
  }),
  unknown_key: ({ meant, ...known }) => {
    if (meant !== null) {
      return {
        en: t`is not a known key: did you mean ${code(meant)}?`,
        ru: t`неизвестный ключ: может быть, ${code(meant)}?`,
      };
    }
    return known.names.length === 0
      ? { en: "is not a known key", ru: "неизвестный ключ" }
      : {
          en: t`is not a known key (known are ${namesText(known)})`,
          ru: t`неизвестный ключ (допустимы ${namesText(known)})`,
        };
  },
  wrong_contents: ({ must, bound }) => ({
    en: t`must have ${bounds[must].en} ${bound} of the items that are asked for here`,
    ru: t`нужных здесь элементов должно быть ${bounds[must].ru} ${bound}`,
  }),
  keys_missing: ({ sets }) => ({
    en: t`must have ${setsText(sets, " and ", ", or ")}`,
    ru: t`нужны ключи: ${setsText(sets, " и ", " или ")}`,
  }),
  tier_not_above: ({ before }) => ({
    en: t`must be greater than the previous tier's ${code(before)}`,
    ru: t`должно быть больше, чем на предыдущей ступени (${code(before)})`,
  }),
  below_fixed_fee: ({ fixed }) => ({
    en: t`must be at least the fixed fee ${code(fixed)}`,
    ru: t`должно быть не меньше фиксированной комиссии (${code(fixed)})`,
  }),
};

function namesText({ names, areMore }: Names): Phrase {
  return t`${codes(names, ", ")}${areMore ? ", …" : ""}`;
}

function setsText(sets: readonly (readonly string[])[], and: string, or: string): Phrase {
  return sets.flatMap((keys, index) => [...(index === 0 ? [] : [or]), codes(keys, and)]);
}

/** A type's name, as zod or JSON Schema has it. */
function typeText(type: string): Readonly<Record<"en" | "ru", string>> {
  switch (type) {
    case "object":
    case "record":
    case "map":
      return { en: "a map of keys and values", ru: "словарь из ключей и значений" };
    case "array":
      return { en: "a list", ru: "список" };
    case "string":
      return { en: "text", ru: "текст" };
    case "boolean":
      return { en: "true or false", ru: "true или false" };
    case "integer":
    case "int":
      return { en: "a whole number", ru: "целое число" };
    case "number":
      return { en: "a number", ru: "число" };
    case "null":
      return { en: "nothing", ru: "пустое значение" };
    default:
      return { en: `a ${type}`, ru: type };
  }
}
