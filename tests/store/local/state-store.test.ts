import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStateStore } from "../../../src/store/local/state-store.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const options = { ageMaxMs: 60_000, clean: (text: string) => text };

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

test("what is not JSON any more is as good as none", async () => {
  const folder = await temporaryFolder();
  const store = await openStateStore(folder, options);
  await writeFile(join(folder, "a.json"), '{"half');
  expect(await store.read("a")).toBeUndefined();
});

test("old values, and what a crash left half written, are removed at the start", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "old.json"), "1");
  await utimes(join(folder, "old.json"), 1, 1);
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

for (const key of ["", "../x", "a/b", ".", "x".repeat(81)]) {
  test(`a key like ${JSON.stringify(key.slice(0, 10))} never becomes a path`, async () => {
    const store = await openStateStore(await temporaryFolder(), options);
    await expect(store.read(key)).rejects.toThrow("not a key");
  });
}
