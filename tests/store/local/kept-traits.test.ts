// A change keeps what the live file has beyond its bytes: owner, mode, access control list, attributes.
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import {
  attributesAreMissing,
  removeAttribute,
  setAccess,
  setAttribute,
  traitsOf,
} from "../../attributes.ts";
import { boris, type ConfigFixture, openFixture } from "./config-fixture.ts";
import { deferred } from "../../deferred.ts";

/** Does something while a change has been prepared and waits for the lock. */
async function changeWhileWaiting(
  fees: ConfigFixture,
  text: string,
  act: () => void,
): Promise<void> {
  const release = await fees.live.lock.acquire(boris, new AbortController().signal);
  const waiting = deferred();
  const change = fees.change(text, {
    onProgress: (progress) => {
      if (progress === "lock_wait_began") waiting.resolve();
    },
  });
  await waiting.promise;
  act();
  release?.();
  expect(await change).toMatchObject({ kind: "applied" });
}

describe.skipIf(attributesAreMissing)("a live file's list and attributes", () => {
  test("are kept by every change, and by one after a restart", async () => {
    const fees = await openFixture({ content: "one\n" });
    setAttribute(fees.path, "user.origin", "vault");
    setAccess(fees.path, "-m", "u:12345:r,g:23456:-");
    const before = traitsOf(fees.path);
    expect(await fees.change("two\n")).toMatchObject({ kind: "applied" });
    expect(traitsOf(fees.path)).toBe(before);
    expect(await fees.change("three\n")).toMatchObject({ kind: "applied" });
    expect(traitsOf(fees.path)).toBe(before);
    const again = await fees.reopen();
    expect(again.troubles).toEqual([]);
    expect(await again.change("four\n")).toMatchObject({ kind: "applied" });
    expect(traitsOf(fees.path)).toBe(before);
  });

  test("that change while a change waits are those that the new file gets", async () => {
    const fees = await openFixture({ content: "one\n" });
    setAttribute(fees.path, "user.origin", "vault");
    let wanted = "";
    await changeWhileWaiting(fees, "two\n", () => {
      setAccess(fees.path, "-m", "u:12345:r");
      setAttribute(fees.path, "user.origin", "elsewhere");
      wanted = traitsOf(fees.path);
    });
    expect(traitsOf(fees.path)).toBe(wanted);
    await changeWhileWaiting(fees, "three\n", () => {
      setAccess(fees.path, "-b");
      removeAttribute(fees.path, "user.origin");
      wanted = traitsOf(fees.path);
    });
    expect(traitsOf(fees.path)).toBe(wanted);
    expect(wanted).not.toMatch(/12345|user\.origin/);
  });

  test("a file without a list gets none, though its folder gives one to each new file since", async () => {
    const fees = await openFixture({ content: "one\n" });
    const before = traitsOf(fees.path);
    setAccess(dirname(fees.path), "-d", "-m", "u:12345:rw");
    expect(await fees.change("two\n")).toMatchObject({ kind: "applied" });
    expect(traitsOf(fees.path)).toBe(before);
    expect(before).not.toContain("12345");
  });

  test("a first version gets what its folder gives", async () => {
    const fees = await openFixture({ content: undefined });
    setAccess(dirname(fees.path), "-d", "-m", "u:12345:r");
    expect(await fees.change("one\n")).toMatchObject({ kind: "applied" });
    expect(traitsOf(fees.path)).toContain("user:12345:r--");
  });
});
