// Documents on their way in: written to the journal before Telegram is told that they arrived, and given to the handlers once,
// whatever Telegram delivers again and however often the process was killed.
import type { Message, Update } from "grammy/types";
import type { MessageReference } from "../../model/revision.ts";
import {
  type Delivery,
  documentKey,
  type Journal,
  type UnhandledDelivery,
} from "../../store/journal.ts";

/** A document from before this start that is not to be handled like one that has just arrived. */
export interface Leftover {
  /**
   * `taken`: what becomes of it is told elsewhere, and only the question that it answered is to be closed.
   * `given_up`: it never began, and is not tried a third time. `foreign`: nor was it sent to this bot, which cannot fetch it.
   */
  readonly kind: "taken" | "given_up" | "foreign";
}

export interface Deliveries {
  /**
   * Writes down the documents among these updates.
   * @returns what is to be handled, in this order: the first time what earlier processes left, then all but what was delivered before
   */
  take(updates: readonly Update[]): Promise<readonly Update[]>;
  /** Hands one update to the bot, and notes that this was done. */
  handle(update: Update): Promise<void>;
}

export interface DeliveriesOptions {
  readonly journal: Journal;
  readonly botId: number;
  /** Whose documents matter. */
  readonly isAdmin: (userId: number) => boolean;
  /** Whether a line of history came in this message. */
  readonly isInHistory: (message: MessageReference) => boolean;
  /** Resolves when its sender was told, as far as that is for the handler to do. */
  readonly handle: (update: Update, leftover: Leftover | undefined) => Promise<void>;
  /** Takes the bot's token out of a text. */
  readonly clean: (text: string) => string;
  readonly onTrouble: (what: string, error: unknown) => void;
}

export function createDeliveries({
  journal,
  botId,
  isAdmin,
  isInHistory,
  handle,
  clean,
  onTrouble,
}: DeliveriesOptions): Deliveries {
  let unhandled = journal.unhandled;
  const fromBefore = new Map<Update, { readonly key: string; readonly leftover?: Leftover }>();

  const referenceOf = ({ chat, message_id: messageId }: Message): MessageReference => ({
    chat_id: chat.id,
    message_id: messageId,
    bot_id: botId,
  });
  const documentOf = (update: Update): MessageReference | undefined => {
    const message = documentMessage(update);
    return message !== undefined && isAdmin(message.from.id) ? referenceOf(message) : undefined;
  };

  /** A token that somebody typed goes no further: not into an answer, the history or a file of state. */
  function withoutToken(update: Update): Update {
    const text = JSON.stringify(update);
    const cleaned = clean(text);
    return cleaned === text ? update : (JSON.parse(cleaned) as Update);
  }

  function leftoverOf(
    message: Message,
    { bot_id: sentTo, again, begun }: UnhandledDelivery,
  ): Leftover | undefined {
    if (begun || isInHistory({ ...referenceOf(message), bot_id: sentTo ?? botId })) {
      return { kind: "taken" };
    }
    if (sentTo !== undefined && sentTo !== botId) return { kind: "foreign" };
    // It may be what ended the process twice.
    return again ? { kind: "given_up" } : undefined;
  }

  /** Those that are tried once more are marked as such before the first of them is. */
  async function takeUnhandled(): Promise<readonly Update[]> {
    const taken: Update[] = [];
    const marking: Promise<void>[] = [];
    for (const each of unhandled) {
      // Only what take() wrote is in the journal: an update as Telegram sent it.
      const update = each.delivery as Update;
      const { key } = each;
      const message = documentMessage(update);
      if (message === undefined) {
        journal.handled(key);
        continue;
      }
      const leftover = leftoverOf(message, each);
      fromBefore.set(update, leftover === undefined ? { key } : { key, leftover });
      taken.push(update);
      if (leftover === undefined) marking.push(journal.handlesAgain(key));
    }
    unhandled = [];
    try {
      await Promise.all(marking);
    } catch (error) {
      onTrouble("marking documents from before the restart", error);
    }
    return taken;
  }

  async function takeFresh(updates: readonly Update[]): Promise<readonly Update[]> {
    const fresh: Update[] = [];
    const documents: Delivery[] = [];
    for (const update of updates.map(withoutToken)) {
      const document = documentOf(update);
      const key = document === undefined ? undefined : documentKey(document);
      const isKnown =
        document !== undefined &&
        key !== undefined &&
        (journal.knows(key) || isInHistory(document));
      if (isKnown) continue;
      fresh.push(update);
      if (key !== undefined) documents.push({ key, bot_id: botId, delivery: update });
    }
    try {
      await journal.delivered(documents);
    } catch (error) {
      // The admins are better served by a bot that answers: what they send is refused while the disk refuses.
      onTrouble("writing down what arrived", error);
    }
    return fresh;
  }

  return {
    async take(updates) {
      // What is delivered again is told apart from what is left over by the journal, which knows of both.
      const fresh = await takeFresh(updates);
      return unhandled.length === 0 ? fresh : [...(await takeUnhandled()), ...fresh];
    },
    async handle(update) {
      const before = fromBefore.get(update);
      fromBefore.delete(update);
      const document = documentOf(update);
      const key = before?.key ?? (document === undefined ? undefined : documentKey(document));
      try {
        await handle(update, before?.leftover);
      } finally {
        if (key !== undefined) journal.handled(key);
      }
    },
  };
}

type DocumentMessage = Message & { readonly from: NonNullable<Message["from"]> };

function documentMessage({ message }: Update): DocumentMessage | undefined {
  if (message?.document === undefined || message.from === undefined) return undefined;
  return message.sender_chat === undefined ? { ...message, from: message.from } : undefined;
}
