// What js-yaml understands, and another reader that counts refuses or reads as something else, apart from plain scalars: long keys, odd anchors,
// halves of characters. Found by holding five readers against each other: tests/change/validation/readers.
import { type Event, EVENT_ID, SCALAR_STYLE } from "js-yaml";
import { keyCharsMax } from "./document-limits.ts";
import { endOf, isQuoted, type ScalarEvent } from "./event-offsets.ts";
import { absent } from "./parse-events.ts";

interface Trap {
  readonly offset: number;
  readonly message: string;
}

/** @param isTaken - whether another anchor has the name already */
export function anchorTrap(name: string, isTaken: boolean): string | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    return "some programs accept only letters, digits, - and _ in the name of an anchor: choose another one";
  }
  return isTaken
    ? `the anchor ${name} is there twice, which some programs refuse: choose another name for one`
    : undefined;
}

/** Of a scalar that is more than the characters that stand there. */
export function scalarTrap(text: string, event: ScalarEvent): Trap | undefined {
  if (event.style !== SCALAR_STYLE.DOUBLE_QUOTED) return undefined;
  const source = text.slice(event.valueStart, event.valueEnd);
  for (const { 0: escape, 1: short, 2: long, index } of source.matchAll(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|[^])/g,
  )) {
    const code = short ?? long;
    if (code === undefined || isCharacter(Number.parseInt(code, 16))) continue;
    const message = `${escape} is no character to some programs: write the character itself`;
    return { offset: event.valueStart + index, message };
  }
  return undefined;
}

/** Halves of a pair are not: https://www.unicode.org/glossary/#surrogate_code_point. */
function isCharacter(code: number): boolean {
  return (code < 0xd800 || code > 0xdfff) && code <= 0x10ffff;
}

/** @param value - the event that follows the key */
export function keyTrap(
  text: string,
  event: ScalarEvent,
  value: Event | undefined,
): string | undefined {
  if (event.valueStart === absent) return "a key is missing before this colon";
  const { valueStart, valueEnd } = event;
  // Nearly every key ends here.
  if (event.fast && valueEnd - valueStart > 2 && valueEnd - valueStart < keyCharsMax / 2) {
    return undefined;
  }
  const source = text.slice(valueStart, valueEnd);
  if (source.includes("\n")) return "a key cannot go over several lines: is a colon missing?";
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

/** An anchor counts as a part of its key. */
function firstOf({ anchorStart, valueStart }: ScalarEvent): number {
  return anchorStart === absent ? valueStart - 1 : anchorStart - 1;
}
