// Replaces one live config: lock, look again, back up, rename, in that order. THE write path: whatever changes a config goes
// through here. Downloading, validating, wording and counting belong elsewhere. Longer than other files, so that
// it is read in one piece from taking the lock to the last cleaning up.
import { basename } from "node:path";
import { removeFile } from "./back-up-file.ts";
import { errnoOf, troubleIn, troubleOrThrow } from "../../file/disk-error.ts";
import { identify, sameIdentity } from "../../file/read-file.ts";
import { sameTraits, type StagedFile } from "../../file/replace-file.ts";
import type { OwnCopy } from "./backups.ts";
import type { Revision } from "../../model/revision.ts";
import { Refusal, type TriedTrouble } from "../../model/trouble.ts";
import type { PreparedChange } from "../journal-lines.ts";
import {
  backUpHoldingLock,
  keepLastInstantEditHoldingLock,
  type BackedUp,
} from "./keep-versions.ts";
import { know, type LiveParts, nextTimeMs, rememberBytes } from "./live-config.ts";
import { refuseMovedPath } from "./live-file.ts";
import { type AppliedOutcome, cancelledBy, type FailedOutcome } from "../../model/outcome.ts";
import type { Candidate, CommitEnd, CommitOptions } from "../port.ts";
import {
  createStage,
  lookAtVersion,
  prepareChange,
  type ReadyChange,
  type Stage,
  type VersionLook,
} from "./prepare-change.ts";
import { newRevision } from "../new-revision.ts";

export interface ChangeOptions<Held> extends CommitOptions<Held> {
  /** Writes down, durably, what was prepared, so that a crash can be told apart from a change. Awaited before the lock is taken. */
  readonly onPrepared: (prepared: PreparedChange) => Promise<void>;
  /** Newest backups kept per config; 0 keeps all. */
  readonly backupsMax: number;
}

/**
 * Swaps the live file for the candidate, keeping what it replaces as a backup. A reader sees the old file or the new
 * one, never a mix. Success is returned when the file, its name, the backup and the history line are all synced.
 * Safe to call twice: the second time it is `unchanged`.
 * @returns every case of {@link CommitEnd}. A disk that refuses is `failed`, with which file is live.
 */
export async function changeConfig<Held>(
  live: LiveParts,
  candidate: Candidate,
  { signal, onProgress, onPrepared, admit, backupsMax }: ChangeOptions<Held>,
): Promise<CommitEnd<Held>> {
  const stage = createStage(live);
  try {
    const ready = await prepareChange(live, candidate.version, stage);
    await onPrepared({
      sha256: ready.sha256,
      bytes: candidate.version.bytes.length,
      temporary: ready.staged.path,
      own_copy: basename(ready.ownCopy.path),
      after_revision: live.history.last?.revision ?? 0,
    });
    onProgress("lock_wait_began");
    const release = await live.lock.acquire(candidate.author ?? undefined, signal);
    onProgress("lock_wait_ended");
    if (release === undefined) return cancelledBy(signal);
    onProgress("lock_acquired");
    let swapped: Swapped | NotSwapped<Held>;
    try {
      swapped = await swapHoldingLock(live, candidate, ready, stage, { admit, onProgress });
    } finally {
      release();
      onProgress("lock_released");
    }
    return swapped.kind === "swapped" ? await settle(live, swapped, backupsMax) : swapped;
  } catch (error) {
    return { kind: "failed", live: "old", trouble: troubleOrThrow(error) };
  } finally {
    await stage.close();
  }
}

// ---- under the lock: nothing here waits for a person or for the network

interface Swapped {
  readonly kind: "swapped";
  readonly entry: Revision;
  readonly replaced: Revision | null;
  readonly replacedCopy: OwnCopy | undefined;
  /** What failed after the new file was in place. */
  readonly failure: FailedOutcome | undefined;
}

type NotSwapped<Held> = Extract<CommitEnd<Held>, { readonly kind: "unchanged" | "held" }>;

