import { once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test, vi } from "vitest";
import { startTimeLimit } from "../../../src/telegram/api/time-limit.ts";

test("a limit ends its signal although nobody holds it and the memory was cleared", async () => {
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  if (typeof gc !== "function") throw new Error("no gc");
  const unused = new AbortController();
  const ended = once(startTimeLimit(300, unused.signal).signal, "abort");
  const clearing = setInterval(() => void gc(), 20);
  onTestFinished(() => clearInterval(clearing));
  await ended;
});

test("it ends when the other signal does, or has, and then it is not the time that is over", () => {
  const other = new AbortController();
  const limit = startTimeLimit(60_000, other.signal);
  onTestFinished(() => limit.clear());
  expect(limit.signal.aborted).toBe(false);
  other.abort();
  expect([limit.signal.aborted, limit.isOver]).toEqual([true, false]);
  const late = startTimeLimit(60_000, other.signal);
  onTestFinished(() => late.clear());
  expect([late.signal.aborted, late.isOver]).toEqual([true, false]);
});

test("once cleared, neither the time nor the other signal ends it", () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const other = new AbortController();
  const [cleared, kept] = [startTimeLimit(10, other.signal), startTimeLimit(10, other.signal)];
  cleared.clear();
  vi.advanceTimersByTime(10);
  other.abort();
  expect([cleared.signal.aborted, cleared.isOver]).toEqual([false, false]);
  expect([kept.signal.aborted, kept.isOver]).toEqual([true, true]);
});
