import { once } from "node:events";
import { link, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { heldOf, hold, reach } from "./holding.ts";

const lock = ".airlock.lock";

/** Leaves a socket that nobody answers, as a killed process does. */
async function leaveDead(path: string): Promise<void> {
  const server = createServer().listen(`${path}.unlinked-at-close`);
  await once(server, "listening");
  await link(`${path}.unlinked-at-close`, path);
  server.close();
  await once(server, "close");
}

test("a folder that is held is taken, and free again when it was let go", async () => {
  const folder = await temporaryFolder();
  const held = heldOf(await hold(folder));
  expect((await hold(folder)).kind).toBe("taken");
  await reach(folder);
  await held.release();
  expect(await readdir(folder)).toEqual([]);
  heldOf(await hold(folder));
});

for (const round of [1, 2, 3, 4, 5]) {
  test(`of many at once on what a killed process left, exactly one holds it (round ${round})`, async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, lock));
    await leaveDead(join(folder, lock, "dead.sock"));
    await leaveDead(join(folder, "airlock.sock"));
    await mkdir(join(folder, ".airlock.wait-dead.sock"));
    await leaveDead(join(folder, ".airlock.wait-dead.sock", "dead.sock"));
    const all = await Promise.all(Array.from({ length: 40 }, () => hold(folder)));
    const holders = all.filter((each) => each.kind === "held");
    for (const { held } of holders) onTestFinished(() => held.release());
    expect(holders).toHaveLength(1);
    await reach(folder);
  });
}

test("however often it changes hands, two never hold it at once", async () => {
  const folder = await temporaryFolder();
  let holding = 0;
  let turns = 0;
  const worst: number[] = [];
  async function takeTurns(): Promise<void> {
    for (let left = 10; left > 0;) {
      const got = await hold(folder);
      if (got.kind === "taken") continue;
      holding += 1;
      turns += 1;
      worst.push(holding);
      await stat(folder);
      holding -= 1;
      await got.held.release();
      left -= 1;
    }
  }
  await Promise.all(Array.from({ length: 6 }, takeTurns));
  expect(turns).toBe(60);
  expect(Math.max(...worst)).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test("a file in the way of the socket is replaced, and only the socket's owner may connect", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "airlock.sock"), "not a socket");
  heldOf(await hold(folder));
  const facts = await stat(join(folder, "airlock.sock"));
  expect(facts.isSocket()).toBe(true);
  expect(facts.mode & 0o777).toBe(0o600);
});

test("a folder with a path too long for a socket is held all the same", async () => {
  const folder = join(await temporaryFolder(), "x".repeat(200));
  await mkdir(folder);
  heldOf(await hold(folder));
  expect((await hold(folder)).kind).toBe("taken");
  expect((await stat(join(folder, "airlock.sock"))).isSocket()).toBe(true);
});

test("a folder that cannot be written is told as an error", async () => {
  const folder = join(await temporaryFolder(), "gone");
  await mkdir(folder);
  await rm(folder, { recursive: true });
  await expect(hold(folder)).rejects.toThrow("ENOENT");
});
