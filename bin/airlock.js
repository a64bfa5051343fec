#!/usr/bin/env node
// Starts what was built: the bot, the sandbox, or else the command line. Says so where nothing is built yet.
import { existsSync } from "node:fs";

// Programs of their own, not commands: they run until they are stopped, and say themselves how they ended.
const programs = { bot: "../dist/main.js", sandbox: "../dist/dev/sandbox/main.js" };
const [, , name = ""] = process.argv;
const isProgram = Object.hasOwn(programs, name);
if (isProgram) process.argv.splice(2, 1);
const main = new URL(isProgram ? programs[name] : "../dist/cli.js", import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  const script = name === "sandbox" ? "build:dev" : "build";
  process.stderr.write(`Airlock is not built yet: run npm ci && npm run ${script} first.\n`);
  process.exitCode = 1;
}
