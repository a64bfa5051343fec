// The real bot as a process, on folders of its own and against the stand-in Telegram, for the figures that are about all of it.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startTelegramServer, type TelegramServer } from "../sandbox/bot-api/telegram-server.ts";

const readyTimeoutMs = 60_000;
const pollMs = 5;
const uploadsAtOnce = 20;
const untilMaxMs = 120_000;

export interface Bench {
  readonly server: TelegramServer;
  readonly folder: string;
  /** From the start of the process to its first poll, in milliseconds. */
  readonly startMs: number;
  readonly pid: number;
  /** Resident memory now, in megabytes. */
  memory(): Promise<number>;
  /** Processor time of all its threads since the start, in milliseconds; counted in steps of ten. */
  processorMs(): Promise<number>;
  /** A metric as `/metrics` has it, with its labels where it has some. */
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

export interface BenchOptions {
  readonly folder: string;
  readonly adminIds: readonly number[];
  /** The catalog's configs; their files are made where they are missing. */
  readonly configIds: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What is run, and with which words; the bot itself where it is not said. */
  readonly program?: readonly string[];
}

/** Starts the built bot, and waits for its first poll. */
export async function startBench({
  folder,
  adminIds,
  configIds,
  env = {},
  program = ["dist/main.js"],
}: BenchOptions): Promise<Bench> {
  await mkdir(join(folder, "config"), { recursive: true });
  const lines = configIds.map((id) => `  ${id}: { file: ${id}.yml, schema: builtin:rates }\n`);
  await writeFile(join(folder, "airlock.yml"), `configs:\n${lines.join("")}`);
  for (const id of configIds) {
    const path = join(folder, "config", `${id}.yml`);
    if (!existsSync(path)) await writeFile(path, ratesFile(1));
  }
  const server = await startTelegramServer();
  const beganMs = performance.now();
  const log = join(folder, "bot.log");
  const [script = "", ...words] = program;
  const bot = spawn(process.execPath, [resolve(script), ...words], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      BOT_TOKEN: server.token,
      ADMIN_IDS: adminIds.join(","),
      TELEGRAM_API_ROOT: server.root,
      METRICS_PORT: "0",
      // Notices to others would go on for as long as they are paced.
      SHUTDOWN_SECONDS: "1",
      ...env,
    },
    stdio: ["ignore", openSync(log, "w"), "inherit"],
  });
  await server.waitForRequest(({ method }) => method === "getUpdates", {
    timeoutMs: readyTimeoutMs,
  });
  const startMs = performance.now() - beganMs;
  return {
    server,
    folder,
    startMs,
    pid: bot.pid ?? 0,
    memory: () => memoryOf(bot),
    processorMs: () => processorMsOf(bot),
    async metric(name) {
      const port = metricsPortIn(await readFile(log, "utf8"));
      if (port === undefined) throw new Error("the bot did not log where its metrics are");
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      const line = text.split("\n").find((each) => each.startsWith(`${name} `));
      return Number(line?.slice(name.length));
    },
    async stop() {
      const ended = once(bot, "exit");
      bot.kill("SIGTERM");
      await ended;
      await server.close();
    },
  };
}

/** A small valid file; different for each number. */
export function ratesFile(euro: number): string {
  return `base: USD\nrates:\n  EUR: ${euro}\n`;
}

let euro = 2;

/** One admin's uploads of rates.yml, some at once, each another file. Resolves when all were applied. */
export async function uploadMany({ server }: Bench, count: number): Promise<void> {
  const person = server.user({ id: 1, firstName: "Anna" });
  for (let done = 0; done < count; done += uploadsAtOnce) {
    let ended = 0;
    const stop = server.events.subscribe((event) => {
      if ("message" in event && event.message.text?.startsWith("✅") === true) ended += 1;
    });
    for (let index = 0; index < uploadsAtOnce; index += 1) {
      person.upload("rates.yml", ratesFile((euro += 1)), { caption: "/set_rates" });
    }
    await until("every upload was applied", () => ended >= uploadsAtOnce);
    stop();
  }
}

async function memoryOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** Fields 14 and 15 of /proc/PID/stat, in hundredths of a second: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
async function processorMsOf({ pid }: ChildProcess): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Of the process that wrote this log; undefined where it does not listen yet. */
export function metricsPortIn(log: string): number | undefined {
  const line = log.split("\n").findLast((each) => each.includes('"metrics_listening"'));
  return line === undefined ? undefined : (JSON.parse(line) as { readonly port: number }).port;
}

/** Many people's uploads, each of another config than their one before. */
export interface Crowd {
  /** So many uploads at once. @returns after how many milliseconds each was applied */
  upload(count: number): Promise<readonly number[]>;
}

/** @param textOf - another file for each number; a person has at most as many turns as there are configs */
export function createCrowd(
  { server }: Bench,
  adminIds: readonly number[],
  configIds: readonly string[],
  textOf: (euro: number) => string,
): Crowd {
  const people = adminIds.map((id) => server.user({ id, firstName: `Admin ${id}` }));
  let turns = 0;
  return {
    async upload(count) {
      const times: number[] = [];
      const beganMs = performance.now();
      const stop = server.events.subscribe((event) => {
        if (!("message" in event) || event.by !== "bot") return;
        if (event.message.text?.startsWith("✅") === true) times.push(performance.now() - beganMs);
      });
      for (let index = 0; index < count; index += 1) {
        const person = turns % people.length;
        const turn = Math.floor(turns / people.length);
        const config = configIds[(person + turn) % configIds.length] ?? "";
        people[person]?.upload(`${config}.yml`, textOf((euro += 1)), { caption: `/set_${config}` });
        turns += 1;
      }
      await until("every upload was applied", () => times.length === count);
      stop();
      return times;
    },
  };
}

/**
 * Until it is so; there is nothing else to wait on.
 * @param what - what is waited for, for the error after two minutes
 */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + untilMaxMs;
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`waited in vain until ${what}`);
    await wait(pollMs);
  }
}
