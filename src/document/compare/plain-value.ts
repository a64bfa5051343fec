// What a plain scalar stands for, as the core schema of YAML 1.2 reads it. Numbers are compared digit by digit: JavaScript's cannot hold
// 9007199254740993, or a decimal of twenty digits.
import { readPlainScalar } from "../validation/plain-scalar.ts";

/** Equal exactly for equal values: the first character says which kind of value it is, so that none can pass for another. */
export type PlainValue =
  | { readonly kind: "text" }
  /** A number, a word such as null, or what some readers take for one. */
  | { readonly kind: "other"; readonly value: string };

const text: PlainValue = { kind: "text" };
const kinds = { number: "n", word: "w", unclear: "u" } as const;

const nullWord = /^(?:~|null|Null|NULL|)$/;
const booleanWord = /^(?:true|True|TRUE|false|False|FALSE)$/;
const infinity = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const decimal = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const hexadecimal = /^0x[0-9a-fA-F]+$/;
/** Base 8 to some readers, and to others not. */
const leadingZero = /^[-+]?0[0-9]/;
/** To some readers a date. */
const date = /^\d{4}-\d/;

/** @param source - as it stands in the document, its lines folded */
export function plainValue(source: string): PlainValue {
  const value = mayBeOther(source) ? otherValue(source) : undefined;
  return value === undefined ? text : { kind: "other", value };
}

/** Whether it is a number to every reader that takes it at all. */
export function isNumber(source: string): boolean {
  const value = plainValue(source);
  return value.kind === "other" && value.value.startsWith(kinds.number);
}

function otherValue(source: string): string | undefined {
  if (decimal.test(source) && !leadingZero.test(source)) return kinds.number + decimalValue(source);
  if (nullWord.test(source)) return `${kinds.word}null`;
  if (booleanWord.test(source)) return kinds.word + source.toLowerCase();
  if (hexadecimal.test(source)) return kinds.number + decimalValue(BigInt(source).toString());
  if (infinity.test(source)) return kinds.number + source.toLowerCase().replace("+", "");
  // What some reader takes for no text is another value than the same text in quotes.
  const isUnclear = readPlainScalar(source).kind === "refused" || date.test(source);
  return isUnclear ? kinds.unclear + source : undefined;
}

/** Words and numbers begin with one of these. */
function mayBeOther(source: string): boolean {
  const first = source.charCodeAt(0);
  // Digits, signs and the dot; ~, = and <; an empty text; the first letters of true, false, null, yes, no, on, off.
  return (
    first < 0x40 ||
    first === 0x7e ||
    source === "" ||
    (source.length <= 5 && /^[tfnyo]/i.test(source))
  );
}

/** Sign, digits without zeros around them, and the power of ten of the last one. */
function decimalValue(source: string): string {
  const exponentAt = source.search(/[eE]/);
  const mantissa = exponentAt === -1 ? source : source.slice(0, exponentAt);
  const power = exponentAt === -1 ? 0 : Number(source.slice(exponentAt + 1));
  const sign = mantissa.startsWith("-") ? "-" : "";
  const pointAt = mantissa.indexOf(".");
  const fraction = pointAt === -1 ? 0 : mantissa.length - pointAt - 1;
  const digits = mantissa.replace(/^[-+]/, "").replace(".", "").replace(/^0+/, "");
  if (digits === "") return `${sign}0`;
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 0x30) end -= 1;
  const last = power - fraction + digits.length - end;
  // Exponents beyond what JavaScript counts in are far beyond what any reader holds; only the same writing is the same number then.
  return Number.isSafeInteger(last) ? `${sign}${digits.slice(0, end)}e${last}` : source;
}
