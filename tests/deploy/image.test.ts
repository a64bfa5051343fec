// The image, put together as the Dockerfile says but without Docker: its instructions are followed on folders, and what it runs runs as the user
// that it names. And what runs it. Where the tests are not run by root there is no becoming another user, which is said aloud. Long: it follows
// the Dockerfile from its first line to its last.
import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { variablesSchema } from "../../src/settings/variables.ts";
import { startAirlock } from "../end-to-end/airlock-process.ts";
import { feesFile } from "../end-to-end/stage.ts";

const dockerfile = readFileSync("deploy/Dockerfile", "utf8");
const variableNames = Object.keys(variablesSchema.shape);
const defaultShutdownSeconds = variablesSchema.parse({}).SHUTDOWN_SECONDS / 1000;
const isRoot = process.getuid?.() === 0;
const [, uid = NaN, gid = NaN] = (/^USER (\d+):(\d+)$/m.exec(dockerfile) ?? []).map(Number);
/** As Docker starts it: with this user's rights and no others. */
const asImageUser = isRoot
  ? ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--bounding-set=-all"]
  : [];
let folder: string;
let image: string;

if (!isRoot) {
  process.stderr.write(
    "Left out: running the image as the user that it names. It needs root; it is run as who runs the tests.\n",
  );
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "airlock-image-"));
  // The image's own folders may be entered by everybody.
  chmodSync(folder, 0o755);
  image = assemble();
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Follows the instructions. @returns the folder that is /app in the image */
function assemble(): string {
  const ignored = readFileSync(".dockerignore", "utf8").trim().split("\n");
  expect(ignored.shift()).toBe("*");
  const context = join(folder, "context");
  for (const line of ignored) copy(line.replace(/^!/, ""), join(context, line.replace(/^!/, "")));
  const stages: string[] = [];
  for (const line of dockerfile.split("\n")) {
    const stage = stages.at(-1) ?? "";
    const [word = "", ...args] = line.split(" ");
    if (word === "FROM") stages.push(join(folder, `stage-${stages.length}`));
    if (word === "RUN") run(args.join(" "), stage);
    if (word !== "COPY") continue;
    const isFromBuild = args[0] === "--from=build";
    const sources = isFromBuild ? args.slice(1, -1) : args.slice(0, -1);
    const to = args.at(-1) ?? "";
    for (const source of sources) {
      const from = isFromBuild
        ? join(stages[0] ?? "", source.replace("/app/", ""))
        : join(context, source);
      copy(from, to === "./" ? join(stage, source.replace(/^.*\//, "")) : join(stage, to));
    }
  }
  return stages.at(-1) ?? "";
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

function run(commands: string, stage: string): void {
  const modules = join(stage, "node_modules");
  for (const command of commands.split(" && ")) {
    switch (command) {
      case "npm ci":
        symlinkSync(resolve("node_modules"), modules);
        break;
      case "npm prune --omit=dev":
        unlinkSync(modules);
        keepProductionPackages(modules);
        break;
      default:
        execFileSync("sh", ["-ec", command], { cwd: stage });
    }
  }
}

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })),
});

function keepProductionPackages(modules: string): void {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
  for (const [path, { dev = false }] of Object.entries(packages)) {
    const [, name = ""] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? [];
    // Some are for other machines only.
    if (dev || name === "" || !existsSync(join("node_modules", name))) continue;
    const [from, to] = [resolve("node_modules", name), join(modules, name)];
    mkdirSync(dirname(to), { recursive: true });
    // Links are made in a moment; where the temporary folder is on another disk, it has to be copies.
    execFileSync("sh", [
      "-ec",
      'cp -rl "$0" "$1" 2>&1 || { rm -rf "$1"; cp -r "$0" "$1"; }',
      from,
      to,
    ]);
  }
}

interface Ended {
  readonly code: number;
  readonly err: string;
  readonly out: string;
}

