// What a version changed in the one before it, and what it took back of the change just before it, value by value, without having seen it; and
// whether both can be joined. Runs in the worker: each version is read once.
import type { KeyChange, PathStep, Replacement, SetBackEdit } from "../../model/comparison.ts";
import { compareDocuments, comparisonOf, keyChange } from "./compare-documents.ts";
import { compareTrees, type TreeChange } from "./compare-trees.ts";
import { keyChangesMax } from "./key-change.ts";
import { mergeVersions } from "./merge-documents.ts";
import { numbersFor, type ReadVersion, readVersion } from "./read-version.ts";
import type { ValueNumbers } from "./value-numbers.ts";

type Path = readonly PathStep[];

/**
 * @param base - the version before the change
 * @param replaced - the version that it made
 * @param made - the version that replaced that one, with other bytes
 */
export function replacement(base: Uint8Array, replaced: Uint8Array, made: Uint8Array): Replacement {
  const numbers = numbersFor([base, replaced, made]);
  const [old, theirs, now] = [base, replaced, made].map((bytes) => readVersion(bytes, numbers));
  if (old === undefined || theirs === undefined || now === undefined) {
    return { changes: compareDocuments(replaced, made), setBack: null };
  }
  const changed = compareTrees(theirs.root, now.root);
  return {
    changes: comparisonOf(theirs, now, changed),
    setBack: setBackBy(old, theirs, now, changed, numbers),
  };
}

/** @returns null where every value that was changed is still so, or was changed to something else again */
function setBackBy(
  old: ReadVersion,
  theirs: ReadVersion,
  now: ReadVersion,
  changed: readonly TreeChange[],
  numbers: ValueNumbers,
): SetBackEdit | null {
  const takenBack = compareTrees(theirs.root, old.root);
  const known = new Set(takenBack.map(markOf));
  const exact = changed.filter((change) => known.has(markOf(change)));
  // What they added has gone with all that was around it.
  const gone = new Set(changed.flatMap(placeGone));
  const within = takenBack.filter(
    (change) => change.kind === "removed" && isWithin(change.before.path, gone),
  );
  const total = exact.length + within.length;
  if (total === 0) return null;
  const changes: readonly KeyChange[] = [
    ...exact.map((change) => keyChange(change, theirs, now)),
    ...within.map((change) => keyChange(change, theirs, old)),
  ].slice(0, keyChangesMax);
  const { kind } = mergeVersions(old, now, theirs, numbers);
  return { changes, total, mergeable: kind === "merged" };
}

/** The same for the same change of one version. */
function markOf(change: TreeChange): string {
  switch (change.kind) {
    case "changed":
      return JSON.stringify(["changed", change.before.path, change.after.node.id]);
    case "added":
      return JSON.stringify(["added", change.inBefore, change.after.node.id]);
    case "removed":
      return JSON.stringify(["removed", change.before.path]);
    case "moved":
      return JSON.stringify(["moved", change.before.path, change.inBefore]);
    default:
      return change satisfies never;
  }
}

/** Where something stood of which nothing is left; a value of another kind is in its place, or nothing. */
function placeGone(change: TreeChange): readonly string[] {
  const isGone = change.kind === "removed" || change.kind === "changed";
  return isGone ? [JSON.stringify(change.before.path)] : [];
}

function isWithin(path: Path, places: ReadonlySet<string>): boolean {
  return [...path.keys()].some((length) => places.has(JSON.stringify(path.slice(0, length))));
}
