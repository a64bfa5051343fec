// What a stale upload would do: who changed the file meanwhile, and which of their edits it would undo.
import type { KeyChange } from "../document/compare/key-change.ts";
import { placesOf, placeSet } from "../document/compare/place-set.ts";
import type { Inspector } from "../document/inspector.ts";
import type { ConfigReader } from "../store/port.ts";
import type { StaleOutcome } from "../model/outcome.ts";
import { versionByHash } from "./versions.ts";

export type StaleDescription = Omit<StaleOutcome, "kind" | "parkedId"> & {
  /** The live version that is described. */
  readonly liveSha256: string;
};

/** @param baseSha256 - the version that the upload was made from */
export async function describeStale(
  config: ConfigReader,
  candidate: Uint8Array,
  baseSha256: string,
  inspector: Inspector,
): Promise<StaleDescription> {
  const now = await config.readLive();
  const nothing = { undone: null, mergeable: false, conflicts: [] };
  if (now === undefined) {
    return { liveSha256: baseSha256, live: null, changedOnDiskAt: null, ...nothing };
  }
  const entry =
    now.revision === undefined ? null : ((await config.page(now.revision, 1))[0] ?? null);
  const changedOnDiskAt = entry === null ? now.modifiedAt : null;
  const known = { liveSha256: now.sha256, live: entry, changedOnDiskAt };
  const base = await versionByHash(config, baseSha256);
  if (base === undefined) return { ...known, ...nothing };
  const [theirs, wouldDo, merge] = await Promise.all([
    inspector.compare(base.bytes, now.bytes),
    inspector.compare(now.bytes, candidate),
    inspector.merge(base.bytes, now.bytes, candidate),
  ]);
  const undone =
    theirs.kind === "keys" && wouldDo.kind === "keys"
      ? undoneChanges(theirs.changes, wouldDo.changes)
      : null;
  return {
    ...known,
    undone,
    mergeable: merge.kind === "merged",
    conflicts: merge.kind === "conflict" ? merge.keys : [],
  };
}

/** Of what the upload would change, what others have changed since: at the same place, around it or inside it. */
function undoneChanges(
  theirs: readonly KeyChange[],
  wouldDo: readonly KeyChange[],
): readonly KeyChange[] {
  const touched = placeSet(theirs.flatMap(placesOf));
  return wouldDo.filter((change) => placesOf(change).some((path) => touched.overlaps(path)));
}
