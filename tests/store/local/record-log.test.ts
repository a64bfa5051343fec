import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { openRecordLog, type RecordLog } from "../../../src/store/local/record-log.ts";
import { buggy, diskCalls, failing, gate, resetDisk } from "../../faulty-disk.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

vi.mock("node:fs/promises", async () => (await import("../../faulty-disk.ts")).faultyDisk());
beforeEach(() => resetDisk());

const ageMaxMs = 60_000;
const isSync = ({ name, path }: { name: string; path: string }): boolean =>
  name === "sync" && path.endsWith(".jsonl");

async function place(): Promise<string> {
  return join(await temporaryFolder(), "people");
}

async function open(folder: string, clean = (text: string): string => text): Promise<RecordLog> {
  return openRecordLog(folder, {
    ageMaxMs,
    clean,
    onTrouble: (error) => {
      throw error;
    },
  });
}

test("a value survives a restart, is replaced whole, and can be removed", async () => {
  const folder = await place();
  const store = await open(folder);
  await store.write("-100_1", { question: "fees", more: true });
  await store.write("-100_1", { question: "rates" });
  await store.write("other", null);
  const again = await open(folder);
  expect(await again.read("-100_1")).toEqual({ question: "rates" });
  expect(await again.read("other")).toBeNull();
  await again.remove("-100_1");
  await again.remove("-100_1");
  expect(await again.read("-100_1")).toBeUndefined();
  expect(await (await open(folder)).keys()).toEqual(["other"]);
});

test("whoever reads a value gets one of their own", async () => {
  const store = await open(await place());
  const written = { list: [1] };
  await store.write("a", written);
  written.list.push(2);
  const read = await store.read("a");
  Object.assign(read as object, { list: [] });
  expect(await store.read("a")).toEqual({ list: [1] });
});

test("nothing is said to be written before it is synced, and many at once are synced together", async () => {
  const store = await open(await place());
  await store.write("first", 1);
  resetDisk();
  const syncing = gate(isSync);
  let isDone = false;
  const writes = Promise.all(
    Array.from({ length: 50 }, (_, index) => store.write(`${index}`, index)),
  ).then(() => (isDone = true));
  await syncing.reached;
  expect(isDone).toBe(false);
  syncing.open();
  await writes;
  expect(diskCalls.filter(isSync).length).toBeLessThan(5);
});

test("a line that a crash cut short is skipped, and the next one stands on a line of its own", async () => {
  const folder = await place();
  await (await open(folder)).write("a", 1);
  await writeFile(`${folder}.jsonl`, '{"key":"a","at":"2026', { flag: "a" });
  const store = await open(folder);
  expect(await store.read("a")).toBe(1);
  await store.write("b", 2);
  expect((await (await open(folder)).keys()).toSorted()).toEqual(["a", "b"]);
});

test("what the disk refused is as it was, also after the next start", async () => {
  const folder = await place();
  const store = await open(folder);
  await store.write("a", 1);
  const fault = failing("EIO", ({ name }) => name === "sync");
  await expect(store.write("a", 2)).rejects.toThrow();
  await expect(store.write("b", 2)).rejects.toThrow();
  expect(await store.read("a")).toBe(1);
  fault.stop();
  await store.write("c", 3);
  const renames = (): number => diskCalls.filter(({ name }) => name === "rename").length;
  const before = renames();
  await store.write("d", 4);
  expect(renames()).toBe(before);
  for (const each of [store, await open(folder)]) {
    expect(await Promise.all(["a", "b", "c"].map((key) => each.read(key)))).toEqual([
      1,
      undefined,
      3,
    ]);
  }
});

test("what was written since the disk refused stands", async () => {
  const store = await open(await place());
  await store.write("a", 1);
  const syncing = gate(isSync);
  const first = store.write("a", 2);
  await syncing.reached;
  const second = store.write("a", 3);
  const fault = failing("EIO", isSync);
  syncing.open();
  await expect(first).rejects.toThrow();
  fault.stop();
  await second;
  expect(await store.read("a")).toBe(3);
});

test("the file does not grow for ever", async () => {
  const folder = await place();
  const store = await open(folder);
  await Promise.all(Array.from({ length: 6000 }, (_, index) => store.write("a", index)));
  await store.write("b", 1);
  const lines = (await readFile(`${folder}.jsonl`, "utf8")).trimEnd().split("\n");
  expect(lines.length).toBeLessThan(5000);
  const renamed = diskCalls.findIndex(({ name }) => name === "rename");
  expect(diskCalls.slice(renamed)).toContainEqual(
    expect.objectContaining({ name: "sync", path: dirname(folder) }),
  );
  expect(await (await open(folder)).read("a")).toBe(5999);
});

