import { expect, test } from "vitest";
import { refusalOf, startSandbox } from "./sandbox.ts";

const keyboard = (label: string) => ({
  reply_markup: { inline_keyboard: [[{ text: label, callback_data: "x" }]] },
});

test("an edit changes text and date, and takes away buttons that it does not repeat", async () => {
  const { api, anna } = await startSandbox();
  const sent = await api.sendMessage(anna.chatId, "one", keyboard("Undo"));
  await api.editMessageText(anna.chatId, sent.message_id, "two");
  const [, message] = anna.messages();
  expect(message).toMatchObject({ text: "two", edit_date: expect.any(Number) });
  expect(message).not.toHaveProperty("reply_markup");
});

test("buttons can be taken away alone", async () => {
  const { api, anna } = await startSandbox();
  const sent = await api.sendMessage(anna.chatId, "one", keyboard("Undo"));
  await api.editMessageReplyMarkup(anna.chatId, sent.message_id);
  expect(anna.messages()[1]).not.toHaveProperty("reply_markup");
  expect(anna.messages()[1]).toMatchObject({ text: "one" });
});

const notModified =
  "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

test("an edit that changes nothing is refused, also where only white space differs", async () => {
  const { api, anna } = await startSandbox();
  const sent = await api.sendMessage(anna.chatId, "one", keyboard("Undo"));
  const edit = (text: string, label: string) =>
    api.editMessageText(anna.chatId, sent.message_id, text, keyboard(label));
  expect(await refusalOf(edit(" one\n", "Undo"))).toBe(notModified);
  await edit("one", "Redo");
  expect(await refusalOf(edit("one", "Redo"))).toBe(notModified);
  expect(
    await refusalOf(api.editMessageReplyMarkup(anna.chatId, sent.message_id, keyboard("Redo"))),
  ).toBe(notModified);
});

test("a message that a person has deleted is not found", async () => {
  const { api, anna } = await startSandbox();
  const sent = await api.sendMessage(anna.chatId, "one");
  anna.clearHistory();
  expect(anna.messages()).toEqual([]);
  expect(await refusalOf(api.editMessageText(anna.chatId, sent.message_id, "two"))).toBe(
    "400 Bad Request: message to edit not found",
  );
});

test("a person's message and one with a forced reply cannot be edited", async () => {
  const { api, anna } = await startSandbox();
  const theirs = anna.send("hello");
  const asking = await api.sendMessage(anna.chatId, "which?", {
    reply_markup: { force_reply: true, selective: true },
  });
  for (const { message_id } of [theirs, asking]) {
    expect(await refusalOf(api.editMessageText(anna.chatId, message_id, "two"))).toBe(
      "400 Bad Request: message can't be edited",
    );
  }
});

test("a press is answered once, and its answer reaches the one who pressed", async () => {
  const { api, anna } = await startSandbox();
  const sent = await api.sendMessage(anna.chatId, "one", keyboard("Undo"));
  const press = anna.press(sent, "Undo");
  const [update] = await api.getUpdates();
  expect(update?.callback_query).toMatchObject({
    id: press.queryId,
    from: { id: 1001 },
    message: { message_id: sent.message_id },
    data: "x",
  });
  await api.answerCallbackQuery(press.queryId, { text: "Undone" });
  expect(await press.answered).toEqual({ text: "Undone" });
  expect(await refusalOf(api.answerCallbackQuery(press.queryId))).toBe(
    "400 Bad Request: query is too old and response timeout expired or query ID is invalid",
  );
});

test("a press that waited too long cannot be answered", async () => {
  const clock = { aheadMs: 0 };
  const { api, anna } = await startSandbox(clock);
  const sent = await api.sendMessage(anna.chatId, "one", keyboard("Undo"));
  const press = anna.pressData(sent, "forged");
  clock.aheadMs = 16_000;
  expect(await refusalOf(api.answerCallbackQuery(press.queryId))).toBe(
    "400 Bad Request: query is too old and response timeout expired or query ID is invalid",
  );
});

test("a button that is not there cannot be pressed", async () => {
  const { api, anna } = await startSandbox();
  const sent = await api.sendMessage(anna.chatId, "one", keyboard("Undo"));
  expect(() => anna.press(sent, "Redo")).toThrow('no button "Redo"');
});
