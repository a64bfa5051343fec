// What a crash left half done, decided by facts on the disk alone: was an interrupted change's rename reached? If so its line
// of history is written now; if not, nothing of it is left. Called while a config is opened, before anybody may change it.
import { dirname } from "node:path";
import { removeFile } from "./back-up-file.ts";
import { identify, sha256Of } from "../../file/read-file.ts";
import type { Revision } from "../../model/revision.ts";
import type { InterruptedUpload } from "../port.ts";
import { unknownVersion } from "./history.ts";
import type { PreparedChange } from "../journal-lines.ts";
import type { UnfinishedChange } from "../journal-state.ts";
import { type LiveConfig, type LiveParts, nextTimeMs } from "./live-config.ts";
import { newRevision } from "../new-revision.ts";

/** What became of each of these; configs that are not managed any more are left out. Call when their configs are open. */
export async function findInterrupted(
  lives: readonly LiveConfig[],
  unfinished: readonly UnfinishedChange[],
): Promise<readonly InterruptedUpload[]> {
  const found: InterruptedUpload[] = [];
  for (const each of unfinished) {
    const live = lives.find(({ config }) => config.id === each.upload.config);
    if (live === undefined) continue;
    found.push({ ...each, live, entry: await appliedEntry(live, each) });
  }
  return found;
}

/** Finishes or clears away what these uploads of this config began; safe to call again. */
export async function finishInterrupted(
  live: LiveParts,
  unfinished: readonly UnfinishedChange[],
): Promise<void> {
  for (const each of unfinished) {
    const { prepared } = each;
    if (prepared === undefined || (await appliedEntry(live, each)) !== undefined) continue;
    // At most one: before the next change of a config, the line of the one before it is synced.
    if (await isRenamed(live, prepared)) await addMissingLines(live, each, prepared);
    else await clearAway(live, prepared);
  }
  const beganMs = Math.min(...unfinished.map(({ at }) => Date.parse(at)));
  if (unfinished.length > 0) await forgetNeedlessBackups(live, beganMs);
}

/** The line of history that this upload made; undefined where the file was not changed by it. */
async function appliedEntry(
  live: LiveParts,
  { upload, prepared }: UnfinishedChange,
): Promise<Revision | undefined> {
  const last = live.history.last?.revision ?? 0;
  if (prepared === undefined) return undefined;
  const since = await live.history.page(last, last - prepared.after_revision);
  return since.findLast(
    (entry) =>
      entry.sha256 === prepared.sha256 &&
      entry.how === upload.how &&
      entry.author?.id === upload.author?.id &&
      entry.message?.chat_id === upload.message?.chat_id &&
      entry.message?.message_id === upload.message?.message_id &&
      entry.message?.bot_id === upload.message?.bot_id,
  );
}

/**
 * While the temporary file is there, nothing was changed, unless the live file is its second name: a first version is linked
 * into place. An attempt that ended otherwise removed its own copy before the temporary file.
 */
async function isRenamed(
  live: LiveParts,
  { temporary, own_copy: ownCopy, sha256 }: PreparedChange,
): Promise<boolean> {
  if (dirname(temporary) !== dirname(live.path)) return false;
  const [waiting, now] = await Promise.all([identify(temporary), identify(live.path)]);
  if (waiting !== undefined) return waiting.dev === now?.dev && waiting.ino === now.ino;
  return (await live.backups.ownNamed(ownCopy, sha256)) !== undefined;
}

/** In this order, so that a crash in between does not make the change look as if it had happened. */
async function clearAway(
  live: LiveParts,
  { temporary, own_copy: ownCopy, sha256 }: PreparedChange,
): Promise<void> {
  const copy = await live.backups.ownNamed(ownCopy, sha256);
  if (copy !== undefined) await removeFile(copy.path);
  if (dirname(temporary) === dirname(live.path)) await removeFile(temporary);
}

interface UnrecordedBackup {
  readonly name: string;
  readonly timeMs: number;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** The backups that no line of history names, oldest first. */
async function unrecordedBackups(
  live: LiveParts,
  sinceMs: number,
): Promise<readonly UnrecordedBackup[]> {
  const found: UnrecordedBackup[] = [];
  for (const { name, timeMs } of live.backups.since(sinceMs)) {
    if (live.history.namesBackup(name)) continue;
    const bytes = await live.backups.read(name);
    if (bytes !== undefined) found.push({ name, timeMs, bytes, sha256: sha256Of(bytes) });
  }
  return found;
}

/**
 * The lines that the crash prevented, told by the backups that were made: each is of the version before it, and one that
 * history does not know was edited by hand.
 */
async function addMissingLines(
  live: LiveParts,
  { upload, at }: UnfinishedChange,
  prepared: PreparedChange,
): Promise<void> {
  const { history } = live;
  let backup: UnrecordedBackup | undefined;
  for (const each of await unrecordedBackups(live, Date.parse(at))) {
    if (each.sha256 !== history.last?.sha256) {
      const editedAt = new Date(each.timeMs).toISOString();
      const { length } = each.bytes;
      history.add(
        unknownVersion(history.last, each.sha256, length, editedAt, backup?.name ?? null),
      );
    }
    backup = each;
  }
  const made = {
    at: new Date(backup === undefined ? nextTimeMs(live) : backup.timeMs).toISOString(),
    sha256: prepared.sha256,
    previous_sha256: history.last?.sha256 ?? null,
    bytes: prepared.bytes,
    backup: backup?.name ?? null,
  };
  history.add(newRevision({ ...upload, approvedBy: upload.approved_by }, made));
  await history.settle();
}

/** Backups of a version that was not replaced after all: it is live, or is about to be kept as its own. */
async function forgetNeedlessBackups(live: LiveParts, sinceMs: number): Promise<void> {
  const { last } = live.history;
  if (last === undefined || (await live.backups.findOwn(last.sha256)) === undefined) return;
  const needless = (await unrecordedBackups(live, sinceMs)).filter(
    ({ sha256 }) => sha256 === last.sha256,
  );
  await live.backups.forget(needless.map(({ name }) => name));
}
