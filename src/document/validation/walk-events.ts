// One pass over a document's events: builds the plain value that the schema looks at, and finds what no schema can see, such as a key written
// twice, or a value that readers read differently. Time and memory grow with the document, whatever its aliases pretend.
import { type Event, EVENT_ID, getScalarValue, SCALAR_STYLE } from "js-yaml";
import { aliasesMax, depthMax, expandedNodesMax } from "./document-limits.ts";
import type { DocumentSyntax } from "./document-syntax.ts";
import { isQuoted, type ScalarEvent, startOf } from "./event-offsets.ts";
import { entriesOf, nodeEnds } from "./event-tree.ts";
import { exactNumber } from "./exact-number.ts";
import type { LinePositions } from "./line-positions.ts";
import { absent } from "./parse-events.ts";
import { readPlainKey, readPlainScalar } from "./plain-scalar.ts";
import type { Problem } from "./problem.ts";
import { type PathStep, pathText, quoted } from "./problem-path.ts";
import { anchorTrap, keyTrap, scalarTrap } from "./reader-traps.ts";
import { tagText } from "./tag-words.ts";

/** More problems than this are counted, not kept; far more than are listed. */
const problemsKeptMax = 1000;

export interface WalkedDocument {
  /** Where there are problems, parts of it may be null. */
  readonly value: unknown;
  /** The first ones, in the document's order. */
  readonly problems: readonly Problem[];
  readonly total: number;
  /** For each alias the node that it stands for, both as indexes of events. */
  readonly aliasTargets: ReadonlyMap<number, number>;
}

/** `double` as schemas know them; `exact` where what is written counts: see {@link ExactNumber}. */
export type NumberReading = "double" | "exact";

interface WalkOptions {
  readonly text: string;
  readonly events: readonly Event[];
  readonly lines: LinePositions;
  /** JSON has one reading: what YAML's readers disagree on does not matter in it. */
  readonly syntax: DocumentSyntax;
  readonly numbers: NumberReading;
}

interface Walk extends WalkOptions {
  /** The index of the event that is next. */
  at: number;
  readonly path: PathStep[];
  readonly anchors: Map<string, Anchored>;
  readonly aliasTargets: Map<number, number>;
  /** Of maps with a key written twice, by the map's index: where each key is written first. */
  readonly firstKeys: Map<number, ReadonlyMap<string, number>>;
  readonly problems: Problem[];
  total: number;
  aliases: number;
  /** So far, with all aliases unfolded: what a node unfolds to is the difference before and after it. */
  nodes: number;
  expandedNodes: number;
}

interface Anchored {
  readonly index: number;
  value: unknown;
  /** With all aliases inside unfolded; undefined while the node itself is being walked. */
  nodes: number | undefined;
}

/** @param options - `events` are those of one document, whose root is the second one */
export function walkEvents(options: WalkOptions): WalkedDocument {
  const walk: Walk = {
    ...options,
    at: 1,
    path: [],
    anchors: new Map(),
    aliasTargets: new Map(),
    firstKeys: new Map(),
    problems: [],
    total: 0,
    aliases: 0,
    nodes: 0,
    expandedNodes: 0,
  };
  const value = walkNode(walk);
  const { problems, total, aliasTargets } = walk;
  return { value, problems, total, aliasTargets };
}

function report(
  walk: Walk,
  index: number,
  message: string,
  // A path of a hundred steps helps nobody; the line and column do.
  path: readonly PathStep[] = walk.path,
): void {
  reportAt(walk, startOf(walk.text, walk.events, index), message, path);
}

function reportAt(
  walk: Walk,
  offset: number,
  message: string,
  path: readonly PathStep[] = walk.path,
): void {
  walk.total += 1;
  if (walk.problems.length >= problemsKeptMax) return;
  walk.problems.push({ ...walk.lines.position(offset), path: pathText(path), message });
}

