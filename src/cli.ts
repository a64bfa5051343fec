// The process of the command line: arguments in, exit code out.
import { readFileSync } from "node:fs";
import { readCatalog } from "./catalog/read-catalog.ts";
import { createCommandSettings } from "./settings/command-settings.ts";
import { runCommand } from "./shell/program.ts";
import type { Terminal } from "./shell/terminal.ts";

const terminal: Terminal = {
  settings: createCommandSettings(process.env, process.cwd(), readCatalog),
  workingFolder: process.cwd(),
  out: (text) =>
    new Promise((resolve) => {
      process.stdout.write(text, () => resolve());
    }),
  err: (text) => {
    process.stderr.write(text);
  },
};

// Whoever reads the output may stop early, as `head` does.
process.stdout.on("error", () => process.exit(1));
process.stderr.on("error", () => {
  // What cannot be said there is said by the exit code.
});
process.exitCode = await runCommand(process.argv.slice(2), terminal, ownVersion());

function ownVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const parsed: unknown = JSON.parse(text);
  const version =
    typeof parsed === "object" && parsed !== null && "version" in parsed ? parsed.version : "";
  return String(version);
}
