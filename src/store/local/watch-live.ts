// Hints that somebody may have changed a live file. No more than hints: not every file system gives them, and a folder that is replaced
// takes them along. Who relies on nothing being missed looks for themselves. All files of a folder share one watch: each change there would
// be told to every one of them.
import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";

type OnTouched = () => void;

interface Listener {
  readonly fileName: string;
  readonly onTouched: OnTouched;
}

interface WatchedFolder {
  readonly watcher: FSWatcher;
  readonly listeners: Set<Listener>;
}

const folders = new Map<string, WatchedFolder>();

/** @param path - the real one @returns what ends it */
export function watchLive(path: string, onTouched: OnTouched): () => void {
  const folder = dirname(path);
  let watched: WatchedFolder;
  try {
    watched = folders.get(folder) ?? watchFolder(folder);
  } catch {
    // No more watches to be had, say.
    return () => {};
  }
  const { watcher, listeners } = watched;
  const listener = { fileName: basename(path), onTouched };
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) end(folder, watcher);
  };
}

function watchFolder(folder: string): WatchedFolder {
  const listeners: WatchedFolder["listeners"] = new Set();
  const watcher = watch(folder, { persistent: false }, (_event, name) => {
    for (const { fileName, onTouched } of listeners) {
      if (name === null || name === fileName) onTouched();
    }
  });
  watcher.on("error", () => end(folder, watcher));
  const watched = { watcher, listeners };
  folders.set(folder, watched);
  return watched;
}

function end(folder: string, watcher: FSWatcher): void {
  watcher.close();
  if (folders.get(folder)?.watcher === watcher) folders.delete(folder);
}
