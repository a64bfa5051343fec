// Hints that somebody may have changed a live file. No more than hints: not every file system gives them, and a folder that is replaced
// takes them along. Who relies on nothing being missed looks for themselves.
import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** @param path - the real one @returns what ends it */
export function watchLive(path: string, onTouched: () => void): () => void {
  const fileName = basename(path);
  let watcher: FSWatcher;
  try {
    watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || name === fileName) onTouched();
    });
  } catch {
    // No more watches to be had, say.
    return () => {};
  }
  watcher.on("error", () => watcher.close());
  return () => watcher.close();
}
