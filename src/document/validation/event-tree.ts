// Which events belong together: for each node where the next one begins, so that whoever looks for one place does not walk through all others.
import { type Event, EVENT_ID } from "js-yaml";

export interface NodeEnds {
  /** @returns the index of the event behind the node that begins at `index` */
  behind(index: number): number;
}

export function nodeEnds(events: readonly Event[]): NodeEnds {
  const ends = new Int32Array(events.length);
  const open: number[] = [];
  for (const [index, { type }] of events.entries()) {
    ends[index] = index + 1;
    if (type === EVENT_ID.POP) ends[open.pop() ?? index] = index + 1;
    else if (type !== EVENT_ID.SCALAR && type !== EVENT_ID.ALIAS) open.push(index);
  }
  return { behind: (index) => ends[index] ?? events.length };
}

/** The entries of the map that begins at `index`: its keys and values as indexes of events. */
export function* entriesOf(
  events: readonly Event[],
  ends: NodeEnds,
  index: number,
): Generator<{ readonly key: number; readonly value: number }> {
  for (let key = index + 1; events[key]?.type !== EVENT_ID.POP;) {
    const value = ends.behind(key);
    yield { key, value };
    key = ends.behind(value);
  }
}
