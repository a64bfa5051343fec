// A file system whose clock stands still while a file is written twice: the two have the same five numbers.
import { writeFile } from "node:fs/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import type { FileIdentity } from "../../../src/file/read-file.ts";
import { openFixture } from "./config-fixture.ts";

vi.mock("../../../src/file/read-file.ts", async (original) => ({
  ...(await original<object>()),
  sameIdentity: (one: FileIdentity, other: FileIdentity): boolean =>
    one.ino === other.ino && one.size === other.size,
}));

test("an edit in place of equal size that leaves the five numbers as they were is seen a second later, and backed up", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const fees = await openFixture({ content: "0\n" });
  await fees.change("1\n");
  const text = async (): Promise<string | undefined> =>
    (await fees.live.readLive())?.bytes.toString();
  expect(await text()).toBe("1\n");
  await writeFile(fees.path, "2\n");
  vi.setSystemTime(Date.now() + 1000);
  expect(await text()).toBe("2\n");
  expect((await fees.live.readLive())?.revision).toBeUndefined();
  await fees.change("3\n");
  expect(await fees.backups()).toEqual(["0\n", "1\n", "2\n"]);
});
