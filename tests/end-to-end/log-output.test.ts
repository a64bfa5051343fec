// A log that cannot be written: the bot goes on as if nothing were the matter, and counts the lines.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type FileHandle, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { mount, mountFolder, mountsAreMissing } from "../crash/mounts.ts";
import { straceIsMissing, trace } from "../crash/strace.ts";
import { freePort } from "../local-server.ts";
import { type AirlockFolders, makeFolders, readHistory } from "./airlock-folders.ts";
import { findMetric } from "./metric-text.ts";
import { feesFile } from "./stage.ts";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const caption = "/set_fees";
const applied = "✅ fees.yml updated successfully!";
const readyTimeoutMs = 20_000;

interface Bot {
  readonly process: ChildProcess;
  readonly anna: Person;
  readonly folders: AirlockFolders;
  linesLost(): Promise<number>;
  /** SIGTERM. @returns the exit code */
  stop(): Promise<number | null>;
}

type Output = "pipe" | number;

/** Resolves when it is ready. */
async function startBot(
  stdout: Output,
  stderr: Output = "pipe",
  env: Readonly<Record<string, string>> = {},
): Promise<Bot> {
  const server = await startTelegramServer();
  const anna = server.user({ id: 1001, firstName: "Anna" });
  const folders = await makeFolders({}, {});
  // The log does not tell its port here.
  const port = await freePort();
  const bot = spawn(process.execPath, [main], {
    cwd: folders.root,
    env: {
      PATH: process.env["PATH"],
      BOT_TOKEN: server.token,
      ADMIN_IDS: "1001",
      TELEGRAM_API_ROOT: server.root,
      METRICS_PORT: String(port),
      LOG_LEVEL: "debug",
      ...env,
    },
    stdio: ["ignore", stdout, stderr],
  });
  const exited = once(bot, "exit");
  onTestFinished(async () => {
    bot.kill("SIGKILL");
    await exited;
    await server.close();
    await rm(folders.root, { recursive: true, force: true });
  });
  const ask = async (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
  const ready = vi.waitFor(async () => expect((await ask("/readyz")).status).toBe(200), {
    timeout: readyTimeoutMs,
  });
  await Promise.race([
    ready,
    exited.then(() => {
      throw new Error(`it ended, with code ${bot.exitCode}`);
    }),
  ]);
  return {
    process: bot,
    anna,
    folders,
    linesLost: async () =>
      findMetric(await (await ask("/metrics")).text(), "airlock_log_lines_lost_total", {}),
    async stop() {
      bot.kill("SIGTERM");
      await exited;
      return bot.exitCode;
    },
  };
}

async function opened(path: string): Promise<FileHandle> {
  const handle = await open(path, "a");
  onTestFinished(() => handle.close());
  return handle;
}

async function expectUploadWorks({ anna, folders }: Bot, percent = 1): Promise<void> {
  const since = anna.cursor();
  anna.upload("fees.yml", feesFile(percent), { caption });
  await anna.waitForText(applied, { since });
  expect((await readHistory(folders, "fees")).at(-1)).toMatchObject({ how: "upload" });
}

describe("standard output that cannot be written changes nothing but the log", () => {
  test("on a full disk from the start on", async () => {
    const full = await opened("/dev/full");
    const bot = await startBot(full.fd);
    await expectUploadWorks(bot);
    expect(await bot.linesLost()).toBeGreaterThan(5);
    expect(await bot.stop()).toBe(0);
  });

  test("whose reader has gone away", async () => {
    const bot = await startBot("pipe");
    expect(await bot.linesLost()).toBe(0);
    bot.process.stdout?.destroy();
    await expectUploadWorks(bot);
    expect(await bot.linesLost()).toBeGreaterThan(2);
    expect(await bot.stop()).toBe(0);
  });

  test.skipIf(straceIsMissing)("whose terminal is gone", async () => {
    const path = join((await makeFolders({}, {})).root, "log.jsonl");
    const bot = await startBot((await opened(path)).fd);
    const inject = ["-e", "trace=write", "-e", "inject=write:error=EIO", "-P", path];
    const traced = await trace(bot.process.pid ?? 0, inject);
    await expectUploadWorks(bot);
    expect(await bot.linesLost()).toBeGreaterThan(2);
    await traced.stop();
    expect(await bot.stop()).toBe(0);
  });

  test.skipIf(mountsAreMissing)("on a disk that fills up and has room again", async () => {
    const folder = await mountFolder();
    await mount(folder, "-t", "tmpfs", "-o", "size=64k", "none");
    const path = join(folder, "log.jsonl");
    // Of the last page a part is free: a line is cut where it ends.
    const filler = join(folder, "filler");
    const log = await opened(path);
    const bot = await startBot(log.fd);
    await writeFile(filler, Buffer.alloc(1_000_000)).catch(() => {});
    while ((await bot.linesLost()) === 0) {
      const since = bot.anna.cursor();
      bot.anna.upload("fees.yml", feesFile(101), { caption });
      await bot.anna.waitForText("❌ fees.yml was not changed: 1 problem found.", { since });
    }
    await expectUploadWorks(bot);
    await rm(filler);
    await expectUploadWorks(bot, 2);
    expect(await bot.stop()).toBe(0);
    await log.close();
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    const isWhole = (line: string): boolean => line.startsWith("{") && line.endsWith("}");
    expect(lines.filter((line) => !isWhole(line)).length).toBeLessThanOrEqual(1);
    expect(lines.at(-1)).toContain('"msg":"stopped"');
  });
});

test("standard error that cannot be written is no reason to end either: a warning of Node's own is lost", async () => {
  const full = await opened("/dev/full");
  const { root } = await makeFolders({}, {});
  const preload = join(root, "warn.mjs");
  await writeFile(preload, `process.on("SIGUSR2", () => process.emitWarning("planted"));`);
  const bot = await startBot("pipe", full.fd, { NODE_OPTIONS: `--import ${preload}` });
  bot.process.kill("SIGUSR2");
  await expectUploadWorks(bot);
  expect(await bot.stop()).toBe(0);
});

test("settings that are wrong end the start with code 1, also where that cannot be printed", async () => {
  const full = await opened("/dev/full");
  const { root } = await makeFolders({}, {});
  const bot = spawn(process.execPath, [main], {
    cwd: root,
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", full.fd, full.fd],
  });
  await once(bot, "exit");
  expect(bot.exitCode).toBe(1);
});
