// What a stale upload would do: who changed the file meanwhile, and which of their edits it would undo.
import type { Inspector } from "../model/inspector.ts";
import type { ConfigReader } from "../store/port.ts";
import type { StaleOutcome } from "../model/outcome.ts";
import { versionByHash } from "./versions.ts";

export type StaleDescription = Omit<StaleOutcome, "kind" | "parkedId" | "how"> & {
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
  const nothing = { undone: null, mergeable: false, conflicts: [], conflictsTotal: 0 };
  if (now === undefined) {
    return { liveSha256: baseSha256, live: null, changedOnDiskAt: null, ...nothing };
  }
  const entry =
    now.revision === undefined ? null : ((await config.page(now.revision, 1))[0] ?? null);
  const changedOnDiskAt = entry === null ? now.modifiedAt : null;
  const known = { liveSha256: now.sha256, live: entry, changedOnDiskAt };
  const base = await versionByHash(config, baseSha256);
  if (base === undefined) return { ...known, ...nothing };
  const { undone, merge } = await inspector.stale(base.bytes, now.bytes, candidate);
  return {
    ...known,
    undone,
    mergeable: merge.kind === "merged",
    conflicts: merge.kind === "conflict" ? merge.keys : [],
    conflictsTotal: merge.kind === "conflict" ? merge.total : 0,
  };
}
