import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { copyBackup } from "../../src/store/local/back-up-file.ts";
import { diskReason } from "../../src/file/disk-error.ts";
import { stageFile, writeNewFile } from "../../src/file/replace-file.ts";
import { failing, resetDisk } from "../faulty-disk.ts";
import { temporaryFolder } from "../temporary-folder.ts";

vi.mock("node:fs/promises", async () => (await import("../faulty-disk.ts")).faultyDisk());
beforeEach(() => resetDisk());

const bytes = Buffer.from("new");
const attributes = new Map<string, Buffer>();

test("a new file never takes the place of another", async () => {
  const path = join(await temporaryFolder(), "a");
  await writeFile(path, "old");
  await expect(writeNewFile(path, bytes)).rejects.toThrow("EEXIST");
});

test("a backup whose name is taken gets another name", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "taken"), "old");
  const names = ["taken", "taken", "free"];
  expect(await copyBackup(bytes, folder, () => names.shift() ?? "")).toBe("free");
  await expect(copyBackup(bytes, folder, () => "taken")).rejects.toThrow("no free name");
});

test("the owner of the live file is given to the new one", async () => {
  const folder = await temporaryFolder();
  // Only root may give files away; anybody else can at least keep their own.
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const owner = own.uid === 0 ? { uid: 12_345, gid: 23_456 } : own;
  const staged = await stageFile(folder, "a", bytes, {
    ownership: { mode: 0o640, ...owner },
    attributes,
  });
  await staged.replace(join(folder, "a"));
  await staged.close();
  expect(await stat(join(folder, "a"))).toMatchObject(owner);
});

test("an owner that may not be given is refused, unless everybody may read the file", async () => {
  const folder = await temporaryFolder();
  failing("EPERM", ({ name }) => name === "chown");
  const other = { uid: 12_345, gid: 23_456 };
  const staging = (mode: number) =>
    stageFile(folder, "a", bytes, { ownership: { mode, ...other }, attributes });
  await expect(staging(0o640)).rejects.toThrow("owner");
  expect(await readdir(folder)).toEqual([]);
  const staged = await staging(0o644);
  await staged.close();
  expect(await readdir(folder)).toEqual([]);
});

test("what the disk refuses is told in plain words, and what is a bug is not", () => {
  const refused = Object.assign(new Error("x"), { code: "ENOSPC", syscall: "write" });
  expect(diskReason(refused)).toBe("the disk is full");
  expect(diskReason(Object.assign(new Error("x"), { code: "EXYZ", syscall: "write" }))).toContain(
    "EXYZ",
  );
  expect(
    diskReason(Object.assign(new Error("x"), { code: "ERR_INVALID_ARG_TYPE" })),
  ).toBeUndefined();
  expect(diskReason(new Error("a bug"))).toBeUndefined();
});
