// The check by which every end-to-end test holds the bot's calls against Telegram's description.
import { describe, expect, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { faultsOfCall, watchCalls } from "./check-call.ts";

const button = { text: "Undo", callback_data: "u:1" };
const keyboard = (one: object): object => ({ inline_keyboard: [[one]] });
const message = (more: object): { method: string; params: Record<string, unknown> } => ({
  method: "sendMessage",
  params: { chat_id: 1001, text: "Hello 👋", ...more },
});

describe("a right call passes", () => {
  for (const { name, call } of [
    {
      name: "a message with a styled button",
      call: message({ reply_markup: keyboard({ ...button, style: "danger" }) }),
    },
    {
      name: "a message that replies and asks for a reply",
      call: message({
        reply_parameters: { message_id: 5, allow_sending_without_reply: true },
        reply_markup: { force_reply: true, selective: true },
      }),
    },
    {
      name: "a message with entities to its very end",
      call: message({
        entities: [
          { type: "bold", offset: 0, length: 5 },
          { type: "date_time", offset: 6, length: 2, unix_time: 1 },
        ],
      }),
    },
    {
      name: "a document as a form, where everything is text",
      call: {
        method: "sendDocument",
        params: {
          chat_id: "1001",
          caption: "5",
          document: "attach://abc",
          abc: { name: "fees.yml", bytes: 10 },
          reply_parameters: '{"message_id":5}',
        },
      },
    },
    {
      name: "a menu for one member of a group",
      call: {
        method: "setMyCommands",
        params: {
          commands: [{ command: "set_fees", description: "Change fees.yml" }],
          scope: { type: "chat_member", chat_id: -5, user_id: 1001 },
        },
      },
    },
  ]) {
    test(name, () => {
      expect(faultsOfCall(call)).toEqual([]);
    });
  }
});

describe("a wrong call is told by its place", () => {
  for (const { name, call, faults } of [
    {
      name: "an unknown method",
      call: { method: "sendMassage", params: {} },
      faults: ["sendMassage: bot-api.json has no such method of Bot API 10.1; add it there"],
    },
    {
      name: "an unknown parameter",
      call: message({ reply_to_message_id: 5 }),
      faults: ["sendMessage: reply_to_message_id is unknown"],
    },
    {
      name: "a missing parameter",
      call: { method: "sendMessage", params: { text: "Hello" } },
      faults: ["sendMessage: chat_id is required"],
    },
    {
      name: "a wrong type",
      call: { method: "getFile", params: { file_id: 5 } },
      faults: ["getFile.file_id: must be String, got 5"],
    },
    {
      name: "a text for a number",
      call: message({ message_thread_id: "5" }),
      faults: ['sendMessage.message_thread_id: must be Integer, got "5"'],
    },
    {
      name: "a nested unknown field",
      call: message({ reply_markup: keyboard({ ...button, colour: "red" }) }),
      faults: [
        "sendMessage.reply_markup.inline_keyboard[0][0]: colour is unknown",
        "sendMessage.reply_markup.inline_keyboard[0][0]: must have exactly one action, has callback_data, colour",
      ],
    },
    {
      name: "a nested missing field",
      call: message({ reply_parameters: { chat_id: 5 } }),
      faults: ["sendMessage.reply_parameters: message_id is required"],
    },
    {
      name: "an unknown style",
      call: message({ reply_markup: keyboard({ ...button, style: "red" }) }),
      faults: [
        "sendMessage.reply_markup.inline_keyboard[0][0].style: must be one of danger, success, primary, is red",
      ],
    },
    {
      name: "too much data in a button",
      call: message({ reply_markup: keyboard({ text: "Undo", callback_data: "я".repeat(33) }) }),
      faults: [
        "sendMessage.reply_markup.inline_keyboard[0][0].callback_data: must have 1 to 64 bytes, has 66",
      ],
    },
    {
      name: "a button with no action",
      call: message({ reply_markup: keyboard({ text: "Undo" }) }),
      faults: [
        "sendMessage.reply_markup.inline_keyboard[0][0]: must have exactly one action, has none",
      ],
    },
    {
      name: "a text that is too long",
      call: message({ text: "a".repeat(4097) }),
      faults: ["sendMessage.text: must have 1 to 4096 characters, has 4097"],
    },
    {
      name: "an empty text",
      call: message({ text: "" }),
      faults: ["sendMessage.text: must have 1 to 4096 characters, has 0"],
    },
    {
      name: "an entity behind the text",
      call: message({ entities: [{ type: "bold", offset: 6, length: 3 }] }),
      faults: ["sendMessage: entity 0 (bold, 6, 3) is not within the text of 8 units"],
    },
    {
      name: "an entity that counts characters instead of UTF-16 units",
      call: message({ entities: [{ type: "bold", offset: 0, length: 7 }] }),
      faults: ["sendMessage: entity 0 (bold, 0, 7) cuts a character in two"],
    },
    {
      name: "an unknown entity",
      call: message({ entities: [{ type: "boldest", offset: 0, length: 1 }] }),
      faults: [expect.stringContaining("sendMessage.entities[0].type: must be one of mention, ")],
    },
    {
      name: "an edit of nothing",
      call: { method: "editMessageText", params: { text: "Hello" } },
      faults: [
        "editMessageText: chat_id is required without inline_message_id",
        "editMessageText: message_id is required without inline_message_id",
      ],
    },
    {
      name: "a file that is none",
      call: { method: "sendPhoto", params: { chat_id: 1, photo: { name: "a.png" } } },
      faults: ['sendPhoto.photo: must be InputFile, got {"name":"a.png"}'],
    },
    {
      name: "a part that nothing points to",
      call: {
        method: "sendDocument",
        params: {
          chat_id: "1",
          document: "attach://a",
          a: { name: "a", bytes: 1 },
          b: { name: "b", bytes: 1 },
        },
      },
      faults: ["sendDocument: b is unknown"],
    },
    {
      name: "a command in capitals",
      call: {
        method: "setMyCommands",
        params: { commands: [{ command: "Set", description: "-" }] },
      },
      faults: ["setMyCommands.commands[0].command: must match /^[a-z0-9_]{1,32}$/, is Set"],
    },
  ]) {
    test(name, () => {
      expect(faultsOfCall(call)).toEqual(faults);
    });
  }
});

test("a server's calls are watched, each fault told once", async ({ onTestFinished }) => {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const calls = watchCalls(server);
  for (const _ of [1, 2]) {
    const response = await fetch(`${server.root}/bot${server.token}/getUpdates?limmit=5`);
    await response.json();
  }
  expect(calls.faults()).toEqual(["getUpdates: limmit is unknown"]);
});