/** @returns the node's plain value; null where it is refused */
function walkNode(walk: Walk): unknown {
  const index = walk.at;
  const event = walk.events[index];
  walk.at += 1;
  walk.nodes += 1;
  switch (event?.type) {
    case EVENT_ID.ALIAS:
      return walkAlias(walk, index, walk.text.slice(event.anchorStart, event.anchorEnd));
    case EVENT_ID.SCALAR:
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING: {
      if (event.tagStart !== absent) reportTag(walk, index, event);
      if (event.anchorStart === absent) return walkContent(walk, index, event);
      const anchored = anchor(walk, index, event);
      const before = walk.nodes - 1;
      anchored.value = walkContent(walk, index, event);
      anchored.nodes = walk.nodes - before;
      return anchored.value;
    }
    default:
      throw new Error(`no node begins with event ${index}`);
  }
}

type ContentEvent = Extract<Event, { readonly tagStart: number }>;

function walkContent(walk: Walk, index: number, event: ContentEvent): unknown {
  if (event.type === EVENT_ID.SCALAR) return walkScalar(walk, index, event);
  if (walk.path.length >= depthMax) {
    report(walk, index, `is nested deeper than ${depthMax} levels`, []);
    skipRest(walk);
    return null;
  }
  return event.type === EVENT_ID.MAPPING ? walkMap(walk, index) : walkList(walk);
}

/** Goes on behind the list or map that has begun. */
function skipRest(walk: Walk): void {
  for (let open = 1; open > 0; walk.at += 1) {
    const type = walk.events[walk.at]?.type;
    if (type === EVENT_ID.POP) open -= 1;
    else if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) open += 1;
  }
}

function reportTag(walk: Walk, index: number, event: ContentEvent): void {
  const tag = walk.text.slice(event.tagStart, event.tagEnd);
  const content = event.type === EVENT_ID.SCALAR ? getScalarValue(walk.text, event) : undefined;
  report(walk, index, tagText(tag, content));
}

function anchor(walk: Walk, index: number, event: ContentEvent): Anchored {
  const name = walk.text.slice(event.anchorStart, event.anchorEnd);
  const trap = walk.syntax === "json" ? undefined : anchorTrap(name, walk.anchors.has(name));
  if (trap !== undefined) reportAt(walk, event.anchorStart - 1, trap);
  const anchored: Anchored = { index, value: null, nodes: undefined };
  walk.anchors.set(name, anchored);
  return anchored;
}

function walkScalar(walk: Walk, index: number, event: ScalarEvent): unknown {
  const source = getScalarValue(walk.text, event);
  if (walk.syntax === "json") return isQuoted(event) ? source : jsonScalar(walk, index, source);
  if (!event.fast) {
    const trap = scalarTrap(walk.text, event);
    if (trap !== undefined) reportAt(walk, trap.offset, trap.message);
  }
  if (event.style !== SCALAR_STYLE.PLAIN || event.tagStart !== absent) return source;
  const read = readPlainScalar(source);
  if (read.kind === "refused") {
    report(walk, index, read.message);
    return source;
  }
  return exactly(walk, read.value, source);
}

function exactly(walk: Walk, value: unknown, source: string): unknown {
  return walk.numbers === "exact" && typeof value === "number" ? exactNumber(value, source) : value;
}

/** Its syntax is known to be right. */
function jsonScalar(walk: Walk, index: number, source: string): unknown {
  const value: unknown = JSON.parse(source);
  if (typeof value === "number" && !Number.isFinite(value)) {
    report(walk, index, `must be a finite number, got ${quoted(source)}`);
  }
  return exactly(walk, value, source);
}

function walkAlias(walk: Walk, index: number, name: string): unknown {
  walk.aliases += 1;
  if (walk.aliases > aliasesMax) {
    // Told once: one more does not help to find it.
    if (walk.aliases === aliasesMax + 1) {
      report(walk, index, `is one of more than ${aliasesMax} aliases`);
    }
    return null;
  }
  const anchored = walk.anchors.get(name);
  if (anchored === undefined) {
    report(walk, index, `is an alias of ${quoted(name)}, which no anchor before it names`);
    return null;
  }
  if (anchored.nodes === undefined) {
    report(walk, index, `is an alias of ${quoted(name)}, which contains this very alias`);
    return null;
  }
  walk.aliasTargets.set(index, anchored.index);
  const before = walk.expandedNodes;
  walk.expandedNodes += anchored.nodes;
  if (walk.expandedNodes > expandedNodesMax) {
    if (before <= expandedNodesMax) {
      report(walk, index, `makes the aliases unfold to more than ${expandedNodesMax} values`);
    }
    return null;
  }
  walk.nodes += anchored.nodes - 1;
  return anchored.value;
}

