import { once } from "node:events";
import { stat } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { startAirlock } from "./airlock-process.ts";
import { BotProcess } from "./bot-process.ts";
import { airlockCommand } from "./command-line.ts";
import { openSharedStage } from "./shared-stage.ts";
import { feesFile, openStage, type Stage } from "./stage.ts";

const builtMain = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const uid = process.getuid?.() ?? 0;
const apply = {
  airlock: 1,
  request: "apply",
  config: "fees",
  user: { uid, name: "root" },
  reason: null,
  anyway: false,
  bytes: Buffer.from(feesFile(3)).toString("base64"),
};

const socketOf = ({ airlock }: Stage): string => join(airlock.stateDir, "airlock.sock");

async function connectTo(path: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, "connect");
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Everything that the bot says until it ends the connection. */
async function converse(path: string, said: string | Uint8Array): Promise<readonly unknown[]> {
  const socket = await connectTo(path);
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  // The bot does not read on once it has refused.
  socket.on("error", () => {});
  socket.write(said);
  await once(socket, "close");
  const lines = Buffer.concat(parts).toString("utf8").trimEnd().split("\n");
  return lines.map((line): unknown => JSON.parse(line));
}

/** As the bot of this stage was started, on the same folders. */
function environmentOf({ server, airlock }: Stage): Readonly<Record<string, string | undefined>> {
  return {
    PATH: process.env["PATH"],
    BOT_TOKEN: server.token,
    ADMIN_IDS: "1001",
    CONFIG_DIR: airlock.configDir,
    BACKUP_DIR: airlock.backupDir,
    STATE_DIR: airlock.stateDir,
    TELEGRAM_API_ROOT: server.root,
    METRICS_PORT: "0",
  };
}

test("a command line's change goes through the running bot, and the admins are told of it", async () => {
  const { airlock, anna } = await openStage({ configFiles: { "fees.yml": feesFile(0) } });
  anna.send("/status");
  await anna.waitForText("up for");
  const args = ["apply", "fees", "-", "--reason", "a test"];
  const result = await airlockCommand(airlock, args, { input: feesFile(7) });
  expect(result.err).toBe("");
  expect(result.out).toMatch(
    /^✅ fees\.yml updated successfully!\nRevision 2\.\nReason: a test\nmaker_percent: 0 → 7 \(line 2\)\n/,
  );
  expect(result.code).toBe(0);
  expect((await airlock.live("fees")).toString()).toBe(feesFile(7));
  const [, entry] = await airlock.history("fees");
  expect(entry).toMatchObject({ how: "upload", reason: "a test", message: null });
  const author: Readonly<Record<string, unknown>> = { ...Object(entry?.["author"]) };
  expect(author["id"]).toBe(-1 - uid);
  const notice = `🔔 ${String(author["name"])} changed fees.yml\nReason: a test\nmaker_percent: 0 → 7`;
  await anna.waitForText(notice);
  const labels = { config_type: "fees", outcome: "applied" };
  expect(await airlock.metric("config_uploads_total", labels)).toBe(1);
  const finished = airlock.log.find(({ msg }) => msg === "config_upload_finished");
  expect(finished).toMatchObject({ user_id: -1 - uid, outcome: "applied" });
});

test("changes from chats and command lines take turns, and none is lost", async () => {
  const stage = await openStage({ configFiles: { "fees.yml": feesFile(0) } });
  const { airlock, anna, boris } = stage;
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  boris.upload("fees.yml", feesFile(2), { caption: "/set_fees" });
  const commands = await Promise.all(
    [3, 4, 5].map((fee) =>
      airlockCommand(airlock, ["apply", "fees", "-", "--anyway"], { input: feesFile(fee) }),
    ),
  );
  await Promise.all([anna, boris].map((each) => each.waitForText(/^[✅⚠]/u)));
  const applied = commands.filter(({ code }) => code === 0).length;
  for (const { out } of commands)
    expect(out).toMatch(/^(✅ fees.yml updated|⚠️ fees.yml has changed)/);
  const history = await airlock.history("fees");
  expect(history.map(({ revision }) => revision)).toEqual(history.map((_, index) => index + 1));
  expect(history.length).toBeGreaterThanOrEqual(1 + applied);
  const kept = [...(await airlock.backupTexts("fees")), (await airlock.live("fees")).toString()];
  expect(kept).toHaveLength(history.length);
  expect(new Set(kept).size).toBe(history.length);
});

test("a command line is told of a change that it does not know, and may go on anyway", async () => {
  const stage = await openStage({ configFiles: { "fees.yml": feesFile(0) } });
  const { airlock, anna } = stage;
  await airlockCommand(airlock, ["apply", "fees", "-"], { input: feesFile(1) });
  anna.upload("fees.yml", feesFile(2), { caption: "/set_fees" });
  await anna.waitForText("✅ fees.yml updated successfully!");
  const stale = await airlockCommand(airlock, ["apply", "fees", "-"], { input: feesFile(3) });
  expect(stale.code).toBe(1);
  expect(stale.out).toMatch(
    /^⚠️ fees\.yml has changed since you took it\. Nothing was changed yet\.\nAnna changed it/,
  );
  expect((await airlock.live("fees")).toString()).toBe(feesFile(2));
  const args = ["apply", "fees", "-", "--anyway"];
  expect(await airlockCommand(airlock, args, { input: feesFile(3) })).toMatchObject({ code: 0 });
  const back = await airlockCommand(airlock, ["rollback", "fees", "1"]);
  expect(back).toMatchObject({ code: 0, err: "" });
  expect((await airlock.live("fees")).toString()).toBe(feesFile(0));
});

