// What an edit of an older version would do to the live one: which changes of others it would undo, and whether both can be joined. Runs in the worker: each
// version is read once.
import type { StaleEdit } from "../../model/comparison.ts";
import { keyChange } from "./compare-documents.ts";
import { compareTrees, type TreeChange } from "./compare-trees.ts";
import { keyChangesMax } from "./key-change.ts";
import { mergeVersions } from "./merge-documents.ts";
import { placeSet } from "./place-set.ts";
import { numbersFor, readVersion } from "./read-version.ts";

/** @param base - the version that the candidate was made from, and that the live one has come from */
export function staleEdit(base: Uint8Array, live: Uint8Array, candidate: Uint8Array): StaleEdit {
  const numbers = numbersFor([base, live, candidate]);
  const [old, now, fresh] = [base, live, candidate].map((bytes) => readVersion(bytes, numbers));
  if (old === undefined || now === undefined || fresh === undefined) {
    return { undone: null, merge: { kind: "impossible" } };
  }
  const theirs = compareTrees(old.root, now.root);
  const touched = placeSet(theirs.flatMap(placesAfter));
  const undone = compareTrees(now.root, fresh.root).filter((change) =>
    placesBefore(change).some((path) => touched.overlaps(path)),
  );
  const changes = undone.slice(0, keyChangesMax).map((change) => keyChange(change, now, fresh));
  return {
    undone: theirs.length === 0 ? null : { changes, total: undone.length },
    merge: mergeVersions(old, now, fresh, numbers),
  };
}

/** Where a change is in the version after it. */
function placesAfter(change: TreeChange): readonly (readonly (string | number)[])[] {
  switch (change.kind) {
    case "changed":
    case "added":
      return [change.after.path];
    case "removed":
      return [change.inAfter];
    case "moved":
      return [change.after.path, change.inAfter];
    default:
      return change satisfies never;
  }
}

/** Where it is in the version before it. */
function placesBefore(change: TreeChange): readonly (readonly (string | number)[])[] {
  switch (change.kind) {
    case "changed":
    case "removed":
      return [change.before.path];
    case "added":
      return [change.inBefore];
    case "moved":
      return [change.before.path, change.inBefore];
    default:
      return change satisfies never;
  }
}
