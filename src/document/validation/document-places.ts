// Where in a document something is that was found in its value.
import { type Event, EVENT_ID, getScalarValue } from "js-yaml";
import { startOf } from "./event-offsets.ts";
import { entriesOf, nodeEnds } from "./event-tree.ts";
import type { LinePositions, Position } from "./line-positions.ts";
import type { PathStep } from "../../model/comparison.ts";

/** One document and its positions. */
export interface DocumentPlaces {
  readonly text: string;
  /** Of one document, whose root is the second one. */
  readonly events: readonly Event[];
  readonly lines: LinePositions;
  /** For each alias the node that it stands for, both as indexes of events. */
  readonly aliasTargets: ReadonlyMap<number, number>;
}

/** Offsets in the text. */
interface Place {
  /** Of the value; the key where there is no value, the nearest parent where there is neither. */
  readonly value: number;
  readonly key: number;
}

export interface PlaceFinder {
  place(steps: readonly PathStep[]): Place;
  /** What a scalar says, as it is written; undefined where none is there. */
  scalar(steps: readonly PathStep[]): string | undefined;
  position(offset: number): Position;
}

interface Entry {
  readonly key: number;
  readonly value: number;
}

const root = 1;

/** Finds places in one document; each map's keys are indexed once, so that many questions cost no more than few. */
export function placeFinder({ text, events, lines, aliasTargets }: DocumentPlaces): PlaceFinder {
  const ends = nodeEnds(events);
  const maps = new Map<number, ReadonlyMap<string, Entry>>();
  const lists = new Map<number, readonly Entry[]>();

  /** By its key, or by its place in a list; in a list the value is the key as well. */
  function entryOf(node: number, step: PathStep): Entry | undefined {
    const type = events[node]?.type;
    if (type === EVENT_ID.MAPPING) return mapEntries(node).get(String(step));
    return type === EVENT_ID.SEQUENCE && typeof step === "number"
      ? listEntries(node)[step]
      : undefined;
  }

  function mapEntries(node: number): ReadonlyMap<string, Entry> {
    let entries = maps.get(node);
    if (entries === undefined) {
      entries = new Map(
        [...entriesOf(events, ends, node)].map((entry) => {
          const event = events[entry.key];
          return [event?.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : "", entry];
        }),
      );
      maps.set(node, entries);
    }
    return entries;
  }

  function listEntries(node: number): readonly Entry[] {
    let entries = lists.get(node);
    if (entries === undefined) {
      const items: Entry[] = [];
      for (let item = node + 1; events[item]?.type !== EVENT_ID.POP; item = ends.behind(item)) {
        items.push({ key: item, value: item });
      }
      entries = items;
      lists.set(node, entries);
    }
    return entries;
  }

  return {
    scalar(steps) {
      let node: number | undefined = root;
      for (const step of steps) {
        node =
          node === undefined ? undefined : entryOf(aliasTargets.get(node) ?? node, step)?.value;
      }
      const event = node === undefined ? undefined : events[aliasTargets.get(node) ?? node];
      return event?.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : undefined;
    },
    place(steps) {
      let node = root;
      let value = startOf(text, events, root);
      let key = value;
      for (const step of steps) {
        const entry = entryOf(aliasTargets.get(node) ?? node, step);
        if (entry === undefined) return { value, key };
        key = startOf(text, events, entry.key);
        value = startOf(text, events, entry.value);
        node = entry.value;
      }
      return { value, key };
    },
    position: (offset) => lines.position(offset),
  };
}
