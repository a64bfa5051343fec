// The versions that are kept: backups of what was replaced, which people may take, and one copy of what is live, which
// is Airlock's own. Nobody else ever has the own copy open, so nothing that is written over the live file can reach it.
import { join } from "node:path";
import { copyBackup, linkBackup, listFiles, removeFile } from "./back-up-file.ts";
import { readKept, readKnown, sha256Of } from "../../file/read-file.ts";
import { errnoOf } from "../../file/disk-error.ts";
import { makeFolder, openFolder, remakeFolder } from "../../file/folder.ts";
import { randomName, writeNewFile } from "../../file/replace-file.ts";
import type { ConfigId } from "../../model/config-id.ts";

export const ownFolderName = ".live";
/** Of whatever config, managed still or no longer. */
export const backupFileName = /^[a-z][a-z0-9_]{0,19}\.\d{8}T\d{9}Z\.[0-9a-f]+\.yml$/;

/** Airlock's own copy of one version, durable. */
export interface OwnCopy {
  readonly path: string;
  readonly sha256: string;
}

/** The backups of one config. Only what holds the config's lock may add to them. */
export interface Backups {
  readonly folder: string;
  /** The newest time that a backup's name has, in milliseconds; 0 without backups. */
  readonly newestTimeMs: number;
  /** Keeps an own copy under a new backup name. @returns undefined where the copy is gone */
  link(copy: OwnCopy, timeMs: number): Promise<string | undefined>;
  /** Keeps bytes that Airlock has no copy of. @returns the backup's name */
  copy(bytes: Uint8Array, timeMs: number): Promise<string>;
  /** The bytes of a backup, whose hash is to be compared; undefined where it was pruned. */
  read(name: string): Promise<Uint8Array | undefined>;
  has(name: string): boolean;
  /** The names of the backups made at this time or later, oldest first, with their times in milliseconds. */
  since(timeMs: number): readonly { readonly name: string; readonly timeMs: number }[];
  /** Takes back backups of a change that did not happen. */
  forget(names: readonly string[]): Promise<void>;
  /** Removes the oldest ones beyond `keepMax`; 0 keeps all. */
  prune(keepMax: number): Promise<void>;
  /** Writes and syncs an own copy; durable when it resolves. */
  keepOwn(bytes: Uint8Array, sha256: string): Promise<OwnCopy>;
  readOwn(copy: OwnCopy | undefined): Promise<Uint8Array | undefined>;
  /** The intact own copy of this version. */
  findOwn(sha256: string): Promise<OwnCopy | undefined>;
  /** The intact own copy with this file name. */
  ownNamed(name: string, sha256: string): Promise<OwnCopy | undefined>;
  /** Removes every own copy but this one. */
  keepOnlyOwn(copy: OwnCopy | undefined): Promise<void>;
}

/**
 * Opens the backups of `id` in `folder`.
 * Names are `<id>.<UTC as 20261123T140509123Z>.<random>.yml`, and sort by time.
 */
export async function openBackups(
  folder: string,
  id: ConfigId,
  listed: BackupNames,
  open: typeof openFolder,
): Promise<Backups> {
  await makeOwnFolder(folder);
  return readBackups(folder, id, listed, open);
}

/** Makes the place of Airlock's own copies, unless it is there. */
export function makeOwnFolder(folder: string): Promise<void> {
  return makeFolder(join(folder, ownFolderName));
}

/** The backups in the folder, by config id, sorted. */
export type BackupNames = ReadonlyMap<string, readonly string[]>;

/** Lists them once for all configs: there may be ten thousands. */
export async function listBackups(folder: string): Promise<BackupNames> {
  const byId = new Map<string, string[]>();
  for (const name of await listFiles(folder, /^[a-z][a-z0-9_]*\./)) {
    const id = name.slice(0, name.indexOf("."));
    const names = byId.get(id);
    if (names === undefined) byId.set(id, [name]);
    else names.push(name);
  }
  return byId;
}

