import type { Update } from "grammy/types";
import { expect, test } from "vitest";
import { createTurns } from "../../../src/telegram/updates/turns.ts";
import { type Deferred, deferred } from "../../deferred.ts";

const look = "look";

/** A bot whose every answer takes until it is let go. */
function slowBot() {
  const held = new Map<number, Deferred>();
  const started: number[] = [];
  const bugs: unknown[] = [];
  const turns = createTurns({
    isHeavy: ({ message, callback_query: press }) => (message?.text ?? press?.data) === look,
    handle: async ({ update_id: id }) => {
      started.push(id);
      const end = deferred();
      held.set(id, end);
      await end.promise;
    },
    onBug: (error) => bugs.push(error),
  });
  const letGo = (id: number): void => held.get(id)?.resolve();
  return { turns, started, bugs, held, letGo };
}

function update(id: number, personId: number, text: string): Update {
  const from = { id: personId, is_bot: false, first_name: "A" };
  const chat = { id: personId, type: "private", first_name: "A" } as const;
  return { update_id: id, message: { message_id: id, date: 0, chat, from, text } };
}

async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise((resolve) => setTimeout(resolve, 0));
  return settled;
}

test("of one person's commands that look, four are answered at a time, in their order", async () => {
  const { turns, started, letGo } = slowBot();
  const taken = [1, 2, 3, 4, 5, 6].map((id) => turns.take(update(id, 7, look)));
  expect(started).toEqual([1, 2, 3, 4]);
  // Nobody waits for those that wait here.
  expect(await Promise.all(taken.map(isSettled))).toEqual([false, false, false, false, true, true]);
  letGo(2);
  await taken[1];
  expect(started).toEqual([1, 2, 3, 4, 5]);
  letGo(5);
  await expect.poll(() => started).toEqual([1, 2, 3, 4, 5, 6]);
});

test("somebody else is answered meanwhile, and so is what is light", async () => {
  const { turns, started } = slowBot();
  for (let id = 1; id <= 100; id += 1) void turns.take(update(id, 7, look));
  void turns.take(update(101, 8, look));
  void turns.take(update(102, 7, "hello"));
  expect(started).toEqual([1, 2, 3, 4, 101, 102]);
});

test("a person takes up so many of the poller's places and no more", async () => {
  const { turns, started } = slowBot();
  const taken = Array.from({ length: 30 }, (_, index) => turns.take(update(index, 7, "hello")));
  expect(started).toHaveLength(30);
  const settled = await Promise.all(taken.map(isSettled));
  expect(settled.filter((each) => !each)).toHaveLength(16);
});

test("beyond 500 that wait, what comes is only said to be too much, until some are answered", async () => {
  const { turns, held, letGo } = slowBot();
  const updates = Array.from({ length: 506 }, (_, index) => update(index, 7, look));
  for (const each of updates) void turns.take(each);
  expect(updates.map((each) => turns.isTooMuch(each)).indexOf(true)).toBe(504);
  // Those are handled at once, whatever waits, since nothing is looked up for them.
  expect([...held.keys()]).toEqual([0, 1, 2, 3, 504, 505]);
  const light = update(700, 7, "hello");
  void turns.take(light);
  expect(turns.isTooMuch(light)).toBe(false);
  for (const id of [504, 505, 700, 0, 1, 2]) letGo(id);
  await expect.poll(() => held.size).toBe(10);
  const later = update(600, 7, look);
  void turns.take(later);
  expect(turns.isTooMuch(later)).toBe(false);
});

test("what is too much holds up none of those that wait, and what has ended counts no more", async () => {
  const { turns, held, letGo } = slowBot();
  for (let id = 0; id < 506; id += 1) void turns.take(update(id, 7, look));
  letGo(0);
  await expect.poll(() => held.has(4)).toBe(true);
  for (const id of [0, 1, 2, 3]) void turns.take(update(600 + id, 8, look));
  letGo(600);
  await new Promise((resolve) => setTimeout(resolve, 0));
  for (const id of [4, 5]) void turns.take(update(600 + id, 8, look));
  expect([held.has(604), held.has(605)]).toEqual([true, false]);
});

test("a press is its person's as a message is", () => {
  const { turns, started } = slowBot();
  const from = { id: 7, is_bot: false, first_name: "A" };
  const press = (id: number): Update => ({
    update_id: id,
    callback_query: { id: String(id), from, chat_instance: "1", data: look },
  });
  for (let id = 0; id < 6; id += 1) void turns.take(press(id));
  expect(started).toEqual([0, 1, 2, 3]);
});

test("it is idle when everything that waited is handled; what fails unseen is a bug", async () => {
  const bugs: unknown[] = [];
  const handled: number[] = [];
  const turns = createTurns({
    isHeavy: () => true,
    handle: async ({ update_id: id }) => {
      await Promise.resolve();
      handled.push(id);
      if (id === 9) throw new Error("nine");
    },
    onBug: (error) => bugs.push(error),
  });
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => turns.take(update(index, 7, look)).catch(() => {})),
  );
  await turns.idle();
  expect(handled).toHaveLength(20);
  expect(bugs).toEqual([new Error("nine")]);
});
