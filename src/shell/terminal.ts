// What the command line has of its process: where it prints, where it reads, who runs it.
import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { userInfo } from "node:os";
import { systemTrouble } from "../file/small-file.ts";
import type { Inspector } from "../model/inspector.ts";
import type { Config } from "../model/config.ts";
import type { Machine as FollowingMachine } from "../model/machine.ts";
import type { Trouble } from "../model/trouble.ts";
import type {
  ChangeSettings,
  CommandSettings,
  ConfigsSettings,
  PastSettings,
} from "../settings/command-settings.ts";
import type { CopyEnd } from "../store/copy.ts";
import type { ConfigReader } from "../store/port.ts";
import { cannotBeRead } from "../words/command-words.ts";
import type { OpenHere } from "./perform-here.ts";
import type { Parsed } from "../settings/reading.ts";

/** What a command does with this machine's configs; which store keeps them is the entry's to say. */
export interface Machine {
  /** Opens a config to look at it. @throws what the store refuses */
  openReader(
    config: Config,
    settings: PastSettings,
  ): Promise<{ readonly reader: ConfigReader; close(): Promise<void> }>;
  /** What is live; on a disk, from the file itself: neither history nor backups are asked. @throws what the store refuses */
  readLiveFile(config: Config, settings: ConfigsSettings): Promise<Uint8Array | undefined>;
  /** Opens a config to change it. @throws what the disk refuses */
  openHere: OpenHere;
  /** Copies history and kept versions of every config between this disk and etcd, both held meanwhile. @throws Refusal */
  copyStore(settings: ChangeSettings, to: "local" | "etcd"): Promise<readonly CopiedConfig[]>;
  createInspector(timeoutMs: number): Inspector;
}

export interface CopiedConfig {
  readonly config: Config;
  readonly end: CopyEnd;
  /** What was copied was read anew and compared. */
  readonly isWhole: boolean;
}

export interface Terminal {
  readonly machine: Machine;
  /** `airlock follow`. @returns why a file was not written, or which settings are wrong; @throws CommandFailure */
  readonly followHere: (isOnce: boolean) => Promise<readonly string[]>;
  /** The machines that follow the store. @throws CommandFailure, Refusal */
  readonly machines: {
    list(): Promise<readonly FollowingMachine[]>;
    remove(name: string): Promise<void>;
  };
  readonly settings: CommandSettings;
  readonly workingFolder: string;
  /** Resolves when everything was taken. */
  out(text: string | Uint8Array): Promise<void>;
  err(text: string): void;
}

/** Something that ends the command with exit code 1; its message is for standard error, without a stack. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}

/** @throws CommandFailure with every problem of the settings */
export function mustParse<Kind>(parsed: Parsed<Kind>): Kind {
  if (!parsed.ok) throw new CommandFailure(parsed.problems.join("\n"));
  return parsed.settings;
}

export type ReadInput =
  | { readonly kind: "read"; readonly bytes: Buffer }
  | { readonly kind: "too_large" }
  | { readonly kind: "unreadable"; readonly trouble: Trouble };

/** Reads a file, or for `-` standard input, however slowly that comes. */
export async function readInput(path: string, bytesMax: number): Promise<ReadInput> {
  const stream: AsyncIterable<Buffer> = path === "-" ? process.stdin : createReadStream(path);
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of stream) {
      length += part.length;
      // Leaving the loop closes the stream.
      if (length > bytesMax) return { kind: "too_large" };
      parts.push(part);
    }
    return { kind: "read", bytes: Buffer.concat(parts) };
  } catch (error) {
    return { kind: "unreadable", trouble: systemTrouble(error) };
  }
}

/** @param path - as {@link readInput} takes it */
export function unreadableText(path: string, trouble: Trouble): string {
  return cannotBeRead(path === "-" ? null : path, trouble);
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
