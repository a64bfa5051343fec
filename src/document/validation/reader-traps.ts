// What js-yaml understands, and another reader that counts refuses or reads as something else, apart from plain scalars: long keys, odd anchors,
// halves of characters. Found by holding five readers against each other: tests/document/validation/readers.
import { type Event, EVENT_ID, SCALAR_STYLE } from "js-yaml";
import { keyCharsMax } from "./document-limits.ts";
import { endOf, isQuoted, type ScalarEvent } from "./event-offsets.ts";
import type { Trap } from "./layout-traps.ts";
import { absent } from "./parse-events.ts";
import { quoted } from "./problem-path.ts";

/**
 * @param behind - the character that follows it
 * @param isTaken - whether another anchor has the name already
 */
export function anchorTrap(name: string, behind: string, isTaken: boolean): string | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    return "some programs accept only letters, digits, - and _ in the name of an anchor: choose another one";
  }
  if (!/^[\s,\]}]?$/.test(behind)) return "a space is missing behind this anchor";
  return isTaken
    ? `the anchor ${name} is there twice, which some programs refuse: choose another name for one`
    : undefined;
}

/** Of a plain scalar inside [ ] or { }. */
export function flowTrap(source: string): string | undefined {
  const mark = source.includes(":") ? "colon" : "question mark";
  return /[:?]/.test(source)
    ? `some programs accept no ${mark} inside [ ] or { } without quotes: write ${quoted(source)}`
    : undefined;
}

/** Of a scalar that is more than the characters that stand there. */
export function scalarTrap(text: string, event: ScalarEvent): Trap | undefined {
  if (event.style !== SCALAR_STYLE.DOUBLE_QUOTED) return undefined;
  const source = text.slice(event.valueStart, event.valueEnd);
  for (const { 0: escape, 1: short, 2: long, 3: lines, index } of source.matchAll(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([ \t]*\r?\n[ \t]*\r?\n)|[^])/g,
  )) {
    const offset = event.valueStart + index;
    if (lines !== undefined) {
      const message = "an empty line behind a backslash is read differently: write \\n instead";
      return { offset, message };
    }
    const code = short ?? long;
    if (code === undefined || isCharacter(Number.parseInt(code, 16))) continue;
    const message = `${escape} is no character to some programs: write the character itself`;
    return { offset, message };
  }
  return undefined;
}

/** Halves of a pair are not: https://www.unicode.org/glossary/#surrogate_code_point. */
function isCharacter(code: number): boolean {
  return (code < 0xd800 || code > 0xdfff) && code <= 0x10ffff;
}

/**
 * @param value - the event that follows the key
 * @param inFlow - whether it stands inside [ ] or { }
 */
export function keyTrap(
  text: string,
  event: ScalarEvent,
  value: Event | undefined,
  inFlow: boolean,
): string | undefined {
  if (event.valueStart === absent) return "a key is missing before this colon";
  const { valueStart, valueEnd } = event;
  const size = valueEnd - valueStart;
  const isNear = text.charCodeAt(endOf(event)) === colon;
  if (inFlow && !(isNear && isQuoted(event)) && isColonTight(text, endOf(event))) {
    return "a space is missing after the colon behind this key";
  }
  // Nearly every key ends here.
  if (isNear && event.fast && size > 2 && size < keyCharsMax / 2) return undefined;
  const source = text.slice(valueStart, valueEnd);
  if (source.includes("\n") || (!isNear && isColonBelow(text, event))) {
    return "a key cannot go over several lines: is a colon missing?";
  }
  if (text.indexOf(":", endOf(event)) - firstOf(event) > keyCharsMax) {
    return `a key is longer than ${keyCharsMax} characters: is a colon or a quote missing?`;
  }
  if (source !== "<<") return undefined;
  if (event.style === SCALAR_STYLE.PLAIN) {
    return "the key << is a merge to some programs and a plain key to others: write the keys out";
  }
  // Psych merges a map that stands there all the same.
  return isQuoted(event) && value?.type !== EVENT_ID.SCALAR
    ? "the key << is a merge to some programs, also in quotes: write the keys out"
    : undefined;
}

const colon = 0x3a;
const spaceAndComments = /(?:[ \t\r\n]|(?<=\s)#[^\n]*)*/y;

function isColonTight(text: string, end: number): boolean {
  return /^ *:\S/.test(text.slice(end, text.indexOf(":", end) + 2));
}

/** Behind a question mark the colon may begin the next line. */
function isColonBelow(text: string, event: ScalarEvent): boolean {
  spaceAndComments.lastIndex = endOf(event);
  const between = spaceAndComments.exec(text)?.[0] ?? "";
  if (text.charCodeAt(endOf(event) + between.length) !== colon) return false;
  const isExplicit = /\?\s+$/.test(text.slice(0, firstOf(event)).slice(-keyCharsMax));
  return between.includes("\n") && !isExplicit;
}

/** An anchor counts as a part of its key. */
function firstOf(event: ScalarEvent): number {
  if (event.anchorStart !== absent) return event.anchorStart - 1;
  return isQuoted(event) ? event.valueStart - 1 : event.valueStart;
}