test("where nearly all lines matter, they are not written anew with each more", async () => {
  const store = await open(await place());
  await Promise.all(Array.from({ length: 6000 }, (_, index) => store.write(`${index}`, index)));
  await store.write("a", 1);
  await store.write("b", 1);
  expect(diskCalls.filter(({ name }) => name === "rename")).toEqual([]);
});

test("what a crash left of writing it anew is removed, and nothing else", async () => {
  const folder = await place();
  for (const name of ["people.jsonl.01234567", "bases.jsonl.01234567"])
    await writeFile(join(dirname(folder), name), "half");
  await open(folder);
  expect(await readdir(dirname(folder))).toEqual(["bases.jsonl.01234567"]);
});

test("values that were not written for long are forgotten", async () => {
  const folder = await place();
  const line = (key: string, ageMs: number): string =>
    `${JSON.stringify({ key, at: new Date(Date.now() - ageMs).toISOString(), value: 1 })}\n`;
  await writeFile(`${folder}.jsonl`, line("old", ageMaxMs + 1000) + line("young", 1000));
  expect(await (await open(folder)).keys()).toEqual(["young"]);
});

test("every text is cleaned on its way to the disk", async () => {
  const folder = await place();
  const store = await open(folder, (text) => text.replaceAll("secret", "[token]"));
  await store.write("a", { url: "https://api/botsecret/x" });
  expect(await readFile(`${folder}.jsonl`, "utf8")).toContain("https://api/bot[token]/x");
});

test("what an earlier version kept in files of their own is taken over, once, and other files stay", async () => {
  const folder = await place();
  await mkdir(folder);
  for (const [name, text] of [
    ["1001.json", '{"muted":true}'],
    ["1002.json", '{"muted":false}'],
    ["old.json", "1"],
    ["odd.json", '{"half'],
    ["1003.json.01234567", "3"],
    ["notes.txt", "an operator's"],
  ] as const) {
    await writeFile(join(folder, name), text);
  }
  await utimes(join(folder, "old.json"), 1, 1);
  const store = await open(folder);
  expect((await store.keys()).toSorted()).toEqual(["1001", "1002"]);
  expect(await readdir(folder)).toEqual(["notes.txt"]);
  await store.remove("1001");
  const again = await open(folder);
  expect(await again.read("1001")).toBeUndefined();
  expect(await again.read("1002")).toEqual({ muted: false });
});

test("a value that was written since is not taken over once more", async () => {
  const folder = await place();
  await mkdir(folder);
  await (await open(folder)).write("1001", { muted: false });
  await mkdir(folder);
  await writeFile(join(folder, "1001.json"), '{"muted":true}');
  expect(await (await open(folder)).read("1001")).toEqual({ muted: false });
});

test("where the files of an earlier version cannot be removed, what they say is known, and the next start tries again", async () => {
  const folder = await place();
  await mkdir(folder);
  await writeFile(join(folder, "1001.json"), '{"muted":true}');
  const isRemoval = ({ name }: { name: string }): boolean => name === "unlink";
  const troubles: unknown[] = [];
  const openTroubled = (): Promise<RecordLog> =>
    openRecordLog(folder, {
      ageMaxMs,
      clean: (text) => text,
      onTrouble: (error) => troubles.push(error),
    });
  const bug = buggy(isRemoval);
  await expect(openTroubled()).rejects.toThrow("a planted bug");
  bug.stop();
  const fault = failing("EIO", isRemoval);
  const store = await openTroubled();
  expect(troubles).toHaveLength(1);
  expect(await store.read("1001")).toEqual({ muted: true });
  fault.stop();
  await open(folder);
  expect(await readdir(dirname(folder))).toEqual([`${basename(folder)}.jsonl`]);
});

test("the folder of an earlier version is gone when all of it is taken over", async () => {
  const folder = await place();
  await mkdir(folder);
  await writeFile(join(folder, "1001.json"), '{"muted":true}');
  await open(folder);
  expect(await readdir(dirname(folder))).toEqual([`${basename(folder)}.jsonl`]);
  const steps = diskCalls.filter((call) => isSync(call) || call.name === "unlink");
  expect(steps.map(({ name }) => name)).toEqual(["sync", "unlink"]);
});

for (const key of ["", "../x", "a/b", ".", "x".repeat(81)]) {
  test(`${JSON.stringify(key.slice(0, 10))} is no key`, async () => {
    const store = await open(await place());
    await expect(store.read(key)).rejects.toThrow("not a key");
    await expect(store.write(key, 1)).rejects.toThrow("not a key");
  });
}
