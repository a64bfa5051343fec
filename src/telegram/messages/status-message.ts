// One message of the bot that is edited as things go on: sent once, as an answer, then edited. Its last text arrives, by an
// edit or as a new message, unless nobody is there to read it.
import { setTimeout as wait } from "node:timers/promises";
import type { MessageReference } from "../../model/revision.ts";
import type { ReportTrouble } from "../../store/backing.ts";
import type { Place } from "../../store/journal.ts";
import { createBackoff } from "../api/backoff.ts";
import type { Mark, SentMessages } from "../api/sent-messages.ts";
import { edit, type Said, send, type Speaker } from "./say.ts";
import { once } from "../api/repeat-calls.ts";
import { callFailure, grammySignal } from "../api/telegram-api.ts";
import { startTimeLimit } from "../api/time-limit.ts";
import { goesOnBelow } from "../../words/outcome-words.ts";
import type { Keyboard } from "./keyboard.ts";

/** A stage's text is not worth more of the time that the next one waits. */
const stageTimeoutMs = 10_000;
/** The last text waits so long at the most for what was shown meanwhile. */
const meanwhileTimeoutMs = 3000;
const finalTimeoutMs = 15_000;
const backoffLimits = { firstMs: 500, maxMs: 60_000 };
/** With the backoff, the last text is tried for about an hour. */
const finalAttemptsMax = 70;

/** What telling something in a chat needs. */
export interface Chats extends Speaker {
  readonly botId: number;
  readonly sent: SentMessages;
  /** Told of texts that could not be shown. */
  readonly onTrouble: ReportTrouble;
}

export interface StatusMessageOptions extends Omit<Chats, "botId"> {
  /** Without a message yet, a new one is sent. */
  readonly place: Place;
  /** Whom it tells; undefined where that is not known any more. */
  readonly readerId: number | undefined;
  /** Told where it is now, whenever that changes. */
  readonly onShown?: (place: Place) => void;
}

export interface StatusMessage {
  /** Where it is now. */
  readonly place: Place;
  /** Tries once; does not reject. */
  showStage(text: Said): Promise<void>;
  /**
   * Edits it, if it is there: once, since another text soon follows. Does not reject.
   * @returns for how many milliseconds it is better left alone; Infinity where it cannot be edited any more
   */
  showMeanwhile(text: Said): Promise<number>;
  /** Tries until it arrived or nobody is there to read it; does not reject for what Telegram does. */
  showFinal(text: Said, keyboard: Keyboard | undefined): Promise<void>;
}

/** @param messageId - what is answered; null for nothing */
export function replyParameters(messageId: number | null) {
  if (messageId === null) return {};
  return { reply_parameters: { message_id: messageId, allow_sending_without_reply: true } };
}

/** Another bot's message is not there for this one, and its number may be that of something else: what is told there comes anew. */
function ownPlace(place: Place, botId: number): Place {
  const isOwn = (place.bot_id ?? botId) === botId;
  return isOwn ? place : { ...place, reply_to: null, message_id: null };
}

/**
 * Says there what something came to, as {@link StatusMessage.showFinal} does.
 * @param readerId - whom it tells in a group; undefined where that is not known any more
 * @returns the message that says so; undefined where none could
 */
export async function sayFinal(
  { botId, ...chats }: Chats,
  place: Place,
  readerId: number | undefined,
  said: Said,
  keyboard?: Keyboard,
): Promise<MessageReference | undefined> {
  const message = createStatusMessage({ ...chats, place: ownPlace(place, botId), readerId });
  await message.showFinal(said, keyboard);
  const { chat_id, message_id } = message.place;
  return message_id === null ? undefined : { bot_id: botId, chat_id, message_id };
}

const noAnswer = { kind: "again", afterMs: undefined } as const;

export function createStatusMessage(options: StatusMessageOptions): StatusMessage {
  const { sent, readerId, onShown, onTrouble } = options;
  let { place } = options;
  const before = sent.mark(place.chat_id);

  async function show(text: Said, limit: AbortSignal, keyboard?: Keyboard): Promise<void> {
    const { chat_id: chatId, reply_to: replyTo, message_id: messageId } = place;
    const signal = grammySignal(limit);
    const markup = keyboard === undefined ? {} : { keyboard };
    if (messageId !== null) {
      const shown = { chat_id: chatId, message_id: messageId, readerId };
      await edit(options, shown, text, markup, signal);
      return;
    }
    const other = { ...replyParameters(replyTo), ...markup };
    // Whatever it says, the last text follows below.
    sent.replaceable(signal);
    const message = await send(options, { chat_id: chatId, readerId }, text, other, signal);
    place = { ...place, message_id: message.message_id };
    onShown?.(place);
    if (before?.chatId === chatId) void pointFromLost(before, message.message_id);
  }

  /** Makes texts that were sent before, and whose answer was lost, say where it goes on. Does not reject. */
  async function pointFromLost(mark: Mark, messageId: number): Promise<void> {
    for (const lost of await sent.placesOfLost(mark, messageId)) {
      const limit = startTimeLimit(stageTimeoutMs);
      try {
        const shown = { chat_id: mark.chatId, message_id: lost, readerId };
        await edit(options, shown, goesOnBelow, {}, grammySignal(limit.signal));
      } catch (error) {
        // Another person's message, or another chat's: expected, for only one of these places need be it.
        if (callFailure(error).kind !== "refused")
          onTrouble("pointing to an upload's message", error);
      } finally {
        limit.clear();
      }
    }
  }

  return {
    get place() {
      return place;
    },
    async showStage(text) {
      const limit = startTimeLimit(stageTimeoutMs);
      try {
        await show(text, limit.signal);
      } catch (error) {
        onTrouble("showing an upload's progress", error);
      } finally {
        limit.clear();
      }
    },
    async showMeanwhile(text) {
      if (place.message_id === null) return 0;
      const limit = startTimeLimit(meanwhileTimeoutMs);
      try {
        await show(text, once(limit.signal));
        return 0;
      } catch (error) {
        const failure = limit.isOver ? noAnswer : callFailure(error);
        if (failure.kind === "not_modified") return 0;
        onTrouble("showing how far an upload is", error);
        return failure.kind === "again" ? (failure.afterMs ?? 0) : Infinity;
      } finally {
        limit.clear();
      }
    },
    async showFinal(text, keyboard) {
      const pauses = createBackoff(backoffLimits);
      for (let attempt = 1; attempt <= finalAttemptsMax; attempt += 1) {
        const limit = startTimeLimit(finalTimeoutMs);
        try {
          await show(text, limit.signal, keyboard);
          return;
        } catch (error) {
          const failure = limit.isOver ? noAnswer : callFailure(error);
          if (failure.kind === "not_modified") return;
          onTrouble("telling how an upload ended", error);
          if (failure.kind === "blocked") return;
          if (failure.kind === "moved") place = { ...place, chat_id: failure.chatId };
          if (failure.kind !== "again") {
            // It cannot be edited, or its chat is another one now. If not even a new message is taken, nothing helps.
            if (place.message_id === null && failure.kind === "refused") return;
            place = { ...place, message_id: null };
            continue;
          }
          await wait(Math.max(failure.afterMs ?? 0, pauses.nextMs()));
        } finally {
          limit.clear();
        }
      }
    },
  };
}
