// Messages from people on their way in: how Telegram writes them, and whether the bot gets to see them.
import { randomInt } from "node:crypto";
import type { Chat, Message, MessageEntity, User } from "grammy/types";
import type { ChatRecord, MessageDraft } from "./chats.ts";
import { plainText } from "./message-text.ts";
import { quotable } from "./send-methods.ts";
import type { UpdateKind } from "./updates.ts";
import type { World } from "./world.ts";

/** Who Telegram says wrote the messages of an anonymous admin, and of a channel in a group. */
const groupAnonymousBot: User = {
  id: 1_087_968_824,
  is_bot: true,
  first_name: "Group",
  username: "GroupAnonymousBot",
};
const channelBot: User = {
  id: 136_817_688,
  is_bot: true,
  first_name: "Channel",
  username: "Channel_Bot",
};

/** A group or channel as a place to write to. */
export interface Place {
  readonly record: ChatRecord;
}

/** How a message is sent; by default plainly, in the private chat with the bot. */
export interface SendOptions {
  readonly in?: Place;
  readonly replyTo?: Message;
  /** The author of what is forwarded; a text is the name of one who hides the account. */
  readonly forwardFrom?: User | string;
  /** What else Telegram says of the message, such as another origin of what is forwarded, or a topic. */
  readonly fields?: Partial<Message>;
  /** In a group: written by the group itself. */
  readonly asAnonymousAdmin?: true;
  /** In a group: written in the name of this channel. */
  readonly asChannel?: Place;
}

/** How a document is sent. `null` leaves the field out of the message. */
export interface UploadOptions extends SendOptions {
  readonly caption?: string;
  /** Default `application/x-yaml`. */
  readonly mimeType?: string | null;
  /** Default the true length of `bytes`; another number is a lie. */
  readonly fileSize?: number | null;
  /** What a download yields, where that is not what was declared. */
  readonly actualBytes?: Uint8Array;
}

/** The fields of a text. */
export function textFields(text: string): { text: string; entities?: MessageEntity[] } {
  const formatted = plainText(text);
  return {
    text: formatted.text,
    ...(formatted.entities.length > 0 ? { entities: [...formatted.entities] } : {}),
  };
}

/** The fields of a caption; none for no caption. */
export function captionFields(caption: string | undefined): {
  caption?: string;
  caption_entities?: MessageEntity[];
} {
  const formatted = plainText(caption ?? "");
  return {
    ...(formatted.text === "" ? {} : { caption: formatted.text }),
    ...(formatted.entities.length > 0 ? { caption_entities: [...formatted.entities] } : {}),
  };
}

/** The fields of a document; it is stored. */
export function documentFields(
  world: World,
  name: string | undefined,
  bytes: Uint8Array,
  options: UploadOptions = {},
): Pick<Message, "document"> {
  const size = options.fileSize === undefined ? bytes.length : (options.fileSize ?? undefined);
  const file = world.files.add(options.actualBytes ?? bytes, name, size);
  const mimeType = options.mimeType === undefined ? "application/x-yaml" : options.mimeType;
  return {
    document: {
      file_id: file.id,
      file_unique_id: file.uniqueId,
      ...(name === undefined ? {} : { file_name: name }),
      ...(mimeType === null ? {} : { mime_type: mimeType }),
      ...(size === undefined ? {} : { file_size: size }),
    },
  };
}

/** The fields of a photo; a few bytes that are no picture. */
export function photoFields(world: World): Pick<Message, "photo"> {
  const file = world.files.add(Buffer.from("photo"), undefined, 5);
  return {
    photo: [{ file_id: file.id, file_unique_id: file.uniqueId, width: 90, height: 90 }],
  };
}

/** The fields of a sticker; a few bytes that are no picture. */
export function stickerFields(world: World): Pick<Message, "sticker"> {
  const file = world.files.add(Buffer.from("sticker"), undefined, 7);
  return {
    sticker: {
      file_id: file.id,
      file_unique_id: file.uniqueId,
      type: "regular",
      width: 512,
      height: 512,
      is_animated: false,
      is_video: false,
    },
  };
}

/** An id for the messages of one album. */
export function makeMediaGroupId(): string {
  return String(randomInt(10_000_000_000, 99_999_999_999));
}

/** Posts what `author` wrote and queues the update, if the bot may see it. */
export function postFromPerson(
  world: World,
  author: User,
  record: ChatRecord,
  content: MessageDraft,
  options: SendOptions,
): Message {
  const draft: MessageDraft = {
    ...authorFields(author, record.chat, options),
    ...(options.replyTo === undefined ? {} : { reply_to_message: quotable(options.replyTo) }),
    ...forwardFields(options.forwardFrom, world.chats.date()),
    ...content,
    ...options.fields,
  };
  const message = world.chats.post(record, draft, { by: "user" });
  deliver(world, record, "message", message);
  return message;
}

/** Queues an update about a message, unless the group's privacy mode or a kick keeps the bot from seeing it. */
export function deliver(
  world: World,
  record: ChatRecord,
  kind: UpdateKind,
  message: Message,
): void {
  if (record.botStanding === "member" && (!record.privacy || isForBot(world, message))) {
    world.updates.push(kind, message);
  }
}

function authorFields(author: User, chat: Chat, options: SendOptions): Partial<Message> {
  if (options.asAnonymousAdmin === true) {
    return { from: groupAnonymousBot, sender_chat: chat };
  }
  if (options.asChannel !== undefined) {
    return { from: channelBot, sender_chat: options.asChannel.record.chat };
  }
  return { from: author };
}

function forwardFields(from: User | string | undefined, date: number): Partial<Message> {
  if (from === undefined) {
    return {};
  }
  return {
    forward_origin:
      typeof from === "string"
        ? { type: "hidden_user", date, sender_user_name: from }
        : { type: "user", date, sender_user: from },
  };
}

// https://core.telegram.org/bots/features#privacy-mode (read 2026): commands to no one else, replies, mentions and
// service messages.
function isForBot(world: World, message: Message): boolean {
  const text = message.text ?? message.caption;
  if (message.reply_to_message?.from?.id === world.bot.id) {
    return true;
  }
  if (text === undefined) {
    return message.migrate_to_chat_id !== undefined || message.migrate_from_chat_id !== undefined;
  }
  const ownName = world.bot.username.toLowerCase();
  const command = /^\/\w+(?:@(\w+))?/.exec(text);
  if (command !== null && (command[1] === undefined || command[1].toLowerCase() === ownName)) {
    return true;
  }
  return text.toLowerCase().includes(`@${ownName}`) && command === null;
}
