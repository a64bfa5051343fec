// The packed file, as `npm pack` makes it, installed and run with npx by somebody who has nothing else: no clone, no compiler.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { hearBot } from "../sandbox/hear-bot.ts";
import { type InstalledPackages, serveInstalledPackages } from "./installed-packages.ts";

const { version, scripts } = z
  .object({ version: z.string(), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(await readFile("package.json", "utf8")));
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string(), dev: z.boolean().default(false) }),
  ),
});
const waitMs = 60_000;

let registry: InstalledPackages;
/** Holds the packed file, and is where npm installs it. */
let folder: string;
let packed: string;
/** Where npx has put it, and what it needs. */
let modules: string;
const ofPacked = (): readonly string[] => ["--yes", `--package=${packed}`];
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "airlock-package-")));
  registry = await serveInstalledPackages();
  env = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    TMPDIR: folder,
    npm_config_registry: registry.address,
    npm_config_cache: join(folder, "cache"),
    npm_config_update_notifier: "false",
  };
  // What is in dist/ was just built by the script that packing runs first.
  const args = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
  const { stdout } = await promisify(execFile)("npm", args, { env });
  packed = join(folder, stdout.trim());
  // Installs it, for all that follows.
  await promisify(execFile)("npx", [...ofPacked(), "airlock", "--version"], { cwd: folder, env });
  const [name = ""] = await readdir(join(folder, "cache/_npx"));
  modules = join(folder, "cache/_npx", name, "node_modules");
}, 180_000);

afterAll(async () => {
  await registry.close();
  await rm(folder, { recursive: true, force: true });
});

function start(
  program: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...env, ...more },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  onTestFinished(() => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // Nothing of it is left, as it should be.
    }
  });
  return child;
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function run(...started: Parameters<typeof start>): Promise<Ended> {
  const child = start(...started);
  let out = "";
  let err = "";
  child.stdout?.on("data", (part) => (out += String(part)));
  child.stderr?.on("data", (part) => (err += String(part)));
  await once(child, "close", { signal: AbortSignal.timeout(waitMs) });
  return { code: child.exitCode, out, err };
}

test("packing builds afresh, so that nothing old is packed", () => {
  expect(scripts["prepack"]).toMatch(/^node -e .*rmSync\('dist',.* && npm run --silent build:dev$/);
});

test("npx runs the packed file itself, whose help names the bot and the sandbox beside the commands", async () => {
  const ended = await run("npx", [...ofPacked(), "airlock", "--help"]);
  expect(ended).toMatchObject({ code: 0, err: "" });
  for (const name of ["bot", "sandbox", "check", "apply"]) {
    expect(ended.out).toMatch(new RegExp(`^  ${name}\\b.* \\w`, "m"));
  }
});

test("an install brings what the lockfile has for production, and nothing else", async () => {
  const installed = lockSchema.parse(
    JSON.parse(await readFile(join(modules, ".package-lock.json"), "utf8")),
  );
  const { "node_modules/airlock": own, ...others } = installed.packages;
  expect(own?.version).toBe(version);
  const { packages: locked } = lockSchema.parse(
    JSON.parse(await readFile("package-lock.json", "utf8")),
  );
  const production = Object.entries(locked).filter(([, { dev }]) => !dev);
  const allowed = new Set(production.map(named));
  const names = Object.entries(others).map(named);
  expect(names).toEqual(expect.arrayContaining([expect.stringMatching(/^grammy@/)]));
  expect(names.filter((name) => !allowed.has(name))).toEqual([]);
});

function named([path, { version: which }]: readonly [
  string,
  { readonly version: string },
]): string {
  return `${path.replace(/^.*node_modules\//, "")}@${which}`;
}

test("the command line checks a file", async () => {
  await writeFile(join(folder, "fees.yml"), "currency: USD\nmaker_percent: 150\n");
  const ended = await run(join(modules, ".bin/airlock"), ["check", "fees.yml"], {
    CONFIG_DIR: join(modules, "airlock/config"),
  });
  expect(ended).toMatchObject({ code: 1, err: "" });
  expect(ended.out).toContain("fees.yml:2:16: maker_percent: must be at most 100, got 150\n");
});

test("the bot starts, and says what it needs", async () => {
  const ended = await run(join(modules, ".bin/airlock"), ["bot"]);
  expect(ended.code).toBe(1);
  expect(ended.err).toMatch(/^BOT_TOKEN must be set/);
});

test("the sandbox shows its page, plays a story with the bot and a service, and leaves nothing behind", async () => {
  const before = await readdir(folder);
  const child = start("npx", [...ofPacked(), "airlock", "sandbox"], { SANDBOX_PORT: "0" });
  const address = await new Promise<string>((found, failed) => {
    let err = "";
    child.stderr?.on("data", (part) => (err += String(part)));
    child.on("exit", () => failed(new Error(`the sandbox ended: ${err}`)));
    if (child.stdout === null) throw new Error("no output");
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [, url] = /sandbox: (http:\S+)/.exec(line) ?? [];
      if (url !== undefined) found(url);
    });
  });
  const page = await (await fetch(address)).text();
  const files = [...page.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map(([, path]) => path);
  expect(files.length).toBeGreaterThan(1);
  for (const path of files) expect((await fetch(`${address}${path}`)).status, path).toBe(200);
  const { said } = await hearBot(address);
  const played = await fetch(`${address}/api/stories/service-refuses`, { method: "POST" });
  expect(played.status).toBe(204);
  await said("↩️ fees.yml went back to revision 1: the service did not take it.");
  const ended = once(child, "close", { signal: AbortSignal.timeout(waitMs) });
  // As Ctrl-C does: to npx and to all that it started.
  if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  await ended;
  expect(await readdir(folder)).toEqual(before);
});

test("what the pages in it link to is in it", async () => {
  const root = join(modules, "airlock");
  const names = await readdir(root, { recursive: true });
  const pages = names.filter((name) => name.endsWith(".md") && !name.includes("node_modules"));
  expect(pages).toEqual(expect.arrayContaining(["README.md", "CHANGELOG.md", "docs/operating.md"]));
  const broken: string[] = [];
  for (const page of pages) {
    const text = await readFile(join(root, page), "utf8");
    for (const [, target = ""] of text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      if (!existsSync(join(root, dirname(page), target))) broken.push(`${page}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
});
