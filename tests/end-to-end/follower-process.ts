// `airlock follow` as a process, with folders of its own: a machine.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { AirlockFolders } from "./airlock-folders.ts";
import { BotProcess, type Environment } from "./bot-process.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const launcher = fileURLToPath(new URL("../../bin/airlock.js", import.meta.url));
const withinMs = 40_000;

export interface FollowingMachine extends AirlockFolders {
  readonly name: string;
  readonly process: BotProcess;
  start(): void;
  text(id: string): Promise<string | undefined>;
  /** @returns status and text */
  ask(path: string): Promise<{ readonly status: number; readonly text: string }>;
  env: Environment;
}

/** A machine with an empty CONFIG_DIR, or with these files. Not started yet. */
export async function makeMachine(
  name: string,
  env: Environment,
  files: Readonly<Record<string, string>> = {},
  rootFiles: Readonly<Record<string, string>> = {},
): Promise<FollowingMachine> {
  const root = await temporaryFolder();
  const folders = {
    root,
    configDir: join(root, "config"),
    backupDir: join(root, "backups"),
    stateDir: join(root, "state"),
  };
  await mkdir(folders.configDir);
  for (const [file, text] of Object.entries(files))
    await writeFile(join(folders.configDir, file), text);
  for (const [file, text] of Object.entries(rootFiles)) await writeFile(join(root, file), text);
  const running = new BotProcess(launcher, root, [], ["follow"]);
  const machine: FollowingMachine = {
    ...folders,
    name,
    process: running,
    env: {
      PATH: process.env["PATH"],
      MACHINE_NAME: name,
      CONFIG_DIR: folders.configDir,
      BACKUP_DIR: folders.backupDir,
      STATE_DIR: folders.stateDir,
      METRICS_PORT: "0",
      ...env,
    },
    start: () => void running.spawn(machine.env),
    text: (id) => readFile(join(folders.configDir, `${id}.yml`), "utf8").catch(() => undefined),
    async ask(path) {
      const line = await running.log.waitFor(
        (each) => (each.msg === "metrics_listening" ? each : undefined),
        { timeoutMs: withinMs, describe: () => running.describe() },
      );
      const answer = await fetch(`http://127.0.0.1:${Number(line["port"])}${path}`);
      return { status: answer.status, text: await answer.text() };
    },
  };
  return machine;
}

/** Ends it, however it is. */
export async function endMachine({ process: running, root }: FollowingMachine): Promise<void> {
  if (running.isRunning) await running.end("SIGKILL");
  await rm(root, { recursive: true, force: true });
}

/** Waits for it; there is nothing to be told by. */
export async function eventually<Result>(
  what: string,
  look: () => Promise<Result | undefined | false> | Result | undefined | false,
): Promise<Result> {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadlineMs) throw new Error(`${what}: it did not happen`);
    await sleep(30);
  }
}
