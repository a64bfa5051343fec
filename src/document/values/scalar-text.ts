// What type a scalar has, and how a value of that type is written in its place.
import type { ScalarType } from "../../model/one-value.ts";
import type { ContentNode } from "../compare/document-tree.ts";
import { readPlainScalar } from "../validation/plain-scalar.ts";
import { coreReading, olderReadings } from "../validation/scalar-readers.ts";

type ScalarNode = Extract<ContentNode, { readonly kind: "scalar" }>;

const jsonNumber = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;
const jsonWords: Readonly<Record<string, ScalarType>> = {
  true: "truth",
  false: "truth",
  null: "nothing",
};
/** A text that means the same without quotes, also between brackets. */
const needsNoQuotes = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_ ./+@%()-]*[\p{L}\p{N}_./+@%()-])?$/u;

/** @returns undefined where readers differ */
export function typeOf({ style, text }: ScalarNode, isJson: boolean): ScalarType | undefined {
  if (style !== "plain") return "text";
  return isJson ? jsonTypeOf(text) : plainTypeOf(text);
}

function jsonTypeOf(source: string): ScalarType | undefined {
  return jsonNumber.test(source) ? "number" : jsonWords[source];
}

/** The type of a scalar that stands there without quotes. */
function plainTypeOf(source: string): ScalarType | undefined {
  const read = readPlainScalar(source);
  if (read.kind === "refused") return undefined;
  switch (typeof read.value) {
    case "number":
      return "number";
    case "boolean":
      return "truth";
    case "string":
      return olderReadings(source).some(({ kind }) => kind === "date") ? "date" : "text";
    default:
      return "nothing";
  }
}

/** How it is written in the place of a scalar; or in which forms it would be of its type, where it is not. */
export type Written =
  | { readonly kind: "written"; readonly text: string }
  | { readonly kind: "wrong_type"; readonly meant: readonly string[] };

/** @param value - as it was typed: what is no text is written as it stands */
export function writtenAs(
  type: ScalarType,
  value: string,
  { isJson, quote }: { readonly isJson: boolean; readonly quote: "'" | '"' | undefined },
): Written {
  if (type === "text") return { kind: "written", text: textWritten(value, isJson ? '"' : quote) };
  const found = isJson ? jsonTypeOf(value) : plainTypeOf(value);
  if (found === type) return { kind: "written", text: value };
  const meant = meantBy(value).filter(
    (form) => (isJson ? jsonTypeOf(form) : plainTypeOf(form)) === type,
  );
  return { kind: "wrong_type", meant };
}

function textWritten(value: string, quote: "'" | '"' | undefined): string {
  if (quote === undefined && needsNoQuotes.test(value) && plainTypeOf(value) === "text")
    return value;
  if (quote === "'" && !/\p{Cc}/u.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value);
}

/** The forms that all readers read alike, of what only some of them take for the same, or people write. */
function meantBy(value: string): readonly string[] {
  const read = readPlainScalar(value);
  if (read.kind === "value") {
    const isText = coreReading(value).kind === "text";
    return isText ? asPeopleWrite(value) : [String(read.value)];
  }
  const { fault } = read;
  if (!("params" in fault) || !("meant" in fault.params)) return asPeopleWrite(value);
  const { meant } = fault.params;
  return typeof meant === "string" ? [meant] : Array.isArray(meant) ? meant : [];
}

/** A number with a decimal comma, a minus that is none of the keyboard's, a percent sign, or leading zeros. */
function asPeopleWrite(value: string): readonly string[] {
  const parts = /^([-+−–]?)0*([0-9]+)(?:[.,]([0-9]+))?%?$/.exec(value);
  if (parts === null) return [];
  const [, sign = "", whole = "", fraction] = parts;
  const isNegative = sign !== "" && sign !== "+";
  return [`${isNegative ? "-" : ""}${whole}${fraction === undefined ? "" : `.${fraction}`}`];
}
