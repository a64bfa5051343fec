import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { createFolders } from "../../src/file/shared-folder.ts";
import { diskCalls, failing, gate, resetDisk } from "../faulty-disk.ts";
import { temporaryFolder } from "../temporary-folder.ts";

vi.mock("node:fs/promises", async () => (await import("../faulty-disk.ts")).faultyDisk());
beforeEach(() => resetDisk());

const isSync = ({ name }: { readonly name: string }): boolean => name === "sync";
const countOf = (name: string): number => diskCalls.filter((call) => call.name === name).length;

async function twoHands() {
  const path = await temporaryFolder();
  const openFolder = createFolders();
  const one = await openFolder(path);
  const other = await openFolder(path);
  return { path, openFolder, one, other };
}

test("a folder that several have open is opened once", async () => {
  const { openFolder, path, one, other } = await twoHands();
  await one.close();
  await one.close();
  await (await openFolder(path)).sync();
  await other.sync();
  expect(countOf("open")).toBe(1);
});

test("whoever asks while a sync is under way waits for one that began later, together with the others", async () => {
  const { one, other, path, openFolder } = await twoHands();
  const held = gate(isSync);
  const first = one.sync();
  await held.reached;
  let ended = 0;
  const later = [other.sync(), one.sync(), (await openFolder(path)).sync()].map((sync) =>
    sync.then(() => (ended += 1)),
  );
  expect(ended).toBe(0);
  held.open();
  await Promise.all([first, ...later]);
  expect(countOf("sync")).toBe(2);
});

test("a folder that stands in another's place is opened anew, and synced itself", async () => {
  const { path, openFolder, one } = await twoHands();
  await rename(path, `${path}.old`);
  await mkdir(path);
  const now = await openFolder(path);
  expect(countOf("open")).toBe(2);
  await Promise.all([now.sync(), one.sync()]);
  expect(countOf("sync")).toBe(2);
  await rm(`${path}.old`, { recursive: true });
});

test("a folder that is gone cannot be opened, and can be again when it is back", async () => {
  const { path, openFolder } = await twoHands();
  await rm(path, { recursive: true });
  await expect(openFolder(path)).rejects.toMatchObject({ code: "ENOENT" });
  await mkdir(path);
  await (await openFolder(join(path, "."))).sync();
});

test("a sync that failed has failed for all who had the folder open; who opens it later has another try", async () => {
  const { path, openFolder, one, other } = await twoHands();
  const fault = failing("EIO", isSync);
  await expect(Promise.all([one.sync(), other.sync()])).rejects.toMatchObject({ code: "EIO" });
  fault.stop();
  await expect(other.sync()).rejects.toMatchObject({ trouble: { code: "disk_error" } });
  await (await openFolder(path)).sync();
});
