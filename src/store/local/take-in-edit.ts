// Takes a version that somebody put in place past Airlock into history: it becomes a revision, and the one before it is kept.
import { troubleOrThrow } from "../../file/disk-error.ts";
import { type FileLook, sha256Of } from "../../file/read-file.ts";
import { syncFolder } from "../../file/folder.ts";
import type { Author, Revision } from "../../model/revision.ts";
import type { AdoptEnd } from "../port.ts";
import { unknownVersion } from "./history.ts";
import { know, type LiveParts, nextTimeMs } from "./live-config.ts";
import { openLiveFile } from "./live-file.ts";
import { never } from "../../model/never.ts";

/** Where these very bytes are live. @returns every case of {@link AdoptEnd}; what the disk refuses is `failed` */
export async function adoptEdit(live: LiveParts, sha256: string, by: Author): Promise<AdoptEnd> {
  const release = await live.lock.acquire(by, never);
  let look: FileLook | undefined;
  try {
    await live.history.settle();
    look = await openLiveFile(live);
    const bytes = await look?.readBytes();
    if (look === undefined || bytes === undefined || sha256Of(bytes) !== sha256) {
      return { kind: "moved" };
    }
    return { kind: "adopted", entry: await takeInHoldingLock(live, look, bytes, sha256) };
  } catch (error) {
    return { kind: "failed", trouble: troubleOrThrow(error) };
  } finally {
    release?.();
    await look?.close();
  }
}

/** @returns its line of history, synced; where history has it as the newest already, that one */
export async function takeInHoldingLock(
  live: LiveParts,
  look: FileLook,
  bytes: Uint8Array,
  sha256: string,
): Promise<Revision> {
  const { history, backups, state } = live;
  const { last } = history;
  const isNew = last?.sha256 !== sha256;
  const before = state.ownCopy;
  const backup =
    isNew && before !== undefined ? await backups.link(before, nextTimeMs(live)) : undefined;
  if (isNew) await syncFolder(backups.folder);
  const entry = isNew
    ? history.add(unknownVersion(last, sha256, bytes.length, look.modifiedAt, backup ?? null))
    : last;
  await history.settle();
  know(live, { identity: look.identity, sha256, attributes: undefined });
  state.ownCopy = (await backups.findOwn(sha256)) ?? (await backups.keepOwn(bytes, sha256));
  await backups.keepOnlyOwn(state.ownCopy);
  return entry;
}
