// Builds a document's tree from js-yaml's events, in time and memory that grow with the document, whatever its aliases pretend.
import { CHOMPING_MODE, COLLECTION_STYLE, type Event, EVENT_ID, getScalarValue } from "js-yaml";
import { aliasesMax, expandedNodesMax } from "../validation/document-limits.ts";
import { isBlock, isQuoted, type ScalarEvent } from "../validation/event-offsets.ts";
import { jsonEvents } from "../validation/json-events.ts";
import { isJson } from "../validation/json-syntax.ts";
import { absent, parseEvents } from "../validation/parse-events.ts";
import { behindBlanks, isBlank, nextLine } from "./text-lines.ts";
import {
  type AliasNode,
  type ContentNode,
  type Entry,
  fewEntries,
  type ListNode,
  type MapNode,
  type ScalarNode,
  type Span,
  type TreeNode,
} from "./document-tree.ts";
import type { ValueNumbers } from "./value-numbers.ts";

/** @returns undefined for what is not one valid document, and for what a check refuses as too much */
export function readTree(text: string, numbers: ValueNumbers): TreeNode | undefined {
  // JSON may be written in ways that YAML does not take.
  const parsed = isJson(text) ? jsonEvents(text) : parseEvents(text);
  if (parsed.kind !== "events") return undefined;
  const { events } = parsed;
  const isOne = events.filter(({ type }) => type === EVENT_ID.DOCUMENT).length === 1;
  if (!isOne) return undefined;
  try {
    const reading: Reading = {
      text,
      events,
      numbers,
      anchors: new Map(),
      at: 1,
      cursor: 0,
      aliases: 0,
      expanded: 0,
    };
    const root = readNode(reading);
    return root.start === root.end ? undefined : root;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** Thrown where a check would refuse the document. */
class Refused extends Error {}

type Collection = Extract<Event, { readonly start: number }>;

/** Where the reading of a document is: a value, since functions that were made anew for each document lost their compiled code again and again. */
interface Reading {
  readonly text: string;
  readonly events: readonly Event[];
  readonly numbers: ValueNumbers;
  /** undefined while the node itself is being read: it cannot hold itself. */
  readonly anchors: Map<string, ContentNode | undefined>;
  /** The index of the event that is next. */
  at: number;
  /** Behind what was read last. */
  cursor: number;
  aliases: number;
  expanded: number;
}

/** @throws Refused */
function readNode(reading: Reading): TreeNode {
  const event = reading.events[reading.at];
  reading.at += 1;
  switch (event?.type) {
    case EVENT_ID.ALIAS:
      return readAlias(reading, event.anchorStart, event.anchorEnd);
    case EVENT_ID.SCALAR:
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING: {
      const name = nameAnchor(reading, event);
      const content = readContent(reading, event);
      const node = event.tagStart === absent ? content : tagged(reading, content, event);
      if (name !== undefined) reading.anchors.set(name, node);
      return node;
    }
    default:
      throw new Error(`no node begins with event ${reading.at - 1}`);
  }
}

function readContent(reading: Reading, event: ScalarEvent | Collection): ContentNode {
  if (event.type === EVENT_ID.SCALAR) return readScalar(reading, event);
  return event.type === EVENT_ID.MAPPING ? readMap(reading, event) : readList(reading, event);
}

/** A tag makes another value of it. */
function tagged(
  reading: Reading,
  node: ContentNode,
  { tagStart, tagEnd }: ScalarEvent | Collection,
): ContentNode {
  const tag = reading.text.slice(tagStart, tagEnd);
  return { ...node, tag, id: reading.numbers.tagged(tag, node.id) };
}

function nameAnchor(
  reading: Reading,
  { anchorStart, anchorEnd }: ScalarEvent | Collection,
): string | undefined {
  if (anchorStart === absent) return undefined;
  const name = reading.text.slice(anchorStart, anchorEnd);
  reading.anchors.set(name, undefined);
  return name;
}

function readAlias(reading: Reading, nameStart: number, end: number): AliasNode {
  reading.aliases += 1;
  const target = reading.anchors.get(reading.text.slice(nameStart, end));
  if (target === undefined || reading.aliases > aliasesMax) throw new Refused();
  reading.expanded += target.size;
  if (reading.expanded > expandedNodesMax) throw new Refused();
  const start = nameStart - 1;
  reading.cursor = end;
  const { id, size } = target;
  return { kind: "alias", id, target, start, contentStart: start, end, size };
}

function readScalar(reading: Reading, event: ScalarEvent): ScalarNode {
  const says = getScalarValue(reading.text, event);
  const contentStart = contentStartOf(reading, event);
  const start = startOf(event, contentStart);
  const style = styleOf(event);
  const end = endOf(reading.text, event, contentStart, style);
  reading.cursor = end;
  const isPlain = style === "plain" && event.tagStart === absent;
  const id = isPlain ? reading.numbers.plain(says) : reading.numbers.text(says);
  return { kind: "scalar", id, style, text: says, start, contentStart, end, size: 1 };
}

function contentStartOf(reading: Reading, event: ScalarEvent): number {
  if (isQuoted(event)) return event.valueStart - 1;
  if (!isBlock(event) && event.valueStart !== absent) return event.valueStart;
  const start = Math.max(
    event.anchorEnd,
    event.tagEnd,
    behindIndicator(reading.text, reading.cursor),
  );
  // The header of a block is on a line before its content, which may begin with empty lines.
  return isBlock(event) ? behindBlanks(reading.text, start) : start;
}

function readList(reading: Reading, event: Collection): ListNode {
  const contentStart = event.start;
  const start = startOf(event, contentStart);
  reading.cursor = contentStart;
  const items: TreeNode[] = [];
  let size = 1;
  while (reading.events[reading.at]?.type !== EVENT_ID.POP) {
    const item = readNode(reading);
    items.push(item);
    size += item.size;
  }
  const id = reading.numbers.list(items.map(({ id }) => id));
  const { isFlow, end } = closed(reading, event, contentStart);
  return { kind: "list", id, isFlow, items, start, contentStart, end, size };
}

/** A key needs no number of its own kind: 1 and "1" are one key. */
function readKey(reading: Reading): Span & { readonly text: string } {
  const event = reading.events[reading.at];
  if (event?.type !== EVENT_ID.SCALAR) throw new Refused();
  if (event.anchorStart !== absent || event.tagStart !== absent) {
    const { text, start, end } = readNode(reading) as ScalarNode;
    return { text, start, end };
  }
  reading.at += 1;
  const start = contentStartOf(reading, event);
  const end = endOf(reading.text, event, start, styleOf(event));
  reading.cursor = end;
  return { text: getScalarValue(reading.text, event), start, end };
}

function readMap(reading: Reading, event: Collection): MapNode {
  const contentStart = event.start;
  const start = startOf(event, contentStart);
  reading.cursor = contentStart;
  const entries: Entry[] = [];
  let byName: Map<string, Entry> | undefined;
  const pairs: number[] = [];
  let size = 1;
  while (reading.events[reading.at]?.type !== EVENT_ID.POP) {
    const key = readKey(reading);
    const value = readNode(reading);
    const name = key.text;
    const nameId = reading.numbers.text(name);
    if (entries.length === fewEntries)
      byName = new Map(entries.map((known) => [known.name, known]));
    const isTwice = byName?.has(name) ?? entries.some((known) => known.nameId === nameId);
    if (isTwice) throw new Refused();
    const entry = { name, nameId, index: entries.length, key, value };
    byName?.set(name, entry);
    entries.push(entry);
    pairs.push(nameId, value.id);
    size += value.size;
  }
  const id = reading.numbers.map(pairs);
  const { isFlow, end } = closed(reading, event, contentStart);
  const isBroken = reading.text.slice(contentStart, end).includes("\n");
  return { kind: "map", id, isFlow, isBroken, entries, byName, start, contentStart, end, size };
}

function closed(
  reading: Reading,
  event: Collection,
  contentStart: number,
): { isFlow: boolean; end: number } {
  reading.at += 1;
  const isFlow = event.style === COLLECTION_STYLE.FLOW;
  // A pair that stands in a list by itself, [a: 1], has no brackets.
  if (isFlow && isBracket(reading.text.charCodeAt(contentStart))) {
    reading.cursor = behindBlanks(reading.text, Math.max(reading.cursor, contentStart + 1));
    while (
      reading.cursor < reading.text.length &&
      !isBracket(reading.text.charCodeAt(reading.cursor))
    ) {
      reading.cursor = behindBlanks(reading.text, reading.cursor + 1);
    }
    reading.cursor += 1;
  }
  return { isFlow, end: reading.cursor };
}

function startOf({ anchorStart, tagStart }: ScalarEvent | Collection, content: number): number {
  const anchor = anchorStart === absent ? content : anchorStart - 1;
  return Math.min(content, anchor, tagStart === absent ? content : tagStart);
}

function styleOf(event: ScalarEvent): ScalarNode["style"] {
  if (isBlock(event)) return "block";
  return isQuoted(event) ? "quoted" : "plain";
}

function endOf(
  text: string,
  event: ScalarEvent,
  contentStart: number,
  style: ScalarNode["style"],
): number {
  if (style === "quoted") return event.valueEnd + 1;
  const end = Math.max(contentStart, event.valueEnd);
  if (style === "plain" || event.chomping === CHOMPING_MODE.KEEP) return end;
  // The empty lines behind it are none of it.
  let last = end;
  while (last > contentStart && isBlank(text, last - 1)) last -= 1;
  return Math.min(nextLine(text, last), end);
}

/** One of []{}. */
function isBracket(code: number): boolean {
  return (code | 0x20) === 0x7b || (code | 0x20) === 0x7d;
}

/** Behind the colon or the dash that stands next, over spaces and comments. */
function behindIndicator(text: string, from: number): number {
  const next = behindBlanks(text, from);
  return /[-:?]/.test(text[next] ?? "") ? next + 1 : from;
}
