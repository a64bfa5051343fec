// Keeps a version under a new name in a folder. A backup never shares its bytes with a file that other programs can
// open, so it is either a link to Airlock's own copy or a copy; and it never takes the place of another file.
import { link, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../model/trouble.ts";
import { errnoOf } from "../../file/disk-error.ts";
import { readKept } from "../../file/read-file.ts";
import { linksAreRefused, writeNewFile } from "../../file/replace-file.ts";

/** A random name that is taken this often in a row is not a coincidence. */
const namesTriedMax = 10;

/**
 * Gives Airlock's own copy a second name in `folder`; where links are refused, copies it and syncs the copy.
 * The folder is not synced.
 * @param nameOf - makes a new name at each call
 * @returns the name, or undefined where there is no such copy
 */
export async function linkBackup(
  ownCopyPath: string,
  folder: string,
  nameOf: () => string,
): Promise<string | undefined> {
  try {
    return await underNewName(nameOf, (name) => link(ownCopyPath, join(folder, name)));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    if (!linksAreRefused(error)) throw error;
  }
  const copy = await readKept(ownCopyPath);
  return copy === undefined ? undefined : copyBackup(copy, folder, nameOf);
}

/**
 * Writes `bytes` to a new file in `folder` and syncs it, not the folder.
 * @returns its name
 */
export async function copyBackup(
  bytes: Uint8Array,
  folder: string,
  nameOf: () => string,
): Promise<string> {
  return underNewName(nameOf, (name) => writeNewFile(join(folder, name), bytes));
}

async function underNewName(
  nameOf: () => string,
  create: (name: string) => Promise<void>,
): Promise<string> {
  for (let attempt = 1; attempt <= namesTriedMax; attempt += 1) {
    const name = nameOf();
    try {
      await create(name);
      return name;
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw error;
    }
  }
  throw new Refusal({ code: "no_backup_name" });
}

/** The names in `folder` that `pattern` matches, sorted. */
export async function listFiles(folder: string, pattern: RegExp): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => pattern.test(name)).toSorted();
}

/** Removes a file; one that is gone already is fine. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}