function node(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((done) => {
    const options = { cwd: image, env: { PATH: process.env["PATH"], ...env } };
    const [program = "", ...all] = [...asImageUser, process.execPath, ...args];
    execFile(program, all, options, (error, out, err) => {
      done({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });
}

test("the image names its user by numbers, and it is not root", () => {
  expect(uid).toBeGreaterThan(0);
  expect(gid).toBeGreaterThan(0);
});

test("as the image's user the bot changes a config in folders that are this user's, and owns what it made", async () => {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const anna = server.user({ id: 1001, firstName: "Anna" });
  const airlock = await startAirlock({
    server,
    script: join(image, commandOf("CMD")[0] ?? ""),
    runner: asImageUser,
    env: { NODE_ENV: "production" },
    prepare({ root }) {
      if (!isRoot) return;
      const all = readdirSync(root, { recursive: true, encoding: "utf8" });
      for (const name of ["", ...all]) chownSync(join(root, name), uid, gid);
    },
  });
  expect(statSync(`/proc/${airlock.pid()}`).uid).toBe(isRoot ? uid : process.getuid?.());
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await anna.waitForText("✅ fees.yml updated successfully!");
  expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
  const made = readdirSync(airlock.root, { recursive: true, encoding: "utf8" });
  const owners = made.map((name) => statSync(join(airlock.root, name)).uid);
  expect(new Set(owners)).toEqual(new Set([isRoot ? uid : process.getuid?.()]));
  const port = String(airlock.port());
  expect(await node(commandOf("HEALTHCHECK"), { METRICS_PORT: port })).toMatchObject({ code: 0 });
  expect(await airlock.stop()).toEqual({ code: 0, signal: null });
});

test("the image's user, whom nothing in it belongs to, can change nothing in it", () => {
  const names = readdirSync(image, { recursive: true, encoding: "utf8" });
  const openToAll = names.filter((name) => (statSync(join(image, name)).mode & 0o002) !== 0);
  expect(openToAll).toEqual([]);
});

test("the image starts the bot with no package but those of production", async () => {
  const ended = await node(commandOf("CMD"), {});
  expect(ended.code).toBe(1);
  expect(ended.err).toMatch(/^BOT_TOKEN must be set/);
});

test("the command line is in the image", async () => {
  const ended = await node(["bin/airlock.js", "--version"], {});
  expect(ended).toMatchObject({ code: 0, err: "" });
});

test("the image draws charts: library, binary and fonts are in it", async () => {
  const chart = {
    title: "maker_percent",
    now: "1",
    subtitle: "fees.yml",
    points: [{ atMs: 0, value: 1, by: { key: "a", name: "Anna" } }],
    untilMs: 1000,
    others: "Others",
    language: "en",
  };
  const script = `
    import { chartSvg } from "./dist/chart/chart-svg.js";
    import { pngOf } from "./dist/chart/chart-png.js";
    process.stdout.write(Buffer.from(pngOf(chartSvg(${JSON.stringify(chart)}))).toString("latin1", 1, 4));`;
  expect(await node(["--input-type=module", "--eval", script], {})).toEqual({
    code: 0,
    err: "",
    out: "PNG",
  });
});

test("nothing of the sandbox, the tests or the benchmark is in the image", () => {
  const files = readdirSync(image, { recursive: true, encoding: "utf8" });
  const own = files.filter((name) => !name.startsWith("node_modules"));
  expect(own).toContain("LICENSE");
  expect(own.filter((name) => /sandbox|bench|test|\.ts$/.test(name))).toEqual([]);
});

/** The exec form of an instruction, without the word `node`. */
function commandOf(instruction: string): readonly string[] {
  const [, json = "[]"] =
    new RegExp(`^${instruction}(?: .*CMD)? (\\[.*\\])$`, "m").exec(dockerfile) ?? [];
  const [first, ...args] = z.array(z.string()).parse(JSON.parse(json));
  expect(first).toBe("node");
  return args;
}

describe("the health check", () => {
  const check = (env: Readonly<Record<string, string>>) => node(commandOf("HEALTHCHECK"), env);
  /** @returns the port */
  async function listen(host: string, answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    onTestFinished(() => void server.close());
    await new Promise<void>((listening) => server.listen(0, host, listening));
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("no port");
    return String(address.port);
  }

  for (const { host, named } of [
    { host: "127.0.0.1", named: "0.0.0.0" },
    { host: "127.0.0.1", named: "127.0.0.1" },
    { host: "127.0.0.1", named: "localhost" },
    { host: "127.0.0.2", named: "127.0.0.2" },
  ]) {
    test(`asks at ${host} where METRICS_HOST is ${named}, at the port in force`, async () => {
      const asked: string[] = [];
      const port = await listen(host, (request, response) => {
        asked.push(request.url ?? "");
        response.end("ok");
      });
      expect(await check({ METRICS_HOST: named, METRICS_PORT: port })).toMatchObject({
        code: 0,
        err: "",
      });
      expect(asked).toEqual(["/healthz"]);
    });
  }

  test("reads .env as the bot does", async () => {
    const port = await listen("127.0.0.1", (_request, response) => response.end("ok"));
    writeFileSync(join(image, ".env"), `METRICS_PORT=${port}\n`);
    onTestFinished(() => rmSync(join(image, ".env")));
    expect(await check({})).toMatchObject({ code: 0 });
  });
  test("fails where the bot is not well", async () => {
    const port = await listen("127.0.0.1", (_request, response) => response.writeHead(503).end());
    expect(await check({ METRICS_PORT: port })).toMatchObject({
      code: 1,
      err: `http://127.0.0.1:${port} answered 503\n`,
    });
  });
  test("fails where nobody answers", async () => {
    const port = await listen("127.0.0.1", (request) => void request.socket.destroy());
    expect(await check({ METRICS_PORT: port })).toMatchObject({
      code: 1,
      err: `http://127.0.0.1:${port} does not answer\n`,
    });
  });
  test("says that it cannot know a port that the bot picks", async () => {
    const ended = await check({ METRICS_PORT: "0" });
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(/^METRICS_PORT must be a fixed port here/);
  });
});

const composeSchema = z.object({
  services: z.object({
    airlock: z.object({
      build: z.object({ context: z.literal(".."), dockerfile: z.literal("deploy/Dockerfile") }),
      stop_grace_period: z.string().regex(/^\d+s$/),
      environment: z.record(z.string(), z.string()),
      secrets: z.array(z.string()),
      volumes: z.array(z.string()),
    }),
  }),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

describe("the docker run of the page", () => {
  const page = readFileSync("docs/containers.md", "utf8");
  const [, command = ""] = /^(docker run (?:.*\\\n)*.*)$/m.exec(page) ?? [];
  test("sets only variables that there are, and one for the token and the admins each", () => {
    const names = [...command.matchAll(/ -e (\w+)=/g)].map(([, name = ""]) => name);
    expect(names.filter((name) => !variableNames.includes(name))).toEqual([]);
    expect(names).toEqual(["BOT_TOKEN_FILE", "ADMIN_IDS"]);
  });
  test("mounts what the image names, as folders", () => {
    const mounted = [...command.matchAll(/ -v \S+?:(\/data\/\w+)/g)].map(([, path]) => path);
    const inImage = [...dockerfile.matchAll(/_DIR=(\S+)/g)].map(([, path]) => path);
    expect(new Set(mounted)).toEqual(new Set(inImage));
  });
  test("gives a stop more time than the bot waits for a save", () => {
    const [, seconds] = /--stop-timeout (\d+)/.exec(command) ?? [];
    expect(Number(seconds)).toBeGreaterThan(defaultShutdownSeconds);
  });
});

describe("the compose file", () => {
  const file = composeSchema.parse(parse(readFileSync("deploy/compose.yml", "utf8")));
  const { airlock } = file.services;
  test("gives a stop more time than the bot waits for a save", () => {
    expect(Number.parseInt(airlock.stop_grace_period)).toBeGreaterThan(defaultShutdownSeconds);
  });
  test("sets only variables that there are", () => {
    expect(
      Object.keys(airlock.environment).filter((name) => !variableNames.includes(name)),
    ).toEqual([]);
  });
  test("mounts what the image names, as folders", () => {
    const inImage = [...dockerfile.matchAll(/_DIR=(\S+)/g)].map(([, path]) => path);
    expect(new Set(airlock.volumes.map((volume) => volume.split(":")[1]))).toEqual(
      new Set(inImage),
    );
  });
  test("hands over the token as the secret that BOT_TOKEN_FILE names", () => {
    expect(airlock.secrets).toEqual(Object.keys(file.secrets));
    expect(airlock.environment["BOT_TOKEN_FILE"]).toBe(`/run/secrets/${airlock.secrets[0]}`);
  });
});

test("the license is the one that package.json names", () => {
  const { license } = z
    .object({ license: z.string() })
    .parse(JSON.parse(readFileSync("package.json", "utf8")));
  expect(readFileSync("LICENSE", "utf8")).toMatch(new RegExp(`^${license} License\n`));
});
