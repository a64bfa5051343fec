// The page for systemd, followed word by word in a folder that stands for the root of a machine. What needs root, systemd or a
// registry of packages is played: sudo, useradd, systemctl, npm and git.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { BotProcess } from "../end-to-end/bot-process.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { codeBlocks } from "./code-blocks.ts";

const page = "docs/systemd.md";
const unit = readFileSync("deploy/airlock.service", "utf8");

let root: string;
let path: string;

beforeEach(async () => {
  root = await temporaryFolder();
  const program = join(root, "opt/airlock");
  for (const folder of ["opt/airlock", "usr/local/bin", "etc/systemd/system", "var/lib", "bin"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const name of [
    "bin",
    "config",
    "deploy",
    "dist",
    "node_modules",
    "package.json",
    ".env.example",
  ]) {
    symlinkSync(resolve(name), join(program, name));
  }
  // Everything belongs to whoever runs the test.
  play("sudo", 'while [ "$1" = -u ]; do shift 2; done\nexec "$@"');
  play(
    "install",
    `for arg; do case $skip$arg in -o|-g) skip=x;; x*) skip=;; *) set -- "$@" "$arg";; esac; shift; done\nexec /usr/bin/install "$@"`,
  );
  for (const name of ["useradd", "systemctl", "npm", "git", "chown"])
    play(name, `echo "${name} $*" >> "${root}/played"`);
  path = `${join(root, "bin")}:${join(root, "usr/local/bin")}:${process.env["PATH"]}`;
});

function play(name: string, script: string): void {
  writeFileSync(join(root, "bin", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, "bin", name), 0o755);
}

/** Absolute paths of the page, in the folder that stands for the root. */
function inRoot(text: string): string {
  return text.replaceAll(/(?<![\w.])\/(?=(?:opt|srv|etc|var\/lib|usr\/local)\/)/g, `${root}/`);
}

function follow(heading: string, of = page): string {
  return codeBlocks(of, heading)
    .filter(({ language }) => language === "sh")
    .map(({ code }) =>
      execFileSync("sh", ["-ec", inRoot(code)], {
        cwd: join(root, "opt/airlock"),
        env: { PATH: path },
        encoding: "utf8",
      }),
    )
    .join("");
}

test("the page ends with a bot that starts, and a command line that finds its settings", async () => {
  for (const heading of ["The program", "The user and the folders"]) follow(heading);
  expect(statSync(join(root, "etc/airlock/.env")).mode & 0o777).toBe(0o640);

  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const [settings] = codeBlocks(page, "The settings");
  const filled = (settings?.code ?? "").replace(/^BOT_TOKEN=.*$/m, `BOT_TOKEN=${server.token}`);
  writeFileSync(join(root, "etc/airlock/.env"), inRoot(filled), { flag: "a" });
  follow("Start it");
  expect(readFileSync(join(root, "played"), "utf8")).toContain("systemctl enable --now airlock\n");

  // What systemd would do, by the unit's own lines.
  const valueOf = (name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1] ?? "";
  expect(readFileSync(join(root, "etc/systemd/system/airlock.service"), "utf8")).toBe(unit);
  mkdirSync(join(root, "var/lib", valueOf("StateDirectory")), { mode: 0o700 });
  for (const writable of valueOf("ReadWritePaths").split(" ")) {
    expect(existsSync(inRoot(`${writable}/`))).toBe(true);
  }
  const [, script = ""] = valueOf("ExecStart").split(" ");
  const bot = new BotProcess(inRoot(script), inRoot(valueOf("WorkingDirectory") + "/"));
  onTestFinished(async () => void (bot.isRunning && (await bot.end("SIGTERM"))));
  void bot.spawn({ PATH: path, TELEGRAM_API_ROOT: server.root, METRICS_PORT: "0" });
  await bot.log.waitFor((line) => (line.msg === "bot_ready" ? line : undefined));

  const [asCommand, examples] = codeBlocks(page, "The command line");
  expect(examples?.code).toContain("sudo airlock history fees");
  const output = follow("The command line");
  expect(asCommand?.code).toContain("/usr/local/bin/airlock");
  expect(output).toContain("History of fees.yml");
  expect(output).toContain("👌 fees.yml is already exactly this file. Nothing changed.");
  await bot.end("SIGTERM");
});

test("an upgrade stops the bot before it builds, and starts it last", () => {
  follow("Under systemd", "docs/upgrading.md");
  expect(readFileSync(join(root, "played"), "utf8").trim().split("\n")).toEqual([
    "systemctl stop airlock",
    "git pull",
    "npm ci",
    "npm run build",
    "npm prune --omit=dev",
    "systemctl daemon-reload",
    "systemctl start airlock",
  ]);
});
