// Backups, history and state hold what the configs hold, and more: they are for the bot's user alone. What an earlier version, a copy
// from another machine or an operator made otherwise is mended when the bot starts.
import { constants, lstatSync } from "node:fs";
import { chmod, open, readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { errnoOf, troubleOf } from "../../file/disk-error.ts";
import { Refusal } from "../../model/trouble.ts";
import { readKept } from "../../file/read-file.ts";
import { replaceOwnFile } from "../../file/replace-file.ts";
import { largeNames, type ReportTrouble, smallNames } from "../backing.ts";
import { backupFileName, ownFolderName } from "./backups.ts";

const folderMode = 0o700;
const fileMode = 0o600;
const stickyBit = 0o1000;
/** There may be ten thousand backups: looked at in turns of this many at once. */
const lookedAtOnce = 128;

/** What Airlock makes in `STATE_DIR`. A closed list: an operator may have named a folder that holds other things too. */
const stateFolders: readonly string[] = ["history", "followed", ...largeNames];
const stateFiles = ["journal", ...smallNames].map((name) => `${name}.jsonl`);

export interface PrivatePlaces {
  readonly backupDir: string;
  readonly stateDir: string;
  /** What others must go on reaching, such as the live files: a folder that one of these is in stays as open as it is. */
  readonly publicPaths: readonly string[];
}

/**
 * Gives `BACKUP_DIR`, `STATE_DIR` and what Airlock made in them modes 0700 and 0600. Other programs' files are left alone, and so are
 * links; a file that has a second name elsewhere is replaced by a copy, for that one's mode is not ours to change.
 * What the disk refuses is reported once for each of the two.
 */
export async function keepPrivate(places: PrivatePlaces, report: ReportTrouble): Promise<void> {
  for (const [folder, paths] of [
    [places.backupDir, await backupPaths(places.backupDir)],
    [places.stateDir, await statePaths(places.stateDir)],
  ] as const) {
    const refusals: unknown[] = [];
    for (let next = 0; next < paths.length; next += lookedAtOnce) {
      await Promise.all(
        paths.slice(next, next + lookedAtOnce).map(async (path) => {
          try {
            await makePrivate(path, places.publicPaths);
          } catch (error) {
            if (troubleOf(error) === undefined) throw error;
            refusals.push(error);
          }
        }),
      );
    }
    if (refusals.length > 0) {
      report(
        `keeping what is in ${folder} to the bot's user alone (refused ${refusals.length} times)`,
        refusals[0],
      );
    }
  }
}

async function backupPaths(backupDir: string): Promise<readonly string[]> {
  const backups = (await readdir(backupDir)).filter((name) => backupFileName.test(name));
  return [
    backupDir,
    ...backups.map((name) => join(backupDir, name)),
    ...(await folderPaths(join(backupDir, ownFolderName))),
  ];
}

async function statePaths(stateDir: string): Promise<readonly string[]> {
  const there = await readdir(stateDir);
  const isThere = (name: string): boolean => there.includes(name);
  const folders = stateFolders.filter(isThere).map((name) => folderPaths(join(stateDir, name)));
  return [
    stateDir,
    ...stateFiles.filter(isThere).map((name) => join(stateDir, name)),
    ...(await Promise.all(folders)).flat(),
  ];
}

/** The folder and what is in it. */
async function folderPaths(folder: string): Promise<readonly string[]> {
  return [folder, ...(await readdir(folder)).map((name) => join(folder, name))];
}

async function makePrivate(path: string, publicPaths: readonly string[]): Promise<void> {
  // Not by the threads: ten thousand calls of theirs take most of a second.
  const stats = lstatSync(path);
  const mode = stats.mode & 0o7777;
  if (stats.isDirectory()) {
    if (mode === folderMode) return;
    // `/tmp`, say: whoever made it meant it for everybody.
    const isShared = (mode & stickyBit) !== 0;
    if (isShared || publicPaths.some((each) => each.startsWith(path + sep))) {
      throw new Refusal({ code: "folder_shared" });
    }
    return chmod(path, folderMode);
  }
  if (!stats.isFile() || mode === fileMode) return;
  if (stats.nlink > 1) await replaceByCopy(path);
  else await makeFilePrivate(path);
}

/** By a handle, for a name could lead elsewhere by now. */
async function makeFilePrivate(path: string): Promise<void> {
  let handle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (errnoOf(error) === "ELOOP") return;
    throw error;
  }
  try {
    await handle.chmod(fileMode);
  } finally {
    await handle.close();
  }
}

async function replaceByCopy(path: string): Promise<void> {
  const bytes = await readKept(path);
  if (bytes !== undefined) await replaceOwnFile(path, bytes);
}
