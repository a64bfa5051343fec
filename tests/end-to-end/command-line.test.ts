// The command line, beside a running bot and without one. Long: each command is tried both ways, with one reader of what it prints.
import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import {
  type AirlockFolders,
  type FileContents,
  makeFolders,
  readHistory,
  readLive,
} from "./airlock-folders.ts";
import { startAirlock } from "./airlock-process.ts";
import { airlockCommand } from "./command-line.ts";
import { feesFile, ratesFile } from "./stage.ts";

const badFees = "currency: USD\nmaker_percent: 150\ntaker_percent: x\n";
const badFeesLines = [
  "2:16: maker_percent: must be at most 100, got 150",
  '3:16: taker_percent: must be a number, got the text "x"',
];

async function folders(
  configFiles: FileContents = {},
  rootFiles: FileContents = {},
): Promise<AirlockFolders> {
  const made = await makeFolders(configFiles, rootFiles);
  onTestFinished(() => rm(made.root, { recursive: true, force: true }));
  return made;
}

test("a file is checked as an upload is, with no folder but that of the configs", async () => {
  const made = await folders({ "fees.yml": badFees });
  await rm(made.backupDir, { recursive: true });
  const before = await readdir(made.root);
  const result = await airlockCommand(made, ["check", "config/fees.yml"]);
  expect(result).toMatchObject({ code: 1, err: "" });
  expect(result.out).toBe(badFeesLines.map((line) => `config/fees.yml:${line}\n`).join(""));
  expect(await readdir(made.root)).toEqual(before);
});

test("without a file every live config is checked, and what is valid is not told", async () => {
  const made = await folders({ "fees.yml": badFees });
  const result = await airlockCommand(made, ["check"]);
  expect(result.out).toBe(badFeesLines.map((line) => `config/fees.yml:${line}\n`).join(""));
  await writeFile(join(made.configDir, "fees.yml"), feesFile(1));
  expect(await airlockCommand(made, ["check"])).toMatchObject({ code: 0, out: "", err: "" });
});

test("whether enough people may approve is checked where ADMIN_IDS says who the admins are", async () => {
  const catalog = `configs:
  fees: { file: fees.yml, schema: builtin:fees, approval: { when: always, by: [1001, 1002] } }
people: { 1002: { name: Boris, may: { fees: read } } }
`;
  const made = await folders({ "fees.yml": feesFile(1) }, { "airlock.yml": catalog });
  for (const { ADMIN_IDS, out } of [
    { ADMIN_IDS: undefined, out: "" },
    { ADMIN_IDS: "anna", out: "" },
    { ADMIN_IDS: "1001", out: "" },
    {
      ADMIN_IDS: "1003",
      out: "airlock.yml:2:80: configs.fees.approval.by[0]: 1001 is named neither in ADMIN_IDS nor under people in this file\n",
    },
  ]) {
    const result = await airlockCommand(made, ["check"], { env: { ADMIN_IDS } });
    expect(result).toMatchObject({ code: out === "" ? 0 : 1, out, err: "" });
  }
});

test("standard input may be larger than a pipe holds at once", async () => {
  const made = await folders();
  const large = `base: USD\nrates:\n${Array.from({ length: 30_000 }, (_, index) => `  A${index}: 1.5\n`).join("")}`;
  const args = ["check", "--stdin-filename", "config/rates.yml"];
  expect(await airlockCommand(made, args, { input: large })).toMatchObject({ code: 0, err: "" });
});

for (const args of [["check"], ["check", "--config", "rates"]]) {
  test(`a live file that is not there fails airlock ${args.join(" ")}`, async () => {
    const made = await folders({ "fees.yml": feesFile(1) });
    await rm(join(made.configDir, "rates.yml"));
    expect(await airlockCommand(made, args)).toMatchObject({
      code: 1,
      out: "config/rates.yml:1:1: cannot be read: no such file or directory\n",
      err: "",
    });
  });
}

test("get sends the live file with no folder but that of the configs, and with no other setting", async () => {
  const made = await folders({ "fees.yml": feesFile(7) });
  await rm(made.backupDir, { recursive: true });
  await rm(made.stateDir, { recursive: true, force: true });
  const env = { VALIDATION_SECONDS: "x", MAX_UPLOAD_BYTES: "x", BACKUP_KEEP: "x", LOG_LEVEL: "x" };
  expect(await airlockCommand(made, ["get", "fees"], { env })).toMatchObject({
    code: 0,
    out: feesFile(7),
    err: "",
  });
});

