import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { createWaiting, waitingId } from "../../src/change/waiting.ts";
import type { MessageReference } from "../../src/model/revision.ts";
import { openStateStore } from "../../src/store/local/state-store.ts";
import { deferred } from "../deferred.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const schema = z.object({ userId: z.int(), what: z.string(), decision: z.string().optional() });
const ageMaxMs = 1000;

interface GivenUp {
  readonly what: string;
  readonly shownIn: MessageReference;
  readonly because: string;
}

async function open(folder?: string) {
  const path = folder ?? join(await temporaryFolder(), "waiting");
  const store = await openStateStore(path, { clean: (text) => text });
  const givenUp: GivenUp[] = [];
  const counted: string[] = [];
  const gone: string[] = [];
  const clock = { nowMs: Date.parse("2026-11-23T14:05:09.123Z") };
  const waiting = createWaiting({
    store,
    schema,
    perPersonMax: 3,
    ageMaxMs,
    onGivenUp: ({ what }) => counted.push(what),
    tellGivenUp: ({ what }, shownIn, because) => givenUp.push({ what, shownIn, because }),
    onGone: (id) => {
      gone.push(id);
      return Promise.resolve();
    },
    onTrouble: (what, error) => {
      throw new Error(what, { cause: error });
    },
    now: () => clock.nowMs,
  });
  let lastMessage = 0;
  const add = async (what: string, userId = 1, inPlaceOf?: string): Promise<string> => {
    const id = waitingId();
    clock.nowMs += 1;
    await waiting.add(id, { userId, what }, inPlaceOf);
    lastMessage += 1;
    await waiting.shownIn(id, { chat_id: userId, message_id: lastMessage });
    return id;
  };
  return { path, store, waiting, counted, givenUp, gone, clock, add };
}

const inMessage = (messageId: number): MessageReference => ({ chat_id: 1, message_id: messageId });

test("of one person the oldest is given up for a newer one, and told in its own message", async () => {
  const { waiting, store, givenUp, gone, add } = await open();
  const [first] = [await add("a"), await add("b"), await add("c")];
  await add("of somebody else", 2);
  expect(givenUp).toEqual([]);
  const last = await add("d");
  expect(givenUp).toEqual([{ what: "a", shownIn: inMessage(1), because: "too_many" }]);
  expect(gone).toEqual([first]);
  expect(await waiting.read(first)).toBeUndefined();
  expect(await waiting.read(last)).toEqual({ userId: 1, what: "d" });
  expect(await store.keys()).toHaveLength(4);
});

test("what is given up before its message is there is told once it is", async () => {
  const { waiting, counted, givenUp, add } = await open();
  const early = waitingId();
  await waiting.add(early, { userId: 1, what: "early" });
  for (const what of ["b", "c", "d"]) await add(what);
  expect(givenUp).toEqual([]);
  expect(counted).toEqual(["early"]);
  await waiting.shownIn(early, inMessage(77));
  expect(counted).toEqual(["early"]);
  expect(givenUp).toEqual([{ what: "early", shownIn: inMessage(77), because: "too_many" }]);
});

test("what takes the place of another does not push it out", async () => {
  const { waiting, givenUp, add } = await open();
  const first = await add("a");
  await add("b");
  await add("c");
  await add("a merged", 1, first);
  expect(givenUp).toEqual([]);
  expect(await waiting.read(first)).toMatchObject({ what: "a" });
});

test("it waits for as long as was said, and is given up while the bot runs", async () => {
  const { waiting, givenUp, clock, add } = await open();
  const old = await add("old");
  clock.nowMs += ageMaxMs - 10;
  const fresh = await add("fresh");
  await waiting.giveUpOld();
  expect(givenUp).toEqual([]);
  clock.nowMs += 100;
  // Also before anybody has looked.
  expect(await waiting.read(old)).toBeUndefined();
  await waiting.giveUpOld();
  expect(givenUp).toEqual([{ what: "old", shownIn: inMessage(1), because: "too_old" }]);
  expect(await waiting.read(fresh)).toMatchObject({ what: "fresh" });
});

test("limits, age and messages outlive a restart; what cannot be read is cleared away", async () => {
  const before = await open();
  for (const what of ["a", "b", "c"]) await before.add(what);
  await before.store.write(waitingId(), { what: "of another shape" });
  const after = await open(before.path);
  after.clock.nowMs = before.clock.nowMs;
  await after.add("d");
  expect(after.givenUp).toEqual([{ what: "a", shownIn: inMessage(1), because: "too_many" }]);
  expect(await after.store.keys()).toHaveLength(3);
});

test("a button counts once, though it is pressed twice at the same time; where it fails it can be pressed again", async () => {
  const { waiting, store, givenUp, add } = await open();
  const id = await add("a");
  const failing = waiting.act(id, () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  const gate = deferred();
  const first = waiting.act(id, () => gate.promise.then(() => true));
  expect(await waiting.act(id, () => Promise.reject(new Error("never")))).toBe(false);
  // What is acted on is not given up for others.
  for (const what of ["b", "c", "d"]) await add(what);
  expect(givenUp).toEqual([]);
  gate.resolve();
  expect(await first).toBe(true);
  expect(await waiting.act(id, () => Promise.reject(new Error("never")))).toBe(false);
  expect(await store.keys()).toHaveLength(3);
});

test("what could not begin waits on, and can be pressed again", async () => {
  const { waiting, gone, add } = await open();
  const id = await add("a");
  expect(await waiting.act(id, () => Promise.resolve(false))).toBe(true);
  expect(await waiting.read(id)).toEqual({ userId: 1, what: "a" });
  expect(gone).toEqual([]);
  expect(await waiting.act(id, () => Promise.resolve(true))).toBe(true);
  expect(await waiting.read(id)).toBeUndefined();
  expect(gone).toEqual([id]);
});

test("what asks for one decision ends as one, whichever is acted on; in a list it is the newest", async () => {
  const { waiting, store, gone, add } = await open();
  const one = async (what: string, userId = 1): Promise<string> => {
    const id = waitingId();
    await waiting.add(id, { userId, what, decision: "merge" });
    await waiting.shownIn(id, inMessage(9));
    return id;
  };
  const [old, anew, theirs] = [await one("old"), await one("anew"), await one("theirs", 2)];
  const other = await add("another decision");
  expect((await waiting.shownTo(1)).map(({ id }) => id)).toEqual([other, anew]);
  await expect(waiting.act(old, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  const isFirst = await waiting.act(old, async () => {
    // What takes the place of all of them waits on.
    await one("in their place");
    return true;
  });
  expect(isFirst).toBe(true);
  expect(gone).toEqual([old, anew]);
  expect(await waiting.act(anew, () => Promise.reject(new Error("never")))).toBe(false);
  expect((await waiting.shownTo(1)).map(({ value }) => value.what)).toEqual([
    "in their place",
    "another decision",
  ]);
  expect((await waiting.shownTo(2)).map(({ id }) => id)).toEqual([theirs]);
  expect(await store.keys()).toHaveLength(3);
});

test("what asks for one decision is given up, told and counted as one", async () => {
  const { waiting, clock, counted, givenUp } = await open();
  for (const what of ["old", "anew"]) {
    const id = waitingId();
    await waiting.add(id, { userId: 1, what, decision: "merge" });
    await waiting.shownIn(id, inMessage(9));
  }
  clock.nowMs += ageMaxMs + 10;
  await waiting.giveUpOld();
  expect(counted).toEqual(["old"]);
  expect(givenUp).toEqual([{ what: "old", shownIn: inMessage(9), because: "too_old" }]);
});
