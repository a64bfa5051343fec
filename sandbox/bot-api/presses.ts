// Button presses by people, and finding what they press.
import type { Message, User } from "grammy/types";
import { messageText } from "./chat-events.ts";
import type { ChatRecord } from "./chats.ts";
import type { World } from "./world.ts";

/** A button press under way. */
export interface Press {
  readonly queryId: string;
  /** Undefined when `allowed_updates` leaves presses out. */
  readonly updateId: number | undefined;
  /** Resolves once the bot answers; rejects after ten seconds. */
  readonly answered: Promise<{ readonly text: string }>;
}

/**
 * The callback data behind the button with this label.
 * @throws when the message has no such button now
 */
export function findButton(world: World, message: Message, label: string): string {
  const standing = findStanding(world, message);
  const buttons = standing.reply_markup?.inline_keyboard.flat() ?? [];
  const button = buttons.find(({ text }) => text === label);
  if (button === undefined || !("callback_data" in button)) {
    throw new Error(`no button "${label}" to press below this message:\n${messageText(standing)}`);
  }
  return button.callback_data;
}

/** Queues a press of a button with this data, whether or not the message has one. */
export function pressButton(world: World, account: User, message: Message, data: string): Press {
  const standing = findStanding(world, message);
  const chatId = message.chat.id;
  const queryId = world.queries.ask(account.id, chatId);
  const since = world.events.cursor();
  const updateId = world.updates.push("callback_query", {
    id: queryId,
    from: account,
    message: standing,
    chat_instance: String(chatId),
    data,
  });
  const answered = world.events.waitFor(
    (event) =>
      event.kind === "callback_answer" && event.queryId === queryId
        ? { text: event.text }
        : undefined,
    { since, describe: () => `for an answer to the press of ${data} in chat ${chatId}` },
  );
  // Whoever does not care for the answer must not be struck by its absence.
  answered.catch(() => {});
  return { queryId, updateId, answered };
}

/** The chat that a message stands in. */
export function findRecord(world: World, message: Message): ChatRecord {
  const record = world.chats.find(message.chat.id);
  if (record === undefined) {
    throw new Error(`there is no chat ${message.chat.id}`);
  }
  return record;
}

/**
 * A message as it is now.
 * @throws when it is not in its chat any more
 */
export function findStanding(world: World, message: Message): Message {
  const stored = findRecord(world, message).messages.get(message.message_id);
  if (stored === undefined) {
    throw new Error(`message ${message.message_id} is not in the chat any more`);
  }
  return stored.message;
}
