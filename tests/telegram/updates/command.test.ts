import type { Message } from "grammy/types";
import { describe, expect, test } from "vitest";
import { commandOf, ownWords } from "../../../src/telegram/updates/command.ts";

const bot = { username: "airlock_bot" };
const privateChat = { id: 1001, type: "private", first_name: "Anna" } as const;
const group = { id: -5, type: "group", title: "Admins" } as const;

function message(fields: Partial<Message>): Message {
  return { message_id: 1, date: 0, chat: privateChat, ...fields };
}

describe("a text and a caption are read alike", () => {
  for (const { text, name, rest } of [
    { text: "/x", name: "x", rest: "" },
    { text: "/x why", name: "x", rest: "why" },
    { text: "/x: why", name: "x", rest: "why" },
    { text: "/x\nwhy", name: "x", rest: "why" },
    { text: "/x@airlock_bot why", name: "x", rest: "why" },
    { text: "/x@AIRLOCK_Bot", name: "x", rest: "" },
    { text: "/x@airlock_bot@", name: "x", rest: "@" },
    { text: "/x@", name: "x", rest: "@" },
    { text: "/x😀", name: "x", rest: "😀" },
    { text: "/x.", name: "x", rest: "." },
    { text: "/x /y", name: "x", rest: "/y" },
    { text: "/X", name: "X", rest: "" },
    { text: "/x@other_bot why", name: "x@other_bot", rest: "why" },
    { text: "/x@airlock_bots", name: "x@airlock_bots", rest: "" },
    { text: "/x/y", name: undefined, rest: undefined },
    { text: "/xé", name: undefined, rest: undefined },
    { text: "／x", name: undefined, rest: undefined },
    { text: "//x", name: undefined, rest: undefined },
    { text: " /x", name: undefined, rest: undefined },
    { text: "because /x", name: undefined, rest: undefined },
    { text: "/", name: undefined, rest: undefined },
    { text: "", name: undefined, rest: undefined },
    { text: `/${"x".repeat(65)}`, name: undefined, rest: undefined },
  ]) {
    test(JSON.stringify(text), () => {
      for (const fields of [{ text }, { caption: text }]) {
        const command = commandOf(message(fields), bot);
        expect({ name: command?.name, rest: command?.rest }).toEqual({ name, rest });
      }
    });
  }
});

test("entities change nothing, whatever they say", () => {
  for (const entity of [
    { offset: 0, length: 4 },
    { offset: 0, length: 900 },
    { offset: 1, length: 8 },
    { offset: 5, length: 4 },
  ]) {
    const entities = [{ type: "bot_command", ...entity } as const];
    expect(commandOf(message({ text: "/get_fees 2", entities }), bot)).toMatchObject({
      name: "get_fees",
      rest: "2",
    });
    expect(commandOf(message({ text: "get_fees", entities }), bot)).toBeUndefined();
  }
});

test("in a group a command is for this bot where it is named, and for another where that is", () => {
  const read = (text: string) => commandOf(message({ chat: group, text }), bot);
  expect(read("/x")).toMatchObject({ isAddressed: false, isOthers: false });
  expect(read("/x@airlock_bot")).toMatchObject({ isAddressed: true, isOthers: false });
  expect(read("/x@other_bot")).toMatchObject({ isAddressed: false, isOthers: true });
  expect(commandOf(message({ text: "/x" }), bot)).toMatchObject({ isAddressed: true });
});

describe("what somebody else wrote is neither command nor words of the sender", () => {
  const anna = { id: 1001, is_bot: false, first_name: "Anna" };
  const channel = { id: -100, type: "channel", title: "News" } as const;
  const others: Readonly<Record<string, unknown>> = {
    "forwarded from a person": { forward_origin: { type: "user", date: 1, sender_user: anna } },
    "forwarded from one who hides": {
      forward_origin: { type: "hidden_user", date: 1, sender_user_name: "Mallory" },
    },
    "forwarded from an anonymous admin": {
      forward_origin: { type: "chat", date: 1, sender_chat: group },
    },
    "forwarded from a channel": {
      forward_origin: { type: "channel", date: 1, chat: channel, message_id: 7 },
    },
    "forwarded from what is not known yet": { forward_origin: { type: "galaxy" } },
    "forwarded by an older Bot API server": { forward_date: 1, forward_from: anna },
    "forwarded from one who hides, by an older server": { forward_sender_name: "Mallory" },
    "made by an inline bot": { via_bot: { id: 9, is_bot: true, first_name: "Gif" } },
  };
  for (const [name, fields] of Object.entries(others)) {
    test(name, () => {
      const theirs = { ...message({ text: "/x why" }), ...(fields as Partial<Message>) };
      expect(commandOf(theirs, bot)).toBeUndefined();
      expect(ownWords(theirs)).toBe("");
    });
  }
});
