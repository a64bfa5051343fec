import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { openStateStore, rememberingStore } from "../../../src/store/local/state-store.ts";
import type { Records } from "../../../src/store/records.ts";
import { diskCalls, resetDisk } from "../../faulty-disk.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

vi.mock("node:fs/promises", async () => (await import("../../faulty-disk.ts")).faultyDisk());
beforeEach(() => resetDisk());

const options = { clean: (text: string) => text };

test("a value survives a restart, is replaced whole, and can be removed", async () => {
  const folder = join(await temporaryFolder(), "store");
  const store = await openStateStore(folder, options);
  await store.write("-100_1", { question: "fees" });
  await store.write("-100_1", { question: "rates" });
  const again = await openStateStore(folder, options);
  expect(await again.read("-100_1")).toEqual({ question: "rates" });
  await again.remove("-100_1");
  await again.remove("-100_1");
  expect(await again.read("-100_1")).toBeUndefined();
});

test("a value is written when it, and its name, are synced", async () => {
  const folder = await temporaryFolder();
  await (await openStateStore(folder, options)).write("a", 1);
  const steps = diskCalls.filter(({ name }) => ["sync", "rename"].includes(name));
  expect(steps.map(({ name, path }) => [name, path === folder])).toEqual([
    ["sync", false],
    ["rename", false],
    ["sync", true],
  ]);
});

test("what is not JSON any more is as good as none", async () => {
  const folder = await temporaryFolder();
  const store = await openStateStore(folder, options);
  await writeFile(join(folder, "a.json"), '{"half');
  expect(await store.read("a")).toBeUndefined();
});

test("what a crash left half written is removed at the start", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "new.json"), "2");
  await writeFile(join(folder, "new.json.01234567"), "half");
  await openStateStore(folder, options);
  expect(await readdir(folder)).toEqual(["new.json"]);
});

test("every text is cleaned on its way to the disk", async () => {
  const folder = await temporaryFolder();
  const clean = (text: string): string => text.replaceAll("secret", "[token]");
  const store = await openStateStore(folder, { ...options, clean });
  await store.write("a", { url: "https://api/botsecret/x" });
  expect(await readFile(join(folder, "a.json"), "utf8")).toBe('{"url":"https://api/bot[token]/x"}');
});

describe("what the disk refuses", () => {
  async function openRefusing() {
    const store = await openStateStore(await temporaryFolder(), options);
    const refusals: unknown[] = [];
    let code: string | undefined;
    const refuse = (): void => {
      if (code === undefined) return;
      throw Object.assign(new Error("planted"), { code, syscall: "write" });
    };
    const disk: Records = {
      ...store,
      write: async (key, value) => {
        refuse();
        await store.write(key, value);
      },
      remove: async (key) => {
        refuse();
        await store.remove(key);
      },
    };
    const remembering = rememberingStore(disk, (error) => refusals.push(error));
    return {
      store,
      remembering,
      refusals,
      setCode: (next: string | undefined): void => void (code = next),
    };
  }

  test("is remembered, and written the next time that it is", async () => {
    const { store, remembering, refusals, setCode } = await openRefusing();
    await remembering.write("a", 1);
    await remembering.write("b", 1);
    setCode("ENOSPC");
    await remembering.write("a", 2);
    await remembering.write("c", 3);
    await remembering.remove("b");
    expect(refusals).toHaveLength(3);
    expect(await Promise.all(["a", "b", "c"].map((key) => remembering.read(key)))).toEqual([
      2,
      undefined,
      3,
    ]);
    expect((await remembering.keys()).toSorted()).toEqual(["a", "c"]);
    expect(await store.read("a")).toBe(1);
    setCode(undefined);
    await remembering.write("a", 4);
    expect(await store.read("a")).toBe(4);
    await remembering.remove("c");
    expect(await remembering.read("c")).toBeUndefined();
  });

  test("is forgotten, the oldest first, where it is too much", async () => {
    const { remembering, setCode } = await openRefusing();
    setCode("ENOSPC");
    for (let index = 0; index <= 1000; index += 1) await remembering.write(`${index}`, index);
    expect(await remembering.read("0")).toBeUndefined();
    expect(await remembering.read("1")).toBe(1);
  });

  test("is told apart from a bug", async () => {
    const { remembering } = await openRefusing();
    await expect(remembering.write("../x", 1)).rejects.toThrow("not a key");
  });
});

for (const key of ["", "../x", "a/b", ".", "x".repeat(81)]) {
  test(`a key like ${JSON.stringify(key.slice(0, 10))} never becomes a path`, async () => {
    const store = await openStateStore(await temporaryFolder(), options);
    await expect(store.read(key)).rejects.toThrow("not a key");
  });
}

test("of two writes at once the later one stays, however much longer the first one takes", async () => {
  const store = await openStateStore(await temporaryFolder(), options);
  await Promise.all([store.write("a", "x".repeat(5_000_000)), store.write("a", "later")]);
  expect(await store.read("a")).toBe("later");
  await Promise.all([store.write("a", "x".repeat(5_000_000)), store.remove("a")]);
  expect(await store.read("a")).toBeUndefined();
});
