// A file system whose clock stands still while a file is written twice: the two have the same five numbers.
import { writeFile } from "node:fs/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import type { FileIdentity } from "../../../src/file/read-file.ts";
import {
  confirmKnown,
  know,
  type LiveParts,
  newLiveState,
  stillKnown,
} from "../../../src/store/local/live-config.ts";
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

for (const { name, mtimeMs, ctimeMs } of [
  { name: "written", mtimeMs: 1000, ctimeMs: 1000 },
  { name: "given an older time of its last write", mtimeMs: 0, ctimeMs: 1000 },
]) {
  test(`a file that was ${name} is known by its numbers once it was read later than one tick of the clock, and for a second else`, () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1000 });
    onTestFinished(() => void vi.useRealTimers());
    const state = newLiveState(undefined);
    const parts = { state } as LiveParts;
    const [mtimeNs, ctimeNs] = [BigInt(mtimeMs) * 1_000_000n, BigInt(ctimeMs) * 1_000_000n];
    const identity = { dev: 1n, ino: 2n, size: 3n, mtimeNs, ctimeNs };
    know(parts, { identity, sha256: "as put in place", attributes: undefined });
    confirmKnown(parts, { identity, sha256: "read at once" }, 1050);
    expect(stillKnown(parts, identity)?.sha256).toBe("read at once");
    vi.setSystemTime(1900);
    expect(stillKnown(parts, identity)).toBeUndefined();
    confirmKnown(parts, { identity, sha256: "read later" }, 1051);
    vi.setSystemTime(1_000_000);
    expect(stillKnown(parts, identity)?.sha256).toBe("read later");
  });
}
