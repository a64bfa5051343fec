// The bytes of versions that were live: each is the live file, or the backup that the next change made of it.
import { sha256Of } from "../../file/read-file.ts";
import type { Revision } from "../../model/revision.ts";
import { type LiveParts, readLive, rememberedBytes } from "./live-config.ts";

export type FoundVersion =
  | { readonly kind: "found"; readonly entry: Revision; readonly bytes: Uint8Array }
  /** It was live once, and its bytes are not kept any more. */
  | { readonly kind: "pruned"; readonly entry: Revision }
  | { readonly kind: "unknown" };

/** The version with this number. */
export async function findVersion(live: LiveParts, revision: number): Promise<FoundVersion> {
  const entry = await live.history.get(revision);
  if (entry === undefined) return { kind: "unknown" };
  const bytes = (await backupOf(live, entry)) ?? (await liveBytesOf(live, entry));
  return bytes === undefined ? { kind: "pruned", entry } : { kind: "found", entry, bytes };
}

/** The name of the backup that holds this version; undefined while it is live, or where it was not kept. */
async function backupNameOf(live: LiveParts, entry: Revision): Promise<string | undefined> {
  return (await replacementOf(live, entry))?.backup ?? undefined;
}

/** Whether the bytes of this version can still be had. */
export async function isKept(live: LiveParts, entry: Revision): Promise<boolean> {
  if (entry.revision === live.history.last?.revision) return true;
  const name = await backupNameOf(live, entry);
  return name !== undefined && live.backups.has(name);
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
 * The bytes that a change replaced, from its backup.
 * @returns undefined where there were none, where they were pruned, and where the backup is not what history says it is
 */
export async function replacedBytes(
  live: LiveParts,
  { backup, previous_sha256: sha256 }: Revision,
): Promise<Uint8Array | undefined> {
  if (backup === null || sha256 === null || !live.backups.has(backup)) return undefined;
  const remembered = rememberedBytes(live, sha256);
  if (remembered !== undefined) return remembered;
  const bytes = await live.backups.read(backup);
  return bytes !== undefined && sha256Of(bytes) === sha256 ? bytes : undefined;
}

async function backupOf(live: LiveParts, entry: Revision): Promise<Uint8Array | undefined> {
  const replacement = await replacementOf(live, entry);
  return replacement === undefined ? undefined : replacedBytes(live, replacement);
}

async function liveBytesOf(live: LiveParts, entry: Revision): Promise<Uint8Array | undefined> {
  const current = await readLive(live);
  if (current?.sha256 === entry.sha256) return current.bytes;
  // Edited or deleted by hand since: Airlock's own copy is the last one.
  return entry.revision === live.history.last?.revision
    ? live.backups.readOwn(live.state.ownCopy)
    : undefined;
}
