// Versions that the store still has, and what changed between them.
import type { Comparison } from "../model/comparison.ts";
import type { Inspector } from "../model/inspector.ts";
import type { Revision } from "../model/revision.ts";
import type { Version } from "../model/version.ts";
import type { ConfigReader, LiveVersion } from "../store/port.ts";

/** Whether this revision is live. The same bytes are not enough: somebody may have changed the file and put them back since. */
export function isLive({ revision, sha256 }: Revision, live: LiveVersion | undefined): boolean {
  return live?.revision === revision && live.sha256 === sha256;
}

/** The version with this hash; undefined where it was never live here, or is no longer kept. */
export async function versionByHash(
  config: ConfigReader,
  sha256: string,
): Promise<Version | undefined> {
  const live = await config.readLive();
  if (live?.sha256 === sha256) return live;
  const entry = config.recent(sha256, 1);
  const found = entry === undefined ? undefined : await config.find(entry.revision);
  return found?.kind === "found" ? found.version : undefined;
}

/**
 * The revision that an undo took back, or a rollback went back to: the newest one before with the same bytes that was no such change
 * itself. Null for other changes, and where that revision is not among the recent ones.
 */
export function restoredRevision(
  { since }: Pick<ConfigReader, "since">,
  { how, revision, sha256 }: Revision,
): number | null {
  if (how === "undo") return revision - 1;
  if (how !== "rollback") return null;
  const same = since(0).filter((entry) => entry.revision < revision && entry.sha256 === sha256);
  const made = same.findLast((entry) => entry.how !== "rollback" && entry.how !== "undo");
  return (made ?? same.at(-1))?.revision ?? null;
}

/**
 * What a change brought; null for a first version, and where what it replaced is no longer kept.
 */
export async function changesOf(
  config: ConfigReader,
  entry: Revision,
  inspector: Pick<Inspector, "compare">,
): Promise<Comparison | null> {
  const before = await config.replacedBy(entry);
  if (before === undefined) return null;
  const made = await config.find(entry.revision);
  return made.kind === "found" ? inspector.compare(before.bytes, made.version.bytes) : null;
}

/** What this would change in what is live; null where nothing is. */
export async function changesAgainst(
  live: Version | undefined,
  bytes: Uint8Array,
  inspector: Inspector,
): Promise<Comparison | null> {
  return live === undefined ? null : inspector.compare(live.bytes, bytes);
}