async function swapHoldingLock<Held>(
  live: LiveParts,
  candidate: Candidate,
  ready: ReadyChange,
  stage: Stage,
  { admit, onProgress }: Pick<ChangeOptions<Held>, "admit" | "onProgress">,
): Promise<Swapped | NotSwapped<Held>> {
  await settlePreviousHoldingLock(live);
  const look = await lookAgainHoldingLock(live, ready, stage);
  if (look?.sha256 === ready.sha256) {
    await refuseMovedPath(live);
    return { kind: "unchanged" };
  }
  const held = await admit(look && { sha256: look.sha256, revision: revisionOf(live, look) });
  if (held !== undefined) return { kind: "held", held };

  const made: string[] = [];
  let kept: BackedUp;
  try {
    kept = await backUpHoldingLock(live, look, made);
    // A link may be turned to another name of the same file, which its identity does not tell. The check costs nothing here.
    await Promise.all([ready.backupFolder.sync(), refuseMovedPath(live)]);
    onProgress("backup_ended");
    const revision = (live.history.last?.revision ?? 0) + (kept.unknown === undefined ? 1 : 2);
    live.state.upcoming = { sha256: ready.sha256, revision };
    await putInPlace(live, ready.staged, look);
  } catch (error) {
    live.state.upcoming = undefined;
    await stage.quietly("taking back a backup", () => live.backups.forget(made));
    throw error;
  }

  // From here on the new file is live: whatever fails, history must get its line.
  stage.ownCopyIsLive();
  const syncFailure = await failureOf("making_durable_failed", () => ready.liveFolder.sync());
  onProgress("replace_ended");
  const editFailure = await failureOf("keeping_last_edit_failed", async () => {
    if (look !== undefined)
      await keepLastInstantEditHoldingLock(live, look, kept, ready.backupFolder);
  });
  const recorded = recordHoldingLock(live, candidate, ready, kept);
  const identity = await ready.staged.identityNow();
  const attributes = look?.traits.attributes;
  know(live, identity && { identity, sha256: ready.sha256, attributes });
  rememberBytes(live, candidate.version);
  return { kind: "swapped", ...recorded, failure: syncFailure ?? editFailure };
}

function revisionOf({ history: { last } }: LiveParts, look: VersionLook): number | undefined {
  return last?.sha256 === look.sha256 ? last.revision : undefined;
}

/** Else two saves and a crash would leave a version that neither history nor the file tells of. */
async function settlePreviousHoldingLock(live: LiveParts): Promise<void> {
  try {
    await live.history.settle();
  } catch (error) {
    const trouble = troubleOrThrow(error);
    throw new Refusal({ code: "history_cannot_be_written", cause: trouble }, { cause: error });
  }
}

/** The version that is live now: the one looked at before, unless any of its five numbers changed. */
async function lookAgainHoldingLock(
  live: LiveParts,
  ready: ReadyChange,
  stage: Stage,
): Promise<VersionLook | undefined> {
  const before = ready.look;
  const now = await identify(live.config.path);
  if (before !== undefined && now !== undefined && sameIdentity(before.file.identity, now)) {
    return before;
  }
  const look = await lookAtVersion(live, stage);
  if (look !== undefined && !(before !== undefined && sameTraits(before.traits, look.traits))) {
    await ready.staged.give(look.traits);
  }
  return look;
}

async function putInPlace(
  live: LiveParts,
  staged: StagedFile,
  look: VersionLook | undefined,
): Promise<void> {
  if (look !== undefined) return staged.replace(live.path);
  try {
    await staged.create(live.path);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    throw new Refusal({ code: "created_meanwhile" }, { cause: error });
  }
}

function recordHoldingLock(
  live: LiveParts,
  candidate: Candidate,
  ready: ReadyChange,
  kept: BackedUp,
): Pick<Swapped, "entry" | "replaced" | "replacedCopy"> {
  if (kept.unknown !== undefined) live.history.add(kept.unknown);
  const replaced = live.history.last ?? null;
  const replacedCopy = live.state.ownCopy;
  const entry = live.history.add(
    newRevision(candidate, {
      at: new Date(nextTimeMs(live)).toISOString(),
      sha256: ready.sha256,
      previous_sha256: replaced?.sha256 ?? null,
      bytes: candidate.version.bytes.length,
      backup: kept.backup,
    }),
  );
  live.state.ownCopy = ready.ownCopy;
  live.state.upcoming = undefined;
  return { entry, replaced, replacedCopy };
}

// ---- after the lock

/** Waits until history is synced, then clears away what is no longer needed. */
async function settle(
  live: LiveParts,
  { entry, replaced, replacedCopy, failure }: Swapped,
  backupsMax: number,
): Promise<AppliedOutcome | FailedOutcome> {
  const historyFailure = await failureOf("writing_history_failed", () => live.history.settle());
  const failed = failure ?? historyFailure;
  if (failed !== undefined) return failed;
  try {
    if (replacedCopy !== undefined) await removeFile(replacedCopy.path);
    await live.backups.prune(backupsMax);
  } catch (error) {
    live.report("removing old versions", error);
  }
  return { kind: "applied", entry, replaced };
}

async function failureOf(
  code: TriedTrouble,
  act: () => Promise<void>,
): Promise<FailedOutcome | undefined> {
  const cause = await troubleIn(act());
  return cause && { kind: "failed", live: "new", trouble: { code, cause } };
}
