import type { Update } from "grammy/types";
import { expect, test } from "vitest";
import { createDeliveries } from "../../src/telegram/deliveries.ts";
import { deferred } from "../deferred.ts";

const document = { file_id: "f", file_unique_id: "u" };
const update = {
  update_id: 1,
  message: {
    message_id: 5,
    date: 0,
    chat: { id: 1, type: "private", first_name: "A" },
    from: { id: 1, is_bot: false, first_name: "A" },
    document,
  },
} as Update;

test("a document is handled although the store does not answer, and may be forgotten by Telegram only when it is written down", async () => {
  const written = deferred();
  const asked: unknown[] = [];
  const deliveries = createDeliveries({
    journal: {
      unhandled: [],
      knows: () => false,
      delivered: (all: readonly { readonly key: string }[]) => {
        asked.push(...all.map(({ key }) => key));
        return written.promise;
      },
    } as never,
    botId: 9,
    isAdmin: () => true,
    isInHistory: () => false,
    handle: () => Promise.resolve(),
    clean: (text) => text,
    onTrouble: (_what, error) => {
      throw error;
    },
  });
  expect(await deliveries.take([update])).toEqual([update]);
  expect(asked).toEqual(["document:9:1:5"]);
  let mayBeForgotten = false;
  const forgetting = deliveries.written().then(() => (mayBeForgotten = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(mayBeForgotten).toBe(false);
  written.resolve();
  await forgetting;
});
