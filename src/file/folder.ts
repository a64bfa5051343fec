// Folders: made, synced, looked into, removed, and asked whether they can be written.
import { access, constants, mkdir, open, readdir, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Trouble } from "../model/trouble.ts";
import { errnoOf, troubleIn } from "./disk-error.ts";

/** A folder held open, so that syncing it is a single call. */
export interface OpenFolder {
  /** Makes every new, renamed and removed name in the folder durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export async function openFolder(path: string): Promise<OpenFolder> {
  const handle = await open(path, "r");
  return { sync: () => handle.sync(), close: () => handle.close() };
}

/** Makes every new, renamed and removed name in the folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await openFolder(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Makes the folder, for the process alone, unless it is there; durable when it resolves. */
export async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncFolder(dirname(path));
}

/**
 * For one that somebody removed with all that was in the folder around it, and made only that again: durable when it resolves.
 * @returns false where that one is missing too, which may be a disk that is not there
 */
export async function remakeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "ENOENT") return false;
    if (errno !== "EEXIST") throw error;
  }
  await syncFolder(dirname(path));
  return true;
}

/** Why the process may not make files in the folder; undefined where it may. Writes nothing. */
export async function folderTrouble(path: string): Promise<Trouble | undefined> {
  return troubleIn(access(path, constants.W_OK | constants.X_OK));
}

/** What is in the folder; nothing where it is missing. */
export async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** What others put there stays, and the folder with it. It may be missing. */
export async function removeIfEmpty(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(errnoOf(error) ?? "")) throw error;
  }
}
