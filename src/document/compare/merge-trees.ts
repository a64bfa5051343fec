// The three-way merge of values: what each side changed since the base, joined map by map. Lists are taken whole: an index means another item after an insertion.
// A place that both sides changed, differently, is a conflict; so is a deletion against a change.
import type { PathStep } from "../../model/comparison.ts";
import { contentOf, type Entry, entryOf, type MapNode, type TreeNode } from "./document-tree.ts";
import type { ValueNumbers } from "./value-numbers.ts";

interface TreeVersions {
  readonly base: TreeNode | undefined;
  readonly live: TreeNode | undefined;
  readonly candidate: TreeNode | undefined;
}

export interface TreeConflict extends TreeVersions {
  readonly path: readonly PathStep[];
}

interface Holders {
  readonly base: Entry | undefined;
  readonly live: Entry | undefined;
  readonly candidate: Entry | undefined;
}

/** What the candidate changed in one map, which is in all three versions, and which the merge has to change in the live one. */
export interface MapEdit {
  readonly base: MapNode;
  readonly live: MapNode;
  readonly candidate: MapNode;
  /** The entries that hold the three maps; undefined for the roots. */
  readonly holders: Holders;
  readonly replaced: readonly { readonly from: Entry; readonly to: Entry }[];
  readonly removed: readonly Entry[];
  readonly added: ReadonlySet<string>;
}

export type TreeMerge =
  | {
      readonly kind: "merged";
      readonly edits: readonly MapEdit[];
      /** The number of the value that both edits make. */ readonly id: number;
    }
  | { readonly kind: "conflict"; readonly conflicts: readonly TreeConflict[] };

/** Merges three maps. */
export function mergeTrees(
  versions: { readonly base: MapNode; readonly live: MapNode; readonly candidate: MapNode },
  numbers: ValueNumbers,
): TreeMerge {
  const conflicts: TreeConflict[] = [];
  const edits: MapEdit[] = [];
  const path: PathStep[] = [];

  /** @returns the number of the merged value; undefined where nothing is there, and where there is a conflict */
  function mergeMaps(
    { base, live, candidate }: typeof versions,
    holders: Holders,
    /** Whether the live map stands where it is, so that editing it edits nothing else. */
    isOwn: boolean,
  ): number {
    const replaced: { from: Entry; to: Entry }[] = [];
    const removed: Entry[] = [];
    const added = new Set<string>();
    const pairs: number[] = [];
    const entries = [...live.entries];
    for (const entry of candidate.entries) {
      if (entryOf(live, entry.name) === undefined) entries.push(entry);
    }
    for (const { name, nameId } of entries) {
      const old = entryOf(base, name);
      const now = entryOf(live, name);
      const fresh = entryOf(candidate, name);
      const oldId = old?.value.id;
      const nowId = now?.value.id;
      const freshId = fresh?.value.id;
      let id = nowId;
      if (freshId !== oldId && freshId !== nowId) {
        path.push(name);
        const maps = isTakenWhole(old, now, fresh) ? undefined : mapsOf(old, now, fresh);
        if (maps !== undefined) {
          id = mergeMaps(
            maps,
            { base: old, live: now, candidate: fresh },
            isOwn && now?.value.kind === "map",
          );
        } else if (nowId !== oldId) {
          const [base, live, candidate] = [old?.value, now?.value, fresh?.value];
          conflicts.push({ path: [...path], base, live, candidate });
        } else {
          id = freshId;
          if (now !== undefined && fresh !== undefined) replaced.push({ from: now, to: fresh });
          else if (now !== undefined) removed.push(now);
          else added.add(name);
        }
        path.pop();
      }
      if (id !== undefined) pairs.push(nameId, id);
    }
    // What an alias stands for is edited where it stands; reading the merge back tells whether that is what was meant.
    if (isOwn && replaced.length + removed.length + added.size > 0) {
      edits.push({ base, live, candidate, holders, replaced, removed, added });
    }
    return numbers.map(pairs);
  }

  const id = mergeMaps(versions, { base: undefined, live: undefined, candidate: undefined }, true);
  return conflicts.length > 0 ? { kind: "conflict", conflicts } : { kind: "merged", edits, id };
}

/**
 * A map that only the candidate changed is changed key by key, so that the rest of its text stays; where it is written another way now, between brackets or
 * in lines of its own, on one line or on several, its new text is taken instead. So is one that was empty.
 */
function isTakenWhole(
  old: Entry | undefined,
  now: Entry | undefined,
  fresh: Entry | undefined,
): boolean {
  if (now?.value.kind !== "map" || fresh?.value.kind !== "map") return false;
  if (old?.value.id !== now.value.id) return false;
  if (now.value.isFlow !== fresh.value.isFlow || now.value.entries.length === 0) return true;
  return now.value.isFlow && now.value.isBroken !== fresh.value.isBroken;
}

function mapsOf(
  old: Entry | undefined,
  now: Entry | undefined,
  fresh: Entry | undefined,
): { readonly base: MapNode; readonly live: MapNode; readonly candidate: MapNode } | undefined {
  if (old === undefined || now === undefined || fresh === undefined) return undefined;
  const [base, live, candidate] = [old, now, fresh].map(({ value }) => contentOf(value));
  return base?.kind === "map" && live?.kind === "map" && candidate?.kind === "map"
    ? { base, live, candidate }
    : undefined;
}
