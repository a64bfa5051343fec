#!/usr/bin/env node
// Starts the built command line, and says so where nothing is built yet.
import { existsSync } from "node:fs";

const main = new URL("../dist/cli.js", import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write("Airlock is not built yet: run npm ci && npm run build first.\n");
  process.exitCode = 1;
}
