// Finds out whether files can be made in a folder, by making one: only a byte that is written shows a disk that is full.
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { troubleIn } from "./disk-error.ts";
import type { Trouble } from "../model/trouble.ts";
import { folderTrouble } from "./folder.ts";
import { removeStrayFiles, temporaryName } from "./replace-file.ts";

/** A byte is written no more often than this: whoever asks often must not keep the disk busy. */
const probeIntervalMs = 5000;
const probeName = "airlock-probe";

/**
 * @param nowMs - a clock that does not go back
 * @returns looks at a folder: why no file can be made in it; undefined where one can
 */
export function createFolderProbe(
  nowMs: () => number = () => performance.now(),
): (folder: string) => Promise<Trouble | undefined> {
  const probed = new Map<
    string,
    { readonly atMs: number; readonly trouble: Trouble | undefined }
  >();

  return async (folder) => {
    // As often as somebody asks, since it costs nothing: it sees a folder that is gone or read-only at once.
    const barred = await folderTrouble(folder);
    if (barred !== undefined) return barred;
    const last = probed.get(folder);
    if (last !== undefined && nowMs() - last.atMs < probeIntervalMs) return last.trouble;
    // What a crash left. Where the disk refuses that, it refuses the byte too.
    if (last === undefined) await troubleIn(removeStrayFiles(folder, probeName));
    const atMs = nowMs();
    const trouble = await troubleIn(writeByte(folder));
    probed.set(folder, { atMs, trouble });
    return trouble;
  };
}

async function writeByte(folder: string): Promise<void> {
  const path = join(folder, temporaryName(probeName));
  const handle = await open(path, "wx", 0o600);
  try {
    // Its name goes first, so that hardly a crash leaves it behind. Another bot that starts on this folder may have removed it.
    await rm(path, { force: true });
    await handle.writeFile("0");
  } finally {
    await handle.close();
  }
}
