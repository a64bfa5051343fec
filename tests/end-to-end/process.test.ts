// The process itself: signals at any time, and bugs that nobody caught.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { straceIsMissing, trace } from "../crash/strace.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { BotProcess } from "./bot-process.ts";
import { feesFile, openStage } from "./stage.ts";

async function startWithoutWaiting(): Promise<BotProcess> {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const folder = await temporaryFolder();
  const bot = new BotProcess(join(import.meta.dirname, "../../dist/main.js"), folder);
  void bot.spawn({
    PATH: process.env["PATH"],
    BOT_TOKEN: server.token,
    ADMIN_IDS: "1001",
    CONFIG_DIR: folder,
    TELEGRAM_API_ROOT: server.root,
    METRICS_PORT: "0",
  });
  // Its first line of log: the start goes on after it.
  await bot.log.waitFor(({ msg }) => (msg === "metrics_listening" ? true : undefined));
  return bot;
}

test("SIGHUP during the start is kept for its end", async () => {
  const bot = await startWithoutWaiting();
  process.kill(bot.pid, "SIGHUP");
  await bot.log.waitFor(({ msg }) => (msg === "catalog_taken" ? true : undefined));
  expect(await bot.end("SIGTERM")).toEqual({ code: 0, signal: null });
});

test("SIGTERM during the start ends it well", async () => {
  const bot = await startWithoutWaiting();
  expect(await bot.end("SIGTERM")).toEqual({ code: 0, signal: null });
});

test.skipIf(straceIsMissing)(
  "a bug that nobody caught ends the bot with code 1, without a secret in the log, when the save under way is finished",
  async () => {
    const folder = await temporaryFolder();
    const preload = join(folder, "bug.mjs");
    await writeFile(
      preload,
      `process.on("SIGUSR2", () => void Promise.reject(new Error("at " + process.env.BOT_TOKEN)));`,
    );
    const { airlock, anna } = await openStage({ env: { NODE_OPTIONS: `--import ${preload}` } });
    await trace(airlock.pid(), [
      "-e",
      "trace=fsync",
      "-e",
      "inject=fsync:delay_enter=2000000:when=1",
      "-P",
      airlock.backupDir,
    ]);
    anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
    await airlock.waitForLog(({ msg }) => msg === "config_upload_lock_acquired");
    process.kill(airlock.pid(), "SIGUSR2");
    await airlock.waitForLog(({ level, msg }) => level === 60 && msg === "bug");
    expect((await airlock.waitForEnd()).code).toBe(1);
    expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
    expect(await airlock.history("fees")).toHaveLength(2);
    await airlock.restart({ NODE_OPTIONS: "" });
    await anna.waitForText(
      /^(?:✅ fees\.yml updated|🔁 The bot restarted\. fees\.yml was updated) successfully/u,
    );
  },
);