/** As {@link openBackups}, for looking only: makes no folder. */
export function readBackups(
  folder: string,
  id: ConfigId,
  listed: BackupNames,
  open = openFolder,
): Backups {
  const ownFolder = join(folder, ownFolderName);
  const namePattern = new RegExp(`^${id}\\.(\\d{8}T\\d{9}Z)\\.[0-9a-f]+\\.yml$`);
  const ownPattern = new RegExp(`^${id}\\.[0-9a-f]{64}\\.[0-9a-f]+\\.yml$`);
  /** Sorted, as they are made. */
  const names = new Set((listed.get(id) ?? []).filter((name) => namePattern.test(name)));
  const nameAt = (timeMs: number): string => `${id}.${compactTime(timeMs)}.${randomName()}.yml`;

  async function ownCopies(): Promise<readonly string[]> {
    return (await listFiles(ownFolder, ownPattern)).map((name) => join(ownFolder, name));
  }

  function timeOf(name: string): number {
    const stamp = namePattern.exec(name)?.[1];
    return stamp === undefined ? 0 : timeOfStamp(stamp);
  }

  async function intact(path: string, sha256: string): Promise<OwnCopy | undefined> {
    const copy = await readKept(path);
    return copy !== undefined && sha256Of(copy) === sha256 ? { path, sha256 } : undefined;
  }

  return {
    folder,
    get newestTimeMs() {
      return timeOf([...names].at(-1) ?? "");
    },
    async link(copy, timeMs) {
      const name = await linkBackup(copy.path, folder, () => nameAt(timeMs));
      if (name !== undefined) names.add(name);
      return name;
    },
    async copy(bytes, timeMs) {
      const name = await copyBackup(bytes, folder, () => nameAt(timeMs));
      names.add(name);
      return name;
    },
    async read(name) {
      return names.has(name) ? readKnown(join(folder, name)) : undefined;
    },
    has: (name) => names.has(name),
    since(fromMs) {
      const made: { name: string; timeMs: number }[] = [];
      for (const name of [...names].toReversed()) {
        const timeMs = timeOf(name);
        if (timeMs < fromMs) break;
        made.unshift({ name, timeMs });
      }
      return made;
    },
    async forget(unused) {
      for (const name of unused) {
        names.delete(name);
        await removeFile(join(folder, name));
      }
    },
    async prune(keepMax) {
      const excess = keepMax === 0 ? 0 : names.size - keepMax;
      if (excess <= 0) return;
      const oldest = [...names].slice(0, excess);
      for (const name of oldest) names.delete(name);
      for (const name of oldest) await removeFile(join(folder, name));
    },
    async keepOwn(bytes, sha256) {
      const path = join(ownFolder, `${id}.${sha256}.${randomName()}.yml`);
      try {
        await writeNewFile(path, bytes);
      } catch (error) {
        if (errnoOf(error) !== "ENOENT" || !(await remakeFolder(ownFolder))) throw error;
        await writeNewFile(path, bytes);
      }
      const shared = await open(ownFolder);
      try {
        await shared.sync();
      } finally {
        await shared.close();
      }
      return { path, sha256 };
    },
    async readOwn(copy) {
      return copy === undefined ? undefined : readKept(copy.path);
    },
    async findOwn(sha256) {
      for (const path of await ownCopies()) {
        const copy = path.includes(sha256) ? await intact(path, sha256) : undefined;
        if (copy !== undefined) return copy;
      }
      return undefined;
    },
    ownNamed: async (name, sha256) =>
      ownPattern.test(name) ? intact(join(ownFolder, name), sha256) : undefined,
    async keepOnlyOwn(copy) {
      for (const path of await ownCopies()) {
        if (path !== copy?.path) await removeFile(path);
      }
    },
  };
}

/** `20261123T140509123Z`. */
function compactTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replaceAll(/[-:.]/g, "");
}

function timeOfStamp(stamp: string): number {
  return Date.parse(stamp.replace(/^(....)(..)(..)T(..)(..)(..)(...)Z$/, "$1-$2-$3T$4:$5:$6.$7Z"));
}
