// How a path and a text from a document are shown, the same in every language: on one line, of limited length, with nothing hidden.
import type { PathStep } from "./comparison.ts";
import type { Got } from "./problem.ts";

const plainKey = /^[A-Za-z_][A-Za-z0-9_-]*$/;
/** Of the root, this key passes for nothing else either, though it begins with a digit or has another alphabet. */
const clearAtRoot = /^[^.[\]"'\s*\p{Cs}]+$/u;
const keyCharsMax = 40;
const valueCharsMax = 60;
const pathCharsMax = 120;

/** `tiers[2].maker_percent`; shortened at its beginning where it is very long: the end is what one looks for. */
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
  return text.length <= pathCharsMax
    ? text
    : `…${beginningAt(text, text.length - pathCharsMax + 1)}`;
}

/** A key or value from a document, fit for a message: one line, of limited length, in quotes. */
export function quoted(text: string, charsMax = valueCharsMax): string {
  return JSON.stringify(shorten(text, charsMax));
}

/** A text from a document, fit for a message, without quotes. */
export function shortened(text: string): string {
  return shorten(text).replaceAll(/\s+/g, " ");
}

/** A text from a document: of limited length, with nothing hidden; its line breaks stay. */
export function shorten(text: string, charsMax = valueCharsMax): string {
  // Characters that turn the direction of text or hide it would make the message lie: https://trojansource.codes.
  const visible = text.slice(0, charsMax + 1).replaceAll(/\p{Cf}/gu, "�");
  return cutOff(visible, charsMax);
}

/** The beginning, with "…" in place of the rest. Half a character is none: Telegram refuses a text that holds one. */
export function cutOff(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  return `${text.slice(0, charsMax - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** What begins there, or with the next character where that is in the middle of one. */
export function beginningAt(text: string, start: number): string {
  return text.slice(start).replace(/^[\uDC00-\uDFFF]/, "");
}

/** A value from a document, fit for a message: see {@link Got}. */
export function gotOf(value: unknown): Got {
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "string") return shorten(value);
  return Array.isArray(value) ? [] : {};
}
