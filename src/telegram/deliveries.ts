// Documents on their way in: written to the journal before Telegram is told that they arrived, and given to the handlers once,
// whatever Telegram delivers again and whenever the process was killed.
import type { Message, Update } from "grammy/types";
import type { Delivery, Journal } from "../store/local/journal.ts";

export interface Deliveries {
  /** Writes down the documents among these updates. @returns what is to be handled: all but what was delivered before */
  take(updates: readonly Update[]): Promise<readonly Update[]>;
  /** Hands one update to the bot, and notes that this was done. */
  handle(update: Update): Promise<void>;
  /** What the process before this one took and did not look at. */
  handleUnhandled(): Promise<void>;
}

export interface DeliveriesOptions {
  readonly journal: Journal;
  /** Whose documents matter. */
  readonly isAdmin: (userId: number) => boolean;
  readonly handle: (update: Update) => Promise<void>;
  /** Takes the bot's token out of a text. */
  readonly clean: (text: string) => string;
  /** Tells a person that a document of theirs was lost on the way. */
  readonly tellLost: (chatId: number, messageId: number) => Promise<void>;
  readonly onTrouble: (what: string, error: unknown) => void;
}

export function createDeliveries({
  journal,
  isAdmin,
  handle,
  clean,
  tellLost,
  onTrouble,
}: DeliveriesOptions): Deliveries {
  const keyOf = (update: Update): string | undefined => {
    const message = documentMessage(update);
    return message !== undefined && isAdmin(message.from.id) ? deliveryKey(message) : undefined;
  };

  /** A token that somebody typed goes no further: not into an answer, the history or a file of state. */
  function withoutToken(update: Update): Update {
    const text = JSON.stringify(update);
    const cleaned = clean(text);
    return cleaned === text ? update : (JSON.parse(cleaned) as Update);
  }

  async function handleAndNote(update: Update): Promise<void> {
    const key = keyOf(update);
    try {
      await handle(update);
    } finally {
      if (key !== undefined) journal.handled(key);
    }
  }

  async function handleOnceMore({ key, delivery, again }: Journal["unhandled"][number]) {
    // Only what take() wrote is in the journal: an update as Telegram sent it.
    const update = delivery as Update;
    const message = documentMessage(update);
    if (message === undefined) {
      journal.handled(key);
    } else if (again) {
      // It may be what ended the process twice.
      await tellLost(message.chat.id, message.message_id);
      journal.handled(key);
    } else {
      await journal.handlesAgain(key);
      await handleAndNote(update);
    }
  }

  return {
    async take(updates) {
      const fresh: Update[] = [];
      const documents: Delivery[] = [];
      for (const update of updates.map(withoutToken)) {
        const key = keyOf(update);
        if (key !== undefined && journal.knows(key)) continue;
        fresh.push(update);
        if (key !== undefined) documents.push({ key, delivery: update });
      }
      try {
        await journal.delivered(documents);
      } catch (error) {
        // The admins are better served by a bot that answers: what they send is refused while the disk refuses.
        onTrouble("writing down what arrived", error);
      }
      return fresh;
    },
    handle: handleAndNote,
    async handleUnhandled() {
      for (const each of journal.unhandled) {
        try {
          await handleOnceMore(each);
        } catch (error) {
          onTrouble("handling a document from before the restart", error);
        }
      }
    },
  };
}

type DocumentMessage = Message & { readonly from: NonNullable<Message["from"]> };

function documentMessage({ message }: Update): DocumentMessage | undefined {
  if (message?.document === undefined || message.from === undefined) return undefined;
  return message.sender_chat === undefined ? { ...message, from: message.from } : undefined;
}

function deliveryKey({ chat, message_id: messageId }: Message): string {
  return `document:${chat.id}:${messageId}`;
}
