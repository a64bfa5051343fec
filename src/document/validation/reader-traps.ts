// What js-yaml understands, and another reader that counts refuses or reads as something else, apart from plain scalars: long keys, odd anchors,
// halves of characters. Found by holding five readers against each other: tests/document/validation/readers.
import { shorten } from "../../model/excerpt.ts";
import type { Fault } from "../../model/problem.ts";
import { type Event, EVENT_ID, SCALAR_STYLE } from "js-yaml";
import { keyCharsMax, keyTooLong } from "./document-limits.ts";
import { endOf, isQuoted, type ScalarEvent } from "./event-offsets.ts";
import type { FaultAt } from "./fault-at.ts";
import { absent } from "./parse-events.ts";

/**
 * @param behind - the character that follows it
 * @param isTaken - whether another anchor has the name already
 */
export function anchorTrap(name: string, behind: string, isTaken: boolean): Fault | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    return { code: "anchor_name" };
  }
  if (!/^[\s,\]}]?$/.test(behind)) return { code: "anchor_without_space" };
  return isTaken ? { code: "anchor_repeated", params: { name } } : undefined;
}

/** Of a plain scalar inside [ ] or { }. */
export function flowTrap(source: string): Fault | undefined {
  const mark = source.includes(":") ? "colon" : "question_mark";
  return /[:?]/.test(source)
    ? { code: "mark_in_brackets", params: { mark, source: shorten(source) } }
    : undefined;
}

/** Of a scalar that is more than the characters that stand there. */
export function scalarTrap(text: string, event: ScalarEvent): FaultAt | undefined {
  if (event.style !== SCALAR_STYLE.DOUBLE_QUOTED) return undefined;
  const source = text.slice(event.valueStart, event.valueEnd);
  for (const { 0: escape, 1: short, 2: long, 3: lines, index } of source.matchAll(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([ \t]*\r?\n[ \t]*\r?\n)|[^])/g,
  )) {
    const offset = event.valueStart + index;
    if (lines !== undefined) return { offset, fault: { code: "escaped_empty_line" } };
    const code = short ?? long;
    if (code === undefined || isCharacter(Number.parseInt(code, 16))) continue;
    return { offset, fault: { code: "no_character", params: { escape } } };
  }
  return undefined;
}

/** Halves of a pair are not: https://www.unicode.org/glossary/#surrogate_code_point. */
function isCharacter(code: number): boolean {
  return (code < 0xd800 || code > 0xdfff) && code <= 0x10ffff;
}

/**
 * @param value - the event that follows the key
 * @param around - what it stands in: { } is a map as in JSON, [ ] a list with a pair as its item
 */
export function keyTrap(
  text: string,
  event: ScalarEvent,
  value: Event | undefined,
  around: "{" | "[" | undefined,
): Fault | undefined {
  if (event.valueStart === absent) return { code: "key_missing" };
  const { valueStart, valueEnd } = event;
  const size = valueEnd - valueStart;
  const isNear = text.charCodeAt(endOf(event)) === colon;
  // JSON's own {"a":1} is read by all, ["a":1] is not.
  const isAsInJson = around === "{" && isNear && isQuoted(event);
  if (around !== undefined && !isAsInJson && isColonTight(text, endOf(event))) {
    return { code: "key_without_space" };
  }
  // Nearly every key ends here.
  if (isNear && event.fast && size > 2 && size < keyCharsMax / 2) return undefined;
  const source = text.slice(valueStart, valueEnd);
  if (source.includes("\n") || (!isNear && isColonBelow(text, event))) {
    return { code: "key_over_lines" };
  }
  if (text.indexOf(":", endOf(event)) - firstOf(event) > keyCharsMax) {
    return keyTooLong;
  }
  if (source !== "<<") return undefined;
  if (event.style === SCALAR_STYLE.PLAIN) {
    return { code: "key_is_merge" };
  }
  // Psych merges a map that stands there all the same.
  return isQuoted(event) && value?.type !== EVENT_ID.SCALAR
    ? { code: "quoted_key_is_merge" }
    : undefined;
}

const colon = 0x3a;
const spaceAndComments = /(?:[ \t\r\n]|(?<=\s)#[^\n]*)*/y;

function isColonTight(text: string, end: number): boolean {
  return /^\s*:\S/.test(text.slice(end, text.indexOf(":", end) + 2));
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
