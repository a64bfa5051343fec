import { expect, test } from "vitest";
import { createLocks } from "../../src/store/lock.ts";
import { anna, boris } from "./local/config-fixture.ts";

const never = new AbortController().signal;

test("the lock of a path is one lock, and another path's is another", async () => {
  const lockOf = createLocks();
  await lockOf("/a").acquire(anna, never);
  expect(lockOf("/a").holder).toEqual(anna);
  expect(lockOf("/b").holder).toBeUndefined();
});

test("releasing twice does not let two in", async () => {
  const lock = createLocks()("/a");
  const release = await lock.acquire(anna, never);
  const second = lock.acquire(boris, never);
  release?.();
  await second;
  release?.();
  expect(lock.holder).toEqual(boris);
});

test("a signal that was aborted before gets no lock, and leaves it free", async () => {
  const lock = createLocks()("/a");
  expect(await lock.acquire(anna, AbortSignal.abort("admin"))).toBeUndefined();
  expect(lock.holder).toBeUndefined();
});

test("those who wait are served in the order in which they came, past one who gave up", async () => {
  const lock = createLocks()("/a");
  const release = await lock.acquire(anna, never);
  const controller = new AbortController();
  const order: string[] = [];
  const waiting = ["first", "gives up", "third"].map(async (who) => {
    const signal = who === "gives up" ? controller.signal : never;
    const done = await lock.acquire(boris, signal);
    order.push(done === undefined ? `${who} without it` : who);
    done?.();
  });
  controller.abort("admin");
  await waiting[1];
  release?.();
  await Promise.all(waiting);
  expect(order).toEqual(["gives up without it", "first", "third"]);
  expect(lock.holder).toBeUndefined();
});
