// One pass over a document's events: builds the plain value that the schema looks at, and finds what no schema can see, such as a key written
// twice, or a value that readers read differently. Time and memory grow with the document, whatever its aliases pretend.
import { COLLECTION_STYLE, type Event, EVENT_ID, getScalarValue, SCALAR_STYLE } from "js-yaml";
import { aliasesMax, depthMax, expandedNodesMax, tooDeep } from "./document-limits.ts";
import { endOf, isQuoted, type ScalarEvent } from "./event-offsets.ts";
import { commentTrap, layoutTraps } from "./layout-traps.ts";
import { absent } from "./parse-events.ts";
import { notFinite, readPlainScalar } from "./plain-scalar.ts";
import type { Problem } from "../../model/problem.ts";
import { shorten } from "../../model/excerpt.ts";
import { flowTrap, scalarTrap } from "./reader-traps.ts";
import { reportTwice, walkKey } from "./walk-key.ts";
import {
  anchor,
  type ContentEvent,
  report,
  reportAt,
  reportTag,
  skipRest,
  type Walk,
  type WalkOptions,
} from "./walk-state.ts";

export interface WalkedDocument {
  /** Where there are problems, parts of it may be null. */
  readonly value: unknown;
  /** The first ones, in the document's order. */
  readonly problems: readonly Problem[];
  readonly total: number;
  /** For each alias the node that it stands for, both as indexes of events. */
  readonly aliasTargets: ReadonlyMap<number, number>;
}

/** @param options - `events` are those of one document, whose root is the second one */
export function walkEvents(options: WalkOptions): WalkedDocument {
  const isForOthers = options.syntax === "yaml" && options.readers === "all";
  const walk: Walk = {
    ...options,
    isForOthers,
    at: 1,
    path: [],
    hasComments: isForOthers && options.text.includes("#"),
    flows: 0,
    anchors: new Map(),
    aliasTargets: new Map(),
    ends: undefined,
    problems: [],
    total: 0,
    aliases: 0,
    nodes: 0,
    expandedNodes: 0,
  };
  if (isForOthers) {
    for (const { offset, fault } of layoutTraps(walk.text, walk.events)) {
      reportAt(walk, offset, fault);
    }
  }
  const value = walkNode(walk);
  const { problems, total, aliasTargets } = walk;
  return { value, problems, total, aliasTargets };
}

/** @returns the node's plain value; null where it is refused */
function walkNode(walk: Walk): unknown {
  const index = walk.at;
  const event = walk.events[index];
  if (walk.hasComments) {
    const trap = commentTrap(walk.text, walk.events, index);
    if (trap !== undefined) reportAt(walk, trap.offset, trap.fault);
  }
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

function walkContent(walk: Walk, index: number, event: ContentEvent): unknown {
  if (event.type === EVENT_ID.SCALAR) return walkScalar(walk, index, event);
  if (walk.path.length >= depthMax) {
    report(walk, index, tooDeep, []);
    skipRest(walk);
    return null;
  }
  const inFlow = event.style === COLLECTION_STYLE.FLOW ? 1 : 0;
  walk.flows += inFlow;
  const value = event.type === EVENT_ID.MAPPING ? walkMap(walk, index) : walkList(walk);
  walk.flows -= inFlow;
  return value;
}

function walkScalar(walk: Walk, index: number, event: ScalarEvent): unknown {
  const source = getScalarValue(walk.text, event);
  if (walk.syntax === "json") return isQuoted(event) ? source : jsonScalar(walk, index, source);
  if (walk.isForOthers && !event.fast) {
    const trap = scalarTrap(walk.text, event);
    if (trap !== undefined) reportAt(walk, trap.offset, trap.fault);
  }
  if (event.style !== SCALAR_STYLE.PLAIN || event.tagStart !== absent) return source;
  const trap = walk.isForOthers && walk.flows > 0 ? flowTrap(source) : undefined;
  if (trap !== undefined) {
    report(walk, index, trap);
    return source;
  }
  const read = readPlainScalar(source);
  if (read.kind === "refused") {
    report(walk, index, read.fault);
    return source;
  }
  return read.value;
}

/** Its syntax is known to be right. */
function jsonScalar(walk: Walk, index: number, source: string): unknown {
  const value: unknown = JSON.parse(source);
  if (typeof value === "number" && !Number.isFinite(value)) {
    report(walk, index, notFinite(source));
  }
  return value;
}

function walkAlias(walk: Walk, index: number, name: string): unknown {
  walk.aliases += 1;
  if (walk.aliases > aliasesMax) {
    // Told once: one more does not help to find it.
    if (walk.aliases === aliasesMax + 1) {
      report(walk, index, { code: "too_many_aliases", params: { aliasesMax } });
    }
    return null;
  }
  const anchored = walk.anchors.get(name);
  if (anchored === undefined) {
    report(walk, index, { code: "unknown_alias", params: { name: shorten(name) } });
    return null;
  }
  if (anchored.nodes === undefined) {
    report(walk, index, { code: "circular_alias", params: { name: shorten(name) } });
    return null;
  }
  walk.aliasTargets.set(index, anchored.index);
  const before = walk.expandedNodes;
  walk.expandedNodes += anchored.nodes;
  if (walk.expandedNodes > expandedNodesMax) {
    if (before <= expandedNodesMax) {
      const params = { valuesMax: expandedNodesMax };
      report(walk, index, { code: "aliases_unfold_too_far", params });
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
    if (walk.hasComments && isEmptyScalar(walk.events[walk.at])) {
      report(walk, walk.at, { code: "empty_item_beside_comment" });
    }
    value.push(walkNode(walk));
    walk.path.pop();
  }
  walk.at += 1;
  return value;
}

function walkMap(walk: Walk, index: number): unknown {
  const value: Record<string, unknown> = {};
  let isTwice = false;
  while (walk.events[walk.at]?.type !== EVENT_ID.POP) {
    const keyIndex = walk.at;
    const key = walkKey(walk, index);
    walk.path.push(key?.name ?? "?");
    if (key?.problem !== undefined) report(walk, keyIndex, key.problem);
    if (walk.isForOthers && isMapBehindKey(walk, keyIndex)) {
      report(walk, walk.at, { code: "block_on_key_line" });
    }
    const walked = walkNode(walk);
    walk.path.pop();
    // "__proto__" would change the object instead of filling it; walkKey refused it.
    if (key === undefined) continue;
    isTwice ||= Object.hasOwn(value, key.name);
    value[key.name] = walked;
  }
  if (isTwice) reportTwice(walk, index);
  walk.at += 1;
  return value;
}

/** js-yaml accepts `a: &b c: d` on one line; nobody else does. */
function isMapBehindKey({ text, events, at }: Walk, key: number): boolean {
  const [before, event] = [events[key], events[at]];
  if (event?.type !== EVENT_ID.MAPPING || event.style !== COLLECTION_STYLE.BLOCK) return false;
  return before !== undefined && !text.slice(endOf(before), event.start).includes("\n");
}

function isEmptyScalar(event: Event | undefined): boolean {
  return event?.type === EVENT_ID.SCALAR && event.valueStart === absent;
}