function walkList(walk: Walk): unknown {
  const value: unknown[] = [];
  while (walk.events[walk.at]?.type !== EVENT_ID.POP) {
    walk.path.push(value.length);
    value.push(walkNode(walk));
    walk.path.pop();
  }
  walk.at += 1;
  return value;
}

function walkMap(walk: Walk, index: number): unknown {
  const value: Record<string, unknown> = {};
  while (walk.events[walk.at]?.type !== EVENT_ID.POP) {
    const keyIndex = walk.at;
    const key = walkKey(walk);
    walk.path.push(key?.name ?? "?");
    if (key?.problem !== undefined) report(walk, keyIndex, key.problem);
    const isTwice = key !== undefined && Object.hasOwn(value, key.name);
    if (isTwice) reportTwice(walk, index, keyIndex, key.name);
    const walked = walkNode(walk);
    walk.path.pop();
    // "__proto__" would change the object instead of filling it; walkKey refused it.
    if (key !== undefined) value[key.name] = walked;
  }
  walk.at += 1;
  return value;
}

interface WalkedKey {
  readonly name: string;
  readonly problem?: string | undefined;
}

/** @returns undefined for what cannot be a key, which is then reported */
function walkKey(walk: Walk): WalkedKey | undefined {
  const index = walk.at;
  const event = walk.events[index];
  walk.at += 1;
  if (event?.type !== EVENT_ID.SCALAR) {
    report(walk, index, "has a key that is not a plain text: write the key out");
    if (event?.type !== EVENT_ID.ALIAS) skipRest(walk);
    return undefined;
  }
  const name = getScalarValue(walk.text, event);
  if (name === "__proto__") {
    report(walk, index, `the key ${name} is not accepted: choose another name`);
    return undefined;
  }
  if (walk.syntax === "json") return { name };
  if (event.tagStart !== absent) reportTag(walk, index, event);
  if (event.anchorStart !== absent) {
    const anchored = anchor(walk, index, event);
    anchored.value = name;
    anchored.nodes = 1;
  }
  if (!event.fast) {
    const trap = scalarTrap(walk.text, event);
    if (trap !== undefined) reportAt(walk, trap.offset, trap.message);
  }
  const trap = keyTrap(walk.text, event, walk.events[walk.at]);
  if (trap !== undefined || event.style !== SCALAR_STYLE.PLAIN) return { name, problem: trap };
  if (event.tagStart !== absent) return { name };
  const read = readPlainKey(name);
  return read.kind === "key" ? { name } : { name, problem: read.message };
}

function reportTwice(walk: Walk, map: number, second: number, key: string): void {
  let firsts = walk.firstKeys.get(map);
  if (firsts === undefined) {
    firsts = firstKeysOf(walk, map);
    walk.firstKeys.set(map, firsts);
  }
  const offset = startOf(walk.text, walk.events, second);
  const firstLine = walk.lines.position(firsts.get(key) ?? offset).line;
  const secondLine = walk.lines.position(offset).line;
  const where =
    firstLine === secondLine
      ? `twice on line ${firstLine}`
      : `on line ${firstLine} and again on line ${secondLine}`;
  reportAt(walk, offset, `is written ${where}: keep one of them`);
}

/** Made only for a map with a key written twice, and once. */
function firstKeysOf({ text, events }: Walk, map: number): ReadonlyMap<string, number> {
  const firsts = new Map<string, number>();
  for (const { key } of entriesOf(events, nodeEnds(events), map)) {
    const event = events[key];
    if (event?.type !== EVENT_ID.SCALAR) continue;
    const name = getScalarValue(text, event);
    if (!firsts.has(name)) firsts.set(name, startOf(text, events, key));
  }
  return firsts;
}
