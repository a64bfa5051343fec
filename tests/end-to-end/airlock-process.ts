// The real bot as a process, `node dist/main.js`, on fresh folders and against the stand-in Telegram. What it logs,
// counts and leaves on disk can be asked for. A process that dies unasked fails its test, and so does a leaked token, or
// a call that Telegram's own description does not allow.
import { readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { WaitOptions } from "../../sandbox/bot-api/feed.ts";
import type { TelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { watchCalls } from "../telegram-api/check-call.ts";
import {
  listBackups,
  makeFolders,
  readHistory,
  readLive,
  type AirlockFolders,
  type FileContents,
} from "./airlock-folders.ts";
import { BotProcess, type Environment, type Exit, type LogLine } from "./bot-process.ts";
import { findMetric } from "./metric-text.ts";
import { findLeaks } from "./token-leaks.ts";

const builtMain = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const readyTimeoutMs = 20_000;

/** What to start Airlock with. */
export interface AirlockOptions {
  readonly server: TelegramServer;
  /** Default 1001 and 1002. */
  readonly adminIds?: readonly number[];
  /** Over the harness's own variables; undefined takes one away. */
  readonly env?: Environment;
  /** Put into the config folder, over the shipped files. */
  readonly configFiles?: FileContents;
  /** Put into the working folder: `airlock.yml`, `.env`, schemas. */
  readonly rootFiles?: FileContents;
  /** Symbolic links in the working folder, and what they hold. */
  readonly rootLinks?: Readonly<Record<string, string>>;
  /** Another Airlock's folders, which keeps and removes them. Default: fresh ones. */
  readonly folders?: AirlockFolders;
  /** Done with the folders before the start. */
  readonly prepare?: (folders: AirlockFolders) => Promise<void> | void;
  /** A command that becomes the bot, such as `setpriv` with its options. */
  readonly runner?: readonly string[];
  /** Runs its cleaning up after the test. Default: vitest's own, which cannot tell tests apart that run at the same time. */
  readonly afterTest?: (cleanUp: () => Promise<void>) => void;
  /** Until when to wait: `listening` is for a bot that cannot reach Telegram. Default `ready`. */
  readonly until?: "ready" | "listening";
  /** What to run, relative to the working folder. Default: the built bot. */
  readonly script?: string;
}

/** A running Airlock. */
export interface Airlock extends AirlockFolders {
  /** The lines of standard output, of all its processes one after the other. */
  readonly log: readonly LogLine[];
  stderr(): string;
  pid(): number;
  /** The port of `/metrics`, `/healthz`, `/readyz`. */
  port(): number;
  /** The first line of the log that `isIt` accepts, past or to come. */
  waitForLog(isIt: (line: LogLine) => boolean, options?: WaitOptions): Promise<LogLine>;
  logCursor(): number;
  metrics(): Promise<string>;
  /** @throws unless exactly one series has this name and at least these labels */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  live(id: string): Promise<Buffer>;
  /** The backups' file names, oldest first. */
  backups(id: string): Promise<readonly string[]>;
  /** What the backups hold, oldest first. */
  backupTexts(id: string): Promise<readonly string[]>;
  /** The lines of the history; none where there is no file. */
  history(id: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Default SIGTERM. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
  /** For a bot that is about to end by itself, which is then no failure. */
  waitForEnd(): Promise<Exit>;
  /** SIGKILL, and its end. */
  kill(): Promise<void>;
  /** Stops it if it runs, and starts it again on the same folders; `env` and `until` go over the first start's. */
  restart(env?: Environment, until?: AirlockOptions["until"]): Promise<void>;
  /** Starts it again, and does not wait: it may be ended before it is ready. */
  begin(env?: Environment): void;
}

/**
 * Starts the bot and waits until it polls and says it is ready, or only listens where that is asked for. It is ended and its folders are removed after the test.
 * @throws with standard error and the last log lines when it ends or is not ready within 20 seconds
 */
export async function startAirlock(options: AirlockOptions): Promise<Airlock> {
  const { bot, folders, env } = await prepare(options);
  let port = 0;
  const start = async (moreEnv: Environment, until = options.until): Promise<void> => {
    const server = until === "listening" ? undefined : options.server;
    port = await startAndWait(bot, server, { ...env, ...moreEnv });
  };
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<Exit> => bot.end(signal);
  const metrics = async (): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    return response.text();
  };
  await start({});
  return {
    ...folders,
    log: bot.log.entries,
    stderr: () => bot.stderr,
    pid: () => bot.pid,
    port: () => port,
    waitForLog: (isIt, waitOptions) => waitForLog(bot, isIt, waitOptions),
    logCursor: () => bot.log.cursor(),
    metrics,
    metric: async (name, labels = {}) => findMetric(await metrics(), name, labels),
    live: (id) => readLive(folders, id),
    backups: (id) => listBackups(folders, id),
    backupTexts: async (id) => {
      const names = await listBackups(folders, id);
      return Promise.all(names.map((name) => readFile(resolve(folders.backupDir, name), "utf8")));
    },
    history: (id) => readHistory(folders, id),
    stop,
    waitForEnd: () => bot.end(undefined),
    kill: async () => {
      await stop("SIGKILL");
    },
    begin: (moreEnv = {}) => void bot.spawn({ ...env, ...moreEnv }),
    restart: async (moreEnv = {}, until) => {
      if (bot.isRunning) {
        await stop();
      }
      await start(moreEnv, until);
    },
  };
}

/**
 * Runs the bot until it ends by itself, as with settings that are wrong.
 * @throws when it still runs after 20 seconds
 */
export async function runAirlock(
  options: AirlockOptions,
): Promise<Exit & { readonly stdout: string; readonly stderr: string }> {
  const { bot, env } = await prepare(options);
  void bot.spawn(env);
  const exit = await bot.end(undefined);
  return { ...exit, stdout: bot.stdout, stderr: bot.stderr };
}

interface Prepared {
  readonly bot: BotProcess;
  readonly folders: AirlockFolders;
  readonly env: Environment;
}

async function prepare(options: AirlockOptions): Promise<Prepared> {
  const { server, configFiles = {}, rootFiles = {}, rootLinks = {} } = options;
  const folders = options.folders ?? (await makeFolders(configFiles, rootFiles, rootLinks));
  await options.prepare?.(folders);
  const script = resolve(folders.root, options.script ?? builtMain);
  const bot = new BotProcess(script, folders.root, options.runner);
  const calls = watchCalls(server);
  const { afterTest = onTestFinished } = options;
  afterTest(async () => {
    if (bot.isRunning) {
      await bot.end("SIGTERM");
    }
    const leaks = await findLeaks(server.token, folders.root, bot.stdout + bot.stderr);
    if (options.folders === undefined) {
      await rm(folders.root, { recursive: true, force: true });
    }
    if (leaks.length > 0) {
      throw new Error(`the bot's token is in: ${leaks.join(", ")}`);
    }
    const faults = calls.faults();
    if (faults.length > 0) {
      throw new Error(`Telegram's description does not allow these calls:\n${faults.join("\n")}`);
    }
    if (bot.unaskedEnd !== undefined) {
      throw bot.unaskedEnd;
    }
  });
  const env = {
    PATH: process.env["PATH"],
    BOT_TOKEN: server.token,
    ADMIN_IDS: (options.adminIds ?? [1001, 1002]).join(","),
    CONFIG_DIR: folders.configDir,
    BACKUP_DIR: folders.backupDir,
    STATE_DIR: folders.stateDir,
    TELEGRAM_API_ROOT: server.root,
    METRICS_PORT: "0",
    LOG_LEVEL: "debug",
    ...options.env,
  };
  return { bot, folders, env };
}

async function waitForLog(
  bot: BotProcess,
  isIt: (line: LogLine) => boolean,
  options: WaitOptions = {},
): Promise<LogLine> {
  return bot.log.waitFor((line) => (isIt(line) ? line : undefined), {
    describe: () => bot.describe(),
    ...options,
  });
}

/**
 * @param server - where it must poll before it is ready; undefined waits only until it listens
 * @returns the port of its metrics
 */
async function startAndWait(
  bot: BotProcess,
  server: TelegramServer | undefined,
  env: Environment,
): Promise<number> {
  const timeoutMs = readyTimeoutMs;
  const sinceRequest = server?.requestCursor() ?? 0;
  const sinceLine = bot.log.cursor();
  const died = bot.spawn(env).then(() => {
    throw bot.unaskedEnd ?? new Error("the bot was ended before it was ready");
  });
  const ready = async (): Promise<number> => {
    const isListening = ({ msg }: LogLine): boolean => msg === "metrics_listening";
    const line = await waitForLog(bot, isListening, { since: sinceLine, timeoutMs });
    const port = Number(line["port"]);
    if (server === undefined) return port;
    await server.waitForRequest(({ method }) => method === "getUpdates", {
      since: sinceRequest,
      timeoutMs,
    });
    await untilReady(bot, port, Date.now() + timeoutMs);
    return port;
  };
  return Promise.race([ready(), died]);
}

// There is nothing to wait on: readiness is only to be had by asking.
async function untilReady(bot: BotProcess, port: number, deadlineMs: number): Promise<void> {
  let answer = "no answer yet";
  while (Date.now() < deadlineMs && bot.isRunning) {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    answer = `${response.status} ${await response.text()}`;
    if (response.ok) {
      return;
    }
    await sleep(20);
  }
  throw new Error(`the bot is not ready: ${answer}\n${bot.describe()}`);
}
