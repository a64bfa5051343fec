// Which messages of a chat are whose. Where the answer to a sent text is lost, nobody says which message it became; but it stands
// somewhere between what was there before and what came after it, and all else there is known.
import { type Api, GrammyError, type Transformer } from "grammy";
import type { Update } from "grammy/types";

/** So many chats, and messages of each, are remembered; the oldest are forgotten first. */
const chatsMax = 1000;
const messagesMax = 1000;
/** Where more stands in between, the lost one is not looked for: each place costs a call. */
const placesMax = 20;
/** Answers below this say that nothing was sent. */
const serverErrorMin = 500;

interface Chat {
  readonly known: Set<number>;
  /** The highest number that this process has seen here; all that the bot sends from now on comes after it. */
  newest: number;
  readonly sending: Set<Promise<unknown>>;
  /** Sends without an answer: of texts that may be written over, and of others. */
  readonly lost: { replaceable: number; other: number };
}

/** A point in the life of a chat. */
export interface Mark {
  readonly chatId: number;
  readonly newest: number;
  readonly lost: Readonly<Chat["lost"]>;
}

export interface SentMessages {
  /** Notes what people have just sent. Not what an earlier process took: since then that one may have sent anything. */
  came(updates: readonly Update[]): void;
  /** Says of a call that its text may be written over, should its answer be lost. @param signal - the call's own */
  replaceable(signal: object): void;
  /** @returns undefined in a chat of which nothing is known */
  mark(chatId: number): Mark | undefined;
  /**
   * Where the texts may stand that were lost since the mark and before this message. Resolves when no call is under way that could
   * have become one of these.
   * @returns none where one of them might be something that must not be written over
   */
  placesOfLost(mark: Mark, messageId: number): Promise<readonly number[]>;
}

/** Watches what this client sends: install it before what tries calls again, so that each attempt is seen. */
export function watchSentMessages(api: Api): SentMessages {
  const chats = new Map<number, Chat>();
  const replaceable = new WeakSet<object>();

  function chatOf(chatId: number): Chat {
    const chat = chats.get(chatId) ?? {
      known: new Set(),
      newest: 0,
      sending: new Set(),
      lost: { replaceable: 0, other: 0 },
    };
    chats.delete(chatId);
    chats.set(chatId, chat);
    forgetOldest(chats, chatsMax);
    return chat;
  }

  function note(chatId: number, messageId: number): void {
    const chat = chatOf(chatId);
    chat.known.add(messageId);
    forgetOldest(chat.known, messagesMax);
    chat.newest = Math.max(chat.newest, messageId);
  }

  const watching: Transformer = async (previous, method, payload, signal) => {
    const chatId: unknown = Reflect.get(payload, "chat_id");
    const sends = method.startsWith("send");
    if (!sends || typeof chatId !== "number") return previous(method, payload, signal);
    const chat = chatOf(chatId);
    const lose = (): void => {
      const mayBeReplaced = signal !== undefined && replaceable.has(signal);
      chat.lost[mayBeReplaced ? "replaceable" : "other"] += 1;
    };
    const call = previous(method, payload, signal);
    chat.sending.add(call);
    try {
      const answer = await call;
      if (!answer.ok && answer.error_code >= serverErrorMin) lose();
      const messageId: unknown = answer.ok ? Reflect.get(Object(answer.result), "message_id") : 0;
      if (answer.ok && typeof messageId === "number") note(chatId, messageId);
      return answer;
    } catch (error) {
      if (!(error instanceof GrammyError)) lose();
      throw error;
    } finally {
      chat.sending.delete(call);
    }
  };
  api.config.use(watching);

  return {
    came(updates) {
      for (const { message } of updates) {
        if (message !== undefined) note(message.chat.id, message.message_id);
      }
    },
    replaceable: (signal) => void replaceable.add(signal),
    mark(chatId) {
      const chat = chats.get(chatId);
      if (chat === undefined || chat.newest === 0) return undefined;
      return { chatId, newest: chat.newest, lost: { ...chat.lost } };
    },
    async placesOfLost({ chatId, newest, lost }, messageId) {
      const chat = chatOf(chatId);
      await Promise.allSettled(chat.sending);
      const isSafe = chat.lost.other === lost.other && chat.lost.replaceable > lost.replaceable;
      if (!isSafe || messageId - newest > placesMax) return [];
      const between = Array.from(
        { length: Math.max(0, messageId - newest - 1) },
        (_, index) => newest + 1 + index,
      );
      return between.filter((place) => !chat.known.has(place));
    },
  };
}

function forgetOldest<Key>(
  collection: { readonly size: number; keys(): Iterable<Key>; delete(key: Key): boolean },
  sizeMax: number,
): void {
  for (const oldest of collection.keys()) {
    if (collection.size <= sizeMax) break;
    collection.delete(oldest);
  }
}
