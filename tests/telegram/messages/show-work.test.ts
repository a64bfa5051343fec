// When texts are shown that say how far work is. The clock is the test's.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Work } from "../../../src/model/upload-event.ts";
import { showWork, type ShownWork } from "../../../src/telegram/messages/show-work.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const check: Work = { kind: "check" };

function downloaded(arrivedBytes: number): Work {
  return { kind: "download", arrivedBytes, sizeBytes: 1000 };
}

/** @param more - how many milliseconds more to wait after each */
function watch(more: (count: number) => Promise<number> = async () => 0): {
  readonly shown: readonly string[];
  readonly work: ShownWork;
} {
  const beganMs = performance.now();
  const shown: string[] = [];
  const work = showWork(Promise.resolve(), (now, durationMs) => {
    const what = now.kind === "check" ? "check" : `${now.arrivedBytes} bytes`;
    shown.push(`at ${performance.now() - beganMs}: ${what} in ${durationMs}`);
    return more(shown.length);
  });
  return { shown, work };
}

/** A thousand bytes, in so many seconds. */
async function download(work: ShownWork, seconds: number): Promise<void> {
  const parts = seconds * 10;
  for (let part = 0; part < parts; part += 1) {
    work.isNow(downloaded(Math.round((part * 1000) / parts)));
    await vi.advanceTimersByTimeAsync(100);
  }
}

test("what ends within two seconds is never shown", async () => {
  const { shown, work } = watch();
  await download(work, 1.9);
  work.isNow(check);
  await vi.advanceTimersByTimeAsync(1900);
  work.isNow(undefined);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(shown).toEqual([]);
});

test("a download is shown after two seconds, and every three seconds from then on", async () => {
  const { shown, work } = watch();
  await download(work, 10);
  work.isNow(undefined);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(shown).toEqual([
    "at 2000: 190 bytes in 2000",
    "at 5000: 490 bytes in 5000",
    "at 8000: 790 bytes in 8000",
  ]);
});

test("a check has two seconds of its own, and comes no sooner than three after what was shown last", async () => {
  const { shown, work } = watch();
  await download(work, 2.5);
  work.isNow(check);
  await vi.advanceTimersByTimeAsync(5000);
  work.isNow(undefined);
  expect(shown).toEqual(["at 2000: 760 bytes in 2000", "at 5000: check in 2500"]);
});

test("whoever asks for more time gets it, and who does not take it any more is left alone", async () => {
  const { shown, work } = watch(async (count) => (count === 1 ? 30_000 : Infinity));
  work.isNow(check);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(shown).toEqual(["at 2000: check in 2000", "at 32000: check in 32000"]);
});

test("while one is on its way no other one sets out, and nothing follows it once the work is over", async () => {
  let arrive: (more: number) => void = () => {};
  const { shown, work } = watch(() => new Promise((resolve) => (arrive = resolve)));
  work.isNow(downloaded(1));
  await vi.advanceTimersByTimeAsync(4000);
  work.isNow(check);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(shown).toHaveLength(1);
  work.isNow(undefined);
  let isSettled = false;
  void work.settled().then(() => (isSettled = true));
  await vi.advanceTimersByTimeAsync(1000);
  expect(isSettled).toBe(false);
  arrive(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(isSettled).toBe(true);
  expect(shown).toHaveLength(1);
});