for (const args of [
  ["history", "fees"],
  ["diff", "fees"],
  ["get", "fees", "1"],
]) {
  test(`airlock ${args.join(" ")} names the folders that are not there, all at once, and makes none`, async () => {
    const made = await folders();
    await rm(made.backupDir, { recursive: true });
    await rm(made.stateDir, { recursive: true, force: true });
    const before = await readdir(made.root);
    const result = await airlockCommand(made, args, { env: { LOG_LEVEL: "x" } });
    expect(result).toMatchObject({ code: 1, out: "" });
    expect(result.err.split("\n").map((line) => line.split(" ")[0])).toEqual([
      "BACKUP_DIR",
      "STATE_DIR",
      "",
    ]);
    expect(await readdir(made.root)).toEqual(before);
  });
}

test("a change names every setting that is wrong and every mistake of the catalog at once, and makes nothing", async () => {
  const made = await folders({}, { "airlock.yml": "configs: { A: {} }\n" });
  await rm(made.stateDir, { recursive: true, force: true });
  const result = await airlockCommand(made, ["apply", "fees", "config/fees.yml"], {
    env: { VALIDATION_SECONDS: "x", BACKUP_KEEP: "x" },
  });
  expect(result).toMatchObject({ code: 1, out: "" });
  expect(result.err.split("\n").map((line) => line.split(/[ :]/)[0])).toEqual([
    "BACKUP_KEEP",
    "VALIDATION_SECONDS",
    "airlock.yml",
    "airlock.yml",
    "airlock.yml",
    "",
  ]);
  expect(await readdir(made.root)).not.toContain("state");
});

test("an unknown config makes no folders", async () => {
  const made = await folders();
  await rm(made.stateDir, { recursive: true, force: true });
  const result = await airlockCommand(made, ["rollback", "limits", "1"]);
  expect(result).toMatchObject({ code: 1, out: "" });
  expect(await readdir(made.root)).not.toContain("state");
});

for (const { name, spoil, err } of [
  {
    name: "a folder in place of the live file",
    spoil: async ({ configDir }: AirlockFolders) => {
      await rm(join(configDir, "fees.yml"));
      await mkdir(join(configDir, "fees.yml"));
    },
    err: "fees.yml cannot be read: something that is not a file is in its place\n",
  },
  {
    name: "a live file that is a link to itself",
    spoil: async ({ configDir }: AirlockFolders) => {
      await rm(join(configDir, "fees.yml"));
      await symlink("fees.yml", join(configDir, "fees.yml"));
    },
    err: /^fees\.yml cannot be read: (?:its links form a loop|too many symbolic links encountered)\n$/,
  },
]) {
  for (const args of [
    ["get", "fees"],
    ["history", "fees"],
    ["diff", "fees"],
  ]) {
    test(`airlock ${args.join(" ")} with ${name} ends with a clear message`, async () => {
      const made = await folders();
      await mkdir(made.stateDir, { recursive: true });
      await airlockCommand(made, ["apply", "fees", "config/fees.yml"]);
      await spoil(made);
      const result = await airlockCommand(made, args);
      expect(result).toMatchObject({ code: 1, out: "" });
      expect(result.err).toMatch(err);
    });
  }
}

test("a history that cannot be read is named as what it is", async () => {
  const made = await folders();
  await mkdir(join(made.stateDir, "history", "fees.jsonl"), { recursive: true });
  expect(await airlockCommand(made, ["history", "fees"])).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringMatching(/^STATE_DIR cannot be read: /),
  });
});

test("a long history is printed with every reason whole", async () => {
  const made = await folders({ "fees.yml": feesFile(1) });
  const reasons = Array.from({ length: 30 }, (_, index) => `${index} ${"why ".repeat(49)}.`);
  await mkdir(join(made.stateDir, "history"), { recursive: true });
  const lines = reasons.map((reason, index) =>
    JSON.stringify({
      revision: index + 1,
      at: "2026-11-23T14:05:09.000Z",
      how: "upload",
      author: { id: 1001, name: "Anna" },
      reason,
      sha256: "a".repeat(64),
      previous_sha256: null,
      bytes: 1,
      backup: null,
      message: null,
    }),
  );
  await writeFile(join(made.stateDir, "history", "fees.jsonl"), `${lines.join("\n")}\n`);
  const { out } = await airlockCommand(made, ["history", "fees", "--count", "30"]);
  for (const reason of reasons) expect(out).toContain(`by Anna, ${reason}`);
});

test("without any revision history says so", async () => {
  const made = await folders();
  await mkdir(made.stateDir, { recursive: true });
  expect(await airlockCommand(made, ["history", "fees"])).toMatchObject({
    code: 0,
    out: "fees.yml has no revisions yet\n",
    err: "",
  });
});

