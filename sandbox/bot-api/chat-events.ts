// What each chat shows as it happens, and that as text: for tests that wait, failures that print, a page that draws.
import type { Message } from "grammy/types";
import { Feed } from "./feed.ts";

const eventsMax = 50_000;

/** Where texts begin in {@link eventText}, in characters. */
export const textIndent = 6;

/** Something that a person in the chat can see: `markup` is an edit of the buttons alone. */
export interface MessageEvent {
  readonly kind: "new" | "edit" | "markup" | "delete";
  readonly chatId: number;
  /** The whole message as it is now; for `delete` as it was. */
  readonly message: Message;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly by: "bot" | "user";
}

/** The answer to a button press, which only the one who pressed sees. */
interface CallbackAnswerEvent {
  readonly kind: "callback_answer";
  readonly chatId: number;
  readonly queryId: string;
  readonly userId: number;
  /** Empty when the bot only ended the waiting. */
  readonly text: string;
  readonly at: number;
}

export type ChatEvent = MessageEvent | CallbackAnswerEvent;

/** A feed of what chats show; it keeps the newest 50,000 events. */
export function makeChatEvents(): Feed<ChatEvent> {
  return new Feed<ChatEvent>(eventsMax);
}

function buttonLabels(message: Message): readonly (readonly string[])[] {
  return (message.reply_markup?.inline_keyboard ?? []).map((row) =>
    row.map((button) => button.text),
  );
}

/** What a message says, in one text: `[document fees.yml, 812 bytes] caption`, then a line per row of buttons. */
export function messageText(message: Message): string {
  const words = [attachment(message), message.text ?? message.caption ?? ""].filter(
    (part) => part !== "",
  );
  const rows = buttonLabels(message).map((row) => row.map((label) => `[${label}]`).join(" "));
  return [words.join(" "), ...rows].join("\n");
}

function attachment(message: Message): string {
  const { document } = message;
  if (document !== undefined) {
    const size = document.file_size === undefined ? "" : `, ${document.file_size} bytes`;
    return `[document ${document.file_name ?? "without a name"}${size}]`;
  }
  if (message.photo !== undefined) {
    return "[photo]";
  }
  if (message.sticker !== undefined) {
    return "[sticker]";
  }
  return message.migrate_to_chat_id === undefined ? "" : "[became a supergroup]";
}

/**
 * One event as lines: `Anna: /help`, `Bot (edited): done`. Lines after the first are indented by six, and short names
 * are filled up to that, so that texts stand below each other.
 * @param botName - how the bot is called
 */
export function eventText(event: ChatEvent, botName = "Bot"): string {
  if (event.kind === "callback_answer") {
    return said(`${botName} (to the press)`, event.text);
  }
  const { kind, message } = event;
  const name = event.by === "bot" ? botName : authorName(message);
  switch (kind) {
    case "new":
      return said(name, messageText(message));
    case "edit":
    case "markup":
      return said(`${name} (edited)`, messageText(message));
    case "delete":
      return said(`${name} (deleted)`, messageText(message).split("\n")[0] ?? "");
    default:
      return kind satisfies never;
  }
}

export function authorName(message: Message): string {
  return message.from?.first_name ?? message.sender_chat?.title ?? "Channel";
}

function said(name: string, text: string): string {
  const [first = "", ...rest] = text.split("\n");
  const lines = [`${name}:`.padEnd(textIndent - 1) + ` ${first}`, ...rest.map(indented)];
  return lines.map((line) => line.trimEnd()).join("\n");
}

function indented(line: string): string {
  return " ".repeat(textIndent) + line;
}
