// Compares two versions of a config by key. Runs in the worker: both are read whole.
import { compareTrees, isReordered, type TreeChange } from "./compare-trees.ts";
import { keyChangesMax, shownPair, shownValue } from "./key-change.ts";
import type { Comparison, KeyChange } from "../../model/comparison.ts";
import { numbersFor, type ReadVersion, readVersion } from "./read-version.ts";

/** @param before - compared with `after`; what cannot be read is compared as text only */
export function compareDocuments(before: Uint8Array, after: Uint8Array): Comparison {
  if (Buffer.from(before).equals(after)) return { kind: "same" };
  const numbers = numbersFor([before, after]);
  const one = readVersion(before, numbers);
  const other = readVersion(after, numbers);
  if (one === undefined || other === undefined) return { kind: "text" };
  return comparisonOf(one, other, compareTrees(one.root, other.root));
}

/** @param changes - between the two, whose bytes differ */
export function comparisonOf(
  one: ReadVersion,
  other: ReadVersion,
  changes: readonly TreeChange[],
): Comparison {
  if (changes.length === 0) {
    return { kind: "formatting", reordered: isReordered(one.root, other.root) };
  }
  return {
    kind: "keys",
    changes: changes.slice(0, keyChangesMax).map((change) => keyChange(change, one, other)),
    total: changes.length,
  };
}

/** @param one - the version before, whose lines tell where what was removed stood */
export function keyChange(change: TreeChange, one: ReadVersion, other: ReadVersion): KeyChange {
  switch (change.kind) {
    case "removed": {
      const { path, node, at } = change.before;
      return {
        path,
        what: { kind: "removed", before: shownValue(node) },
        line: one.lines.position(at).line,
      };
    }
    case "added": {
      const { path, node, at } = change.after;
      return {
        path,
        what: { kind: "added", after: shownValue(node) },
        line: other.lines.position(at).line,
      };
    }
    case "changed": {
      const { path, node, at } = change.after;
      const [before, after] = shownPair(change.before.node, node);
      return {
        path,
        what: { kind: "changed", before, after },
        line: other.lines.position(at).line,
      };
    }
    case "moved": {
      const { path, at } = change.after;
      const from = change.before.path;
      return { path, what: { kind: "moved", from }, line: other.lines.position(at).line };
    }
    default:
      return change satisfies never;
  }
}
