// A document as a tree of values that know where they stand in its text: what comparing and merging work on. Equal values have equal numbers, so that two
// parts of any size are compared at once. Built from js-yaml's events, in time and memory that grow with the document, whatever its aliases pretend.
import { CHOMPING_MODE, COLLECTION_STYLE, type Event, EVENT_ID, getScalarValue } from "js-yaml";
import { aliasesMax, expandedNodesMax } from "../validation/document-limits.ts";
import { isBlock, isQuoted, type ScalarEvent } from "../validation/event-offsets.ts";
import { jsonEvents } from "../validation/json-events.ts";
import { isJson } from "../validation/json-syntax.ts";
import { absent, parseEvents } from "../validation/parse-events.ts";
import { behindBlanks, isBlank, nextLine } from "./text-lines.ts";
import type { ValueNumbers } from "./value-numbers.ts";

/** Offsets in the text. */
interface Span {
  /** Its anchor and tag included; of an empty one, where it is missing. */
  readonly start: number;
  /** Behind it, at least the content of a block, without the comments behind it. */
  readonly end: number;
}

interface Value extends Span {
  /** The same for equal values of one {@link ValueNumbers}, and for no others; the order of keys does not matter. */
  readonly id: number;
  /** Behind anchor and tag. */
  readonly contentStart: number;
  /** How many values it unfolds to. */
  readonly size: number;
  readonly tag?: string;
}

interface ScalarNode extends Value {
  readonly kind: "scalar";
  readonly style: "plain" | "quoted" | "block";
  /** What it says, without quotes, lines folded. */
  readonly text: string;
}

export interface ListNode extends Value {
  readonly kind: "list";
  readonly isFlow: boolean;
  readonly items: readonly TreeNode[];
}

export interface MapNode extends Value {
  readonly kind: "map";
  readonly isFlow: boolean;
  /** Its text has more than one line. */
  readonly isBroken: boolean;
  readonly entries: readonly Entry[];
  /** Of a map with many entries each by its name; a few are looked through faster. */
  readonly byName: ReadonlyMap<string, Entry> | undefined;
}

interface AliasNode extends Value {
  readonly kind: "alias";
  readonly target: ContentNode;
}

export type ContentNode = ScalarNode | ListNode | MapNode;
export type TreeNode = ContentNode | AliasNode;

export interface Entry {
  readonly name: string;
  /** The number of its name, as a text. */
  readonly nameId: number;
  /** Its place among the entries of its map, from 0. */
  readonly index: number;
  readonly key: Span;
  readonly value: TreeNode;
}

/** So many entries are looked through. */
const fewEntries = 8;

export function entryOf({ entries, byName }: MapNode, name: string): Entry | undefined {
  return byName === undefined ? entries.find((entry) => entry.name === name) : byName.get(name);
}

/** What a node says, whether it stands there or an alias does. */
export function contentOf(node: TreeNode): ContentNode {
  return node.kind === "alias" ? node.target : node;
}

