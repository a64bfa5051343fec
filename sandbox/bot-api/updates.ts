// The queue of updates and the one poller that may wait at it, as getUpdates promises it.
import { randomInt } from "node:crypto";
import { Refusal } from "./refusal.ts";

const pollLimitMax = 100;
const pollTimeoutSecondsMax = 50;
const redeliverableMax = 1_000;
/** Telegram takes an offset further behind its newest update for one that it does not know, and answers from the head (tdlib, TQueue.cpp). */
const offsetBeyondMax = 10;

/** The kinds of update that this server makes. */
export type UpdateKind =
  | "message"
  | "edited_message"
  | "channel_post"
  | "edited_channel_post"
  | "callback_query"
  | "my_chat_member";

/** One update as it goes over the wire: beside its id, one field named after its kind. */
export type WireUpdate = { readonly update_id: number } & Readonly<Record<string, unknown>>;

interface Queued {
  readonly update: WireUpdate;
  // True from a redelivery to its next delivery: no offset confirms it before.
  mustDeliver: boolean;
}

interface WaitingPoll {
  readonly limit: number;
  readonly resolve: (updates: readonly WireUpdate[]) => void;
  readonly reject: (refusal: Refusal) => void;
}

/** The parameters of getUpdates; `allowed` undefined leaves the last list in force, an empty one means the default. */
export interface Poll {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutSeconds: number;
  readonly allowed: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/** Updates wait here until a poll with a higher offset confirms them. */
export class Updates {
  readonly #redeliverable = new Map<number, WireUpdate>();
  #queue: Queued[] = [];
  #nextId = randomInt(100_000_000, 900_000_000);
  #allowed: ReadonlySet<string> = new Set();
  #waiting: WaitingPoll | undefined;

  /** Updates not yet confirmed. */
  get pending(): readonly WireUpdate[] {
    return this.#queue.map((queued) => queued.update);
  }

  /** @returns the update's id, or undefined when `allowed_updates` leaves this kind out */
  push(kind: UpdateKind, content: unknown): number | undefined {
    if (this.#allowed.size > 0 && !this.#allowed.has(kind)) {
      return undefined;
    }
    const update: WireUpdate = { update_id: this.#nextId, [kind]: content };
    this.#nextId += 1;
    this.#redeliverable.set(update.update_id, update);
    const [oldest] = this.#redeliverable.keys();
    if (this.#redeliverable.size > redeliverableMax && oldest !== undefined) {
      this.#redeliverable.delete(oldest);
    }
    this.#queue.push({ update, mustDeliver: false });
    this.#wakeWaiting();
    return update.update_id;
  }

  /**
   * Delivers an update once more under its old id, before all newer ones, although it was confirmed: as after a
   * confirmation that got lost.
   * @throws when the id was never pushed, or more than 1,000 updates ago
   */
  redeliver(updateId: number): void {
    const update = this.#redeliverable.get(updateId);
    if (update === undefined) {
      throw new Error(`redeliver: no update ${updateId} among the last ${redeliverableMax}`);
    }
    this.#queue.unshift({ update, mustDeliver: true });
    this.#wakeWaiting();
  }

  /** The id of the update that carried `content`; undefined when none among the last 1,000 did. */
  idOf(content: unknown): number | undefined {
    const found = [...this.#redeliverable.values()].findLast((update) =>
      Object.values(update).includes(content),
    );
    return found?.update_id;
  }

  /** Forgets what no poll has confirmed yet. */
  drop(): void {
    this.#queue = [];
  }

  /** @throws 409 when another poll takes over while this one waits */
  async poll(poll: Poll): Promise<readonly WireUpdate[]> {
    if (poll.allowed !== undefined) {
      this.#allowed = new Set(poll.allowed);
    }
    this.#confirm(poll.offset);
    const limit = Math.min(Math.max(poll.limit, 1), pollLimitMax);
    const ready = this.#take(limit);
    const timeoutSeconds = Math.min(poll.timeoutSeconds, pollTimeoutSecondsMax);
    if (ready.length > 0 || timeoutSeconds <= 0) {
      return ready;
    }
    this.endWaiting();
    return this.#wait(limit, timeoutSeconds, poll.signal);
  }

  /** Ends the poll that waits, if one does, with the 409 that a second poller causes. */
  endWaiting(): void {
    this.#waiting?.reject(
      new Refusal(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
      ),
    );
  }

  async #wait(
    limit: number,
    timeoutSeconds: number,
    signal: AbortSignal,
  ): Promise<readonly WireUpdate[]> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", giveUp);
        if (this.#waiting === waiting) {
          this.#waiting = undefined;
        }
      };
      const waiting: WaitingPoll = {
        limit,
        resolve: (updates) => {
          end();
          resolve(updates);
        },
        reject: (refusal) => {
          end();
          reject(refusal);
        },
      };
      const giveUp = (): void => waiting.resolve([]);
      const timer = setTimeout(giveUp, timeoutSeconds * 1_000);
      signal.addEventListener("abort", giveUp, { once: true });
      this.#waiting = waiting;
    });
  }

  #wakeWaiting(): void {
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      waiting.resolve(this.#take(waiting.limit));
    }
  }

  /** From now on ids start at `nextId`, as they do anew after a week without updates; lower ones included. */
  restartIds(nextId: number): void {
    this.#nextId = nextId;
  }

  // A negative offset keeps only that many of the newest updates, and forgets the rest.
  #confirm(offset: number): void {
    if (offset > this.#nextId + offsetBeyondMax) return;
    const firstKept = offset < 0 ? (this.#queue.at(offset)?.update.update_id ?? 0) : offset;
    this.#queue = this.#queue.filter(
      (queued) => queued.update.update_id >= firstKept || queued.mustDeliver,
    );
  }

  #take(limit: number): readonly WireUpdate[] {
    const taken = this.#queue.slice(0, limit);
    for (const queued of taken) {
      queued.mustDeliver = false;
    }
    return taken.map((queued) => queued.update);
  }
}
