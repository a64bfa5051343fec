// Puts the sandbox's folders back to how they were. Folders stay: what watches them would see nothing of new ones.
import { cp, readdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";

/** Removes the files in it, at any depth. */
export async function emptyFolder(folder: string): Promise<void> {
  for (const path of await filesIn(folder)) await rm(join(folder, path), { force: true });
}

/** Makes `folder` hold the same files as `pristine`. */
export async function putBack(pristine: string, folder: string): Promise<void> {
  const kept = new Set(await filesIn(pristine));
  for (const path of await filesIn(folder)) {
    if (!kept.has(path)) await rm(join(folder, path), { force: true });
  }
  await cp(pristine, folder, { recursive: true, force: true });
}

/** Paths from `folder`, of all that is no folder. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