/** @returns undefined for what is not one valid document, and for what a check refuses as too much */
export function readTree(text: string, numbers: ValueNumbers): TreeNode | undefined {
  // JSON may be written in ways that YAML does not take.
  const parsed = isJson(text) ? jsonEvents(text) : parseEvents(text);
  if (parsed.kind !== "events") return undefined;
  const { events } = parsed;
  const isOne = events.filter(({ type }) => type === EVENT_ID.DOCUMENT).length === 1;
  if (!isOne) return undefined;
  try {
    const root = readEvents(text, events, numbers);
    return root.start === root.end ? undefined : root;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** Thrown where a check would refuse the document. */
class Refused extends Error {}

type Collection = Extract<Event, { readonly start: number }>;

/** @throws Refused */
function readEvents(text: string, events: readonly Event[], numbers: ValueNumbers): TreeNode {
  /** undefined while the node itself is being read: it cannot hold itself. */
  const anchors = new Map<string, ContentNode | undefined>();
  let at = 1;
  /** Behind what was read last. */
  let cursor = 0;
  let aliases = 0;
  let expanded = 0;

  function readNode(): TreeNode {
    const event = events[at];
    at += 1;
    switch (event?.type) {
      case EVENT_ID.ALIAS:
        return readAlias(event.anchorStart, event.anchorEnd);
      case EVENT_ID.SCALAR:
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING: {
        const name = nameAnchor(event);
        const content = readContent(event);
        const node = event.tagStart === absent ? content : tagged(content, event);
        if (name !== undefined) anchors.set(name, node);
        return node;
      }
      default:
        throw new Error(`no node begins with event ${at - 1}`);
    }
  }

  function readContent(event: ScalarEvent | Collection): ContentNode {
    if (event.type === EVENT_ID.SCALAR) return readScalar(event);
    return event.type === EVENT_ID.MAPPING ? readMap(event) : readList(event);
  }

  /** A tag makes another value of it. */
  function tagged(node: ContentNode, { tagStart, tagEnd }: ScalarEvent | Collection): ContentNode {
    const tag = text.slice(tagStart, tagEnd);
    return { ...node, tag, id: numbers.tagged(tag, node.id) };
  }

  function nameAnchor({ anchorStart, anchorEnd }: ScalarEvent | Collection): string | undefined {
    if (anchorStart === absent) return undefined;
    const name = text.slice(anchorStart, anchorEnd);
    anchors.set(name, undefined);
    return name;
  }

  function readAlias(nameStart: number, end: number): AliasNode {
    aliases += 1;
    const target = anchors.get(text.slice(nameStart, end));
    if (target === undefined || aliases > aliasesMax) throw new Refused();
    expanded += target.size;
    if (expanded > expandedNodesMax) throw new Refused();
    const start = nameStart - 1;
    cursor = end;
    const { id, size } = target;
    return { kind: "alias", id, target, start, contentStart: start, end, size };
  }

  function readScalar(event: ScalarEvent): ScalarNode {
    const says = getScalarValue(text, event);
    const contentStart = contentStartOf(event);
    const start = startOf(event, contentStart);
    const style = styleOf(event);
    const end = endOf(text, event, contentStart, style);
    cursor = end;
    const isPlain = style === "plain" && event.tagStart === absent;
    const id = isPlain ? numbers.plain(says) : numbers.text(says);
    return { kind: "scalar", id, style, text: says, start, contentStart, end, size: 1 };
  }

  function contentStartOf(event: ScalarEvent): number {
    if (isQuoted(event)) return event.valueStart - 1;
    if (!isBlock(event) && event.valueStart !== absent) return event.valueStart;
    const start = Math.max(event.anchorEnd, event.tagEnd, behindIndicator(text, cursor));
    // The header of a block is on a line before its content, which may begin with empty lines.
    return isBlock(event) ? behindBlanks(text, start) : start;
  }

  function readList(event: Collection): ListNode {
    const contentStart = event.start;
    const start = startOf(event, contentStart);
    cursor = contentStart;
    const items: TreeNode[] = [];
    let size = 1;
    while (events[at]?.type !== EVENT_ID.POP) {
      const item = readNode();
      items.push(item);
      size += item.size;
    }
    const id = numbers.list(items.map(({ id }) => id));
    const { isFlow, end } = closed(event, contentStart);
    return { kind: "list", id, isFlow, items, start, contentStart, end, size };
  }

  /** A key needs no number of its own kind: 1 and "1" are one key. */
  function readKey(): Span & { readonly text: string } {
    const event = events[at];
    if (event?.type !== EVENT_ID.SCALAR) throw new Refused();
    if (event.anchorStart !== absent || event.tagStart !== absent) {
      const { text, start, end } = readNode() as ScalarNode;
      return { text, start, end };
    }
    at += 1;
    const start = contentStartOf(event);
    const end = endOf(text, event, start, styleOf(event));
    cursor = end;
    return { text: getScalarValue(text, event), start, end };
  }

  function readMap(event: Collection): MapNode {
    const contentStart = event.start;
    const start = startOf(event, contentStart);
    cursor = contentStart;
    const entries: Entry[] = [];
    let byName: Map<string, Entry> | undefined;
    const pairs: number[] = [];
    let size = 1;
    while (events[at]?.type !== EVENT_ID.POP) {
      const key = readKey();
      const value = readNode();
      const name = key.text;
      const nameId = numbers.text(name);
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
    const id = numbers.map(pairs);
    const { isFlow, end } = closed(event, contentStart);
    const isBroken = text.slice(contentStart, end).includes("\n");
    return { kind: "map", id, isFlow, isBroken, entries, byName, start, contentStart, end, size };
  }

  function closed(event: Collection, contentStart: number): { isFlow: boolean; end: number } {
    at += 1;
    const isFlow = event.style === COLLECTION_STYLE.FLOW;
    // A pair that stands in a list by itself, [a: 1], has no brackets.
    if (isFlow && isBracket(text.charCodeAt(contentStart))) {
      cursor = behindBlanks(text, Math.max(cursor, contentStart + 1));
      while (cursor < text.length && !isBracket(text.charCodeAt(cursor))) {
        cursor = behindBlanks(text, cursor + 1);
      }
      cursor += 1;
    }
    return { isFlow, end: cursor };
  }

  return readNode();
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
