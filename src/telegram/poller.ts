// Fetches updates by long polling, for as long as it takes: Telegram away, a second bot on the same token, a network cut.
// Only a token that Telegram does not know ends it.
import { setTimeout as wait } from "node:timers/promises";
import { createConcurrentSink, createRunner, createSource } from "@grammyjs/runner";
import { type Bot, GrammyError } from "grammy";
import type { Update } from "grammy/types";
import { createRecentSet } from "../change/recent-set.ts";
import type { BotContext } from "./bot-context.ts";
import { callFailure, grammySignal } from "./telegram-api.ts";
import { hasPromisedShape } from "./update-schema.ts";

const longPollSeconds = 25;
/** A long poll that is not answered by then is lost. */
const pollTimeoutMs = (longPollSeconds + 15) * 1000;
const setupTimeoutMs = 15_000;
/** The last poll of a stopping bot only confirms what it took. */
const confirmTimeoutMs = 2000;
const backoffFirstMs = 500;
const backoffMaxMs = 30_000;
/** Handlers that run at once; more updates wait at Telegram. */
const updatesAtOnceMax = 500;

/** The ids of so many updates are remembered. */
const handledUpdatesMax = 10_000;
/** Telegram's own limit. */
const updatesPerPollMax = 100;

const allowedUpdates = ["message", "callback_query"] as const;

export interface Poller {
  /** Why updates do not arrive at the moment; undefined while they do. */
  readonly trouble: string | undefined;
  /** Rejects with {@link UnknownTokenError}; resolves after {@link Poller.stop}. */
  readonly ended: Promise<void>;
  /** No new updates; resolves when those that were taken are handled, and confirmed to Telegram. */
  stop(): Promise<void>;
}

/** Telegram does not know the token: trying again is no use. */
class UnknownTokenError extends Error {
  override readonly name = "UnknownTokenError";
  constructor(cause: unknown) {
    super(
      "Telegram does not know this bot token. Check BOT_TOKEN, or make a new token with BotFather.",
      {
        cause,
      },
    );
  }
}

export interface PollerOptions {
  readonly onTrouble: (what: string, error: unknown) => void;
  /** Called once, when Telegram first answered who the bot is. */
  readonly onReady: () => void;
  /** Called before what was fetched is confirmed. @returns what of it is to be handled */
  readonly take: (updates: readonly Update[]) => Promise<readonly Update[]>;
  readonly handle: (update: Update) => Promise<void>;
  /** Bugs in handlers, after the bot's own error boundary. */
  readonly onBug: (error: unknown) => void;
}

export function startPoller(
  bot: Bot<BotContext>,
  { onTrouble, onReady, take, handle, onBug }: PollerOptions,
): Poller {
  let trouble: string | undefined = "Telegram has not answered yet";
  let offset = 0;
  const stopping = new AbortController();

  /** Tries until it succeeds, a stop ends it, or the token is unknown. */
  async function persist<Result>(
    what: string,
    timeoutMs: number,
    call: (limit: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const { signal } = stopping;
    let backoffMs = backoffFirstMs;
    for (;;) {
      try {
        return await call(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
      } catch (error) {
        if (signal.aborted) throw error;
        const failure = callFailure(error);
        if (error instanceof GrammyError && error.error_code === 401) {
          throw new UnknownTokenError(error);
        }
        trouble = troubleText(error);
        onTrouble(what, error);
        const afterMs = failure.kind === "again" ? failure.afterMs : undefined;
        await wait(afterMs ?? backoffMs * (0.5 + Math.random() / 2), undefined, { signal });
        backoffMs = Math.min(backoffMaxMs, backoffMs * 2);
      }
    }
  }

  async function setUp(): Promise<void> {
    await persist("asking Telegram who the bot is", setupTimeoutMs, (limit) =>
      bot.init(grammySignal(limit)),
    );
    // While a webhook is set, Telegram hands out no updates.
    await persist("removing a webhook", setupTimeoutMs, (limit) =>
      bot.api.deleteWebhook({}, grammySignal(limit)),
    );
    onReady();
  }

  let ready: Promise<void> | undefined;
  async function supply(batchSize: number): Promise<Update[]> {
    ready ??= setUp();
    await ready;
    const limit = Math.max(1, Math.min(updatesPerPollMax, Math.floor(batchSize)));
    const updates = await persist("fetching updates", pollTimeoutMs, (signal) => {
      // After trouble the first poll does not wait, so that one knows soon whether it is over.
      const timeout = trouble === undefined ? longPollSeconds : 0;
      const options = { offset, limit, timeout, allowed_updates: allowedUpdates };
      return bot.api.getUpdates(options, grammySignal(signal));
    });
    trouble = undefined;
    // What the next poll confirms is gone at Telegram: so what must not be lost is written down first.
    const shaped = updates.filter(hasPromisedShape);
    if (shaped.length < updates.length) {
      onTrouble("reading updates", new Error(`${updates.length - shaped.length} have no shape`));
    }
    const taken = await take(shaped);
    offset = Math.max(offset, ...updates.map((update) => update.update_id + 1));
    return [...taken];
  }

  const running = new Set<Promise<void>>();
  const handled = createRecentSet<number>(handledUpdatesMax);
  const source = createSource<Update>({ supply });
  const sink = createConcurrentSink<Update>(
    {
      async consume(update) {
        // Telegram may deliver an update again when a confirmation got lost.
        if (!handled.add(update.update_id)) return;
        const handling = handle(update);
        running.add(handling);
        try {
          await handling;
        } finally {
          running.delete(handling);
        }
      },
    },
    async (error) => onBug(error),
    { concurrency: updatesAtOnceMax },
  );
  const runner = createRunner(source, sink);
  runner.start();
  const task = runner.task() ?? Promise.resolve();

  return {
    get trouble() {
      return trouble;
    },
    ended: task,
    async stop() {
      stopping.abort();
      await runner.stop();
      // What a handler asked must also be written down before the process ends. Bugs were told where they happened.
      await Promise.allSettled(running);
      if (offset === 0) return;
      try {
        const signal = grammySignal(AbortSignal.timeout(confirmTimeoutMs));
        await bot.api.getUpdates({ offset, limit: 1, timeout: 0 }, signal);
      } catch (error) {
        onTrouble("confirming the last updates", error);
      }
    },
  };
}

function troubleText(error: unknown): string {
  if (error instanceof GrammyError && error.error_code === 409) {
    return "another bot with the same token is running";
  }
  return error instanceof GrammyError
    ? "Telegram refuses to hand out updates"
    : "Telegram cannot be reached";
}
