// What a plain scalar means, where all readers agree; and where they do not, how to write what was meant. A reader is the program that the
// service reads its config with, and nobody here knows which one it is.
import { coreReading, olderReadings, type Reading } from "./scalar-readers.ts";
import { shorten, shortened } from "../../model/excerpt.ts";
import type { Fault } from "../../model/problem.ts";

export type PlainScalar =
  | { readonly kind: "value"; readonly value: string | number | boolean | null }
  /** What is wrong, and what to write instead. */
  | { readonly kind: "refused"; readonly fault: Fault };

/** Read alike, and exactly what is written: nearly every number is one of these. */
const commonNumber = /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?$/;
/** All that a reader could take a word of up to five letters for. */
const wordOfYaml = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
const wordCharsMax = 5;

/** @param source - a plain scalar, its lines folded */
export function readPlainScalar(source: string): PlainScalar {
  if (commonNumber.test(source)) return { kind: "value", value: Number(source) };
  if (isCommonText(source)) return { kind: "value", value: source };
  const reading = coreReading(source);
  if (reading.kind === "number" && !Number.isFinite(reading.value)) {
    return { kind: "refused", fault: notFinite(source) };
  }
  const others = olderReadings(source);
  // 07 is the same to all, but who writes 07 may write 0777 next, which is not.
  if (others.every((other) => isSame(reading, other)) && !leadingZero.test(source)) {
    return { kind: "value", value: valueOf(reading, source) };
  }
  // The one exception: to some a date, to others the text that stands there, and to nobody anything else.
  if (others.every(({ kind }) => kind === "date") && isRealDate(source)) {
    return { kind: "value", value: source };
  }
  return { kind: "refused", fault: difference(source, reading, others) };
}

export type PlainKey =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "refused"; readonly fault: Fault };

/**
 * As {@link readPlainScalar}, for a key. Readers in JavaScript make a text of every key, others keep its type; so a key passes that is
 * a text, a date, or a number whose text is the one that is written.
 */
export function readPlainKey(source: string): PlainKey {
  const read = readPlainScalar(source);
  if (read.kind === "refused") return read;
  if (read.value === source || (String(read.value) === source && typeof read.value === "number")) {
    return { kind: "key", key: source };
  }
  if (source === "") return { kind: "refused", fault: { code: "key_missing" } };
  const type =
    typeof read.value === "number" ? "number" : read.value === null ? "nothing" : "truth";
  const params = { shown: shortened(source), type } as const;
  return { kind: "refused", fault: { code: "key_of_type", params } };
}

/** Begins with a letter, and is none of the words that mean something. */
function isCommonText(source: string): boolean {
  const first = source.charCodeAt(0) | 0x20;
  const isLetter = first >= 0x61 && first <= 0x7a && source.charCodeAt(0) < 0x7f;
  if (!isLetter) return false;
  if (source.length > wordCharsMax) return true;
  return !wordOfYaml.test(source) && !source.includes("\n");
}

function isSame(one: Reading, other: Reading): boolean {
  if (one.kind === "number" && other.kind === "number") return one.value === other.value;
  if (one.kind === "truth" && other.kind === "truth") return one.value === other.value;
  return one.kind === other.kind && one.kind !== "other" && one.kind !== "date";
}

function valueOf(reading: Reading, source: string): string | number | boolean | null {
  switch (reading.kind) {
    case "number":
    case "truth":
      return reading.value;
    case "nothing":
      return null;
    case "text":
    case "date":
    case "other":
      return source;
    default:
      return reading satisfies never;
  }
}

const dateParts =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?: ?(?:Z|[-+](\d\d):(\d\d)))?)?$/;

