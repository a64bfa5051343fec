// Where an event's node is in the text. js-yaml gives scalars the place of their content, without quotes or the header of a block, and
// empty ones no place at all.
import { type Event, EVENT_ID, SCALAR_STYLE } from "js-yaml";
import { absent } from "./parse-events.ts";

export type ScalarEvent = Extract<Event, { readonly type: typeof EVENT_ID.SCALAR }>;

export function isQuoted({ style }: ScalarEvent): boolean {
  return style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
}

export function isBlock({ style }: ScalarEvent): boolean {
  return style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;
}

/** @returns the offset of the node's first character, its anchor and tag left out; for an empty one that of the place where it is missing */
export function startOf(text: string, events: readonly Event[], index: number): number {
  const event = events[index];
  switch (event?.type) {
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return event.start;
    case EVENT_ID.ALIAS:
      return event.anchorStart - 1;
    case EVENT_ID.SCALAR:
      if (event.valueStart === absent) return emptyAt(text, events, index);
      if (isBlock(event)) return blockHeader(text, event.valueStart, endBefore(events, index));
      return isQuoted(event) ? event.valueStart - 1 : event.valueStart;
    default:
      return 0;
  }
}

/** Behind the last character of a scalar or an alias; a list or a map ends with what is in it. */
export function endOf(event: Event): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      if (event.valueEnd === absent) return Math.max(event.anchorEnd, event.tagEnd);
      return isQuoted(event) ? event.valueEnd + 1 : event.valueEnd;
    case EVENT_ID.ALIAS:
      return event.anchorEnd;
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return event.start;
    default:
      return absent;
  }
}

/** Behind what is written before the event. */
export function endBefore(events: readonly Event[], index: number): number {
  for (let before = index - 1; before >= 0; before -= 1) {
    const event = events[before];
    const end = event === undefined ? absent : endOf(event);
    if (end !== absent) return end;
  }
  return 0;
}

/** `|` or `>`: the line before the content has it, behind the key. */
function blockHeader(text: string, contentStart: number, from: number): number {
  const header = /[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\r?$/.exec(
    text.slice(from, Math.max(from, contentStart - 1)),
  );
  return header === null ? contentStart : from + header.index;
}

/** Behind the colon or the dash that nothing follows; spaces, brackets and comments may stand before it. */
function emptyAt(text: string, events: readonly Event[], index: number): number {
  const event = events[index];
  const own = event === undefined ? absent : endOf(event);
  if (own !== absent) return own;
  const from = endBefore(events, index);
  const indicator = /^(?:[\s[\]{},]|#[^\n]*)*[:?-]/.exec(
    text.slice(from, from + indicatorCharsMax),
  );
  return from + (indicator?.[0].length ?? 0);
}

const indicatorCharsMax = 1000;
