import { appendFile, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  openLineFile,
  readLastLines,
  readLinesFrom,
} from "../../../src/store/local/append-line.ts";
import { diskCalls, failing, resetDisk } from "../../faulty-disk.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

vi.mock("node:fs/promises", async () => (await import("../../faulty-disk.ts")).faultyDisk());
beforeEach(() => resetDisk());

const all = (line: string): string | undefined => (line === "" ? undefined : line);

async function linesIn(content = "") {
  const path = join(await temporaryFolder(), "lines");
  if (content !== "") await writeFile(path, content);
  const file = openLineFile(path);
  const add = (...lines: readonly string[]): Promise<void> => file.append(lines, { sync: true });
  return { path, file, add, text: () => readFile(path, "utf8") };
}

test("lines are added in order, each synced, the folder with the first", async () => {
  const { path, add, text } = await linesIn();
  await add("one");
  await add("zwei ü", "three");
  expect(await text()).toBe("one\nzwei ü\nthree\n");
  expect(diskCalls.filter(({ name }) => name === "sync").map((call) => call.path)).toEqual([
    path,
    path.slice(0, -"/lines".length),
    path,
  ]);
  expect((await stat(path)).mode & 0o077).toBe(0);
});

test("while it is in use the file is opened once", async () => {
  const { add } = await linesIn();
  for (const line of ["one", "two", "three"]) await add(line);
  expect(
    diskCalls.filter(({ name, path }) => name === "open" && path.endsWith("/lines")),
  ).toHaveLength(1);
});

test("a torn end is ended before the next line, not overwritten", async () => {
  const { add, text } = await linesIn("one\ntor");
  await add("two");
  expect(await text()).toBe("one\ntor\ntwo\n");
});

test("a line whose sync failed is not added twice when it is tried again", async () => {
  const { add, text } = await linesIn();
  await add("one");
  const fault = failing("EIO", ({ name }) => name === "sync");
  await expect(add("two")).rejects.toThrow("EIO");
  fault.stop();
  await add("two");
  expect(await text()).toBe("one\ntwo\n");
});

for (const { name, meddle, left } of [
  { name: "removed", meddle: (path: string) => rm(path), left: "" },
  {
    name: "replaced by another",
    meddle: async (path: string) => {
      await writeFile(`${path}.new`, "eno\n");
      await rename(`${path}.new`, path);
    },
    left: "eno\n",
  },
  {
    name: "written to by somebody else",
    meddle: (path: string) => appendFile(path, "half"),
    left: "one\nhalf\n",
  },
]) {
  test(`a file that was ${name} between two lines gets the second at its end, synced`, async () => {
    const { path, add, text } = await linesIn();
    await add("one");
    await meddle(path);
    resetDisk();
    await add("two");
    expect(await text()).toBe(`${left}two\n`);
    expect(diskCalls).toContainEqual(expect.objectContaining({ name: "sync", path }));
  });
}

test("the last lines are read without the whole file, and torn ones are skipped", async () => {
  const path = join(await temporaryFolder(), "lines");
  const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
  await writeFile(path, `${lines.join("\n")}\n`);
  await appendFile(path, "torn");
  const parse = (line: string): string | undefined => (line === "torn" ? undefined : all(line));
  const last = await readLastLines(path, 100, parse);
  expect(last.length).toBeGreaterThanOrEqual(100);
  expect(last.length).toBeLessThan(20_000);
  expect(last).toEqual(lines.slice(-last.length));
});

test("more than one part is read where the end holds nothing that is understood", async () => {
  const path = join(await temporaryFolder(), "lines");
  await writeFile(path, `good\n${"x".repeat(300_000)}\n`);
  const parse = (line: string): string | undefined => (line === "good" ? line : undefined);
  expect(await readLastLines(path, 1, parse)).toEqual(["good"]);
});

test("no file has no lines", async () => {
  expect(await readLastLines(join(await temporaryFolder(), "none"), 10, all)).toEqual([]);
});

describe("lines whose keys rise are found without reading all of the file", () => {
  const parse = (line: string): number | undefined =>
    /^\d+:/.test(line) ? Number(line.split(":")[0]) : undefined;
  const find = (path: string, from: number, to: number) =>
    readLinesFrom(path, parse, (key) => key, from, to);

  async function longFile(): Promise<string> {
    const path = join(await temporaryFolder(), "lines");
    const lines = Array.from({ length: 20_000 }, (_, index) => {
      const key = index + 1;
      // Here and there one that was written twice, and one that a crash cut short.
      const line = `${key}: ${"x".repeat(key % 97)}\n`;
      if (key % 1000 === 0) return line + line;
      return key % 777 === 0 ? `${line}torn\n` : line;
    });
    await writeFile(path, lines.join(""));
    return path;
  }

  for (const [from, to] of [
    [1, 3],
    [2, 3],
    [999, 1002],
    [9_990, 10_000],
    [19_995, 20_001],
    [0, 2],
    [20_001, 20_010],
  ] as const) {
    test(`from ${from} to ${to}`, async () => {
      const path = await longFile();
      const wanted = Array.from({ length: to - from }, (_, index) => from + index);
      expect([...new Set(await find(path, from, to))]).toEqual(
        wanted.filter((key) => key >= 1 && key <= 20_000),
      );
    });
  }

  test("where there is no file there are none", async () => {
    expect(await find(join(await temporaryFolder(), "none"), 1, 2)).toEqual([]);
  });
});
