// When a file of many machines gets new bytes: told by the file system, so that nothing is asked of those who are measured.
import { existsSync, type FSWatcher, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import { eventually } from "./airlock-process.ts";

export interface Arrivals {
  /** When each machine's file had this text, by performance.now(); resolves when all have it. */
  all(text: string, withinMs?: number): Promise<readonly number[]>;
  close(): void;
}

/** @param folders - the CONFIG_DIR of each machine; resolves when the file is there in all of them */
export async function watchArrivals(
  folders: readonly string[],
  fileName: string,
): Promise<Arrivals> {
  const seen = new Map<string, Map<number, number>>();
  const watchers: FSWatcher[] = [];
  await eventually("every machine has its file", () =>
    folders.every((folder) => existsSync(join(folder, fileName))),
  );

  function look(index: number): void {
    const nowMs = performance.now();
    const text = readFileSync(join(folders[index] ?? "", fileName), "utf8");
    const times = seen.get(text) ?? new Map<number, number>();
    seen.set(text, times);
    if (!times.has(index)) times.set(index, nowMs);
  }

  for (const [index, folder] of folders.entries()) {
    watchers.push(
      watch(folder, (_, name) => {
        if (name === fileName) look(index);
      }),
    );
  }
  return {
    async all(text, withinMs) {
      const times = await eventually(
        "every machine has the new file",
        () => {
          const found = seen.get(text);
          return found?.size === folders.length && found;
        },
        withinMs,
      );
      seen.clear();
      return [...times.values()];
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
