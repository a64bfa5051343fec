// A command, in a text or a caption: the one place that reads them, so that who may and what is done are never about two
// different commands. It goes by the text alone. The entities that come with it are the sender's or a server's word for the same.
import type { Message } from "grammy/types";

export interface Command {
  /** Without the slash and the bot's name: `set_fees`. For another bot, with that one's name. */
  readonly name: string;
  /** What is said beyond it. */
  readonly rest: string;
  /** Meant for this bot and no other: it is named, or the chat is private. */
  readonly isAddressed: boolean;
  /** Meant for another bot, which is named. */
  readonly isOthers: boolean;
}

// As Telegram's own clients and servers find commands: `match_bot_commands` in tdlib's MessageEntity.cpp. What goes on behind a
// command may be set off from it by a colon or a comma.
const pattern = /^\/(\w{1,64})(?:@(\w{1,32}))?(?![\p{L}\p{N}_/<>])[:,]?/u;

/**
 * The command that a message begins with.
 * @returns undefined where it begins with none, and in what its sender did not write: see {@link ownWords}
 */
export function commandOf(
  message: Message,
  bot: { readonly username: string },
): Command | undefined {
  const text = ownWords(message);
  const match = pattern.exec(text);
  const [whole, name, username] = match ?? [];
  if (whole === undefined || name === undefined) return undefined;
  const isNamed = username?.toLowerCase() === bot.username.toLowerCase();
  const isOthers = username !== undefined && !isNamed;
  return {
    name: isOthers ? `${name}@${username}` : name,
    rest: text.slice(whole.length).trimStart(),
    isAddressed: isNamed || message.chat.type === "private",
    isOthers,
  };
}

/**
 * What the sender of a message wrote: its text or caption. Nothing where the words are somebody else's, forwarded or made by an
 * inline bot: those neither command nor give a reason.
 */
export function ownWords(message: Message): string {
  return isOthersWork(message) ? "" : (message.text ?? message.caption ?? "");
}

/** Before version 7.0 of the Bot API a forwarded message had other fields: https://core.telegram.org/bots/api-changelog */
const othersFields = [
  "forward_origin",
  "forward_from",
  "forward_from_chat",
  "forward_sender_name",
  "forward_date",
  "via_bot",
];

/** Whether it was forwarded, from whomever, or made by an inline bot. */
export function isOthersWork(message: Message): boolean {
  return othersFields.some((field) => Object.hasOwn(message, field));
}
