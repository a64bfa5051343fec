// Keeps the versions that a change is about to replace. Called only while the config's lock is held.
import { sameContent, sha256Of } from "../../file/read-file.ts";
import type { OpenFolder } from "../../file/folder.ts";
import type { Revision } from "../../model/revision.ts";
import { unknownVersion } from "./history.ts";
import { type LiveParts, nextTimeMs } from "./live-config.ts";
import type { VersionLook } from "./prepare-change.ts";

export interface BackedUp {
  /** The backup of the version that is replaced. */
  backup: string | null;
  /** The line of a version that history does not know: an edit by hand. */
  unknown: Omit<Revision, "revision"> | undefined;
}

/**
 * Keeps the version that is replaced. Where that was edited by hand, the version before it is kept too: nobody else has it.
 * @param made - gets the name of each new backup, also where a later one fails
 */
export async function backUpHoldingLock(
  live: LiveParts,
  look: VersionLook | undefined,
  made: string[],
): Promise<BackedUp> {
  const last = live.history.last;
  const noted = (name: string): string => {
    made.push(name);
    return name;
  };
  const linkLast = async (): Promise<string | null> => {
    if (last === undefined || live.state.ownCopy?.sha256 !== last.sha256) return null;
    const name = await live.backups.link(live.state.ownCopy, nextTimeMs(live));
    return name === undefined ? null : noted(name);
  };
  const copyLive = async (version: VersionLook): Promise<string> =>
    noted(await live.backups.copy(await version.bytes(), nextTimeMs(live)));

  if (look === undefined) return { backup: await linkLast(), unknown: undefined };
  if (look.sha256 === last?.sha256) {
    return { backup: (await linkLast()) ?? (await copyLive(look)), unknown: undefined };
  }
  const backupBefore = await linkLast();
  const bytes = await look.bytes();
  return {
    backup: await copyLive(look),
    unknown: unknownVersion(last, look.sha256, bytes.length, look.file.modifiedAt, backupBefore),
  };
}

/** An edit in place that came between the look and the rename is only in the file that the rename took away. */
export async function keepLastInstantEditHoldingLock(
  live: LiveParts,
  look: VersionLook,
  kept: BackedUp,
  backupFolder: OpenFolder,
): Promise<void> {
  if (sameContent(look.file.identity, await look.file.identityNow())) return;
  const bytes = await look.file.readBytes();
  const sha256 = sha256Of(bytes);
  if (sha256 === look.sha256) return;
  const backup = await live.backups.copy(bytes, nextTimeMs(live));
  await backupFolder.sync();
  if (kept.unknown !== undefined) live.history.add(kept.unknown);
  kept.unknown = unknownVersion(
    live.history.last,
    sha256,
    bytes.length,
    new Date().toISOString(),
    kept.backup,
  );
  kept.backup = backup;
}
