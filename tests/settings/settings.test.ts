// The settings: what is taken, and every mistake in one go. Long: a row for each setting and each way to get it wrong.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { builtInConfigs } from "../../src/model/config.ts";
import { readCatalog } from "../../src/catalog/read-catalog.ts";
import { readSettings, type Settings } from "../../src/settings/settings.ts";
import type { Parsed } from "../../src/settings/reading.ts";
import { variablesSchema } from "../../src/settings/variables.ts";

type Variables = Readonly<Record<string, string>>;

const token = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_";
const needed = { BOT_TOKEN: token, ADMIN_IDS: "1001" };
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "settings-")));
  mkdirSync(join(folder, "config"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function read(env: Readonly<Record<string, string | undefined>>): Promise<Parsed<Settings>> {
  return readSettings(env, folder, readCatalog);
}

async function settingsOf(variables: Variables): Promise<Settings> {
  const parsed = await read(variables);
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  return parsed.settings;
}

async function problemsOf(
  variables: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const parsed = await read(variables);
  return parsed.ok ? [] : parsed.problems;
}

test("token and admins are enough, the rest has defaults", async () => {
  const settings = await settingsOf(needed);
  expect(settings).toEqual({
    token,
    adminIds: [1001],
    configDir: join(folder, "config"),
    airlockFile: { path: join(folder, "airlock.yml"), shownAs: "airlock.yml", named: undefined },
    configs: builtInConfigs(join(folder, "config")),
    people: [],
    language: "en",
    backupDir: join(folder, "backups"),
    stateDir: join(folder, "state"),
    telegramApiRoot: undefined,
    metricsHost: "127.0.0.1",
    metricsPort: 9464,
    logLevel: "info",
    uploadBytesMax: 1_048_576,
    backupsMax: 100,
    downloadTimeoutMs: 60_000,
    validationTimeoutMs: 10_000,
    shutdownTimeoutMs: 10_000,
    timeZone: "UTC",
  });
});

test("settings and their list of admins are frozen", async () => {
  const settings = await settingsOf(needed);
  expect(Object.isFrozen(settings)).toBe(true);
  expect(Object.isFrozen(settings.adminIds)).toBe(true);
});

describe("a good value is taken", () => {
  const rows: readonly { name: string; set: Variables; expected: Partial<Settings> }[] = [
    {
      name: "admins are separated by commas, spaces or both",
      set: { ADMIN_IDS: " 1001, 1002 1003,,1004 " },
      expected: { adminIds: [1001, 1002, 1003, 1004] },
    },
    {
      name: "an admin named twice counts once",
      set: { ADMIN_IDS: "1001,1002,1001" },
      expected: { adminIds: [1001, 1002] },
    },
    {
      name: "the largest safe integer is an admin",
      set: { ADMIN_IDS: "9007199254740991" },
      expected: { adminIds: [9_007_199_254_740_991] },
    },
    {
      name: "a Bot API server's address loses the slash at its end",
      set: { TELEGRAM_API_ROOT: "http://127.0.0.1:8081/" },
      expected: { telegramApiRoot: "http://127.0.0.1:8081" },
    },
    {
      name: "a Bot API server may live under a path and behind https",
      set: { TELEGRAM_API_ROOT: "https://bots.example.org/api//" },
      expected: { telegramApiRoot: "https://bots.example.org/api" },
    },
    {
      name: "metrics listen on every IPv6 address",
      set: { METRICS_HOST: "::" },
      expected: { metricsHost: "::" },
    },
    {
      name: "metrics listen on a host name",
      set: { METRICS_HOST: "metrics-1.internal" },
      expected: { metricsHost: "metrics-1.internal" },
    },
    { name: "port 0 picks a free one", set: { METRICS_PORT: "0" }, expected: { metricsPort: 0 } },
    {
      name: "the last port is a port",
      set: { METRICS_PORT: "65535" },
      expected: { metricsPort: 65_535 },
    },
    {
      name: "the log may be silent",
      set: { LOG_LEVEL: "silent" },
      expected: { logLevel: "silent" },
    },
    {
      name: "uploads up to 20 MB need no server of one's own",
      set: { MAX_UPLOAD_BYTES: "20971520" },
      expected: { uploadBytesMax: 20_971_520 },
    },
    {
      name: "uploads up to 100 MB are fine with a server of one's own",
      set: { MAX_UPLOAD_BYTES: "104857600", TELEGRAM_API_ROOT: "http://localhost:8081" },
      expected: { uploadBytesMax: 104_857_600 },
    },
    { name: "0 keeps all backups", set: { BACKUP_KEEP: "0" }, expected: { backupsMax: 0 } },
    {
      name: "a download may take an hour",
      set: { DOWNLOAD_SECONDS: "3600" },
      expected: { downloadTimeoutMs: 3_600_000 },
    },
    {
      name: "seconds may have decimals",
      set: { VALIDATION_SECONDS: "0.25" },
      expected: { validationTimeoutMs: 250 },
    },
    {
      name: "a time is never rounded to nothing",
      set: { SHUTDOWN_SECONDS: ".0001" },
      expected: { shutdownTimeoutMs: 1 },
    },
    {
      name: "a time zone has a name",
      set: { TIMEZONE: "America/Argentina/Buenos_Aires" },
      expected: { timeZone: "America/Argentina/Buenos_Aires" },
    },
    {
      name: "space around a value does not count",
      set: { METRICS_PORT: " 1234\r", LOG_LEVEL: " debug " },
      expected: { metricsPort: 1234, logLevel: "debug" },
    },
    {
      name: "an empty value counts as unset",
      set: { METRICS_PORT: "", CONFIG_DIR: " ", AIRLOCK_FILE: "", BOT_TOKEN_FILE: "" },
      expected: { metricsPort: 9464 },
    },
  ];
  for (const { name, set, expected } of rows) {
    test(name, async () => {
      expect(await settingsOf({ ...needed, ...set })).toMatchObject(expected);
    });
  }
});

describe("a wrong value is one problem that says what would be right", () => {
  const ids = "ADMIN_IDS must be numeric Telegram user ids, separated by commas or spaces";
  const server = "TELEGRAM_API_ROOT must be an http or https address such as http://127.0.0.1:8081";
  const host = "METRICS_HOST must be an IP address or a host name, without a port";
  const port = "METRICS_PORT must be a whole number from 0 to 65535";
  const upload = "MAX_UPLOAD_BYTES must be a whole number from 1 to 104857600";
  const keep = "BACKUP_KEEP must be a whole number from 0 to 1000000";
  const seconds = "must be a number of seconds above 0 and at most 3600";
  const rows: readonly { name: string; set: Variables; problem: string }[] = [
    {
      name: "no token at all",
      set: { BOT_TOKEN: "" },
      problem:
        "BOT_TOKEN must be set to the bot's token, or BOT_TOKEN_FILE to a file that holds it",
    },
    {
      name: "a token without a colon",
      set: { BOT_TOKEN: "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_" },
      problem:
        'BOT_TOKEN must be digits, a colon, then letters, digits, "_" and "-", as @BotFather gives it (the value is not shown)',
    },
    {
      name: "a token in the environment and in a file",
      set: { BOT_TOKEN_FILE: "/run/secrets/token" },
      problem: "BOT_TOKEN_FILE must not be set together with BOT_TOKEN",
    },
    {
      name: "a list of admins that names nobody",
      set: { ADMIN_IDS: " , " },
      problem: `${ids}: it names nobody, so nobody could use the bot`,
    },
    { name: "an admin by name", set: { ADMIN_IDS: "1001,@anna" }, problem: `${ids}, got "@anna"` },
    { name: "a group as admin", set: { ADMIN_IDS: "-1001" }, problem: `${ids}, got "-1001"` },
    { name: "admin zero", set: { ADMIN_IDS: "0" }, problem: `${ids}, got "0"` },
    {
      name: "an id beyond the safe integers",
      set: { ADMIN_IDS: "9007199254740992" },
      problem: `${ids}, got "9007199254740992"`,
    },
    {
      name: "a server's address without http",
      set: { TELEGRAM_API_ROOT: "localhost:8081" },
      problem: `${server}, got "localhost:8081"`,
    },
    {
      name: "a server's address that is none",
      set: { TELEGRAM_API_ROOT: "http://" },
      problem: `${server}, got "http://"`,
    },
    {
      name: "a server's address with a password, which is not shown",
      set: { TELEGRAM_API_ROOT: "http://anna:secret@localhost" },
      problem: `${server}, without a user, a password, "?" or "#"`,
    },
    {
      name: "a server's address with a query",
      set: { TELEGRAM_API_ROOT: "http://localhost/?key=secret" },
      problem: `${server}, without a user, a password, "?" or "#"`,
    },
    {
      name: "a server's address that ends in the token",
      set: { TELEGRAM_API_ROOT: `http://localhost/bot${token}` },
      problem: `${server}, without the token`,
    },
    {
      name: "a host with its port",
      set: { METRICS_HOST: "127.0.0.1:9464" },
      problem: `${host}, got "127.0.0.1:9464"`,
    },
    {
      name: "a host that is only digits and dots",
      set: { METRICS_HOST: "127.0.0.256" },
      problem: `${host}, got "127.0.0.256"`,
    },
    { name: "a port in words", set: { METRICS_PORT: "abc" }, problem: `${port}, got "abc"` },
    { name: "a port too high", set: { METRICS_PORT: "65536" }, problem: `${port}, got "65536"` },
    { name: "a port below zero", set: { METRICS_PORT: "-1" }, problem: `${port}, got "-1"` },
    { name: "a port with decimals", set: { METRICS_PORT: "80.5" }, problem: `${port}, got "80.5"` },
    { name: "a port in base 16", set: { METRICS_PORT: "0x50" }, problem: `${port}, got "0x50"` },
    {
      name: "a log level that pino does not know",
      set: { LOG_LEVEL: "verbose" },
      problem:
        'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, got "verbose"',
    },
    { name: "uploads of no byte", set: { MAX_UPLOAD_BYTES: "0" }, problem: `${upload}, got "0"` },
    {
      name: "uploads over 100 MB",
      set: { MAX_UPLOAD_BYTES: "104857601", TELEGRAM_API_ROOT: "http://localhost" },
      problem: `${upload}, got "104857601"`,
    },
    {
      name: "uploads over 20 MB from Telegram's own server",
      set: { MAX_UPLOAD_BYTES: "20971521" },
      problem:
        'MAX_UPLOAD_BYTES must be at most 20971520 (20 MB) unless TELEGRAM_API_ROOT names a Bot API server of your own, got "20971521"',
    },
    { name: "backups below zero", set: { BACKUP_KEEP: "-1" }, problem: `${keep}, got "-1"` },
    { name: "half a backup", set: { BACKUP_KEEP: "1.5" }, problem: `${keep}, got "1.5"` },
    {
      name: "a download without time",
      set: { DOWNLOAD_SECONDS: "0" },
      problem: `DOWNLOAD_SECONDS ${seconds}, got "0"`,
    },
    {
      name: "a validation with a unit",
      set: { VALIDATION_SECONDS: "10s" },
      problem: `VALIDATION_SECONDS ${seconds}, got "10s"`,
    },
    {
      name: "a validation in powers of ten",
      set: { VALIDATION_SECONDS: "1e1" },
      problem: `VALIDATION_SECONDS ${seconds}, got "1e1"`,
    },
    {
      name: "a stop that waits for ever",
      set: { SHUTDOWN_SECONDS: "Infinity" },
      problem: `SHUTDOWN_SECONDS ${seconds}, got "Infinity"`,
    },
    {
      name: "a stop over an hour",
      set: { SHUTDOWN_SECONDS: "3600.5" },
      problem: `SHUTDOWN_SECONDS ${seconds}, got "3600.5"`,
    },
    ...["Berlin", "+03:00", "Europe/Berlinn"].map((zone) => ({
      name: `the time zone ${zone}`,
      set: { TIMEZONE: zone },
      problem: `TIMEZONE must be the name of a time zone, such as Europe/Berlin or UTC, got "${zone}"`,
    })),
    {
      name: "a catalog that is not there",
      set: { AIRLOCK_FILE: "catalog.yml" },
      problem: 'AIRLOCK_FILE must be a file that can be read (no such file), got "catalog.yml"',
    },
    {
      name: "control and invisible characters, which are escaped",
      set: { LOG_LEVEL: "in\u001b[31m\u009b\u202eof\u2028o" },
      problem: String.raw`LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, got "in\u001b[31m\u{9b}\u{202e}of\u{2028}o"`,
    },
    {
      name: "a very long value, which is cut",
      set: { METRICS_PORT: "9 ".repeat(200) },
      problem: `${port}, got "${"9 ".repeat(60)}…"`,
    },
  ];
  for (const { name, set, problem } of rows) {
    test(name, async () => {
      expect(await problemsOf({ ...needed, ...set })).toEqual([problem]);
    });
  }
});

test("all problems are told at once, each naming its variable", async () => {
  writeFileSync(join(folder, "airlock.yml"), "");
  writeFileSync(join(folder, "file"), "");
  const problems = await problemsOf({
    BOT_TOKEN: "no token",
    BOT_TOKEN_FILE: "file",
    ADMIN_IDS: "anna 1001 boris",
    CONFIG_DIR: "missing",
    BACKUP_DIR: "file",
    STATE_DIR: "file/below",
    TELEGRAM_API_ROOT: "ftp://localhost",
    METRICS_HOST: "here there",
    METRICS_PORT: "x",
    LOG_LEVEL: "x",
    MAX_UPLOAD_BYTES: "x",
    BACKUP_KEEP: "x",
    DOWNLOAD_SECONDS: "x",
    VALIDATION_SECONDS: "x",
    SHUTDOWN_SECONDS: "x",
    TIMEZONE: "x",
    AIRLOCK_FILE: "x",
  });
  expect(problems.map((problem) => problem.split(" ")[0])).toEqual([
    "BOT_TOKEN",
    "BOT_TOKEN_FILE",
    "ADMIN_IDS",
    "ADMIN_IDS",
    "CONFIG_DIR",
    "BACKUP_DIR",
    "STATE_DIR",
    "TELEGRAM_API_ROOT",
    "METRICS_HOST",
    "METRICS_PORT",
    "LOG_LEVEL",
    "MAX_UPLOAD_BYTES",
    "BACKUP_KEEP",
    "DOWNLOAD_SECONDS",
    "VALIDATION_SECONDS",
    "SHUTDOWN_SECONDS",
    "TIMEZONE",
    "AIRLOCK_FILE",
  ]);
  expect(problems.join("")).not.toMatch(/[\r\n]/);
});

describe("that nobody is named is a problem beside those of the catalog", () => {
  for (const { name, text, isTold } of [
    { name: "which has other mistakes", text: "configs: { A: {} }\n", isTold: true },
    { name: "whose people have mistakes", text: "people: { 7: 1 }\n", isTold: false },
    { name: "whose syntax is wrong", text: "configs: [\n", isTold: false },
  ]) {
    test(`${name}: ${isTold ? "told" : "not told, for it may name people"}`, async () => {
      writeFileSync(join(folder, "airlock.yml"), text);
      const told = (await problemsOf({ BOT_TOKEN: token })).filter((line) =>
        line.includes("names nobody"),
      );
      expect(told).toHaveLength(isTold ? 1 : 0);
    });
  }
  test("that cannot be read at all: not told, for it may name people", async () => {
    expect(await problemsOf({ BOT_TOKEN: token, AIRLOCK_FILE: "nope.yml" })).toEqual([
      'AIRLOCK_FILE must be a file that can be read (no such file), got "nope.yml"',
    ]);
  });
  test("that is a link to nowhere: the link is not taken for no catalog", async () => {
    symlinkSync("nowhere.yml", join(folder, "airlock.yml"));
    expect(await problemsOf(needed)).toEqual([
      "airlock.yml must be a file that can be read (no such file)",
    ]);
  });
});

test("of many wrong admins ten are named and the rest counted", async () => {
  const problems = await problemsOf({ ...needed, ADMIN_IDS: "x ".repeat(25) });
  expect(problems).toHaveLength(11);
  expect(problems[10]).toMatch(/: 15 more are not$/);
});

test("all of the settings are frozen, the lists in them too", async () => {
  const settings = await settingsOf(needed);
  const open = Object.entries(settings).filter(([, value]) => !Object.isFrozen(value));
  expect(open).toEqual([]);
});

describe("a problem never holds the token or a part of it", () => {
  const secret = token.slice(token.indexOf(":") + 1);
  const misplaced: readonly { name: string; token: string | undefined; value: string }[] = [
    { name: "the token", token, value: token },
    { name: "the token where BOT_TOKEN is unset", token: undefined, value: token },
    { name: "a short token where BOT_TOKEN is unset", token: undefined, value: "12:abc" },
    { name: "the token URL-encoded", token: undefined, value: encodeURIComponent(token) },
    { name: "a short token URL-encoded", token: undefined, value: "123456%3Aabcdef" },
    { name: "the secret part where BOT_TOKEN is unset", token: undefined, value: secret },
    { name: "the token inside a path", token: undefined, value: `/bot${token}/x` },
    { name: "a few characters of the secret part", token, value: `x${secret.slice(10, 18)}!` },
    { name: "a malformed token", token: "my secret", value: "my secret" },
  ];
  const variables = [
    "BOT_TOKEN_FILE",
    "ADMIN_IDS",
    "CONFIG_DIR",
    "TELEGRAM_API_ROOT",
    "METRICS_HOST",
    "METRICS_PORT",
    "LOG_LEVEL",
    "MAX_UPLOAD_BYTES",
    "BACKUP_KEEP",
    "DOWNLOAD_SECONDS",
    "AIRLOCK_FILE",
  ];
  for (const { name, token, value } of misplaced) {
    for (const variable of variables) {
      test(`${name} in ${variable}`, async () => {
        const problems = await problemsOf({ ...needed, BOT_TOKEN: token, [variable]: value });
        const text = problems.join("\n");
        expect(text).toContain(`${variable} `);
        for (const part of [value, ...value.split(/[:/ ]|%3A/)]) {
          if (part.length > 2 && part !== "bot") expect(text).not.toContain(part);
        }
      });
    }
  }
  test("a malformed token in BOT_TOKEN", async () => {
    const problems = await problemsOf({ ...needed, BOT_TOKEN: `${token} and more` });
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toContain(token.slice(0, 9));
    expect(problems[0]).not.toContain(secret.slice(0, 6));
  });
  test("a malformed token in the token's file", async () => {
    writeFileSync(join(folder, "token"), `${token}\n${token}`);
    const problems = await problemsOf({
      ADMIN_IDS: "1001",
      BOT_TOKEN_FILE: "token",
      LOG_LEVEL: secret.slice(0, 9),
    });
    expect(problems).toHaveLength(2);
    expect(problems.join("")).not.toContain(secret.slice(0, 6));
  });
});

describe("the token's file", () => {
  const fromFile = { ADMIN_IDS: "1001", BOT_TOKEN_FILE: "token" };
  test("its token is taken, without the space around it", async () => {
    writeFileSync(join(folder, "token"), `\n ${token}\r\n`);
    expect((await settingsOf(fromFile)).token).toBe(token);
  });
  const rows = [
    { name: "missing", content: undefined, reason: "no such file" },
    {
      name: "over 4 kB",
      content: " ".repeat(4097),
      reason: "it has 4097 bytes, and at most 4096 are allowed",
    },
    { name: "not text", content: Buffer.from([0xff, 0xfe]), reason: "it cannot be read as text" },
  ];
  for (const { name, content, reason } of rows) {
    test(`${name} is a problem`, async () => {
      if (content !== undefined) writeFileSync(join(folder, "token"), content);
      const problem = `BOT_TOKEN_FILE must name a file that holds the token (${reason}), got "token"`;
      expect(await problemsOf(fromFile)).toEqual([problem]);
    });
  }
  test("a folder in its place is a problem", async () => {
    mkdirSync(join(folder, "token"));
    expect(await problemsOf(fromFile)).toEqual([
      'BOT_TOKEN_FILE must name a file that holds the token (it is not a regular file), got "token"',
    ]);
  });
});

describe("the folders", () => {
  test("backups and state are created where they are missing, the state for its owner alone", async () => {
    await settingsOf({ ...needed, BACKUP_DIR: "deep/backups", STATE_DIR: "deep/state" });
    expect(statSync(join(folder, "deep/backups")).isDirectory()).toBe(true);
    expect(statSync(join(folder, "deep/state")).mode & 0o777).toBe(0o700);
  });
  test("with any problem nothing is made", async () => {
    const set = { ...needed, BACKUP_DIR: "deep/backups", STATE_DIR: "deep/state", LOG_LEVEL: "x" };
    expect(await problemsOf(set)).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(["config"]);
  });
  test("with a problem in the catalog nothing is made", async () => {
    writeFileSync(join(folder, "airlock.yml"), "people: 1\n");
    expect(await problemsOf(needed)).toHaveLength(1);
    expect(readdirSync(folder).toSorted()).toEqual(["airlock.yml", "config"]);
  });
  test("two folders that are missing are seen to be one, also through a link", async () => {
    symlinkSync(folder, join(folder, "link"));
    expect(await problemsOf({ ...needed, BACKUP_DIR: "new", STATE_DIR: "link/new" })).toEqual([
      `STATE_DIR must be a different folder from BACKUP_DIR, got "${folder}/link/new"`,
    ]);
  });
  test("a link that leads nowhere is a problem", async () => {
    symlinkSync("nowhere", join(folder, "state"));
    expect(await problemsOf(needed)).toEqual([
      `STATE_DIR must be a folder (no such file or directory), got "${folder}/state"`,
    ]);
  });
  test("a state folder that is there keeps its mode", async () => {
    mkdirSync(join(folder, "state"), { mode: 0o755 });
    await settingsOf(needed);
    expect(statSync(join(folder, "state")).mode & 0o777).toBe(0o755);
  });
  test("a folder that is a symlink is told by its real path, the one of the configs as it was named", async () => {
    for (const name of ["config", "kept", "state"]) {
      mkdirSync(join(folder, name), { recursive: true });
      symlinkSync(join(folder, name), join(folder, `${name}-link`));
    }
    expect(
      await settingsOf({
        ...needed,
        CONFIG_DIR: "config-link",
        BACKUP_DIR: "kept-link",
        STATE_DIR: "state-link",
      }),
    ).toMatchObject({
      configDir: join(folder, "config-link"),
      backupDir: join(folder, "kept"),
      stateDir: join(folder, "state"),
    });
  });
  test("a missing config folder is a problem and is not created", async () => {
    const set = { ...needed, CONFIG_DIR: "gone", BACKUP_DIR: "gone/backups", STATE_DIR: "gone/s" };
    expect(await problemsOf(set)).toEqual([
      `CONFIG_DIR must be a folder that exists (no such file or directory), got "${folder}/gone"`,
    ]);
    expect(() => statSync(join(folder, "gone"))).toThrow("ENOENT");
  });
  test("the folder of a Bot API server's files must exist, and is taken with links followed", async () => {
    expect(await problemsOf({ ...needed, TELEGRAM_FILES_DIR: "gone" })).toEqual([
      `TELEGRAM_FILES_DIR must be a folder that exists (no such file or directory), got "${folder}/gone"`,
    ]);
    mkdirSync(join(folder, "bot-api"));
    symlinkSync(join(folder, "bot-api"), join(folder, "link"));
    expect(await settingsOf({ ...needed, TELEGRAM_FILES_DIR: "link" })).toMatchObject({
      telegramFilesDir: join(folder, "bot-api"),
    });
  });
  test("a file in place of the config folder is a problem", async () => {
    writeFileSync(join(folder, "file"), "");
    expect(await problemsOf({ ...needed, CONFIG_DIR: "file" })).toEqual([
      `CONFIG_DIR must be a folder that exists (it is something else), got "${folder}/file"`,
    ]);
  });
  test("a backup folder that cannot be created is a problem", async () => {
    writeFileSync(join(folder, "file"), "");
    expect(await problemsOf({ ...needed, BACKUP_DIR: "file/backups" })).toEqual([
      `BACKUP_DIR must be a folder (not a directory), got "${folder}/file/backups"`,
    ]);
  });
  const clashes = [
    { variable: "BACKUP_DIR", other: "CONFIG_DIR", path: "config" },
    { variable: "STATE_DIR", other: "CONFIG_DIR", path: "config/../config" },
    { variable: "STATE_DIR", other: "BACKUP_DIR", path: "backups" },
    { variable: "BACKUP_DIR", other: "CONFIG_DIR", path: "link" },
    { variable: "STATE_DIR", other: "CONFIG_DIR", path: "link" },
  ];
  for (const { variable, other, path } of clashes) {
    test(`${variable} at ${path} is refused as the same folder as ${other}`, async () => {
      symlinkSync(join(folder, "config"), join(folder, "link"));
      const problems = await problemsOf({ ...needed, [variable]: path });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(`${variable} must be a different folder from ${other}, got "/`);
    });
  }
  test("a missing config folder is not created under another name", async () => {
    const problems = await problemsOf({ ...needed, CONFIG_DIR: "gone", STATE_DIR: "gone" });
    expect(problems).toHaveLength(2);
    expect(problems[1]).toContain("STATE_DIR must be a different folder from CONFIG_DIR");
    expect(() => statSync(join(folder, "gone"))).toThrow("ENOENT");
  });
});

describe(".env", () => {
  test("its variables count, and the environment wins over it", async () => {
    const text = `BOT_TOKEN=${token}\nADMIN_IDS="1001 1002" # us\nMETRICS_PORT=1\nLOG_LEVEL=warn\n`;
    writeFileSync(join(folder, ".env"), text);
    const parsed = await read({ METRICS_PORT: "2", LOG_LEVEL: "" });
    expect(parsed).toMatchObject({
      ok: true,
      settings: { token, adminIds: [1001, 1002], metricsPort: 2, logLevel: "warn" },
    });
  });
  test("a byte order mark and Windows line ends do not matter", async () => {
    writeFileSync(join(folder, ".env"), `\uFEFFBOT_TOKEN=${token}\r\nADMIN_IDS=1001\r\n`);
    expect(await read({})).toMatchObject({ ok: true, settings: { token } });
  });
  test("it does not change the process's own environment", async () => {
    writeFileSync(join(folder, ".env"), "AIRLOCK_TEST_LEAK=1\n");
    await read(needed);
    expect(process.env["AIRLOCK_TEST_LEAK"]).toBeUndefined();
  });
  test("without one the environment is enough", async () => {
    expect(await read(needed)).toMatchObject({ ok: true, settings: { token } });
  });
  test("one that cannot be read is a problem beside the others", async () => {
    mkdirSync(join(folder, ".env"));
    expect(await read({ ...needed, METRICS_PORT: "x" })).toEqual({
      ok: false,
      problems: [
        ".env must be a file that can be read (it is not a regular file)",
        'METRICS_PORT must be a whole number from 0 to 65535, got "x"',
      ],
    });
  });
  test("one that is not text is a problem even where nothing else is", async () => {
    writeFileSync(
      join(folder, ".env"),
      Buffer.from(`BOT_TOKEN=${token}\n`, "utf16le").fill(0xff, 0, 2),
    );
    expect(await read(needed)).toEqual({
      ok: false,
      problems: [".env must be a file that can be read (it cannot be read as text)"],
    });
  });
  test("a line that cannot be read is told by its number, and the others count", async () => {
    const lines = [
      "# ours",
      `BOT_TOKEN=${token}`,
      "METRICS_PORT 1",
      "LOG_LEVEL=verbose",
      "",
      "export ADMIN_IDS='1001'",
    ];
    writeFileSync(join(folder, ".env"), lines.join("\n"));
    expect(await read({})).toEqual({
      ok: false,
      problems: [
        ".env line 3 must be NAME=value, a # comment or empty (its text is not shown)",
        'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, got "verbose"',
      ],
    });
  });
  for (const { name, line, rule = "be NAME=value, a # comment or empty" } of [
    { name: "of words", line: "what is this" },
    { name: "without a name", line: "=1001" },
    { name: "with a name that is none", line: "ADMIN-IDS=1001" },
    { name: "with a colon", line: `BOT_TOKEN: ${token}` },
    { name: "with an open quote", line: 'X="1001', rule: "close the quote that it opens" },
  ]) {
    test(`a line ${name} is one problem, and nothing of it is shown`, async () => {
      writeFileSync(join(folder, ".env"), `LOG_LEVEL=warn\n${line}\nMETRICS_PORT=7\n`);
      expect(await read(needed)).toEqual({
        ok: false,
        problems: [`.env line 2 must ${rule} (its text is not shown)`],
      });
    });
  }
  for (const { name, text, about } of [
    { name: "the token", text: `BOT_TOKEN ${token}\nADMIN_IDS=1001\n`, about: "1" },
    { name: "the admins", text: `BOT_TOKEN=${token}\nADMIN_IDS: 1001\n`, about: "2" },
    { name: "the configs", text: `BOT_TOKEN=${token}\nADMIN_IDS=1\nCONFIG_DIR x\n`, about: "3" },
    {
      name: "the catalog that may name people",
      text: `BOT_TOKEN=${token}\nAIRLOCK_FILE a.yml\n`,
      about: "2",
    },
    {
      name: "the server that large uploads need",
      text: `BOT_TOKEN=${token}\nADMIN_IDS=1\nMAX_UPLOAD_BYTES=30000000\nTELEGRAM_API_ROOT="http://a\n`,
      about: "4",
    },
  ]) {
    test(`where the line of ${name} cannot be read, nobody is told that it is missing`, async () => {
      if (name === "the configs") rmSync(join(folder, "config"), { recursive: true });
      writeFileSync(join(folder, ".env"), text);
      const parsed = await read({});
      expect(parsed).toMatchObject({
        ok: false,
        problems: [expect.stringContaining(`.env line ${about} must`)],
      });
    });
  }
  test("what the environment sets is checked although its line cannot be read", async () => {
    writeFileSync(join(folder, ".env"), "METRICS_PORT 1\n");
    expect(await problemsOf({ ...needed, METRICS_PORT: "x" })).toHaveLength(2);
  });
  test("a quoted value may go on over lines, and the line behind it counts", async () => {
    writeFileSync(join(folder, ".env"), `KEY="one\ntwo=2\n" # a key\nLOG_LEVEL=warn\n`);
    expect(await read(needed)).toMatchObject({
      ok: true,
      settings: { logLevel: "warn" },
    });
  });
  test("an open quote does not reach for the quote of another value", async () => {
    writeFileSync(join(folder, ".env"), 'METRICS_HOST="::\nLOG_LEVEL="warn"\nMETRICS_PORT=x\n');
    expect(await problemsOf(needed)).toEqual([
      ".env line 1 must close the quote that it opens (its text is not shown)",
      'METRICS_PORT must be a whole number from 0 to 65535, got "x"',
    ]);
  });
  test("of many lines that cannot be read twenty are named and the rest counted", async () => {
    writeFileSync(join(folder, ".env"), "x\n".repeat(25));
    const problems = await problemsOf(needed);
    expect(problems).toHaveLength(21);
    expect(problems[20]).toBe(".env has 5 more lines like these");
  });
  test("the copied example asks for the token and the admins, and nothing else", async () => {
    writeFileSync(join(folder, ".env"), readFileSync(".env.example"));
    const problems = await problemsOf({});
    expect(problems.map((problem) => problem.split(" ")[0])).toEqual(["BOT_TOKEN", "ADMIN_IDS"]);
  });
});

/** Of the page for operators and of the example. */
const documented = [
  { name: "the example", path: ".env.example", pattern: /^#?([A-Z_]+)=/gm },
  // Each row of the table begins with one variable or two.
  { name: "the page of settings", path: "docs/settings.md", pattern: /(?<=^\|[^|]*)`([A-Z_]+)`/gm },
];

for (const { name, path, pattern } of documented) {
  test(`${name} names every variable that is read, and no other`, () => {
    const named = readFileSync(path, "utf8").matchAll(pattern);
    expect(new Set(Array.from(named, ([, variable]) => variable))).toEqual(
      new Set(Object.keys(variablesSchema.shape)),
    );
  });
}

test("the example shows the true defaults", async () => {
  const optional = new Set([
    "BOT_TOKEN_FILE",
    "AIRLOCK_FILE",
    "TELEGRAM_API_ROOT",
    "TELEGRAM_FILES_DIR",
    "ETCD_ENDPOINTS",
    "ETCD_USERNAME",
    "ETCD_PASSWORD_FILE",
    "ETCD_CA_FILE",
  ]);
  const lines = readFileSync(".env.example", "utf8").matchAll(/^#([A-Z_]+)=(.+)$/gm);
  const shown = Array.from(lines, ([, name, value]): [string, string] => [name ?? "", value ?? ""]);
  const defaults = shown.filter(([name]) => !optional.has(name));
  expect(await settingsOf({ ...needed, ...Object.fromEntries(defaults) })).toEqual(
    await settingsOf(needed),
  );
});
