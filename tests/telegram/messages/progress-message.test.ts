// What an upload's message says, one after another, against a Telegram that answers when the test lets it.
import { Api } from "grammy";
import { expect, onTestFinished, test, vi } from "vitest";
import type { ConfigStore } from "../../../src/store/port.ts";
import { startProgressMessage } from "../../../src/telegram/messages/progress-message.ts";

const anna = { id: 1, name: "Anna" };
const boris = { id: 2, name: "Boris" };
const carol = { id: 3, name: "Carol" };
const first = "⏳ Downloading and validating...";
const plain = "🔒 Acquiring lock and saving...";
const last = "🚫 Cancelled. fees.yml was not changed.";

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function start() {
  const texts: string[] = [];
  const troubles: unknown[] = [];
  const waiting: (() => void)[] = [];
  const api = new Api("1:token");
  api.config.use((_previous, method, payload) => {
    texts.push(String(Reflect.get(payload, "text")));
    const result = method === "sendMessage" ? { message_id: 9 } : true;
    return new Promise((resolve) => {
      // What the caller reads of Telegram's answer.
      waiting.push(() => resolve({ ok: true, result } as never));
    });
  });
  const watcher = startProgressMessage({
    api,
    languages: { inChat: () => Promise.resolve("en") },
    // All that it reads of it.
    live: { config: { fileName: "fees.yml" } } as ConfigStore,
    spreads: { lines: () => [], follow: () => {}, goOn: () => Promise.resolve(), stop: () => {} },
    author: anna,
    lastButtons: () => Promise.resolve({ keyboard: undefined, shownIn: () => Promise.resolve() }),
    sent: {
      came: () => {},
      replaceable: () => {},
      mark: () => undefined,
      placesOfLost: () => Promise.resolve([]),
    },
    place: { chat_id: 1, reply_to: 5, message_id: null },
    onShown: () => {},
    onTrouble: (_what, error) => troubles.push(error),
  });
  /** Answers until so many texts have been sent; the last of them has no answer yet. */
  const sent = async (count: number): Promise<void> => {
    while (texts.length < count) {
      waiting.shift()?.();
      await turn();
    }
  };
  /** Answers whatever is asked until then. */
  const end = async (ended: Promise<void>): Promise<void> => {
    const answering = setInterval(() => waiting.shift()?.());
    await ended;
    clearInterval(answering);
  };
  return {
    watcher,
    texts,
    troubles,
    sent,
    end,
  };
}

test("who holds the lock is said while it is waited for, and again when that is another one", async () => {
  const { watcher, texts, troubles, sent, end } = start();
  watcher.saving(undefined);
  await sent(2);
  watcher.saving(boris);
  await sent(3);
  watcher.saving(carol);
  await sent(4);
  await end(watcher.finished({ kind: "cancelled", by: "admin" }));
  expect(texts).toEqual([
    first,
    plain,
    `${plain}\nBoris is saving it right now.`,
    `${plain}\nCarol is saving it right now.`,
    last,
  ]);
  expect(troubles).toEqual([]);
});

test("what was said already is not said again: Telegram would refuse it", async () => {
  const { watcher, texts, sent, end } = start();
  watcher.saving(boris);
  watcher.saving(boris);
  await sent(2);
  await end(watcher.finished({ kind: "cancelled", by: "admin" }));
  expect(texts).toEqual([first, `${plain}\nBoris is saving it right now.`, last]);
});

test("an upload that has ended goes on to its last text, without saying who held the lock", async () => {
  const { watcher, texts, sent, end } = start();
  watcher.saving(undefined);
  await sent(2);
  watcher.saving(boris);
  await end(watcher.finished({ kind: "cancelled", by: "admin" }));
  expect(texts).toEqual([first, plain, last]);
});

test("every stage is shown, also where all had ended before the first text was answered", async () => {
  const { watcher, texts, end } = start();
  watcher.saving(boris);
  watcher.saving(carol);
  await end(watcher.finished({ kind: "cancelled", by: "admin" }));
  expect(texts).toEqual([first, plain, last]);
});

test("how far a download is does not come after what it is followed by", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const { watcher, texts, sent, end } = start();
  await sent(1);
  watcher.working({ kind: "download", arrivedBytes: 10, sizeBytes: 20 });
  await vi.advanceTimersByTimeAsync(2000);
  await sent(2);
  watcher.working(undefined);
  watcher.saving(undefined);
  await turn();
  expect(texts).toEqual([first, `${first}\nDownloaded 10 bytes of 20 bytes in 2 seconds.`]);
  await end(watcher.finished({ kind: "cancelled", by: "admin" }));
  expect(texts.slice(2)).toEqual([plain, last]);
});
