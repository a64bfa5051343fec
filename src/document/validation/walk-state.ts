// Where a walk over a document's events is, and what it has found so far.
import { type Event, EVENT_ID, getScalarValue } from "js-yaml";
import type { DocumentSyntax } from "./document-syntax.ts";
import { startOf } from "./event-offsets.ts";
import type { NodeEnds } from "./event-tree.ts";
import type { LinePositions } from "./line-positions.ts";
import { absent } from "./parse-events.ts";
import type { PathStep } from "../../model/comparison.ts";
import type { Fault, Problem } from "../../model/problem.ts";
import { anchorTrap } from "./reader-traps.ts";
import { tagFault } from "./tag-fault.ts";

/** More problems than this are counted, not kept; far more than are listed. */
const problemsKeptMax = 1000;

export interface ReadingOptions {
  /**
   * `all` where a service reads the document: what one of the readers in use trips over is a problem then. `own` where only Airlock does.
   * How a value is written matters either way.
   */
  readonly readers?: "all" | "own";
}

export interface WalkOptions extends Required<ReadingOptions> {
  readonly text: string;
  readonly events: readonly Event[];
  readonly lines: LinePositions;
  /** JSON has one reading: what YAML's readers disagree on does not matter in it. */
  readonly syntax: DocumentSyntax;
}

export interface Walk extends WalkOptions {
  /** The index of the event that is next. */
  at: number;
  readonly path: PathStep[];
  /** Whether to look for what other readers trip over: see {@link ReadingOptions}. */
  readonly isForOthers: boolean;
  readonly hasComments: boolean;
  /** How many [ and { are open. */
  flows: number;
  readonly anchors: Map<string, Anchored>;
  readonly aliasTargets: Map<number, number>;
  /** Made where a key is written twice, and once. */
  ends: NodeEnds | undefined;
  readonly problems: Problem[];
  total: number;
  aliases: number;
  /** So far, with all aliases unfolded: what a node unfolds to is the difference before and after it. */
  nodes: number;
  expandedNodes: number;
}

export interface Anchored {
  readonly index: number;
  value: unknown;
  /** With all aliases inside unfolded; undefined while the node itself is being walked. */
  nodes: number | undefined;
}

export function report(
  walk: Walk,
  index: number,
  fault: Fault,
  // A path of a hundred steps helps nobody; the line and column do.
  path: readonly PathStep[] = walk.path,
): void {
  reportAt(walk, startOf(walk.text, walk.events, index), fault, path);
}

export function reportAt(
  walk: Walk,
  offset: number,
  fault: Fault,
  path: readonly PathStep[] = walk.path,
): void {
  walk.total += 1;
  if (walk.problems.length >= problemsKeptMax) return;
  // The walk goes on to change its own path.
  walk.problems.push({ ...fault, place: { ...walk.lines.position(offset), path: [...path] } });
}

export type ContentEvent = Extract<Event, { readonly tagStart: number }>;

/** Goes on behind the list or map that has begun. */
export function skipRest(walk: Walk): void {
  for (let open = 1; open > 0; walk.at += 1) {
    const event = walk.events[walk.at];
    if (event?.type === EVENT_ID.POP) open -= 1;
    else if (event?.type === EVENT_ID.SEQUENCE || event?.type === EVENT_ID.MAPPING) open += 1;
    // An alias of something in it is not wrong as well.
    if (event !== undefined && "tagStart" in event && event.anchorStart !== absent) {
      anchor(walk, walk.at, event).nodes = 1;
    }
  }
}

export function reportTag(walk: Walk, index: number, event: ContentEvent): void {
  const tag = walk.text.slice(event.tagStart, event.tagEnd);
  const content = event.type === EVENT_ID.SCALAR ? getScalarValue(walk.text, event) : undefined;
  report(walk, index, tagFault(tag, content));
}

export function anchor(walk: Walk, index: number, event: ContentEvent): Anchored {
  const name = walk.text.slice(event.anchorStart, event.anchorEnd);
  const behind = walk.text.charAt(event.anchorEnd);
  const trap = walk.isForOthers ? anchorTrap(name, behind, walk.anchors.has(name)) : undefined;
  if (trap !== undefined) reportAt(walk, event.anchorStart - 1, trap);
  const anchored: Anchored = { index, value: null, nodes: undefined };
  walk.anchors.set(name, anchored);
  return anchored;
}
