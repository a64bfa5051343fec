// The scripts as npm runs them, in a copy of the project: what a signal to npm, or to its terminal, ends.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../sandbox/bot-api/telegram-server.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const root = join(import.meta.dirname, "..");
const endTimeoutMs = 90_000;

let scripts: Readonly<Record<string, string>> = {};
/** Builds of its own, since other tests run what is in `dist/`; each builds only what the one before did not. */
let folder = "";
beforeAll(async () => {
  ({ scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  folder = await mkdtemp(join(tmpdir(), "airlock-scripts-"));
  const tsconfigs = ["build", "dev", "page"].map((name) => `tsconfig.${name}.json`);
  for (const name of ["package.json", ...tsconfigs])
    await copyFile(join(root, name), join(folder, name));
  for (const name of ["src", "sandbox", "bench", "config"]) {
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
  const tsconfig = await readFile(join(root, "tsconfig.json"), "utf8");
  const quick = tsconfig.replace('"compilerOptions": {', '$&\n    "incremental": true,');
  await writeFile(join(folder, "tsconfig.json"), quick);
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Running {
  readonly npm: ChildProcess;
  /** All lines so far, of npm and of what it started. */
  readonly lines: readonly string[];
  readonly waitForLine: (part: string) => Promise<void>;
  /** Resolves when npm has ended and nothing that it started has its output open any more. */
  readonly ended: Promise<unknown>;
}

/** As a shell starts it: in a group of processes of its own, with its output in one place. */
function npmRun(script: string, env: Readonly<Record<string, string>>): Running {
  const npm = spawn("npm", ["run", script], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, npm_config_update_notifier: "false", ...env },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  onTestFinished(() => killGroup(npm));
  const lines: string[] = [];
  const output = createInterface({ input: npm.stdout });
  output.on("line", (line) => lines.push(line));
  return {
    npm,
    lines,
    waitForLine: async (part) => {
      while (!lines.some((line) => line.includes(part))) await once(output, "line");
    },
    ended: once(npm, "close", { signal: AbortSignal.timeout(endTimeoutMs) }),
  };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) throw new Error("npm did not start");
  process.kill(-pid, signal);
}

function killGroup(npm: ChildProcess): void {
  try {
    signalGroup(npm, "SIGKILL");
  } catch {
    // Nothing of it is left, as it should be.
  }
}

async function botEnv(): Promise<Readonly<Record<string, string>>> {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  return {
    BOT_TOKEN: server.token,
    ADMIN_IDS: "1001",
    TELEGRAM_API_ROOT: server.root,
    METRICS_PORT: "0",
  };
}

const botIsUp = '"msg":"bot_ready"';
const sandboxIsUp = "Airlock's sandbox: http://";

async function sandboxEnv(): Promise<Readonly<Record<string, string>>> {
  // npm itself keeps its compiled code in TMPDIR otherwise, where Node can.
  return { SANDBOX_PORT: "0", TMPDIR: await temporaryFolder(), NODE_DISABLE_COMPILE_CACHE: "1" };
}

test("SIGTERM to npm start ends the bot well, and the next start has the folder to itself", async () => {
  const env = await botEnv();
  const first = npmRun("start", env);
  await first.waitForLine(botIsUp);
  first.npm.kill("SIGTERM");
  await first.ended;
  expect(first.lines.at(-1)).toContain('"msg":"stopped"');
  const second = npmRun("start", env);
  await second.waitForLine(botIsUp);
  // Ctrl-C reaches npm and the bot, and npm passes it on once more: that is one request to stop.
  signalGroup(second.npm, "SIGINT");
  await second.ended;
  expect(second.lines.at(-1)).toContain('"msg":"stopped"');
  expect([first.npm.exitCode, second.npm.exitCode]).toEqual([0, 0]);
}, 120_000);

test("SIGTERM to npm run dev ends the bot well", async () => {
  const { npm, lines, waitForLine, ended } = npmRun("dev", await botEnv());
  await waitForLine(botIsUp);
  npm.kill("SIGTERM");
  await ended;
  expect(lines.at(-1)).toContain('"msg":"stopped"');
}, 120_000);

for (const { name, end } of [
  { name: "SIGTERM to npm", end: (npm: ChildProcess) => void npm.kill("SIGTERM") },
  { name: "Ctrl-C", end: (npm: ChildProcess) => signalGroup(npm, "SIGINT") },
]) {
  test(`${name} ends the sandbox, which leaves nothing behind`, async () => {
    const env = await sandboxEnv();
    const { npm, waitForLine, ended } = npmRun("sandbox", env);
    await waitForLine(sandboxIsUp);
    end(npm);
    await ended;
    expect(npm.exitCode).toBe(0);
    expect(await readdir(env["TMPDIR"] ?? "")).toEqual([]);
  }, 120_000);
}

test("whatever script ends in a program of Node's hands its process over to it", () => {
  const programs = Object.entries(scripts).filter(([, script]) =>
    /(?:^|&& )(?:exec )?node [^&]*$/.test(script),
  );
  expect(programs.map(([name]) => name)).toEqual(
    expect.arrayContaining(["start", "dev", "sandbox", "bench"]),
  );
  for (const [name, script] of programs) expect(script, name).toMatch(/(?:^|&& )exec node /);
});
