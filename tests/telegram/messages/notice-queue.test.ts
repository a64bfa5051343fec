import { same } from "../../../src/words/line.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createNoticeQueue } from "../../../src/telegram/messages/notice-queue.ts";

interface Sent {
  readonly to: number;
  readonly text: string;
  readonly atMs: number;
}

let sent: Sent[];
const queueOf = (takesMs = 0) =>
  createNoticeQueue(
    async (to, { text }) => {
      sent.push({ to, text, atMs: Date.now() });
      if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
    },
    () => Promise.resolve("en"),
    (count) => same(`${count} left out`),
  );

beforeEach(() => {
  sent = [];
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("changes now and then are told at once, each in a message of its own", async () => {
  const queue = queueOf();
  for (const text of ["one", "two", "three"]) {
    queue.add(1, { text: [same(text)] });
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(sent.map(({ to, text }) => [to, text])).toEqual([
    [1, "one"],
    [1, "two"],
    [1, "three"],
  ]);
});

test("what piles up for one person comes together, and not faster than Telegram takes it", async () => {
  const queue = queueOf();
  const texts = Array.from({ length: 40 }, (_, index) => `change ${index}`);
  for (const text of texts) queue.add(1, { text: [same(text)] });
  await vi.advanceTimersByTimeAsync(3000);
  expect(sent.length).toBeLessThanOrEqual(8);
  expect(sent.flatMap(({ text }) => text.split("\n\n"))).toEqual(texts);
});

test("many people get at most thirty messages in the first second and fifteen in each one after, and everybody gets theirs", async () => {
  const queue = queueOf(100);
  for (let person = 1; person <= 60; person += 1) queue.add(person, { text: [same("one")] });
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent.length).toBeLessThanOrEqual(30);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent.length).toBeLessThanOrEqual(45);
  await vi.advanceTimersByTimeAsync(3000);
  expect(new Set(sent.map(({ to }) => to)).size).toBe(60);
});

test("a message stays within Telegram's length, and too many notices are counted, not kept", async () => {
  const queue = queueOf();
  queue.add(1, { text: [same("first")] });
  await vi.advanceTimersByTimeAsync(0);
  for (let index = 0; index < 60; index += 1)
    queue.add(1, { text: [same(`${index}: ${"x".repeat(1000)}`)] });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(Math.max(...sent.map(({ text }) => text.length))).toBeLessThanOrEqual(4096);
  expect(sent[1]?.text).toMatch(/^10 left out\n\n10: /);
  expect(sent.at(-1)?.text).toContain("59: ");
});

test("it is idle only when the last message has arrived", async () => {
  const queue = queueOf(500);
  queue.add(1, { text: [same("one")] });
  let isIdle = false;
  void queue.idle().then(() => (isIdle = true));
  await vi.advanceTimersByTimeAsync(400);
  expect(isIdle).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(isIdle).toBe(true);
});
