// Button presses that wait for an answer. Telegram takes one answer per press, and only for a short while.
import { randomInt } from "node:crypto";
import type { ChatEvent } from "./chat-events.ts";
import type { Feed } from "./feed.ts";
import { badRequest } from "./refusal.ts";

// Not documented; bots report between fifteen seconds and a minute. The strict end is taken.
const answerableMs = 15_000;
const answerCharactersMax = 200;

interface OpenQuery {
  readonly userId: number;
  readonly chatId: number;
  readonly endsAtMs: number;
}

/** The presses of one bot's buttons. */
export class CallbackQueries {
  readonly #now: () => number;
  readonly #events: Feed<ChatEvent>;
  readonly #open = new Map<string, OpenQuery>();

  /** @param now - milliseconds since 1970 */
  constructor(now: () => number, events: Feed<ChatEvent>) {
    this.#now = now;
    this.#events = events;
  }

  /** @returns the id of the new query */
  ask(userId: number, chatId: number): string {
    const id = `${randomInt(1_000_000_000)}${randomInt(1_000_000_000)}`;
    this.#open.set(id, { userId, chatId, endsAtMs: this.#now() + answerableMs });
    return id;
  }

  /** @throws a refusal when the query is unknown, answered already or too old, or the text over 200 characters */
  answer(queryId: string, text: string): void {
    const query = this.#open.get(queryId);
    if (query === undefined || query.endsAtMs < this.#now()) {
      throw badRequest("query is too old and response timeout expired or query ID is invalid");
    }
    if (text.length > answerCharactersMax) {
      throw badRequest("MESSAGE_TOO_LONG");
    }
    this.#open.delete(queryId);
    const { userId, chatId } = query;
    const at = this.#now();
    this.#events.append({ kind: "callback_answer", chatId, queryId, userId, text, at });
  }
}
