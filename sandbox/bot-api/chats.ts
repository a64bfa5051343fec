// The chats, who is in them and what stands in them. Everything that changes what a chat shows goes through here, and
// so into the event feed. Knows nothing of HTTP or of updates.
import type { Chat, Message, User } from "grammy/types";
import type { ChatEvent, MessageEvent } from "./chat-events.ts";
import type { Feed } from "./feed.ts";
import { badRequest, forbidden } from "./refusal.ts";

const messagesPerChatMax = 10_000;

/** A message and what its JSON does not tell. Replaced on an edit, never changed. */
export interface StoredMessage {
  readonly message: Message;
  readonly byBot: boolean;
  /** It was sent with a reply keyboard or forced reply; Telegram refuses to edit such a message. */
  readonly hadReplyKeyboard: boolean;
}

/** How the bot stands in a chat: a `stranger` may not write to that person first. */
export type BotStanding = "member" | "stranger" | "blocked";

/** One chat. A private chat's id is the person's id. */
export interface ChatRecord {
  readonly chat: Chat;
  readonly messages: Map<number, StoredMessage>;
  readonly members: Map<number, User>;
  /** In a group: the bot sees only commands, replies to itself and mentions of itself. */
  readonly privacy: boolean;
  botStanding: BotStanding;
  migratedTo: number | undefined;
}

/** A message before Telegram has numbered and dated it. */
export type MessageDraft = Omit<Message, "message_id" | "date" | "chat">;

/** Who posts, and what the message's JSON does not tell of it. */
export interface PostedBy {
  readonly by: "bot" | "user";
  readonly hadReplyKeyboard?: boolean;
}

/** All chats that one bot has to do with. */
export class Chats {
  readonly #now: () => number;
  readonly #events: Feed<ChatEvent>;
  readonly #records = new Map<number, ChatRecord>();
  readonly #lastMessageIds = new Map<number, number>();

  /** @param now - milliseconds since 1970 */
  constructor(now: () => number, events: Feed<ChatEvent>) {
    this.#now = now;
    this.#events = events;
  }

  add(
    chat: Chat,
    botStanding: BotStanding,
    options: { privacy?: boolean; members?: readonly User[] } = {},
  ): ChatRecord {
    const record: ChatRecord = {
      chat,
      messages: new Map(),
      members: new Map((options.members ?? []).map((member) => [member.id, member])),
      privacy: options.privacy ?? false,
      botStanding,
      migratedTo: undefined,
    };
    this.#records.set(chat.id, record);
    return record;
  }

  find(chatId: number): ChatRecord | undefined {
    return this.#records.get(chatId);
  }

  /** Seconds since 1970, as Telegram dates things. */
  date(): number {
    return Math.floor(this.#now() / 1_000);
  }

  /**
   * The chat that an API call names, when the bot knows it.
   * @param chatId - the parameter as text
   * @throws the refusal that Telegram gives when it is missing, unknown or has become a supergroup
   */
  open(chatId: string): ChatRecord {
    if (chatId.trim() === "") {
      throw badRequest("chat_id is empty");
    }
    const record = this.#records.get(Number(chatId));
    if (record === undefined) {
      throw badRequest("chat not found");
    }
    if (record.migratedTo !== undefined) {
      throw badRequest("group chat was upgraded to a supergroup chat", {
        migrate_to_chat_id: record.migratedTo,
      });
    }
    return record;
  }

  /** Like {@link open}, for calls that only read: there, a person who never wrote to the bot is unknown. */
  openKnown(chatId: string): ChatRecord {
    const record = this.open(chatId);
    if (record.botStanding === "stranger") {
      throw badRequest("chat not found");
    }
    return record;
  }

  /** Like {@link open}, for calls that write: also refused where the bot may not. */
  openForWriting(chatId: string): ChatRecord {
    const record = this.open(chatId);
    switch (record.botStanding) {
      case "member":
        return record;
      case "stranger":
        throw forbidden("bot can't initiate conversation with a user");
      case "blocked":
        throw forbidden("bot was blocked by the user");
      default:
        return record.botStanding satisfies never;
    }
  }

  post(record: ChatRecord, draft: MessageDraft, { by, hadReplyKeyboard }: PostedBy): Message {
    const id = this.#nextMessageId(record.chat);
    const message: Message = { message_id: id, date: this.date(), chat: record.chat, ...draft };
    record.messages.set(id, {
      message,
      byBot: by === "bot",
      hadReplyKeyboard: hadReplyKeyboard ?? false,
    });
    const [oldest] = record.messages.keys();
    if (record.messages.size > messagesPerChatMax && oldest !== undefined) {
      record.messages.delete(oldest);
    }
    this.#tell("new", message, by);
    return message;
  }

  /** Puts `message` where the one with its id stands. */
  replace(record: ChatRecord, message: Message, kind: "edit" | "markup"): Message {
    const stored = record.messages.get(message.message_id);
    if (stored === undefined) {
      throw new Error(`replace: chat ${record.chat.id} has no message ${message.message_id}`);
    }
    record.messages.set(message.message_id, { ...stored, message });
    this.#tell(kind, message, stored.byBot ? "bot" : "user");
    return message;
  }

  /** Takes away what a person deletes. */
  remove(record: ChatRecord, messageId: number): void {
    const stored = record.messages.get(messageId);
    if (stored !== undefined) {
      record.messages.delete(messageId);
      this.#tell("delete", stored.message, "user");
    }
  }

  // Private chats and basic groups count together, as one account's messages; supergroups and channels each alone.
  #nextMessageId(chat: Chat): number {
    const counter = chat.type === "supergroup" || chat.type === "channel" ? chat.id : 0;
    const id = (this.#lastMessageIds.get(counter) ?? 0) + 1;
    this.#lastMessageIds.set(counter, id);
    return id;
  }

  #tell(kind: MessageEvent["kind"], message: Message, by: "bot" | "user"): void {
    this.#events.append({ kind, chatId: message.chat.id, message, at: this.#now(), by });
  }
}
