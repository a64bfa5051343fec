import { watch } from "node:fs";
import { chmod, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createFolderProbe } from "../../src/file/folder-probe.ts";
import { temporaryFolder } from "../temporary-folder.ts";

test("a byte is written at most every five seconds in each folder, however often it is asked for, and nothing is left", async () => {
  const [one, other] = [await temporaryFolder(), await temporaryFolder()];
  let nowMs = 0;
  const probe = createFolderProbe(() => nowMs);
  const seen = { [one]: new Set<string>(), [other]: new Set<string>() };
  for (const folder of [one, other]) {
    const watcher = watch(folder, (_, name) => seen[folder]?.add(String(name)));
    onTestFinished(() => watcher.close());
  }
  const ask = async (): Promise<void> => {
    for (const folder of [one, other, one, other]) expect(await probe(folder)).toBeUndefined();
  };
  await ask();
  nowMs = 4999;
  await ask();
  nowMs = 5000;
  await ask();
  // What the watchers see comes in its order: when they have seen this, they have seen all.
  for (const folder of [one, other]) await writeFile(join(folder, "last"), "");
  await expect
    .poll(() => Object.values(seen).every((names) => names.has("last")), { timeout: 5000 })
    .toBe(true);
  for (const names of Object.values(seen)) {
    expect([...names].map((name) => name.replace(/[0-9a-f]{8}/u, "*"))).toEqual([
      ".airlock-probe.*.airlock-tmp",
      ".airlock-probe.*.airlock-tmp",
      "last",
    ]);
  }
  expect(await readdir(one)).toEqual(["last"]);
});

test("a folder that goes is noticed at once, and so is one that comes back", async () => {
  const folder = join(await temporaryFolder(), "folder");
  await mkdir(folder);
  const probe = createFolderProbe();
  expect(await probe(folder)).toBeUndefined();
  await rm(folder, { recursive: true });
  expect(await probe(folder)).toEqual({ code: "something_gone" });
  await mkdir(folder);
  expect(await probe(folder)).toBeUndefined();
});

test("what a crash left of a probe is removed by the first one, and nothing else", async () => {
  const folder = await temporaryFolder();
  const others = [".airlock-probe.txt", ".fees.yml.0123abcd.airlock-tmp", "fees.yml"];
  for (const name of [...others, ".airlock-probe.0123abcd.airlock-tmp"]) {
    await writeFile(join(folder, name), "");
    await chmod(join(folder, name), 0o600);
  }
  expect(await createFolderProbe()(folder)).toBeUndefined();
  expect((await readdir(folder)).toSorted()).toEqual(others.toSorted());
});
