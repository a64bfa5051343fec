// The examples for programs that read the configs, run as they stand on the page but for the path, and for how often they ask.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { codeBlocks } from "./code-blocks.ts";

const blocks = codeBlocks("docs/reload.md");

function block(name: string, folder: string): string {
  const found = blocks.find((each) => each.name === name);
  if (found === undefined) throw new Error(`the page has no ${name}`);
  expect(found.code).toContain("/srv/service/config");
  return found.code
    .replaceAll("/srv/service/config", folder)
    .replace(", 2000);", ", 100);")
    .replace("time.sleep(2)", "time.sleep(0.1)");
}

/** As Airlock does. */
function replace(folder: string, text: string): void {
  writeFileSync(join(folder, ".fees.yml.new"), text);
  renameSync(join(folder, ".fees.yml.new"), join(folder, "fees.yml"));
}

/** What the program uses, one line after the other. */
function used(program: ChildProcess): AsyncIterator<string> {
  onTestFinished(() => void program.kill("SIGKILL"));
  const { stdout } = program;
  if (stdout === null) throw new Error("its output is not read");
  return createInterface({ input: stdout })[Symbol.asyncIterator]();
}

const use = {
  js: "function use(text) { if (text.includes('bad')) throw new Error('bad'); console.log(text.trim()); }\n",
  python:
    "def use(text):\n    if 'bad' in text: raise ValueError('bad')\n    print(text.strip(), flush=True)\n",
};

async function expectEachVersion(folder: string, lines: AsyncIterator<string>): Promise<void> {
  let last: string | undefined;
  // One version may be read twice.
  const next = async (): Promise<string> => {
    const { value } = await lines.next();
    return value === last ? next() : (last = value);
  };
  expect(await next()).toBe("version: 0");
  for (let version = 1; version <= 3; version += 1) {
    if (version === 2) replace(folder, "bad: 1\n");
    replace(folder, `version: ${version}\n`);
    expect(await next()).toBe(`version: ${version}`);
  }
}

async function configFolder(): Promise<string> {
  const folder = join(await temporaryFolder(), "config");
  mkdirSync(folder);
  replace(folder, "version: 0\n");
  return folder;
}

test("a program that asks every few seconds, in JavaScript, sees each version", async () => {
  const folder = await configFolder();
  const program = join(folder, "..", "reload.mjs");
  writeFileSync(program, use.js + block("reload.mjs", folder));
  await expectEachVersion(folder, used(spawn(process.execPath, [program])));
});

test("a program that watches the folder sees each version, long before it asks", async () => {
  const folder = await configFolder();
  const program = join(folder, "..", "watch.mjs");
  const once = "setInterval(() => look().catch(console.error), 100);";
  const asking = block("reload.mjs", folder);
  expect(asking).toContain(once);
  // Of the asking only one look is left, once the watcher is there.
  const watching = `${asking.replace(once, "")}${block("watch.mjs", folder)}\nawait look();\n`;
  writeFileSync(program, use.js + watching);
  await expectEachVersion(folder, used(spawn(process.execPath, [program])));
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) {
  process.stderr.write("Left out: the example in Python of docs/reload.md. It needs python3.\n");
}

test.skipIf(!hasPython)(
  "a program that asks every few seconds, in Python, sees each version",
  async () => {
    const folder = await configFolder();
    const program = join(folder, "..", "reload.py");
    writeFileSync(program, use.python + block("reload.py", folder));
    await expectEachVersion(folder, used(spawn("python3", [program])));
  },
);
