import { expect, test } from "vitest";
import { createThreadTurns } from "../../src/document/thread-turns.ts";

const never = new AbortController().signal;

function recorded(threadsMax: number) {
  const turns = createThreadTurns(threadsMax);
  const begun: string[] = [];
  const take = async (name: string, isSmall: boolean, signal = never) => {
    const passOn = await turns.take(isSmall, signal);
    if (passOn !== undefined) begun.push(name);
    return passOn;
  };
  return { turns, begun, take };
}

test("large files use all threads, and the next one begins when one of them ends", async () => {
  const { begun, take } = recorded(2);
  const first = await take("one", false);
  await take("two", false);
  const third = take("three", false);
  expect(begun).toEqual(["one", "two"]);
  first?.();
  await third;
  expect(begun).toEqual(["one", "two", "three"]);
});

test("small files take turns in one thread, and leave the other to a large one", async () => {
  const { begun, take, turns } = recorded(2);
  const first = await take("small 1", true);
  const second = take("small 2", true);
  await take("large", false);
  expect(begun).toEqual(["small 1", "large"]);
  first?.();
  await second;
  expect(begun).toEqual(["small 1", "large", "small 2"]);
  expect(turns.taken).toBe(2);
});

test("a small file that does not end holds up the next one for a moment only", async () => {
  const { take, turns } = recorded(2);
  const endless = await take("endless", true);
  const next = await take("next", true);
  expect(turns.taken).toBe(2);
  next?.();
  endless?.();
  expect(turns.taken).toBe(0);
});

test("whoever gives up while waiting is left out", async () => {
  const { begun, take, turns } = recorded(1);
  const first = await take("one", true);
  const ending = new AbortController();
  const second = take("two", true, ending.signal);
  const third = take("three", true);
  ending.abort();
  expect(await second).toBeUndefined();
  first?.();
  await third;
  expect(begun).toEqual(["one", "three"]);
  expect(turns.taken).toBe(1);
});
