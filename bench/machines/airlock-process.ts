// One process of Airlock, a bot or a machine that follows, in a folder of its own: started, killed, made to hang, and asked how it is.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { metricsPortIn } from "../bot.ts";

const pollMs = 20;
const stopWithinMs = 20_000;

export interface AirlockProcess {
  readonly name: string;
  readonly folder: string;
  readonly isRunning: boolean;
  /** Harmless where it runs. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** From then on it does nothing, and does not know it. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
  /** What `/readyz` says; undefined where nothing answers within a second. */
  readiness(): Promise<{ readonly status: number; readonly text: string } | undefined>;
  /** Its log, of all its runs. */
  log(): Promise<string>;
}

interface ProcessOptions {
  readonly name: string;
  readonly folder: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Not started yet. */
export function airlockProcess({
  name,
  folder,
  script,
  args = [],
  env,
}: ProcessOptions): AirlockProcess {
  const logPath = join(folder, "log");
  let running: ChildProcess | undefined;
  let startedAtChar = 0;

  async function log(): Promise<string> {
    return readFile(logPath, "utf8").catch(() => "");
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = running;
    running = undefined;
    if (ended === undefined || ended.exitCode !== null || ended.signalCode !== null) return;
    const exit = once(ended, "exit");
    const late = setTimeout(() => ended.kill("SIGKILL"), stopWithinMs);
    ended.kill("SIGCONT");
    ended.kill(signal);
    await exit;
    clearTimeout(late);
  }

  return {
    name,
    folder,
    get isRunning() {
      return running !== undefined && running.exitCode === null && running.signalCode === null;
    },
    async start() {
      if (running !== undefined && running.exitCode === null && running.signalCode === null) return;
      startedAtChar = (await log()).length;
      const output = openSync(logPath, "a");
      running = spawn(process.execPath, [script, ...args], {
        cwd: folder,
        env: { PATH: process.env["PATH"], METRICS_PORT: "0", ...env },
        stdio: ["ignore", output, output],
      });
      closeSync(output);
      await once(running, "spawn");
    },
    kill: () => end("SIGKILL"),
    pause: () => void running?.kill("SIGSTOP"),
    resume: () => void running?.kill("SIGCONT"),
    stop: () => end("SIGTERM"),
    async readiness() {
      const found = metricsPortIn((await log()).slice(startedAtChar));
      if (found === undefined) return undefined;
      try {
        const signal = AbortSignal.timeout(1000);
        const answer = await fetch(`http://127.0.0.1:${found}/readyz`, { signal });
        return { status: answer.status, text: (await answer.text()).trim() };
      } catch {
        return undefined;
      }
    },
    log,
  };
}

/**
 * Until `look` finds something; there is nothing to be told by.
 * @param what - what is waited for, for the error
 */
export async function eventually<Found>(
  what: string,
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
  withinMs = 180_000,
): Promise<Found> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > untilMs) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
    await sleep(pollMs);
  }
}
