// Files of lines that only ever grow. A line that a crash or a full disk cut short stays, ended; readers skip it.
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { errnoOf } from "./disk-error.ts";
import { syncFolder } from "./folder.ts";

const newline = "\n".charCodeAt(0);
/** The tail is read in pieces of this size, from the end. */
const tailBytesMin = 64 * 1024;

/** Adds one line at the end and syncs it: {@link appendLines} with one line. */
export async function appendLine(path: string, line: string): Promise<void> {
  await appendLines(path, [line], { sync: true });
}

/**
 * Adds lines at the end. Safe to call again after it failed: lines that did get there are not added twice.
 * @param lines - at least one, each without a line break
 * @param sync - whether they are durable when it resolves; without, they outlive the process, not a power cut
 */
export async function appendLines(
  path: string,
  lines: readonly string[],
  { sync }: { readonly sync: boolean },
): Promise<void> {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const { size } = await handle.stat();
    const tail = await readPart(handle, Math.max(0, size - bytes.length), size);
    // The same bytes are written once more: after a failed sync the kernel takes its copy for saved, and a second sync
    // alone would lie (https://lwn.net/Articles/752063/).
    const again = tail.equals(bytes);
    const torn = !again && size > 0 && tail.at(-1) !== newline;
    const addition = torn ? Buffer.concat([Buffer.of(newline), bytes]) : bytes;
    await writeAt(handle, addition, again ? size - bytes.length : size);
    if (sync) await handle.sync();
    if (sync && size === 0) await syncFolder(dirname(path));
  } finally {
    await handle.close();
  }
}

async function writeAt(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(
      bytes,
      written,
      bytes.length - written,
      position + written,
    );
    written += bytesWritten;
  }
}

async function readPart(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/**
 * The last lines of the file that `parse` understands, oldest first; what it does not understand is skipped.
 * @param linesMin - reads until it has this many, or the whole file
 * @param parse - undefined for a line that is torn or foreign
 * @returns nothing where there is no file
 */
export async function readLastLines<Entry>(
  path: string,
  linesMin: number,
  parse: (line: string) => Entry | undefined,
): Promise<readonly Entry[]> {
  let handle: FileHandle;
  try {
    handle = await open(path, "r");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
  try {
    const { size } = await handle.stat();
    for (let length = tailBytesMin; ; length *= 2) {
      const from = Math.max(0, size - length);
      const lines = (await readPart(handle, from, size)).toString("utf8").split("\n");
      // The first line of a part is cut.
      if (from > 0) lines.shift();
      const entries = lines.map(parse).filter((entry) => entry !== undefined);
      if (entries.length >= linesMin || from === 0) return entries;
    }
  } finally {
    await handle.close();
  }
}
