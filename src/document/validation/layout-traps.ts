// Where readers differ on spaces, tabs and the marks around a document: what one takes for a separation another refuses.
import type { Fault } from "../../model/problem.ts";
import { CHOMPING_MODE, type Event, EVENT_ID } from "js-yaml";
import type { FaultAt } from "./fault-at.ts";
import { endBefore, endOf, isBlock, isQuoted, type ScalarEvent, startOf } from "./event-offsets.ts";
import { absent } from "./parse-events.ts";

export function layoutTraps(text: string, events: readonly Event[]): readonly FaultAt[] {
  return [...tabTraps(text, events), ...markTraps(text, events), ...blockTraps(text, events)];
}

/** Some readers count the mark as a column, by which what begins on the first line no longer stands above the next ones. */
export function isShiftedByMark(mark: string, text: string): boolean {
  return mark !== "" && /^(?:-\s| )/.test(text);
}

/** Tabs are fine in comments, in quotes, and in a block behind its indentation. */
function tabTraps(text: string, events: readonly Event[]): readonly FaultAt[] {
  if (!text.includes("\t")) return [];
  const scalars = events.filter(isWritten);
  const traps: FaultAt[] = [];
  let next = 0;
  for (let tab = text.indexOf("\t"); tab !== -1; tab = text.indexOf("\t", tab + 1)) {
    while ((scalars[next]?.valueStart ?? Infinity) <= tab) next += 1;
    const lineStart = text.lastIndexOf("\n", tab) + 1;
    if (isTabFine(text, lineStart, tab, scalars[next - 1])) continue;
    traps.push({ offset: tab, fault: { code: "tab" } });
    // One a line is enough.
    const lineEnd = text.indexOf("\n", tab);
    tab = lineEnd === -1 ? text.length : lineEnd;
  }
  return traps;
}

function isWritten(event: Event): event is ScalarEvent {
  return event.type === EVENT_ID.SCALAR && event.valueStart !== absent;
}

function isTabFine(
  text: string,
  lineStart: number,
  tab: number,
  scalar: ScalarEvent | undefined,
): boolean {
  const before = text.slice(lineStart, tab);
  if (scalar !== undefined && tab < scalar.valueEnd) {
    if (isQuoted(scalar)) return true;
    const above = text.slice(scalar.valueStart, lineStart);
    return isBlock(scalar) && isBehindIndent(before, above, scalar.indent);
  }
  const gap = before.slice(Math.max(0, (scalar === undefined ? 0 : endOf(scalar)) - lineStart));
  return /(?:^|\s)#/.test(gap);
}

/** A line of a block begins with its indentation, which the first line that is not empty decides. */
function isBehindIndent(before: string, above: string, indent: number): boolean {
  return /\S/.test(before) || (before.length >= indent && above.trim() !== "");
}

/** `...` ends a document: before one it says nothing, a second one ends nothing, and not all readers take them. */
function markTraps(text: string, events: readonly Event[]): readonly FaultAt[] {
  const end = /^(?:[ \t]*(?:#.*)?\r?\n)*\.\.\.(?=\s|$)/.exec(text);
  if (end !== null) {
    return [{ offset: end[0].length - 3, fault: { code: "end_mark_before_document" } }];
  }
  const start = /^(?:[ \t]*(?:#.*)?\r?\n)*[ \t]+---(?=\s|$)/.exec(text);
  if (start !== null) {
    return [{ offset: start[0].length - 3, fault: { code: "spaces_before_document_mark" } }];
  }
  const [, second] = text.matchAll(/^\.\.\.(?=\s|$)/gm);
  if (second !== undefined) return [{ offset: second.index, fault: { code: "second_end_mark" } }];
  const root = events[1];
  return root?.type === EVENT_ID.SCALAR && isBlock(root)
    ? [{ offset: root.valueStart - 1, fault: { code: "block_is_document" } }]
    : [];
}

function blockTraps(text: string, events: readonly Event[]): readonly FaultAt[] {
  if (!/[|>]/.test(text)) return [];
  const traps: FaultAt[] = [];
  for (const [index, event] of events.entries()) {
    if (event.type !== EVENT_ID.SCALAR || !isBlock(event)) continue;
    const offset = startOf(text, events, index);
    const fault = blockTrap(text, text.slice(offset, event.valueStart), event);
    if (fault !== undefined) traps.push({ offset, fault });
  }
  return traps;
}

/** @param header - `|` or `>` and what follows it on its line */
function blockTrap(text: string, header: string, event: ScalarEvent): Fault | undefined {
  const content = text.slice(event.valueStart, event.valueEnd);
  if (/^[|>][-+]?[0-9]/.test(header) && /^ +\r?$/m.test(content)) {
    return { code: "block_with_spaces_on_empty_line" };
  }
  return endsOpen(text, event) ? { code: "block_ends_open" } : undefined;
}

/** Whether the last line of the file belongs to the block and is not closed, and its line break or its spaces count. */
function endsOpen(text: string, { valueStart, valueEnd, chomping }: ScalarEvent): boolean {
  if (valueEnd < text.length || valueEnd === valueStart || text.endsWith("\n")) return false;
  return chomping !== CHOMPING_MODE.STRIP || /(?:^|\n) *$/.test(text);
}

/**
 * A comment between a key or a dash and the scalar that belongs to it.
 * @param index - of a scalar or an alias that is no key
 */
export function commentTrap(
  text: string,
  events: readonly Event[],
  index: number,
): FaultAt | undefined {
  const event = events[index];
  const isAlone =
    event?.type === EVENT_ID.ALIAS ||
    (event?.type === EVENT_ID.SCALAR && event.valueStart !== absent && !isBlock(event));
  if (!isAlone) return undefined;
  const from = endBefore(events, index);
  const gap = text.slice(from, startOf(text, events, index));
  const comment = gap.includes("#") ? commentBehindIndicator(gap) : undefined;
  return comment === undefined
    ? undefined
    : { offset: from + comment, fault: { code: "comment_before_value" } };
}

/** @returns the offset of the first comment that follows the last dash or colon */
function commentBehindIndicator(gap: string): number | undefined {
  let found: number | undefined;
  const lines = gap.split("\n");
  let start = gap.length + 1;
  for (const line of lines.toReversed()) {
    start -= line.length + 1;
    const comment = line.search(/(?:^|\s)#/);
    if (comment !== -1) found = start + comment;
    const content = line
      .slice(0, comment === -1 ? undefined : comment)
      .replace(/&\S+/, "")
      .trim();
    if (content !== "") return /[-:?]$/.test(content) ? found : undefined;
  }
  return undefined;
}
