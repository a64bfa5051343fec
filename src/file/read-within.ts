// Reads a file that another program names by its path, and none but those in one folder: where a Bot API server in local mode keeps
// what it has fetched.
import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { isAbsolute, sep } from "node:path";
import type { Trouble } from "../model/trouble.ts";
import { errnoOf, troubleOf } from "./disk-error.ts";

const chunkBytes = 1024 * 1024;

export type ReadWithin =
  | { readonly kind: "read"; readonly bytes: Buffer }
  /** By its name, or by where a link on the way to it leads. */
  | { readonly kind: "outside" }
  | { readonly kind: "no_file" }
  | { readonly kind: "too_large" }
  | { readonly kind: "refused"; readonly trouble: Trouble };

/**
 * @param bytesMax - more is not read, whatever the file's size is said to be
 * @param signal - ends it between two pieces; its reason is thrown
 */
export async function readWithin(
  folder: string,
  path: string,
  { bytesMax, signal }: { readonly bytesMax: number; readonly signal: AbortSignal },
): Promise<ReadWithin> {
  try {
    const real = await placeWithin(folder, path);
    if (real === undefined) return { kind: "outside" };
    // A pipe would be waited for, and a link that was put there meanwhile followed.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(real, flags);
    try {
      if (!(await isStillThere(file, folder, path, real))) return { kind: "outside" };
      const facts = await file.stat();
      if (!facts.isFile()) return { kind: "no_file" };
      if (facts.size > bytesMax) return { kind: "too_large" };
      return await readUpTo(file, bytesMax, signal);
    } finally {
      await file.close();
    }
  } catch (error) {
    switch (errnoOf(error)) {
      case undefined:
        throw error;
      case "ELOOP":
        return { kind: "outside" };
      case "ENOENT":
        return { kind: "refused", trouble: { code: "local_file_gone" } };
      case "EACCES":
      case "EPERM":
        return { kind: "refused", trouble: { code: "local_file_not_allowed" } };
      default: {
        const cause = troubleOf(error);
        if (cause === undefined) throw error;
        return { kind: "refused", trouble: { code: "local_file_not_read", cause } };
      }
    }
  }
}

/** With every link followed. @returns undefined where that is not in the folder */
async function placeWithin(folder: string, path: string): Promise<string | undefined> {
  if (!isAbsolute(path)) return undefined;
  const [realFolder, real] = await Promise.all([realpath(folder), realpath(path)]);
  return real.startsWith(`${realFolder}${sep}`) ? real : undefined;
}

/** A folder on the way may have been turned between the look and the opening. */
async function isStillThere(
  file: FileHandle,
  folder: string,
  path: string,
  real: string,
): Promise<boolean> {
  const [opened, named] = await Promise.all([file.stat(), stat(real)]);
  return (
    opened.dev === named.dev &&
    opened.ino === named.ino &&
    (await placeWithin(folder, path)) === real
  );
}

async function readUpTo(
  file: FileHandle,
  bytesMax: number,
  signal: AbortSignal,
): Promise<ReadWithin> {
  const parts: Buffer[] = [];
  let length = 0;
  for (;;) {
    signal.throwIfAborted();
    const room = Math.min(chunkBytes, bytesMax + 1 - length);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(room), 0, room, null);
    if (bytesRead === 0) return { kind: "read", bytes: Buffer.concat(parts) };
    length += bytesRead;
    if (length > bytesMax) return { kind: "too_large" };
    parts.push(buffer.subarray(0, bytesRead));
  }
}
