// What the command line has of its process: where it prints, where it reads, who runs it.
import { Buffer } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";
import { userInfo } from "node:os";
import { reasonOf } from "../small-file.ts";

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  /** Resolves when everything was taken. */
  out(text: string | Uint8Array): Promise<void>;
  err(text: string): void;
}

/** Something that ends the command with exit code 1; its message is for standard error, without a stack. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}

export type ReadInput =
  { readonly kind: "read"; readonly bytes: Buffer } | { readonly kind: "too_large" };

const partBytes = 64 * 1024;
const standardInput = 0;

/**
 * Reads a file, or standard input for `-`.
 * @throws CommandFailure where it cannot be read
 */
export function readInput(path: string, bytesMax: number): ReadInput {
  const shown = path === "-" ? "standard input" : path;
  let descriptor: number | undefined;
  try {
    descriptor = path === "-" ? standardInput : openSync(path, "r");
    const parts: Buffer[] = [];
    for (let length = 0; ;) {
      const part = Buffer.alloc(partBytes);
      const read = readSync(descriptor, part, 0, partBytes, null);
      if (read === 0) return { kind: "read", bytes: Buffer.concat(parts) };
      length += read;
      if (length > bytesMax) return { kind: "too_large" };
      parts.push(part.subarray(0, read));
    }
  } catch (error) {
    throw new CommandFailure(`${shown} cannot be read: ${reasonOf(error)}`);
  } finally {
    if (descriptor !== undefined && descriptor !== standardInput) closeSync(descriptor);
  }
}

const nameCharsMax = 64;

/** Who runs the command, as history will name them. */
export function systemUser(): { readonly uid: number; readonly name: string } {
  const uid = process.getuid?.() ?? 0;
  let name = `uid ${uid}`;
  try {
    name = userInfo().username;
  } catch {
    // A container may run as a user that has no name: then the number is the name.
  }
  return { uid, name: name.slice(0, nameCharsMax) || `uid ${uid}` };
}
