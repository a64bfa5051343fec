// Everything slow about a change, done before the lock is taken: the live file is read and hashed, the new bytes are
// written twice and synced, what will be needed is opened. And the promise that all of it is closed again.
import { basename, dirname } from "node:path";
import { removeFile } from "./back-up-file.ts";
import { readAttributes } from "../../file/file-attributes.ts";
import { type FileLook, sha256Of } from "../../file/read-file.ts";
import type { OpenFolder } from "../../file/folder.ts";
import { type FileTraits, type StagedFile, stageFile } from "../../file/replace-file.ts";
import type { Version } from "../../model/version.ts";
import type { OwnCopy } from "./backups.ts";
import { confirmKnown, type LiveParts, stillKnown } from "./live-config.ts";
import { holdLiveFile } from "./live-file.ts";

/** A first version is readable by everybody: the service that reads it runs as somebody else. */
const firstVersionMode = 0o644;

export interface ReadyChange {
  readonly sha256: string;
  readonly look: VersionLook | undefined;
  readonly staged: StagedFile;
  readonly ownCopy: OwnCopy;
  readonly liveFolder: OpenFolder;
  readonly backupFolder: OpenFolder;
}

/** The live file as it was at one moment, held open. */
export interface VersionLook {
  readonly file: FileLook;
  readonly sha256: string;
  readonly traits: FileTraits;
  /** The bytes that have this hash. */
  bytes(): Promise<Uint8Array>;
}

/** Everything slow: the live file is read and hashed, the new bytes are written twice and synced. */
export async function prepareChange(
  live: LiveParts,
  { bytes, sha256 }: Version,
  stage: Stage,
): Promise<ReadyChange> {
  const look = await lookAtVersion(live, stage);
  const folder = dirname(live.path);
  const traits = look === undefined ? { mode: firstVersionMode } : look.traits;
  const staged = await stageFile(folder, basename(live.path), bytes, traits);
  stage.keepStaged(staged);
  const ownCopy = await live.backups.keepOwn(bytes, sha256);
  stage.keepOwn(ownCopy);
  const liveFolder = await live.openFolder(folder);
  stage.keep("the live folder", () => liveFolder.close());
  const backupFolder = await live.openFolder(live.backups.folder);
  stage.keep("the backup folder", () => backupFolder.close());
  return { sha256, look, staged, ownCopy, liveFolder, backupFolder };
}

/** Reads the file only where it is not the version that was live at the last look. Whether its path still leads there is for the lock. */
export async function lookAtVersion(
  live: LiveParts,
  stage: Stage,
): Promise<VersionLook | undefined> {
  const file = await holdLiveFile(live);
  if (file === undefined) return undefined;
  stage.keep("the live file", () => file.close());
  let reading: Promise<Uint8Array> | undefined;
  const bytes = (): Promise<Uint8Array> => (reading ??= file.readBytes());
  const known = stillKnown(live, file.identity);
  const readFromMs = Date.now();
  const sha256 = known?.sha256 ?? sha256Of(await bytes());
  if (known === undefined) confirmKnown(live, { identity: file.identity, sha256 }, readFromMs);
  const attributes = known?.attributes ?? (await readAttributes(live.path));
  const traits = { ownership: file.ownership, attributes };
  return { file, sha256, traits, bytes };
}

/** Collects what must be closed or removed at the end, whatever happens between. */
export interface Stage {
  keep(what: string, close: () => Promise<void>): void;
  /** The candidate's temporary file and, once it is written, its own copy: removed at the end unless they are live by then. */
  keepStaged(staged: StagedFile): void;
  keepOwn(copy: OwnCopy): void;
  ownCopyIsLive(): void;
  /** Reports a failure instead of throwing it: it must not change the outcome. */
  quietly(what: string, act: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export function createStage(live: LiveParts): Stage {
  const closers: { readonly what: string; readonly close: () => Promise<void> }[] = [];
  let ownCopy: OwnCopy | undefined;
  let ownCopyLive = false;
  const stage: Stage = {
    keep: (what, close) => {
      closers.push({ what: `closing ${what}`, close });
    },
    keepStaged: (staged) => {
      // In this order, and the second only after the first: an own copy without its temporary file means that it is live.
      stage.keep("what was written for the change", async () => {
        if (ownCopy !== undefined && !ownCopyLive) await removeFile(ownCopy.path);
        await staged.close();
      });
    },
    keepOwn: (copy) => {
      ownCopy = copy;
    },
    ownCopyIsLive: () => {
      ownCopyLive = true;
    },
    quietly: async (what, act) => {
      try {
        await act();
      } catch (error) {
        live.report(what, error);
      }
    },
    close: async () => {
      for (const { what, close } of closers) await stage.quietly(what, close);
    },
  };
  return stage;
}
