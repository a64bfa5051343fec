import { Api } from "grammy";
import { expect, onTestFinished, test, vi } from "vitest";
import { lateEdits } from "../../../src/telegram/api/late-edits.ts";
import { grammySignal } from "../../../src/telegram/api/telegram-api.ts";

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A message, and a Telegram that takes each edit when the test lets it. */
function openMessage() {
  const message: { text?: unknown; reply_markup?: unknown } = {};
  const onTheirWay: {
    readonly text: unknown;
    readonly take: () => void;
    readonly refuse: () => void;
    readonly lose: () => void;
  }[] = [];
  const troubles: unknown[] = [];
  const api = new Api("1:token");
  api.config.use(
    (_network, method, payload, signal) =>
      new Promise((resolve, reject) => {
        const { text, reply_markup } = payload as { text?: unknown; reply_markup?: unknown };
        const take = (): void => {
          if (method === "editMessageText") message.text = text;
          message.reply_markup = reply_markup;
          resolve({ ok: true, result: true as never });
        };
        const refuse = (): void =>
          resolve({ ok: false, error_code: 400, description: "Bad Request" });
        const lose = (): void => reject(new Error("lost"));
        signal?.addEventListener("abort", lose);
        onTheirWay.push({ text, take, refuse, lose });
      }),
    lateEdits((_what, error) => troubles.push(error)),
  );
  async function next(): Promise<(typeof onTheirWay)[number]> {
    while (onTheirWay.length === 0) await turn();
    return onTheirWay.shift() ?? expect.unreachable();
  }
  /** Given up by whoever asked for it. @returns it, still on its way */
  async function giveUp(text: string) {
    const limit = new AbortController();
    const editing = api.editMessageText(1, 9, text, {}, grammySignal(limit.signal));
    const late = await next();
    limit.abort();
    await expect(editing).rejects.toThrow("given up");
    return late;
  }
  async function edit(text: string): Promise<void> {
    const editing = api.editMessageText(1, 9, text, keyboard);
    (await next()).take();
    await editing;
  }
  return { api, message, onTheirWay, troubles, next, giveUp, edit };
}

const keyboard = { reply_markup: { inline_keyboard: [[{ text: "Undo", callback_data: "undo" }]] } };

test("an edit that was given up and comes behind the last one does not stand", async () => {
  const { message, next, giveUp, edit, troubles } = openMessage();
  const late = await giveUp("half of it");
  await edit("done");
  late.take();
  expect(message.text).toBe("half of it");
  (await next()).take();
  expect(message).toEqual({ text: "done", ...keyboard });
  expect(troubles).toEqual([]);
});

test("it may come while the last one is on its way, or its answer may get lost", async () => {
  const { api, message, next, giveUp } = openMessage();
  for (const end of ["take", "lose"] as const) {
    const late = await giveUp("half of it");
    const editing = api.editMessageText(1, 9, "done");
    const last = await next();
    last.take();
    message.text = "half of it";
    late[end]();
    await editing;
    (await next()).take();
    expect(message.text).toBe("done");
  }
});

test("what was said, or taken away, since the last text stands; and nothing is said while that is said again", async () => {
  const { api, message, onTheirWay, next, giveUp, edit } = openMessage();
  const late = await giveUp("half of it");
  await edit("done");
  const removing = api.editMessageReplyMarkup(1, 9);
  (await next()).take();
  await removing;
  late.take();
  const again = await next();
  const editing = api.editMessageText(1, 9, "undone");
  await turn();
  expect(onTheirWay).toEqual([]);
  again.take();
  expect(message).toEqual({ text: "done", reply_markup: undefined });
  (await next()).take();
  await editing;
  expect(message.text).toBe("undone");
});

test("of two that come late the second waits until the first is made up for", async () => {
  const { message, onTheirWay, next, giveUp, edit } = openMessage();
  const [first, second] = [await giveUp("a third of it"), await giveUp("half of it")];
  await edit("done");
  first.take();
  const again = await next();
  second.take();
  await turn();
  expect(onTheirWay).toEqual([]);
  again.take();
  message.text = "half of it";
  (await next()).take();
  await turn();
  expect([message.text, onTheirWay]).toEqual(["done", []]);
});

test("what Telegram refused is not said again", async () => {
  const { api, message, next, giveUp, edit } = openMessage();
  const late = await giveUp("half of it");
  await edit("done");
  const editing = api.editMessageText(1, 9, "refused");
  (await next()).refuse();
  await expect(editing).rejects.toThrow("Bad Request");
  late.take();
  (await next()).take();
  expect(message.text).toBe("done");
});

test("an edit whose signal has ended before it is given up at once", async () => {
  const { api, next } = openMessage();
  const editing = api.editMessageText(1, 9, "late", {}, grammySignal(AbortSignal.abort()));
  await expect(editing).rejects.toThrow("given up");
  (await next()).take();
});

test("one without an answer counts as come after a minute; saying again what is said holds up others for ten seconds", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { api, message, onTheirWay, troubles, next, giveUp, edit } = openMessage();
  await giveUp("half of it");
  await edit("done");
  vi.advanceTimersByTime(59_999);
  await turn();
  expect(onTheirWay).toEqual([]);
  vi.advanceTimersByTime(1);
  expect((await next()).text).toBe("done");
  const editing = api.editMessageText(1, 9, "undone");
  vi.advanceTimersByTime(9999);
  await turn();
  expect([onTheirWay, troubles]).toEqual([[], []]);
  vi.advanceTimersByTime(1);
  (await next()).take();
  await editing;
  expect([message.text, troubles]).toEqual(["undone", [new Error("lost")]]);
});

test("where every edit is answered in time, nothing is said twice", async () => {
  const { onTheirWay, edit } = openMessage();
  for (const text of ["half of it", "done"]) await edit(text);
  await turn();
  expect(onTheirWay).toEqual([]);
});
