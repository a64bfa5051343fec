import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { copyBackup } from "../../src/store/local/back-up-file.ts";
import { troubleOf } from "../../src/file/disk-error.ts";
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
  await expect(copyBackup(bytes, folder, () => "taken")).rejects.toMatchObject({
    trouble: { code: "no_backup_name" },
  });
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

test("what the disk refuses has a code, and what is a bug has none", () => {
  const refused = Object.assign(new Error("x"), { code: "ENOSPC", syscall: "write" });
  expect(troubleOf(refused)).toEqual({ code: "disk_full" });
  const unheardOf = Object.assign(new Error("x"), { code: "EXYZ", syscall: "write" });
  expect(troubleOf(unheardOf)).toEqual({ code: "disk_refused", params: { errno: "EXYZ" } });
  const bug = Object.assign(new Error("x"), { code: "ERR_INVALID_ARG_TYPE" });
  expect(troubleOf(bug)).toBeUndefined();
  expect(troubleOf(new Error("a bug"))).toBeUndefined();
});
