// Backups, history and state are for the bot's user alone, whatever they were before the start.
import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import type { Stats } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Airlock } from "./airlock-process.ts";
import { feesFile, openStage } from "./stage.ts";

const caption = "/set_fees";
const socketNames = /^airlock\.sock$|^\.airlock\.lock/;

/** A running bot's temporary files may be gone between being listed and looked at. */
async function statsUnlessGone(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Everything in the folder and the folder itself, with its kind and mode; sockets are another matter. */
async function modesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder, { recursive: true })).filter(
    (name) => !socketNames.test(name),
  );
  const modes = new Map<string, string>();
  for (const name of ["", ...names]) {
    const stats = await statsUnlessGone(join(folder, name));
    if (stats === undefined) continue;
    modes.set(
      name,
      `${stats.isDirectory() ? "folder" : "file"} ${(stats.mode & 0o7777).toString(8)}`,
    );
  }
  return modes;
}

async function modesOf(airlock: Airlock): Promise<ReadonlySet<string>> {
  const found = await Promise.all([modesIn(airlock.backupDir), modesIn(airlock.stateDir)]);
  return new Set(found.flatMap((modes) => [...modes.values()]));
}

test("what others could read is theirs no more after a start, whatever it is", async () => {
  const { airlock, anna, boris } = await openStage();
  anna.send("/get_fees");
  await anna.waitForText("fees.yml, revision 1");
  boris.upload("fees.yml", feesFile(1), { caption });
  await boris.waitForText("✅ fees.yml updated successfully!");
  // One that waits for a button, and an open question.
  anna.upload("fees.yml", feesFile(2), { caption });
  await anna.waitForText("⚠️ fees.yml has changed since you took it.");
  anna.send("/set_rates");
  await anna.waitForText("Send me the new rates.yml as a file.");
  boris.upload("some.yml", feesFile(3));
  await boris.waitForText("Which");
  expect(await modesOf(airlock)).toEqual(new Set(["folder 700", "file 600"]));
  await airlock.stop();
  const before = await readdir(airlock.stateDir, { recursive: true });
  for (const folder of [airlock.backupDir, airlock.stateDir]) {
    for (const [name, mode] of await modesIn(folder)) {
      await chmod(join(folder, name), mode.startsWith("folder") ? 0o755 : 0o644);
    }
  }
  await airlock.restart();
  expect(await modesOf(airlock)).toEqual(new Set(["folder 700", "file 600"]));
  expect(await readdir(airlock.stateDir, { recursive: true })).toEqual(
    expect.arrayContaining(before.filter((name) => !socketNames.test(name))),
  );
});

test("what is not Airlock's keeps its mode: other files, targets of links, a live file that shares a backup's bytes", async () => {
  const { airlock } = await openStage();
  await airlock.stop();
  const name = (letter: string): string => `fees.20261123T140509123Z.${letter.repeat(8)}.yml`;
  const inBackups = (file: string): string => join(airlock.backupDir, file);
  await writeFile(inBackups("README"), "theirs", { mode: 0o644 });
  await writeFile(join(airlock.root, "outside.yml"), "outside", { mode: 0o644 });
  await symlink(join(airlock.root, "outside.yml"), inBackups(name("a")));
  const live = join(airlock.configDir, "fees.yml");
  await chmod(live, 0o644);
  await link(live, inBackups(name("b")));
  await airlock.restart();
  const modes = await modesIn(airlock.backupDir);
  expect(modes.get("README")).toBe("file 644");
  expect((await stat(join(airlock.root, "outside.yml"))).mode & 0o777).toBe(0o644);
  expect((await stat(live)).mode & 0o777).toBe(0o644);
  expect(modes.get(name("b"))).toBe("file 600");
  expect((await stat(inBackups(name("b")))).nlink).toBe(1);
  expect(await readFile(inBackups(name("b")))).toEqual(await readFile(live));
});

test("a folder that others need too stays open, and that is said", async () => {
  const { airlock } = await openStage({
    env: { STATE_DIR: ".", BACKUP_DIR: "shared" },
    prepare: async ({ root }) => {
      await chmod(root, 0o755);
      await mkdir(join(root, "shared"));
      await chmod(join(root, "shared"), 0o1777);
    },
  });
  expect((await stat(airlock.root)).mode & 0o777).toBe(0o755);
  expect((await stat(join(airlock.root, "shared"))).mode & 0o7777).toBe(0o1777);
  const said = airlock.log.filter(({ what }) => String(what).includes("to the bot's user alone"));
  expect(said).toHaveLength(2);
  expect(JSON.stringify(said)).toContain("others need the folder too");
});
