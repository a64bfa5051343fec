// How the process starts, refuses to, and says that it is well. Long: each way in which a start can go wrong is one test, on the same folders.
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { rightsAreMissing } from "../attributes.ts";
import { makeFolders } from "./airlock-folders.ts";
import { runAirlock, startAirlock } from "./airlock-process.ts";
import { BotProcess } from "./bot-process.ts";
import { airlockCommand } from "./command-line.ts";
import { readyz } from "./ready.ts";
import { recordPackages } from "./recorded-packages.ts";
import { feesFile, openStage } from "./stage.ts";

test("wrong settings end the start with code 1 and a line for each, and no token", async () => {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const { code, stdout, stderr } = await runAirlock({
    server,
    env: { ADMIN_IDS: "anna", METRICS_PORT: "70000", BACKUP_KEEP: "-1", CONFIG_DIR: "/nowhere" },
  });
  expect(code).toBe(1);
  expect(stdout).toBe("");
  const lines = stderr.trimEnd().split("\n");
  expect(new Set(lines.map((line) => line.split(" ", 1)[0]))).toEqual(
    new Set(["ADMIN_IDS", "BACKUP_KEEP", "CONFIG_DIR", "METRICS_PORT"]),
  );
  expect(stderr).not.toContain(server.token);
  expect(stderr).not.toContain("    at ");
});

test("a taken metrics port ends the start with code 1 and one clear line", async () => {
  const { server, airlock } = await openStage();
  const { code, stderr } = await runAirlock({
    server,
    env: { METRICS_PORT: String(airlock.port()) },
  });
  expect(code).toBe(1);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).toContain("METRICS_PORT");
});

