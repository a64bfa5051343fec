// The versions that were live: each is the live file, or the backup that the next change made of it.
import { sha256Of } from "../../file/read-file.ts";
import type { Revision } from "../../model/revision.ts";
import type { Version } from "../../model/version.ts";
import type { FoundVersion } from "../port.ts";
import { type LiveParts, readLive, rememberedBytes } from "./live-config.ts";

/** The version with this number. */
export async function findVersion(live: LiveParts, revision: number): Promise<FoundVersion> {
  const entry = await live.history.get(revision);
  if (entry === undefined) return { kind: "unknown" };
  const version = (await backupOf(live, entry)) ?? (await stillLive(live, entry));
  return version === undefined ? { kind: "pruned", entry } : { kind: "found", entry, version };
}

/** Whether the bytes of this version can still be had. */
export async function isKept(live: LiveParts, entry: Revision): Promise<boolean> {
  if (entry.revision === live.history.last?.revision) return true;
  const name = (await replacementOf(live, entry))?.backup ?? null;
  return name !== null && live.backups.has(name);
}

/** The change that replaced this version; undefined while there is none. */
async function replacementOf(
  { history }: LiveParts,
  { revision, sha256 }: Revision,
): Promise<Revision | undefined> {
  const next = await history.get(revision + 1);
  return next?.previous_sha256 === sha256 ? next : undefined;
}

/**
 * What a change replaced, from its backup.
 * @returns undefined where that was nothing, where it was pruned, and where the backup is not what history says it is
 */
export async function replacedVersion(
  live: LiveParts,
  { backup, previous_sha256: sha256 }: Revision,
): Promise<Version | undefined> {
  if (backup === null || sha256 === null || !live.backups.has(backup)) return undefined;
  const remembered = rememberedBytes(live, sha256);
  if (remembered !== undefined) return { bytes: remembered, sha256 };
  const bytes = await live.backups.read(backup);
  return bytes !== undefined && sha256Of(bytes) === sha256 ? { bytes, sha256 } : undefined;
}

async function backupOf(live: LiveParts, entry: Revision): Promise<Version | undefined> {
  const replacement = await replacementOf(live, entry);
  return replacement && replacedVersion(live, replacement);
}

async function stillLive(
  live: LiveParts,
  { revision, sha256 }: Revision,
): Promise<Version | undefined> {
  const current = await readLive(live);
  if (current?.sha256 === sha256) return { bytes: current.bytes, sha256 };
  if (revision !== live.history.last?.revision) return undefined;
  // Edited or deleted by hand since: Airlock's own copy is the last one.
  const bytes = await live.backups.readOwn(live.state.ownCopy);
  return bytes && { bytes, sha256 };
}