test("a config that cannot be read does not hide the others", async () => {
  const made = await folders({ "fees.yml": badFees });
  await rm(join(made.configDir, "rates.yml"));
  await mkdir(join(made.configDir, "rates.yml"));
  const result = await airlockCommand(made, ["check"]);
  expect(result).toMatchObject({ code: 1, err: "" });
  expect(result.out).toBe(
    [
      ...badFeesLines.map((line) => `config/fees.yml:${line}\n`),
      "config/rates.yml:1:1: cannot be read: illegal operation on a directory\n",
    ].join(""),
  );
});

test("problems of the catalog itself are told with their places", async () => {
  const made = await folders(
    {},
    { "airlock.yml": "configs:\n  fees: { file: fees.yml, schema: builtin:feez }\n" },
  );
  const result = await airlockCommand(made, ["check"]);
  expect(result).toMatchObject({ code: 1, err: "" });
  expect(result.out).toMatch(/^airlock\.yml:2:35: configs\.fees\.schema: must be a file/);
});

test("problems come as JSON too", async () => {
  const made = await folders({ "fees.yml": badFees });
  const result = await airlockCommand(made, ["check", "config/fees.yml", "--format", "json"]);
  expect(result.code).toBe(1);
  expect(JSON.parse(result.out)).toEqual({
    valid: false,
    files: [
      {
        file: "config/fees.yml",
        config: "fees",
        problems: [
          { line: 2, column: 16, path: "maker_percent", message: "must be at most 100, got 150" },
          {
            line: 3,
            column: 16,
            path: "taker_percent",
            message: 'must be a number, got the text "x"',
          },
        ],
        total: 2,
      },
    ],
  });
});

for (const { name, args, err } of [
  {
    name: "a file of another name",
    args: ["check", "package.json"],
    err: "package.json: no config has a file of this name. Say which config it is with --config ID: fees, rates\n",
  },
  {
    name: "an unknown config",
    args: ["check", "config/fees.yml", "--config", "limits"],
    err: "there is no config limits. The configs are: fees, rates\n",
  },
  {
    name: "a file that is not there",
    args: ["check", "elsewhere/fees.yml"],
    err: "elsewhere/fees.yml cannot be read: no such file or directory\n",
  },
  {
    name: "a file that is not there, whose name no config has",
    args: ["check", "nope.yml"],
    err: "nope.yml cannot be read: no such file or directory\n",
  },
  {
    name: "a folder",
    args: ["check", "config"],
    err: "config cannot be read: it is a folder\n",
  },
  {
    name: "a folder for a config",
    args: ["check", "config", "--config", "fees"],
    err: "config cannot be read: it is a folder\n",
  },
  { name: "an unknown command", args: ["chek"], err: "error: unknown command 'chek'" },
]) {
  test(`${name} ends the command with a clear message`, async () => {
    const made = await folders({}, { "package.json": "{}" });
    const result = await airlockCommand(made, args);
    expect(result).toMatchObject({ code: 1, out: "" });
    expect(result.err).toContain(err);
  });
}

test("a git commit with a bad fees.yml is refused by the documented hook", async () => {
  const made = await folders({ "fees.yml": feesFile(1), "rates.yml": ratesFile(1) });
  const git = (...args: readonly string[]) =>
    promisify(execFile)(
      "git",
      ["-c", "user.name=Anna", "-c", "user.email=anna@example.org", ...args],
      {
        cwd: made.root,
      },
    );
  const launcher = fileURLToPath(new URL("../../bin/airlock.js", import.meta.url));
  const docs = await readDocs();
  const hook = docs.replace("npx airlock", `node ${JSON.stringify(launcher)}`);
  await git("init", "--quiet");
  await writeFile(join(made.root, ".git/hooks/pre-commit"), hook);
  await chmod(join(made.root, ".git/hooks/pre-commit"), 0o755);
  await git("add", "config");
  await git("commit", "--quiet", "-m", "good");
  await writeFile(join(made.configDir, "fees.yml"), badFees);
  await git("add", "config");
  // What counts is what is committed, not what the folder holds by then.
  await writeFile(join(made.configDir, "fees.yml"), feesFile(2));
  await expect(git("commit", "--quiet", "-m", "bad")).rejects.toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining(`config/fees.yml:${badFeesLines[0]}`),
  });
  await git("add", "config");
  await git("commit", "--quiet", "-m", "good again");
});