/** A day of the calendar, with a time of day or without: a reader that makes a date of it raises an error for 2026-02-30. */
function isRealDate(source: string): boolean {
  const parts = dateParts.exec(source);
  if (parts === null) return false;
  const [year = 0, month = 0, day = 0, ...time] = parts.slice(1).map((part) => Number(part ?? 0));
  const calendar = new Date(0);
  calendar.setUTCFullYear(year, month - 1, day);
  const isDay = calendar.getUTCMonth() === month - 1 && calendar.getUTCDate() === day;
  const [hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = time;
  // With a zone the first and the last day of all could become one that Python does not have.
  const isFar = parts[7] !== undefined && (year === 1 || year === 9999);
  const isTime =
    hour < 24 && minute < 60 && second < 60 && zoneHour < 24 && zoneMinute < 60 && !isFar;
  return isDay && isTime && year > 0;
}

function difference(source: string, core: Reading, others: readonly Reading[]): Fault {
  const all = [core, ...others];
  const kinds = new Set(all.map(({ kind }) => kind));
  const shown = shortened(source);
  if (source === "=") return { code: "equals_sign" };
  if (source === "<<") return { code: "merge_sign" };
  if (all.some((reading) => reading.kind === "other" && reading.name === "symbol")) {
    return { code: "symbol", params: { shown } };
  }
  if (kinds.has("truth")) {
    const meant = /^(?:yes|on|true)$/i.test(source) ? "true" : "false";
    return { code: "truth_to_some", params: { shown, meant } };
  }
  if (kinds.has("nothing")) return { code: "nothing_to_some", params: { shown } };
  if (kinds.has("date")) {
    return { code: "date_to_some", params: { shown, meant: clearDate(source) ?? null } };
  }
  if (!kinds.has("number")) return { code: "read_differently", params: { shown } };
  if (octal.test(source) || leadingZero.test(source)) {
    return { code: "leading_zero", params: { shown } };
  }
  return base60.test(source)
    ? { code: "base_60", params: { shown } }
    : { code: "number_to_some", params: { shown, meant: clearNumbers(source) } };
}

const octal = /^[-+]?0o[0-7]+$/;
const leadingZero = /^[-+]?0[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?$/;
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** The date in the form that all readers read alike; undefined where there is no such date. */
function clearDate(source: string): string | undefined {
  const [, year = "", month = "", day = ""] = /^(\d{4})-(\d\d?)-(\d\d?)$/.exec(source) ?? [];
  const padded = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return padded !== source && isRealDate(padded) ? padded : undefined;
}

/** The numbers that can be meant, in a form that all readers read alike; none where that is not clear. */
function clearNumbers(source: string): readonly string[] {
  const sign = source.startsWith("-") ? "-" : "";
  const digits = source.replace(/^[-+]/, "").replaceAll("_", "");
  if (/^0[bx]/i.test(digits)) {
    const size = /^0(?:b[01]+|x[0-9a-f]+)$/i.test(digits) ? BigInt(digits) : undefined;
    return size === undefined ? [] : [`${sign}${size}`];
  }
  // 1,000 is a thousand, or one with three decimals.
  if (/^[1-9][0-9]{0,2}(?:,[0-9]{3})+$/.test(digits)) {
    const commas = digits.split(",").length - 1;
    const thousands = sign + digits.replaceAll(",", "");
    return [thousands, ...(commas === 1 ? [sign + digits.replace(",", ".")] : [])];
  }
  const dotted = digits.replace(/^([0-9]+),([0-9]+)$/, "$1.$2");
  const parts = /^0*([0-9]*)(?:\.([0-9]*))?(?:[eE]([-+]?)([0-9]+))?$/.exec(dotted);
  if (parts === null) return [];
  const [, whole = "", fraction, powerSign = "", power] = parts;
  const isWhole = fraction === undefined && power === undefined;
  const decimals = fraction === undefined || fraction === "" ? "0" : fraction;
  const mantissa = `${sign}${whole === "" ? "0" : whole}${isWhole ? "" : `.${decimals}`}`;
  return [power === undefined ? mantissa : `${mantissa}e${powerSign === "-" ? "-" : "+"}${power}`];
}

/** What is written as a number, and is none that can be reckoned with. @param source - as it stands there */
export function notFinite(source: string): Fault {
  return { code: "not_finite", params: { shown: shorten(source) } };
}
