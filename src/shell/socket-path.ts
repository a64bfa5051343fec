// The address of a unix socket has room for few bytes (108 on Linux with its end, 104 on macOS: unix(7)), and a folder's path may be longer.
import { type FileHandle, open } from "node:fs/promises";
import { platform } from "node:process";
import { pathTooLong } from "../words/holder-words.ts";

/** Fits everywhere. */
const socketPathBytesMax = 100;
/** What may follow the folder: its lock, a name in there. */
const namesBytesMax = 64;

export interface SocketFolder {
  /** Leads to the folder, short enough for a socket in it, while this is open. */
  readonly path: string;
  close(): Promise<void>;
}

/**
 * A short way to `folder`: its own path, or where that is too long, by a handle of it.
 * @throws with a message for the operator where the path is too long and the system has no such way
 */
export async function openSocketFolder(folder: string): Promise<SocketFolder> {
  const bytes = Buffer.byteLength(folder);
  if (bytes + namesBytesMax <= socketPathBytesMax) {
    return { path: folder, close: () => Promise.resolve() };
  }
  if (platform !== "linux") {
    const max = socketPathBytesMax - namesBytesMax;
    throw new Error(pathTooLong(folder, bytes, max));
  }
  const handle: FileHandle = await open(folder, "r");
  return { path: `/proc/self/fd/${handle.fd}`, close: () => handle.close() };
}
