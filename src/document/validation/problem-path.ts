// Where in a document something is, as people write it: `tiers[2].maker_percent`.
import type { PathStep } from "../../model/comparison.ts";

const plainKey = /^[A-Za-z_][A-Za-z0-9_-]*$/;
/** Of the root, this key passes for nothing else either, though it begins with a digit or has another alphabet. */
const clearAtRoot = /^[^.[\]"'\s*]+$/;
const keyCharsMax = 40;
const valueCharsMax = 60;
const pathCharsMax = 120;

/** Shortened at its beginning where it is very long: the end is what one looks for. */
export function pathText(steps: readonly PathStep[]): string {
  let text = "";
  for (const step of steps) {
    if (typeof step === "number") text += `[${step}]`;
    else if (plainKey.test(step) && step.length <= keyCharsMax)
      text += text === "" ? step : `.${step}`;
    else
      text +=
        text === "" && clearAtRoot.test(step)
          ? shorten(step, keyCharsMax)
          : `[${quoted(step, keyCharsMax)}]`;
  }
  return text.length <= pathCharsMax ? text : `…${text.slice(text.length - pathCharsMax + 1)}`;
}

/** A key or value from a document, fit for a message: one line, of limited length, in quotes. */
export function quoted(text: string, charsMax = valueCharsMax): string {
  return JSON.stringify(shorten(text, charsMax));
}

/** A text from a document, fit for a message, without quotes. */
export function shortened(text: string): string {
  return shorten(text, valueCharsMax).replaceAll(/\s+/g, " ");
}

function shorten(text: string, charsMax: number): string {
  // Characters that turn the direction of text or hide it would make the message lie: https://trojansource.codes.
  const visible = text.slice(0, charsMax + 1).replaceAll(/\p{Cf}/gu, "�");
  return visible.length <= charsMax ? visible : `${visible.slice(0, charsMax - 1)}…`;
}

/** What a value is, after "got": `150`, `the text "abc"`, `a map`. */
export function valueText(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return `the text ${quoted(value)}`;
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    default:
      return "a map";
  }
}