test("a token in a reason comes into no file and no answer", async () => {
  const { airlock, server } = await openStage();
  const args = ["apply", "fees", "-", "--reason", `oops ${server.token}`];
  const result = await airlockCommand(airlock, args, { input: feesFile(1) });
  expect(result.out).toContain("Reason: oops [token]");
  // That no file holds it is looked at after every test.
});

test("only its owner may reach the socket", async () => {
  const stage = await openStage();
  const facts = await stat(socketOf(stage));
  expect(facts.isSocket()).toBe(true);
  expect(facts.mode & 0o777).toBe(0o600);
  await stage.airlock.stop();
  await expect(stat(socketOf(stage))).rejects.toThrow("ENOENT");
});

describe("the bot goes on, and refuses", () => {
  const sharedStage = openSharedStage({ configFiles: { "fees.yml": feesFile(0) } });
  let fee = 0;
  for (const { name, said, why } of [
    { name: "no JSON", said: "apply fees\n", why: "the request is not one" },
    { name: "JSON that is no request", said: "[1]\n", why: "the request is not one" },
    { name: "nothing but an end of line", said: "\n", why: "the request is not one" },
    { name: "bytes that are no text", said: Buffer.from([0xff, 0xfe, 0, 10]), why: "is not one" },
    {
      name: "another version",
      said: `${JSON.stringify({ ...apply, airlock: 2 })}\n`,
      why: "airlock",
    },
    {
      name: "an unknown config",
      said: `${JSON.stringify({ ...apply, config: "../fees" })}\n`,
      why: "there is no config ../fees. The configs are: fees, rates",
    },
    {
      name: "a user that could be somebody on Telegram",
      said: `${JSON.stringify({ ...apply, user: { uid: -1002, name: "Boris" } })}\n`,
      why: "user.uid",
    },
    { name: "a line without end", said: "x".repeat(2_000_000), why: "the request is too long" },
  ]) {
    test(`a request that is ${name}`, async () => {
      const stage = sharedStage();
      const [greeting, answer] = await converse(socketOf(stage), said);
      expect(greeting).toEqual({ airlock: 1, holder: "bot", pid: stage.airlock.pid() });
      expect(answer).toMatchObject({ answer: "refused", text: expect.stringContaining(why) });
      fee += 1;
      const bytes = Buffer.from(feesFile(fee)).toString("base64");
      const good = await converse(socketOf(stage), `${JSON.stringify({ ...apply, bytes })}\n`);
      expect(good[1]).toMatchObject({ answer: "outcome", done: true });
    });
  }
});

test("a file that is too large is refused in the words of the chat", async () => {
  const { airlock } = await openStage({ env: { MAX_UPLOAD_BYTES: "100" } });
  const result = await airlockCommand(airlock, ["apply", "fees", "-"], {
    input: `${feesFile(1)}# ${"x".repeat(100)}\n`,
    env: { MAX_UPLOAD_BYTES: "1000" },
  });
  expect(result.code).toBe(1);
  expect(result.out).toBe(
    "❌ fees.yml was not changed: 1 problem found.\nthe file is too large: at most 100 bytes is accepted\n",
  );
});

test("a second bot on one STATE_DIR refuses to start", async () => {
  const stage = await openStage();
  const second = new BotProcess(builtMain, stage.airlock.root);
  void second.spawn(environmentOf(stage));
  expect(await second.end(undefined)).toEqual({ code: 1, signal: null });
  expect(second.stderr).toBe(
    `STATE_DIR ${stage.airlock.stateDir} is in use by another bot (process ${stage.airlock.pid()}): stop that one first, or give this one a STATE_DIR of its own\n`,
  );
});

test("of ten bots that start at once where one was killed, exactly one runs", async () => {
  const stage = await openStage();
  await stage.airlock.kill();
  const bots = Array.from({ length: 10 }, () => new BotProcess(builtMain, stage.airlock.root));
  onTestFinished(async () => {
    for (const bot of bots.filter(({ isRunning }) => isRunning)) await bot.end("SIGTERM");
  });
  const exits = bots.map((bot) => bot.spawn(environmentOf(stage)));
  let ended = 0;
  const nineEnded = new Promise<void>((resolve) => {
    for (const exit of exits) {
      void exit.then(() => {
        ended += 1;
        if (ended === bots.length - 1) resolve();
        return undefined;
      });
    }
  });
  await nineEnded;
  const running = bots.filter(({ isRunning }) => isRunning);
  expect(running).toHaveLength(1);
  await running[0]?.log.waitFor((line) => (line.msg === "bot_ready" ? line : undefined));
  for (const bot of bots) {
    if (bot.isRunning) continue;
    expect(bot.stderr).toContain(`is in use by another bot (process ${running[0]?.pid})`);
  }
  const args = ["apply", "fees", "-"];
  const result = await airlockCommand(stage.airlock, args, { input: feesFile(9) });
  expect(result).toMatchObject({ code: 0 });
});

test("a bot with a very long STATE_DIR is reached all the same", async () => {
  const stage = await openStage();
  await stage.airlock.stop();
  const long = join(stage.airlock.root, "x".repeat(120), "y".repeat(120));
  const { server } = stage;
  const folders = { ...stage.airlock, stateDir: long };
  const airlock = await startAirlock({ server, folders });
  expect((await stat(join(long, "airlock.sock"))).isSocket()).toBe(true);
  const result = await airlockCommand(folders, ["apply", "fees", "-"], { input: feesFile(4) });
  expect(result).toMatchObject({ code: 0 });
  expect(airlock.log.some(({ msg }) => msg === "config_upload_finished")).toBe(true);
});
