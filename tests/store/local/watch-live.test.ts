import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { watchLive } from "../../../src/store/local/watch-live.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

test("each file of a folder has its own hints, also after another one is watched no more", async () => {
  const folder = await temporaryFolder();
  const hints = { a: 0, b: 0 };
  const endA = watchLive(join(folder, "a.yml"), () => (hints.a += 1));
  const endB = watchLive(join(folder, "b.yml"), () => (hints.b += 1));
  await writeFile(join(folder, "a.yml"), "1\n");
  await expect.poll(() => hints.a, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(hints.b).toBe(0);

  endA();
  const before = hints.a;
  await writeFile(join(folder, "a.yml"), "2\n");
  await writeFile(join(folder, "b.yml"), "2\n");
  await expect.poll(() => hints.b, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(hints.a).toBe(before);

  endB();
  const again = watchLive(join(folder, "a.yml"), () => (hints.a += 1));
  await writeFile(join(folder, "a.yml"), "3\n");
  await expect.poll(() => hints.a, { timeout: 20_000 }).toBeGreaterThan(before);
  again();
});
