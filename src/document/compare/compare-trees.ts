// What changed between two trees, key by key: changed, added, removed, renamed or moved. Each change knows its place in both documents.
import type { PathStep } from "../../model/comparison.ts";
import {
  contentOf,
  type Entry,
  entryOf,
  type ListNode,
  type MapNode,
  type TreeNode,
} from "./document-tree.ts";
import { pairItems } from "./pair-items.ts";

/** Where something is in one of the two documents. */
interface Spot {
  readonly path: readonly PathStep[];
  readonly node: TreeNode;
  /** Of the key, or of an item, as an offset. */
  readonly at: number;
}

type Path = readonly PathStep[];

/** Where it is missing in the other document: under its key, or in its list, where a place is told by the value, since an index means another item there. */
interface Missing {
  readonly inBefore: Path;
  readonly inAfter: Path;
}

export type TreeChange =
  | { readonly kind: "changed"; readonly before: Spot; readonly after: Spot }
  | ({ readonly kind: "added"; readonly after: Spot } & Pick<Missing, "inBefore">)
  | ({ readonly kind: "removed"; readonly before: Spot } & Pick<Missing, "inAfter">)
  /** The same value under another key, or in another place of its list. */
  | ({ readonly kind: "moved"; readonly before: Spot; readonly after: Spot } & Missing);

export function compareTrees(before: TreeNode, after: TreeNode): readonly TreeChange[] {
  const changes: TreeChange[] = [];
  const root = (node: TreeNode): Spot => ({ path: [], node, at: node.start });
  compareInto(changes, root(before), root(after));
  return changes;
}

/** Whether two trees with the same value have the keys of some map in another order. */
export function isReordered(before: TreeNode, after: TreeNode): boolean {
  const [one, other] = [contentOf(before), contentOf(after)];
  if (one.kind === "list" && other.kind === "list") {
    return one.items.some((item, index) => {
      const pair = other.items[index];
      return pair !== undefined && isReordered(item, pair);
    });
  }
  if (one.kind !== "map" || other.kind !== "map") return false;
  return one.entries.some(({ name, value }, index) => {
    const pair = other.entries[index];
    return pair?.name !== name || isReordered(value, pair.value);
  });
}

function compareInto(changes: TreeChange[], before: Spot, after: Spot): void {
  if (before.node.id === after.node.id) return;
  const [one, other] = [contentOf(before.node), contentOf(after.node)];
  const known = changes.length;
  if (one.kind === "map" && other.kind === "map") compareMaps(changes, before, after, one, other);
  else if (one.kind === "list" && other.kind === "list") {
    compareLists(changes, before, after, one, other);
  }
  // Of another kind, or with another tag.
  if (changes.length === known) changes.push({ kind: "changed", before, after });
}

function compareMaps(
  changes: TreeChange[],
  before: Spot,
  after: Spot,
  one: MapNode,
  other: MapNode,
): void {
  const removed = one.entries.filter(({ name }) => entryOf(other, name) === undefined);
  const added = other.entries.filter(({ name }) => entryOf(one, name) === undefined);
  const renamed = renamedKeys(removed, added);
  for (const entry of other.entries) {
    const old = entryOf(one, entry.name);
    if (old?.value.id === entry.value.id) continue;
    const spot = spotOf(after, entry);
    const source = renamed.get(entry);
    if (old !== undefined) compareInto(changes, spotOf(before, old), spot);
    else {
      const inBefore = [...before.path, entry.name];
      if (source === undefined) changes.push({ kind: "added", after: spot, inBefore });
      else {
        const inAfter = [...after.path, source.name];
        const from = spotOf(before, source);
        changes.push({ kind: "moved", before: from, after: spot, inBefore, inAfter });
      }
    }
  }
  const sources = new Set(renamed.values());
  for (const entry of removed) {
    if (sources.has(entry)) continue;
    const inAfter = [...after.path, entry.name];
    changes.push({ kind: "removed", before: spotOf(before, entry), inAfter });
  }
}

function spotOf({ path }: Spot, { name, key, value }: Entry): Spot {
  return { path: [...path, name], node: value, at: key.start };
}

/** A new key with the value of a removed one. Only where that cannot be chance: numbers are alike too often. */
function renamedKeys(
  removed: readonly Entry[],
  added: readonly Entry[],
): ReadonlyMap<Entry, Entry> {
  const renamed = new Map<Entry, Entry>();
  const single = removed.length === 1 && added.length === 1;
  const byValue = new Map<number, Entry>();
  for (const entry of removed) {
    if (single || contentOf(entry.value).kind !== "scalar") byValue.set(entry.value.id, entry);
  }
  for (const entry of added) {
    const source = byValue.get(entry.value.id);
    if (source === undefined) continue;
    renamed.set(entry, source);
    byValue.delete(entry.value.id);
  }
  return renamed;
}

function compareLists(
  changes: TreeChange[],
  before: Spot,
  after: Spot,
  one: ListNode,
  other: ListNode,
): void {
  const [ids, otherIds] = [one, other].map(({ items }) => items.map(({ id }) => id));
  const { moved, changed, removed, added } = pairItems(ids ?? [], otherIds ?? [], (from, to) =>
    likeness(one.items[from], other.items[to]),
  );
  const spot = ({ path }: Spot, { items }: ListNode, index: number): Spot => {
    const node = items[index];
    if (node === undefined) throw new Error(`the list has no item ${index}`);
    return { path: [...path, index], node, at: node.start };
  };
  const pair = ([from, to]: readonly [number, number]) => ({
    before: spot(before, one, from),
    after: spot(after, other, to),
  });
  const inPlace = [
    ...moved.map((pairing) => ({ at: pairing[1], kind: "moved" as const, pairing })),
    ...changed.map((pairing) => ({ at: pairing[1], kind: "changed" as const, pairing })),
    ...added.map((at) => ({ at, kind: "added" as const })),
  ].toSorted((a, b) => a.at - b.at);
  const missing = ({ path }: Spot, { node }: Spot): Path => [...path, `= ${node.id}`];
  for (const item of inPlace) {
    if (item.kind === "added") {
      const added = spot(after, other, item.at);
      changes.push({ kind: "added", after: added, inBefore: missing(before, added) });
      continue;
    }
    const spots = pair(item.pairing);
    if (item.kind === "changed") compareInto(changes, spots.before, spots.after);
    else {
      const [inBefore, inAfter] = [missing(before, spots.after), missing(after, spots.before)];
      changes.push({ kind: "moved", ...spots, inBefore, inAfter });
    }
  }
  for (const index of removed) {
    const gone = spot(before, one, index);
    changes.push({ kind: "removed", before: gone, inAfter: missing(after, gone) });
  }
}

/** A look at so many keys tells whether two maps are alike. */
const likenessKeysMax = 50;

/** How many keys have the same value in both. */
function likeness(before: TreeNode | undefined, after: TreeNode | undefined): number {
  if (before === undefined || after === undefined) return 0;
  const [one, other] = [contentOf(before), contentOf(after)];
  if (one.kind !== "map" || other.kind !== "map") return 0;
  let [alike, seen] = [0, 0];
  for (const { name, value } of one.entries) {
    seen += 1;
    if (seen > likenessKeysMax) break;
    if (entryOf(other, name)?.value.id === value.id) alike += 1;
  }
  return alike;
}
