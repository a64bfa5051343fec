// In which order what people send is handled, through everything that an update goes through, with steps that take as long as chance has it.
import { setImmediate as later } from "node:timers/promises";
import { Bot } from "grammy";
import type { Update, UserFromGetMe } from "grammy/types";
import { expect, test } from "vitest";
import { createPeople } from "../../src/model/people.ts";
import type { Records } from "../../src/store/records.ts";
import type { BotContext } from "../../src/telegram/updates/bot-context.ts";
import { createCancelling } from "../../src/telegram/controls/cancel.ts";
import { createLanguages } from "../../src/telegram/messages/languages.ts";
import { createRoutes, type RouteParts } from "../../src/telegram/routes.ts";
import { takesNoTurn } from "../../src/telegram/updates/tickets.ts";
import { deferred } from "../deferred.ts";
import { randomFrom } from "../document/compare/random-documents.ts";

const messagesEach = 12;
const people = [1001, 1002];
const chats = [...people, -5];
const nothingToCancel = "There is nothing to cancel.";

type Step = () => Promise<unknown>;

/** In memory; each access is a step that may take a while. */
function slowRecords(step: Step): Records {
  const values = new Map<string, unknown>();
  return {
    keys: () => step().then(() => [...values.keys()]),
    read: (key) => step().then(() => values.get(key)),
    write: (key, value) => step().then(() => void values.set(key, value)),
    remove: (key) => step().then(() => void values.delete(key)),
  };
}

function fail(error: unknown): never {
  throw error;
}

/** @param onSaid - told of each answer: the message that it replies to, or its text. Telegram takes it when that resolves. */
function openRoutes(step: Step, onSaid: (chatId: number, said: string) => Promise<void>) {
  const me = { id: 1, is_bot: true, first_name: "Airlock", username: "airlock_bot" };
  const bot = new Bot<BotContext>("1:token", { botInfo: me as UserFromGetMe });
  bot.api.config.use(async (_prev, method, payload) => {
    expect(method).toBe("sendMessage");
    const said = payload as {
      chat_id: number;
      text: string;
      reply_parameters?: { message_id: number };
    };
    await onSaid(said.chat_id, said.reply_parameters?.message_id.toString() ?? said.text);
    const result = { message_id: 1, date: 0, chat: { id: said.chat_id } };
    return { ok: true, result: result as never };
  });
  const languages = createLanguages(slowRecords(step), "auto", (_what, error) => fail(error));
  const parts = {
    version: "1",
    questions: slowRecords(step),
    languages: { ...languages, heard: (person) => step().then(() => languages.heard(person)) },
    menu: { greet: () => {} },
    notices: {
      middleware: async (_ctx, next) => {
        await step();
        await next();
      },
    },
    cancelling: createCancelling({ cancel: () => ({ met: [], close: () => {} }) } as never),
    leftovers: { middleware: () => (_ctx, next) => next() },
    isTooMuch: () => false,
    listener: { update: () => {}, bug: fail, trouble: (_what, error) => fail(error) },
  } satisfies { [Name in keyof RouteParts]?: Partial<RouteParts[Name]> };
  const managed = { lives: [], people: createPeople(people, []) };
  // Nothing else is come upon by documents and /cancel.
  bot.use(createRoutes(parts as unknown as RouteParts, managed).middleware);
  return bot;
}

function messageOf(chatId: number, personId: number, id: number, what: object): Update {
  const from = { id: personId, is_bot: false, first_name: "A", language_code: "en" };
  const chat =
    chatId > 0 ? { id: chatId, type: "private" } : { id: chatId, type: "group", title: "G" };
  const message = { message_id: id, date: 0, chat, from, ...what };
  return { update_id: id, message } as Update;
}

const documentIn = { document: { file_id: "f", file_unique_id: "u", file_name: "a.yml" } };

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`what one person sends in one chat is handled in its order, whatever takes how long (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    async function step(): Promise<void> {
      for (let left = random(7); left > 0; left -= 1) await later();
    }
    const sent = new Map<number, string[]>();
    const answered = new Map<number, string[]>();
    const bot = openRoutes(step, async (chatId, said) => {
      answered.set(chatId, [...(answered.get(chatId) ?? []), said]);
      await step();
    });
    const handling = Array.from({ length: messagesEach * chats.length }, (_, index) => {
      const chatId = chats[random(chats.length)] ?? 0;
      const isCancel = random(4) === 0;
      const said = isCancel ? nothingToCancel : String(index);
      sent.set(chatId, [...(sent.get(chatId) ?? []), said]);
      const what = isCancel ? { text: "/cancel" } : documentIn;
      return bot.handleUpdate(messageOf(chatId, chatId > 0 ? chatId : 1001, index, what));
    });
    await Promise.all(handling);
    expect(answered).toEqual(sent);
  });
}

test("who waits for an answer that Telegram does not take holds up nobody else, and no command that looks", async () => {
  const [reached, taken] = [deferred(), deferred()];
  const answered: string[] = [];
  const bot = openRoutes(
    () => later(),
    async (chatId, said) => {
      answered.push(`${chatId} ${said.split("\n")[0]}`);
      if (said !== "1") return;
      reached.resolve();
      await taken.promise;
    },
  );
  const first = bot.handleUpdate(messageOf(1001, 1001, 1, documentIn));
  await reached.promise;
  const second = bot.handleUpdate(messageOf(1001, 1001, 2, documentIn));
  await bot.handleUpdate(messageOf(1002, 1002, 3, documentIn));
  await bot.handleUpdate(messageOf(1001, 1001, 4, { text: "/whoami" }));
  expect(answered).toEqual(["1001 1", "1002 3", "1001 Your id is 1001."]);
  taken.resolve();
  await Promise.all([first, second]);
  expect(answered.at(-1)).toBe("1001 2");
});

test("what asks for a file or ends something takes its turn; presses and what only looks do not", () => {
  const bot = { username: "airlock_bot" } as UserFromGetMe;
  const takesTurn = (text: string): boolean =>
    !takesNoTurn(messageOf(1001, 1001, 1, { text }), bot);
  for (const text of [
    "hello",
    "/set_fees",
    "/check_fees",
    "/schedule_fees 2027-01-01T00:00",
    "/cancel",
  ])
    expect([text, takesTurn(text)]).toEqual([text, true]);
  for (const text of ["/status", "/get_fees", "/freeze_fees"])
    expect([text, takesTurn(text)]).toEqual([text, false]);
  const press = { update_id: 1, callback_query: { data: "undo" } } as Update;
  expect(takesNoTurn(press, bot)).toBe(true);
});
