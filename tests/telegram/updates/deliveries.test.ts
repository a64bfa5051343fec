// Which documents are handled, how often, and as what; on a journal in memory.
import type { Update } from "grammy/types";
import { expect, test } from "vitest";
import type { Delivery, UnhandledDelivery } from "../../../src/store/journal.ts";
import { createDeliveries } from "../../../src/telegram/updates/deliveries.ts";

const botId = 9;
const [anna, stranger] = [1001, 7];

function updateOf(messageId: number, more: object = {}, fromId = anna): Update {
  const from = { id: fromId, is_bot: false, first_name: "A" };
  const chat = { id: fromId, type: "private", first_name: "A" };
  const message = { message_id: messageId, date: 0, chat, from, ...more };
  return { update_id: messageId, message } as Update;
}

const document = { document: { file_id: "f", file_unique_id: "u" } };

function left(messageId: number, more: Partial<UnhandledDelivery> = {}): UnhandledDelivery {
  const delivery = updateOf(messageId, document);
  return { key: `left ${messageId}`, bot_id: botId, delivery, again: false, begun: false, ...more };
}

interface Setting {
  readonly unhandled?: readonly UnhandledDelivery[];
  readonly knows?: readonly string[];
  /** Messages that brought a change, and to which bot they were sent. */
  readonly inHistory?: readonly string[];
  readonly delivered?: () => Promise<void>;
}

function open({ unhandled = [], knows = [], inHistory = [], delivered }: Setting) {
  const steps: unknown[] = [];
  const deliveries = createDeliveries({
    journal: {
      unfinished: [],
      unhandled,
      knows: (key) => knows.includes(key),
      async delivered(documents: readonly Delivery[]) {
        await delivered?.();
        if (documents.length > 0) steps.push(["written", documents.map(({ key }) => key)]);
      },
      handlesAgain: (key) => Promise.resolve(void steps.push(["marked", key])),
      handled: (key) => steps.push(["handled", key]),
      began: () => expect.unreachable(),
      shown: () => expect.unreachable(),
      ended: () => expect.unreachable(),
      close: () => Promise.resolve(),
    },
    botId,
    isAdmin: (id) => id === anna,
    isInHistory: ({ message_id: id, bot_id: bot }) => inHistory.includes(`${bot}:${id}`),
    handle: (update, leftover) => {
      steps.push([update.update_id, leftover?.kind]);
      return update.message?.text === "fails"
        ? Promise.reject(new Error("a bug"))
        : Promise.resolve();
    },
    clean: (text) => text.replaceAll("secret", "[token]"),
    onTrouble: (what) => steps.push(["trouble", what]),
  });
  const run = async (updates: readonly Update[]): Promise<void> => {
    for (const update of await deliveries.take(updates)) await deliveries.handle(update);
  };
  return { deliveries, steps, run };
}

test("an admin's document is written down before it is handed on, and noted once it was handled; nothing else is", async () => {
  const { steps, run } = open({});
  const [ofStranger, ofChannel] = [
    updateOf(2, document, stranger),
    updateOf(3, { ...document, sender_chat: { id: -1, type: "channel", title: "C" } }),
  ];
  await run([updateOf(1, document), ofStranger, ofChannel, updateOf(4, { text: "hello" })]);
  expect(steps).toEqual([
    ["written", ["document:9:1001:1"]],
    [1, undefined],
    ["handled", "document:9:1001:1"],
    [2, undefined],
    [3, undefined],
    [4, undefined],
  ]);
});

test("what was delivered before, or has brought a change, is not handled again", async () => {
  const { steps, run } = open({ knows: ["document:9:1001:1"], inHistory: ["9:2"] });
  await run([updateOf(1, document), updateOf(2, document), updateOf(3, document)]);
  expect(steps.filter((step) => typeof (step as unknown[])[0] === "number")).toEqual([
    [3, undefined],
  ]);
});

test("what earlier processes left comes first and once, all marked before the first; each as what it is", async () => {
  const { steps, run } = open({
    unhandled: [
      left(1),
      left(2, { begun: true }),
      left(3, { again: true }),
      left(4, { bot_id: 5 }),
      left(5),
      left(6, { bot_id: 5 }),
      left(7, { delivery: updateOf(7, { text: "no document" }) }),
    ],
    inHistory: ["9:5", "5:6"],
  });
  await run([updateOf(8, { text: "fresh" })]);
  await run([updateOf(9, { text: "fresh" })]);
  const isOrder = (step: unknown): boolean => (step as unknown[])[0] !== "handled";
  expect(steps.filter(isOrder)).toEqual([
    ["marked", "left 1"],
    [1, undefined],
    [2, "taken"],
    [3, "given_up"],
    [4, "foreign"],
    [5, "taken"],
    [6, "taken"],
    [8, undefined],
    [9, undefined],
  ]);
  const handled = steps
    .filter((step) => !isOrder(step))
    .map((step) => String((step as unknown[])[1]));
  expect(handled.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7].map((id) => `left ${id}`));
});

test("a bug in handling it leaves nothing to be handled again", async () => {
  const { deliveries, steps } = open({});
  const update = updateOf(1, { ...document, text: "fails" });
  await expect(deliveries.handle(update)).rejects.toThrow("a bug");
  expect(steps.at(-1)).toEqual(["handled", "document:9:1001:1"]);
});

test("while the disk refuses, the admins are answered all the same", async () => {
  const { steps, run } = open({ delivered: () => Promise.reject(new Error("full")) });
  await run([updateOf(1, { text: "hello" })]);
  expect(steps).toEqual([
    ["trouble", "writing down what arrived"],
    [1, undefined],
  ]);
});

test("a token that somebody typed goes no further", async () => {
  const { deliveries } = open({});
  const [taken] = await deliveries.take([updateOf(1, { text: "my secret" })]);
  expect(taken?.message?.text).toBe("my [token]");
});
