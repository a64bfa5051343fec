// A chat as one looks at it: what stands there, what happened, and waiting for what should.
import type { Message } from "grammy/types";
import { eventText, type MessageEvent } from "./chat-events.ts";
import type { World } from "./world.ts";

/** How long to wait in a chat, and from where on. */
interface ChatWaitOptions {
  /** Only what came at or after this {@link ChatView.cursor} counts. Default: all that is kept. */
  readonly since?: number;
  /** Default 10,000. */
  readonly timeoutMs?: number;
}

/** Looks at one chat; a wait in vain throws an error that prints the whole chat. */
export interface ChatView {
  readonly chatId: number;
  /** What stands in the chat now, oldest first. */
  messages(): readonly Message[];
  /** All that happened in the chat, a few lines each. */
  transcript(): string;
  /** The place in the event feed where the next event will stand. */
  cursor(): number;
  /** The first message, new or edited, that `isIt` accepts, as it was then. */
  waitFor(
    isIt: (message: Message, event: MessageEvent) => boolean,
    options?: ChatWaitOptions,
  ): Promise<Message>;
  /** The first message of the bot whose text or caption contains `text`, or matches it. */
  waitForText(text: string | RegExp, options?: ChatWaitOptions): Promise<Message>;
}

/** @param chatId - asked anew each time, since a group that becomes a supergroup changes it */
export function viewChat(world: World, chatId: () => number): ChatView {
  const view: ChatView = {
    chatId: chatId(),
    messages: () =>
      [...(world.chats.find(chatId())?.messages.values() ?? [])].map((stored) => stored.message),
    transcript: () =>
      world.events.entries
        .filter((event) => event.chatId === chatId())
        .map((event) => eventText(event))
        .join("\n"),
    cursor: () => world.events.cursor(),
    waitFor: (isIt, options = {}) =>
      world.events.waitFor(
        (event) =>
          event.kind !== "callback_answer" &&
          event.kind !== "delete" &&
          event.chatId === chatId() &&
          isIt(event.message, event)
            ? event.message
            : undefined,
        { ...options, describe: () => `the chat ${chatId()}:\n${view.transcript()}` },
      ),
    waitForText: async (text, options) => {
      try {
        return await view.waitFor(
          (message, event) =>
            event.by === "bot" && contains(message.text ?? message.caption ?? "", text),
          options,
        );
      } catch (cause) {
        throw new Error(`the bot never said ${String(text)}`, { cause });
      }
    },
  };
  return view;
}

function contains(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);
}
