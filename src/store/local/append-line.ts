// Files of lines that only ever grow. A line that a crash or a full disk cut short stays, ended; readers skip it.
import { constants, type Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errnoOf } from "../../file/disk-error.ts";
import { syncFolder } from "../../file/folder.ts";

const newline = "\n".charCodeAt(0);
/** A line is far shorter. */
const blockBytes = 64 * 1024;
/** A file to which nothing was added for this long is closed. */
const heldIdleMs = 1000;
/** The tail is read in pieces of this size, from the end. */
const tailBytesMin = 64 * 1024;

/** A file of lines, open for adding to it. It is held open while it is in use: a line costs a look, a write and a sync. */
export interface LineFile {
  /**
   * Adds lines at the end, one call after another. Safe to call again after it failed: lines that did get there are not added twice.
   * @param lines - at least one, each without a line break
   * @param sync - whether they are durable when it resolves; without, they outlive the process, not a power cut
   */
  append(lines: readonly string[], options: { readonly sync: boolean }): Promise<void>;
}

/** The end of the file as the last addition left it. */
interface HeldEnd {
  readonly handle: FileHandle;
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
}

export function openLineFile(path: string): LineFile {
  let held: HeldEnd | undefined;
  let closing: NodeJS.Timeout | undefined;

  async function letGo(): Promise<void> {
    clearTimeout(closing);
    const { handle } = held ?? {};
    held = undefined;
    await handle?.close();
  }

  function letGoLater(): void {
    closing ??= setTimeout(() => {
      closing = undefined;
      // All that was to be durable is; what a close could still refuse is nothing that somebody waits for.
      letGo().catch(() => undefined);
    }, heldIdleMs).unref();
    closing.refresh();
  }

  /** The handle of before, where its file is still the one at this path and nobody else has added to it. */
  async function heldEnd(): Promise<HeldEnd | undefined> {
    if (held === undefined) return undefined;
    const { dev, ino, size } = held;
    const now = await statOrNothing(path);
    if (now?.dev === dev && now.ino === ino && now.size === size) return held;
    await letGo();
    return undefined;
  }

  return {
    async append(lines, { sync }) {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      clearTimeout(closing);
      closing = undefined;
      const before = await heldEnd();
      if (before === undefined) {
        held = await openedEnd(path, bytes, sync);
      } else {
        try {
          await writeAt(before.handle, bytes, before.size);
          if (sync) await before.handle.sync();
          held = { ...before, size: before.size + bytes.length };
        } catch (error) {
          // What is there now is looked at the next time.
          await letGo();
          throw error;
        }
      }
      letGoLater();
    },
  };
}

/** Opens the file, made if it is missing, and adds these bytes at its end. */
async function openedEnd(path: string, bytes: Buffer, sync: boolean): Promise<HeldEnd> {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const { dev, ino, size } = await handle.stat();
    const tail = await readPart(handle, Math.max(0, size - bytes.length), size);
    // The same bytes are written once more: after a failed sync the kernel takes its copy for saved, and a second sync
    // alone would lie (https://lwn.net/Articles/752063/).
    const again = tail.equals(bytes);
    const torn = !again && size > 0 && tail.at(-1) !== newline;
    const addition = torn ? Buffer.concat([Buffer.of(newline), bytes]) : bytes;
    const position = again ? size - bytes.length : size;
    await writeAt(handle, addition, position);
    if (sync) await handle.sync();
    if (sync && size === 0) await syncFolder(dirname(path));
    return { handle, dev, ino, size: position + addition.length };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function statOrNothing(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
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
  const handle = await openToRead(path);
  if (handle === undefined) return [];
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

/**
 * Of lines whose keys rise those from `fromKey` up to, and without, `toKey`, in their order. Found by halving the file, so that an old
 * line costs as little as a new one.
 * @param parse - undefined for a line that is torn or foreign
 * @returns nothing where there is no file
 */
export async function readLinesFrom<Entry>(
  path: string,
  parse: (line: string) => Entry | undefined,
  keyOf: (entry: Entry) => number,
  fromKey: number,
  toKey: number,
): Promise<readonly Entry[]> {
  const handle = await openToRead(path);
  if (handle === undefined) return [];
  try {
    const { size } = await handle.stat();
    const placeOf = (key: number): Place => {
      if (key < fromKey) return "before";
      return key < toKey ? "wanted" : "after";
    };
    let [low, high] = [0, size];
    while (high - low > blockBytes) {
      const middle = Math.floor((low + high) / 2);
      const block = await readPart(handle, middle, Math.min(size, middle + blockBytes));
      // The first line of the block is cut.
      const first = firstEntry(block.toString("utf8").split("\n").slice(1, -1), parse);
      if (first === undefined || keyOf(first) >= fromKey) high = middle;
      else low = middle;
    }
    return await collectFrom(handle, low, size, parse, (entry) => placeOf(keyOf(entry)));
  } finally {
    await handle.close();
  }
}

type Place = "before" | "wanted" | "after";

function firstEntry<Entry>(
  lines: readonly string[],
  parse: (line: string) => Entry | undefined,
): Entry | undefined {
  for (const line of lines) {
    const entry = parse(line);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/** @param from - where a line begins, or one that is not wanted is cut */
async function collectFrom<Entry>(
  handle: FileHandle,
  from: number,
  size: number,
  parse: (line: string) => Entry | undefined,
  placeOf: (entry: Entry) => Place,
): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  let rest = Buffer.alloc(0);
  for (let position = from; position < size; position += blockBytes) {
    const block = await readPart(handle, position, Math.min(size, position + blockBytes));
    const bytes = Buffer.concat([rest, block]);
    const end = bytes.lastIndexOf(newline) + 1;
    rest = Buffer.from(bytes.subarray(end));
    for (const line of bytes.subarray(0, end).toString("utf8").split("\n")) {
      const entry = parse(line);
      const place = entry === undefined ? "before" : placeOf(entry);
      if (place === "after") return found;
      if (place === "wanted" && entry !== undefined) found.push(entry);
    }
  }
  return found;
}

async function openToRead(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
