// Joins two edits of one base, key by key, into the text of the live file: what the candidate changed is changed there, in its own words, and every other
// character stays as it is live.
import type { Merge, MergeConflict } from "../../model/comparison.ts";
import { isJson } from "../validation/json-syntax.ts";
import type { MapNode, TreeNode } from "./document-tree.ts";
import { blockSplices } from "./edit-block.ts";
import { flowSplices } from "./edit-flow.ts";
import { shownPair, shownValue } from "./key-change.ts";
import { mergeTrees, type TreeConflict } from "./merge-trees.ts";
import { numbersFor, type ReadVersion, readVersion } from "./read-version.ts";
import { NotOffered, spliced } from "./splice.ts";
import type { ValueNumbers } from "./value-numbers.ts";

/** More conflicts than this are not listed. */
const conflictsMax = 1000;

/** @param candidate - the edit that is laid over `live`; both were made from `base` */
export function mergeDocuments(base: Uint8Array, live: Uint8Array, candidate: Uint8Array): Merge {
  const numbers = numbersFor([base, live, candidate]);
  const [old, now, fresh] = [base, live, candidate].map((bytes) => readVersion(bytes, numbers));
  if (old === undefined || now === undefined || fresh === undefined) return { kind: "impossible" };
  return mergeVersions(old, now, fresh, numbers);
}

/** @param numbers - those that the versions were read with */
export function mergeVersions(
  old: ReadVersion,
  now: ReadVersion,
  fresh: ReadVersion,
  numbers: ValueNumbers,
): Merge {
  const [base, live, candidate] = [old, now, fresh].map(({ root }) => mapOf(root));
  if (base === undefined || live === undefined || candidate === undefined) {
    return { kind: "impossible" };
  }
  const merge = mergeTrees({ base, live, candidate }, numbers);
  if (merge.kind === "conflict") {
    const keys = merge.conflicts.slice(0, conflictsMax).map(shownConflict);
    return { kind: "conflict", keys, total: merge.conflicts.length };
  }
  const texts = { base: old.text, live: now.text, candidate: fresh.text };
  let text: string;
  try {
    const splices = merge.edits.flatMap((edit) =>
      edit.live.isFlow ? flowSplices(edit, texts) : blockSplices(edit, texts),
    );
    text = now.mark + spliced(now.text, splices);
  } catch (error) {
    if (error instanceof NotOffered) return { kind: "impossible" };
    throw error;
  }
  // Only a merge that says exactly what both edits said is offered: aliases, say, could carry a change elsewhere.
  const isMeant = readVersion(Buffer.from(text), numbers)?.root.id === merge.id;
  // A config that is JSON has only versions that are.
  const isAllJson = isJson(now.text) && isJson(fresh.text);
  const staysJson = !isAllJson || isJson(text.slice(now.mark.length));
  return isMeant && staysJson ? { kind: "merged", text } : { kind: "impossible" };
}

function mapOf(root: TreeNode): MapNode | undefined {
  return root.kind === "map" ? root : undefined;
}

function shownConflict({ path, base, live, candidate }: TreeConflict): MergeConflict {
  const shown = (node: TreeNode | undefined): string | null =>
    node === undefined ? null : shownValue(node);
  const [now, fresh] =
    live === undefined || candidate === undefined
      ? [shown(live), shown(candidate)]
      : shownPair(live, candidate);
  return { path, base: shown(base), live: now, candidate: fresh };
}