test("a folder that cannot be used ends the start with code 1 and a line that names its variable", async () => {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const { code, stderr } = await runAirlock({
    server,
    rootFiles: { "backups/.live": "a file" },
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^BACKUP_DIR \([^\n]*backups\) cannot be used: something else is in its place\n$/u,
  );
});

test("folders that /proc does not take end the start too, though it says that it is not there itself", async () => {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const { code, stderr } = await runAirlock({
    server,
    env: { BACKUP_DIR: "/proc/deep/backups", STATE_DIR: "/proc/state" },
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^BACKUP_DIR must be a folder \([a-z ]+\), got "\/proc\/deep\/backups"\nSTATE_DIR must be a folder \([a-z ]+\), got "\/proc\/state"\n$/u,
  );
});

test.skipIf(rightsAreMissing)(
  "folders that cannot be made end the start with code 1 and a line for each, and nothing is made",
  async () => {
    const server = await startTelegramServer();
    onTestFinished(() => server.close());
    const folders = await makeFolders({}, { "closed/theirs": "" });
    onTestFinished(() => rm(folders.root, { recursive: true }));
    await chmod(join(folders.root, "closed"), 0o555);
    const before = await readdir(folders.root, { recursive: true });
    const { code, stderr } = await runAirlock({
      server,
      folders,
      env: { BACKUP_DIR: "closed/deep/backups", STATE_DIR: "closed/state" },
      runner: ["setpriv", "--bounding-set=-dac_override"],
    });
    expect(code).toBe(1);
    const closed = join(folders.root, "closed");
    expect(stderr.split("\n")).toEqual([
      `BACKUP_DIR must be a folder (permission denied), got "${closed}/deep/backups"`,
      `STATE_DIR must be a folder (permission denied), got "${closed}/state"`,
      "",
    ]);
    expect(await readdir(folders.root, { recursive: true })).toEqual(before);
  },
);

test("settings in .env are read, and the environment wins over them", async () => {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const airlock = await startAirlock({
    server,
    env: { ADMIN_IDS: undefined, LOG_LEVEL: "info" },
    rootFiles: { ".env": "ADMIN_IDS=4242\nLOG_LEVEL=silent\n" },
  });
  const person = server.user({ id: 4242, firstName: "Zoe" });
  person.send("/whoami");
  await person.waitForText("Your role: write");
  expect(airlock.log.length).toBeGreaterThan(0);
});

test("/healthz is 200, and /readyz tells which folder cannot be written", async () => {
  const { airlock } = await openStage();
  const get = async (path: string): Promise<[number, string]> => {
    const response = await fetch(`http://127.0.0.1:${airlock.port()}${path}`);
    return [response.status, await response.text()];
  };
  expect((await get("/healthz"))[0]).toBe(200);
  expect((await get("/readyz"))[0]).toBe(200);
  await rm(airlock.backupDir, { recursive: true });
  expect(await get("/readyz")).toEqual([
    503,
    expect.stringContaining("BACKUP_DIR cannot be written"),
  ]);
  expect((await get("/healthz"))[0]).toBe(200);
  expect(await airlock.metric("airlock_ready")).toBe(0);
  expect(await airlock.metric("airlock_not_ready", { reason: "backup_dir" })).toBe(1);
  expect(await airlock.metric("airlock_not_ready", { reason: "polling" })).toBe(0);
});

for (const { name, text } of [
  {
    name: "ask again and again and never read",
    text: "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(200),
  },
  { name: "never ask", text: "" },
]) {
  test(`64 connections to the metrics port that ${name} shut out nobody, and are gone after ten seconds`, async () => {
    const { airlock } = await openStage();
    const sockets = async (): Promise<number> => {
      const folder = `/proc/${airlock.pid()}/fd`;
      const links = (await readdir(folder)).map((each) =>
        readlink(join(folder, each)).catch(() => ""),
      );
      return (await Promise.all(links)).filter((link) => link.startsWith("socket:")).length;
    };
    const before = await sockets();
    for (let count = 0; count < 64; count += 1) {
      const socket = connect(airlock.port(), "127.0.0.1");
      // Being cut is the point.
      socket.on("error", () => {});
      onTestFinished(() => void socket.destroy());
      socket.pause();
      await once(socket, "connect");
      socket.write(text);
    }
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      const answer = await fetch(`http://127.0.0.1:${airlock.port()}${path}`);
      expect(answer.status, path).toBe(200);
    }
    await expect.poll(sockets, { timeout: 15_000 }).toBeLessThanOrEqual(before);
  });
}

test("the bot loads no parser that its two built-in configs do not need, and a command that looks back loads none at all", async () => {
  const bot = await recordPackages();
  const { airlock, anna, server } = await openStage({ env: bot.env });
  const cursor = server.events.cursor();
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await server.events.waitFor(
    (event) =>
      "message" in event && event.message.text?.startsWith("✅") === true ? event : undefined,
    { since: cursor },
  );
  expect(await bot.packages()).toEqual([
    "@grammyjs/conversations",
    "@grammyjs/runner",
    "@napi-rs/xattr",
    "async-mutex",
    "diff/lib/diff/array.js",
    "grammy",
    "js-yaml",
    "jsonc-parser",
    "leven",
    "pino",
    "prom-client",
    "zod",
  ]);

  const command = await recordPackages();
  const { out } = await airlockCommand(airlock, ["history", "fees"], { env: command.env });
  expect(out).toContain("\n2: ");
  expect(await command.packages()).toEqual(["async-mutex", "commander", "zod"]);

  const health = await recordPackages();
  const script = fileURLToPath(new URL("../../dist/healthcheck.js", import.meta.url));
  const check = new BotProcess(script, airlock.root);
  const exit = await check.spawn({ ...health.env, METRICS_PORT: String(airlock.port()) });
  expect({ code: exit.code, stderr: check.stderr }).toEqual({ code: 0, stderr: "" });
  await expect(health.packages()).rejects.toThrow("ENOENT");
});

test("a download is counted by how it ended", async () => {
  const { server, airlock, anna } = await openStage();
  const counts = async (): Promise<readonly number[]> =>
    Promise.all(
      ["ok", "refused", "failed"].map((outcome) =>
        airlock.metric("telegram_requests_total", { method: "download", outcome }),
      ),
    );
  const upload = async (text: RegExp): Promise<void> => {
    const sent = anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
    await anna.waitFor(
      (message) =>
        message.reply_to_message?.message_id === sent.message_id && text.test(message.text ?? ""),
    );
  };
  expect(await counts()).toEqual([0, 0, 0]);
  await upload(/^✅/u);
  expect(await counts()).toEqual([1, 0, 0]);
  server.fault({
    method: "download",
    kind: "refuse",
    code: 404,
    description: "Not Found",
    times: 1,
  });
  await upload(/^💥/u);
  expect(await counts()).toEqual([1, 1, 0]);
  // Each of these is tried again, and counted once more.
  server.fault({ method: "download", kind: "reset", times: 1 });
  await upload(/^👌/u);
  expect(await counts()).toEqual([2, 1, 1]);
  server.fault({
    method: "download",
    kind: "cut",
    afterBytes: 9,
    declared: "nothing",
    times: 1,
  });
  await upload(/^👌/u);
  expect(await counts()).toEqual([3, 1, 2]);
});

test("of two files of one name each has its own folder looked at", async () => {
  const { airlock } = await openStage({
    configFiles: { "a/fees.yml": feesFile(1), "b/fees.yml": feesFile(1) },
    rootFiles: {
      "airlock.yml": `configs:
  one: { file: a/fees.yml, schema: builtin:fees }
  two: { file: b/fees.yml, schema: builtin:fees }
`,
    },
  });
  for (const name of ["a", "b"]) {
    const folder = join(airlock.configDir, name);
    await rm(folder, { recursive: true });
    const { status, body } = await readyz(airlock);
    expect([status, body.split("\n")[0]], name).toEqual([
      503,
      "the folder of fees.yml cannot be written: a folder or file that it needs is gone",
    ]);
    await mkdir(folder);
    expect((await readyz(airlock)).status, name).toBe(200);
  }
});

test("every series is there from the start", async () => {
  const { airlock } = await openStage();
  for (const config_type of ["fees", "rates"]) {
    for (const outcome of ["applied", "unchanged", "invalid", "stale", "cancelled", "failed"]) {
      expect(await airlock.metric("config_uploads_total", { config_type, outcome })).toBe(0);
    }
    for (const stage of ["validation", "locked_section"]) {
      const labels = { config_type, stage };
      expect(await airlock.metric("config_upload_duration_seconds_count", labels)).toBe(0);
    }
    expect(await airlock.metric("config_lock_waiting", { config_type })).toBe(0);
    expect(await airlock.metric("config_revision", { config_type })).toBe(1);
    const changedAt = await airlock.metric("config_last_change_timestamp_seconds", { config_type });
    expect(changedAt).toBeGreaterThan(1_700_000_000);
  }
  expect(await airlock.metric("access_denied_total")).toBe(0);
  expect(await airlock.metric("airlock_ready")).toBe(1);
  for (const reason of ["polling", "backup_dir", "state_dir", "config_dir", "store"]) {
    expect(await airlock.metric("airlock_not_ready", { reason })).toBe(0);
  }
  expect(await airlock.metric("process_cpu_seconds_total")).toBeGreaterThan(0);
});

test("a slow reader of /metrics does not keep a stop waiting", async () => {
  const { airlock } = await openStage();
  const socket = connect(airlock.port(), "127.0.0.1");
  // The stop cuts it, which is the point.
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  socket.write("GET /metrics HTTP/1.1\r\n");
  expect(await airlock.stop()).toEqual({ code: 0, signal: null });
});

test("a second signal ends the bot at once", async () => {
  const { server, airlock, anna } = await openStage();
  server.fault({ method: "editMessageText", kind: "hang" });
  const gate = server.fault({ method: "download", kind: "gate", times: 1 });
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await gate.reached;
  process.kill(airlock.pid(), "SIGTERM");
  await airlock.waitForLog(({ msg }) => msg === "stopping");
  expect((await airlock.stop("SIGINT")).code).toBe(130);
});

test("a stop that Telegram holds up ends within its limit", async () => {
  const { server, airlock, anna } = await openStage({ env: { SHUTDOWN_SECONDS: "1" } });
  const gate = server.fault({ method: "download", kind: "gate", times: 1 });
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await gate.reached;
  server.fault({ method: "editMessageText", kind: "hang" });
  expect(await airlock.stop()).toEqual({ code: 0, signal: null });
});

test("mode and stray files: the file keeps its mode, and what a crash left is gone after a restart", async () => {
  const { airlock, anna } = await openStage();
  const live = join(airlock.configDir, "fees.yml");
  await chmod(live, 0o640);
  await airlock.kill();
  await writeFile(join(airlock.configDir, ".fees.yml.0123abcd.airlock-tmp"), "half");
  await airlock.restart();
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await anna.waitForText("✅");
  expect((await stat(live)).mode & 0o777).toBe(0o640);
  await expect(readFile(join(airlock.configDir, ".fees.yml.0123abcd.airlock-tmp"))).rejects.toThrow(
    "ENOENT",
  );
});

test("state is for the bot's user alone", async () => {
  const { airlock } = await openStage();
  expect((await stat(airlock.stateDir)).mode & 0o077).toBe(0);
});

test("a missing live file is created by the first upload", async () => {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const first = await startAirlock({ server });
  await first.stop();
  await rm(join(first.configDir, "fees.yml"));
  await rm(join(first.stateDir, "history", "fees.jsonl"));
  await rm(first.backupDir, { recursive: true });
  await mkdir(first.backupDir);
  await first.restart();
  const anna = server.user({ id: 1001, firstName: "Anna" });
  anna.send("/get_fees");
  await anna.waitForText("There is no fees.yml yet.");
  anna.send("/history_fees");
  await anna.waitForText("fees.yml has no revisions yet.");
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await anna.waitForText("✅");
  expect(await first.backups("fees")).toEqual([]);
  expect(await first.history("fees")).toMatchObject([
    { revision: 1, previous_sha256: null, backup: null },
  ]);
});
