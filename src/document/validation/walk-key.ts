// The keys of a map: what can be one, and which is there twice.
import type { Fault } from "../../model/problem.ts";
import { EVENT_ID, getScalarValue, SCALAR_STYLE } from "js-yaml";
import { startOf } from "./event-offsets.ts";
import { entriesOf, nodeEnds } from "./event-tree.ts";
import { absent } from "./parse-events.ts";
import { readPlainKey, readPlainScalar } from "./plain-scalar.ts";
import { flowTrap, keyTrap, scalarTrap } from "./reader-traps.ts";
import { anchor, report, reportAt, reportTag, skipRest, type Walk } from "./walk-state.ts";

interface WalkedKey {
  readonly name: string;
  readonly problem?: Fault | undefined;
}

/**
 * @param map - the event of the map whose key comes next
 * @returns undefined for what cannot be a key, which is then reported
 */
export function walkKey(walk: Walk, map: number): WalkedKey | undefined {
  const index = walk.at;
  const event = walk.events[index];
  walk.at += 1;
  if (event?.type !== EVENT_ID.SCALAR) {
    report(walk, index, { code: "key_not_plain" });
    if (event?.type !== EVENT_ID.ALIAS) skipRest(walk);
    return undefined;
  }
  const name = getScalarValue(walk.text, event);
  if (name === "__proto__") {
    report(walk, index, { code: "key_refused", params: { name } });
    return undefined;
  }
  if (walk.syntax === "json") return { name };
  if (event.tagStart !== absent) reportTag(walk, index, event);
  if (event.anchorStart !== absent) {
    const anchored = anchor(walk, index, event);
    const read = event.style === SCALAR_STYLE.PLAIN ? readPlainScalar(name) : undefined;
    anchored.value = read?.kind === "value" ? read.value : name;
    anchored.nodes = 1;
  }
  if (walk.isForOthers && !event.fast) {
    const trap = scalarTrap(walk.text, event);
    if (trap !== undefined) reportAt(walk, trap.offset, trap.fault);
  }
  const isFlow = walk.isForOthers && walk.flows > 0;
  const trap = keyTrap(
    walk.text,
    event,
    walk.events[walk.at],
    isFlow ? around(walk, map) : undefined,
  );
  if (trap !== undefined || event.style !== SCALAR_STYLE.PLAIN) return { name, problem: trap };
  if (event.tagStart !== absent) return { name };
  const inFlow = isFlow ? flowTrap(name) : undefined;
  if (inFlow !== undefined) return { name, problem: inFlow };
  const read = readPlainKey(name);
  return read.kind === "key" ? { name } : { name, problem: read.fault };
}

function around({ text, events }: Walk, map: number): "{" | "[" {
  return text.charAt(startOf(text, events, map)) === "{" ? "{" : "[";
}

/** @param map - in which at least one key is written twice */
export function reportTwice(walk: Walk, map: number): void {
  const { text, events } = walk;
  walk.ends ??= nodeEnds(events);
  const firsts = new Map<string, number>();
  for (const { key } of entriesOf(events, walk.ends, map)) {
    const event = events[key];
    if (event?.type !== EVENT_ID.SCALAR) continue;
    const name = getScalarValue(text, event);
    const offset = startOf(text, events, key);
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, offset);
    else reportAt(walk, offset, twice(walk, first, offset), [...walk.path, name]);
  }
}

function twice({ lines }: Walk, first: number, second: number): Fault {
  const [firstLine, secondLine] = [lines.position(first).line, lines.position(second).line];
  return { code: "key_twice", params: { firstLine, secondLine } };
}
