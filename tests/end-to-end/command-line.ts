// The command line as a process, on the folders of an Airlock.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { AirlockFolders } from "./airlock-folders.ts";
import type { Environment } from "./bot-process.ts";

const launcher = fileURLToPath(new URL("../../bin/airlock.js", import.meta.url));

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: Buffer;
  /** As text. */
  readonly out: string;
  readonly err: string;
}

export interface CommandOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Environment;
}

/** Runs `airlock <args>` to its end, with no token and no admins. */
export async function airlockCommand(
  folders: AirlockFolders,
  args: readonly string[],
  { input = "", env = {} }: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd: folders.root,
    env: {
      PATH: process.env["PATH"],
      CONFIG_DIR: folders.configDir,
      BACKUP_DIR: folders.backupDir,
      STATE_DIR: folders.stateDir,
      ...env,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (part: Buffer) => out.push(part));
  child.stderr.on("data", (part: Buffer) => err.push(part));
  // A command that reads no input may end before it was written.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  await once(child, "close");
  const stdout = Buffer.concat(out);
  return {
    code: child.exitCode,
    stdout,
    out: stdout.toString("utf8"),
    err: Buffer.concat(err).toString("utf8"),
  };
}
