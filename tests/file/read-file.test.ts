import { execFileSync } from "node:child_process";
import { appendFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  identify,
  lookAtFile,
  readKept,
  resolveLinks,
  sameIdentity,
} from "../../src/file/read-file.ts";
import { temporaryFolder } from "../temporary-folder.ts";

test("a file that is there can be read whole; one that is not is nothing", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "a"), "content");
  expect((await readKept(join(folder, "a")))?.toString()).toBe("content");
  expect(await readKept(join(folder, "b"))).toBeUndefined();
  expect(await identify(join(folder, "b"))).toBeUndefined();
});

test("the identity stays while nobody writes, and changes with every write", async () => {
  const path = join(await temporaryFolder(), "a");
  await writeFile(path, "content");
  const before = await identify(path);
  const same = await identify(path);
  await appendFile(path, "!");
  const after = await identify(path);
  expect(before !== undefined && same !== undefined && sameIdentity(before, same)).toBe(true);
  expect(before !== undefined && after !== undefined && sameIdentity(before, after)).toBe(false);
});

test("a pipe or a folder in a file's place is refused, not waited for", async () => {
  const folder = await temporaryFolder();
  execFileSync("mkfifo", [join(folder, "pipe")]);
  await mkdir(join(folder, "folder"));
  await expect(lookAtFile(join(folder, "pipe"))).rejects.toMatchObject({
    trouble: { code: "not_a_file" },
  });
  await expect(lookAtFile(join(folder, "folder"))).rejects.toMatchObject({
    trouble: { code: "not_a_file" },
  });
});

test("links are followed to the file, also to one that is not there yet", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "real"));
  await symlink("real", join(folder, "linked"));
  await symlink("../linked/b", join(folder, "real", "a"));
  expect(await resolveLinks(join(folder, "linked", "a"))).toBe(join(folder, "real", "b"));
});

test("links that go round in a circle are refused", async () => {
  const folder = await temporaryFolder();
  await symlink("b", join(folder, "a"));
  await symlink("a", join(folder, "b"));
  await expect(resolveLinks(join(folder, "a"))).rejects.toThrow("circle");
});
