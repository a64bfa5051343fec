// Looks at files: their bytes, and the five numbers by which one tells whether they are still the same.
import { createHash } from "node:crypto";
import * as callbacks from "node:fs";
import { constants, type BigIntStats } from "node:fs";
import { type FileHandle, lstat, open, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { Refusal } from "../model/trouble.ts";
import { errnoOf } from "./disk-error.ts";

/** Larger files are not config files: reading one would exhaust the memory. */
const readBytesMax = 256 * 1024 * 1024;
/** A file that is being written in place while it is read is read again, this often. */
const readAttemptsMax = 5;
/** As the kernel: more links in a row are a circle. */
const linksMax = 40;

/** While these five numbers stay, the bytes stay. The time stamps are nanoseconds. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

export interface FileOwnership {
  /** Permission bits only. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface FileLook {
  readonly identity: FileIdentity;
  readonly ownership: FileOwnership;
  readonly modifiedAt: string;
  /** Reads the whole file as it is now. */
  readBytes(): Promise<Buffer>;
  /** The identity now, of this very file, wherever its path points meanwhile. */
  identityNow(): Promise<FileIdentity>;
  close(): Promise<void>;
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function sameIdentity(one: FileIdentity, other: FileIdentity): boolean {
  return sameContent(one, other) && one.ctimeNs === other.ctimeNs;
}

/** As {@link sameIdentity}, but links and renames, which change ctime, do not count. */
export function sameContent(one: FileIdentity, other: FileIdentity): boolean {
  return (
    one.dev === other.dev &&
    one.ino === other.ino &&
    one.size === other.size &&
    one.mtimeNs === other.mtimeNs
  );
}

function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): FileIdentity {
  return { dev, ino, size, mtimeNs, ctimeNs };
}

/** The identity of what `path` leads to now; undefined where there is nothing. */
export async function identify(path: string): Promise<FileIdentity | undefined> {
  return identityOrNothing(stat(path, { bigint: true }));
}

async function identityOrNothing(looking: Promise<BigIntStats>): Promise<FileIdentity | undefined> {
  try {
    return identityOf(await looking);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Opens a file to look at it; the caller closes it.
 * @param flags - of open(2), beside those to read
 * @returns undefined where there is nothing
 * @throws Refusal for anything but an ordinary file
 */
export async function lookAtFile(path: string, flags = 0): Promise<FileLook | undefined> {
  let handle: FileHandle;
  try {
    // Without O_NONBLOCK, opening a pipe would wait for ever.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | flags);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) throw new Refusal({ code: "not_a_file" });
    return {
      identity: identityOf(stats),
      ownership: {
        mode: Number(stats.mode & 0o7777n),
        uid: Number(stats.uid),
        gid: Number(stats.gid),
      },
      modifiedAt: new Date(Number(stats.mtimeNs / 1_000_000n)).toISOString(),
      readBytes: () => readSettled(handle),
      identityNow: async () => identityOf(await handle.stat({ bigint: true })),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Reads until the file did not change during the reading. */
async function readSettled(handle: FileHandle): Promise<Buffer> {
  for (let attempt = 1; ; attempt += 1) {
    const before = identityOf(await handle.stat({ bigint: true }));
    if (before.size > readBytesMax) throw new Refusal({ code: "too_large_for_config" });
    const bytes = Buffer.alloc(Number(before.size));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    const after = identityOf(await handle.stat({ bigint: true }));
    if (filled === bytes.length && sameContent(before, after)) return bytes;
    if (attempt === readAttemptsMax) {
      throw new Refusal({ code: "written_all_the_time" });
    }
  }
}

/** The whole of a file that Airlock made for itself. A symbolic link in its place is somebody else's: undefined, as where there is nothing. */
export async function readKept(path: string): Promise<Buffer | undefined> {
  let look: FileLook | undefined;
  try {
    look = await lookAtFile(path, constants.O_NOFOLLOW);
    return await look?.readBytes();
  } catch (error) {
    if (errnoOf(error) === "ELOOP") return undefined;
    throw error;
  } finally {
    await look?.close();
  }
}

// By callbacks: a file handle costs as much again as all the calls.
const [openFile, statFile, readFile, closeFile] = [
  promisify(callbacks.open),
  promisify(callbacks.fstat),
  promisify(callbacks.read),
  promisify(callbacks.close),
];

/**
 * As {@link readKept}, in a third of the time, for whoever knows the hash of what must be in it and reads thousands: it does not look whether anybody
 * wrote to the file meanwhile.
 */
export async function readKnown(path: string): Promise<Buffer | undefined> {
  let file: number;
  try {
    file = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ELOOP") return undefined;
    throw error;
  }
  try {
    const stats = await statFile(file);
    if (!stats.isFile()) throw new Refusal({ code: "not_a_file" });
    if (stats.size > readBytesMax) throw new Refusal({ code: "too_large_for_config" });
    const bytes = Buffer.alloc(stats.size);
    const { bytesRead } = await readFile(file, bytes, 0, stats.size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await closeFile(file);
  }
}

/**
 * Follows symbolic links to the path that holds, or would hold, the file itself.
 * @throws where the folder does not exist, or links go round in a circle
 */
export async function resolveLinks(path: string): Promise<string> {
  const whole = await realpathOrNothing(path);
  if (whole !== undefined) return whole;
  let current = path;
  for (let links = 0; links <= linksMax; links += 1) {
    current = join(await realpath(dirname(current)), basename(current));
    try {
      if (!(await lstat(current)).isSymbolicLink()) return current;
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return current;
      throw error;
    }
    current = resolve(dirname(current), await readlink(current));
  }
  throw new Refusal({ code: "link_circle" });
}

/** Of what is there, in one call. @returns undefined where that does not tell: nothing is there, or it cannot be reached */
async function realpathOrNothing(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
