import { execFileSync } from "node:child_process";
import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readWithin } from "../../src/file/read-within.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const signal = new AbortController().signal;
const limits = { bytesMax: 100, signal };

async function open() {
  const root = await temporaryFolder();
  const folder = join(root, "files");
  await mkdir(join(folder, "documents"), { recursive: true });
  await writeFile(join(root, "secret"), "secret");
  const path = join(folder, "documents", "file_1");
  await writeFile(path, "bytes");
  return { root, folder, path };
}

test("a regular file in the folder is read, also by a link that stays inside", async () => {
  const { folder, path } = await open();
  const link = join(folder, "link");
  await symlink(path, link);
  for (const each of [path, link]) {
    expect(await readWithin(folder, each, limits)).toEqual({
      kind: "read",
      bytes: Buffer.from("bytes"),
    });
  }
});

test("nothing outside is read, by whatever path", async () => {
  const { root, folder } = await open();
  const secret = join(root, "secret");
  await symlink(secret, join(folder, "link"));
  await symlink(root, join(folder, "up"));
  await mkdir(`${folder}-beside`);
  await writeFile(join(`${folder}-beside`, "file"), "beside");
  for (const path of [
    secret,
    join(folder, "link"),
    join(folder, "up", "secret"),
    `${folder}/documents/../../secret`,
    join(`${folder}-beside`, "file"),
    folder,
    "documents/file_1",
  ]) {
    expect(await readWithin(folder, path, limits), path).toEqual({ kind: "outside" });
  }
});

test("what is no regular file, and what is not there, is neither waited for nor read", async () => {
  const { folder } = await open();
  execFileSync("mkfifo", [join(folder, "pipe")]);
  expect(await readWithin(folder, join(folder, "pipe"), limits)).toEqual({ kind: "no_file" });
  expect(await readWithin(folder, join(folder, "documents"), limits)).toEqual({ kind: "no_file" });
  const missing = await readWithin(folder, join(folder, "missing"), limits);
  expect(missing).toEqual({ kind: "refused", trouble: { code: "local_file_gone" } });
});

test("more than the limit is not read, and one that was given up is not either", async () => {
  const { folder, path } = await open();
  await truncate(path, 100);
  expect(await readWithin(folder, path, limits)).toMatchObject({ kind: "read" });
  await truncate(path, 101);
  expect(await readWithin(folder, path, limits)).toEqual({ kind: "too_large" });
  const aborted = AbortSignal.abort(new Error("given up"));
  await truncate(path, 5);
  await expect(readWithin(folder, path, { bytesMax: 100, signal: aborted })).rejects.toThrow(
    "given up",
  );
});