/** The hook as the documentation has it. */
async function readDocs(): Promise<string> {
  const text = await readFile(new URL("../../docs/command-line.md", import.meta.url), "utf8");
  const hook = /```sh\n(#!\/bin\/sh\n[^`]*)```/.exec(text)?.[1];
  if (hook === undefined) throw new Error("docs/command-line.md has no hook");
  return hook;
}

test("where no bot runs, a change is made all the same, looked at, and taken back", async () => {
  const made = await folders({ "fees.yml": feesFile(0) });
  const applied = await airlockCommand(made, ["apply", "fees", "-"], { input: feesFile(1) });
  expect(applied.out).toMatch(/^✅ fees\.yml updated successfully!\nRevision 2\./);
  const again = await airlockCommand(made, ["apply", "fees", "-"], { input: feesFile(1) });
  expect(again).toMatchObject({
    code: 0,
    out: "👌 fees.yml is already exactly this file. Nothing changed.\n",
  });
  const invalid = await airlockCommand(made, ["apply", "fees", "-"], { input: badFees });
  expect(invalid.code).toBe(1);
  expect(invalid.out).toBe(
    `❌ fees.yml was not changed: 2 problems found.\nline 2, column 16: ${badFeesLines[0]?.slice(6)}\nline 3, column 16: ${badFeesLines[1]?.slice(6)}\n`,
  );
  const diff = await airlockCommand(made, ["diff", "fees"]);
  expect(diff.out).toMatch(/^From revision 1 .*\nmaker_percent: 0 → 1 \(line 2\)\n$/);
  expect((await airlockCommand(made, ["get", "fees"])).stdout).toEqual(Buffer.from(feesFile(1)));
  expect((await airlockCommand(made, ["get", "fees", "1"])).out).toBe(feesFile(0));
  const back = await airlockCommand(made, ["rollback", "fees", "1"]);
  expect(back.out).toMatch(/^✅ fees\.yml updated successfully!\nRevision 3\./);
  expect((await readLive(made, "fees")).toString()).toBe(feesFile(0));
  const history = await airlockCommand(made, ["history", "fees"]);
  expect(history.out.split("\n").map((line) => line.replace(/: .*UTC,/, ":"))).toEqual([
    "History of fees.yml, newest first:",
    expect.stringMatching(/^3: .+ went back to revision 1$/),
    expect.stringMatching(/^2: uploaded by ./),
    "1: found at the first start",
    "",
  ]);
  const missing = await airlockCommand(made, ["rollback", "fees", "9"]);
  expect(missing).toMatchObject({
    code: 1,
    out: "",
    err: "fees.yml has no revision 9: airlock history fees lists them\n",
  });
  expect((await readdir(made.stateDir)).toSorted()).toEqual([
    "bases.jsonl",
    "freezes",
    "guards",
    "history",
    "journal.jsonl",
    "keeps",
    "parked",
    "proposals",
    "schedules",
    "services",
  ]);
});

test("command lines without a bot take turns", async () => {
  const made = await folders({ "fees.yml": feesFile(0) });
  const fees = [1, 2, 3, 4, 5];
  const results = await Promise.all(
    fees.map((fee) => airlockCommand(made, ["apply", "fees", "-"], { input: feesFile(fee) })),
  );
  expect(results.map(({ code, err }) => ({ code, err }))).toEqual(
    fees.map(() => ({ code: 0, err: "" })),
  );
  const history = await readHistory(made, "fees");
  expect(history.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("changes without a bot are told to the admins when the bot starts, once, and so is what the service did not take", async () => {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const anna = server.user({ id: 1001, firstName: "Anna" });
  const run = `[/bin/sh, -c, '! grep -q "maker_percent: 9" "$AIRLOCK_CONFIG_FILE"']`;
  const airlock = await startAirlock({
    server,
    configFiles: { "fees.yml": feesFile(0) },
    rootFiles: {
      "airlock.yml": `configs:\n  fees: { file: fees.yml, schema: builtin:fees, apply: { run: ${run} } }\n`,
    },
  });
  anna.send("/status");
  await anna.waitForText("up for");
  await airlock.stop();
  const apply = ["apply", "fees", "-", "--anyway"];
  const refused = await airlockCommand(airlock, apply, { input: feesFile(9) });
  expect(refused).toMatchObject({ code: 1, out: expect.stringMatching(/^↩️/u) });
  const applied = await airlockCommand(airlock, apply, { input: feesFile(8) });
  expect(applied).toMatchObject({ code: 0 });
  await airlock.restart();
  await anna.waitForText(
    /🔔 .* changed fees\.yml\nmaker_percent: 0 → 9.*\nIt has gone back to revision 1 since: revision 3\./u,
  );
  await anna.waitForText(/🔔 .* changed fees\.yml\nmaker_percent: 0 → 8/u);
  await airlock.restart();
  anna.send("/status");
  const since = server.events.cursor();
  await anna.waitForText("up for", { since });
  expect(anna.transcript().split("🔔")).toHaveLength(3);
});
