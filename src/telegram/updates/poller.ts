// Fetches updates by long polling, for as long as it takes: Telegram away, a second bot on the same token, a network cut.
// Only a token that Telegram does not know ends it.
import { createHash } from "node:crypto";
import { setImmediate as loopTurned, setTimeout as wait } from "node:timers/promises";
import { createConcurrentSink, createRunner, createSource } from "@grammyjs/runner";
import { type Bot, GrammyError } from "grammy";
import type { Update } from "grammy/types";
import { createRecentSet } from "../../change/recent.ts";
import type { PollingTrouble } from "../../model/polling-trouble.ts";
import { unknownToken } from "../../words/readiness-words.ts";
import { createBackoff } from "../api/backoff.ts";
import type { BotContext } from "./bot-context.ts";
import { callFailure, failedCallOf, grammySignal } from "../api/telegram-api.ts";
import { startTimeLimit } from "../api/time-limit.ts";
import { hasPromisedShape } from "./update-schema.ts";
import { createUnderWay } from "../../store/under-way.ts";

const longPollSeconds = 25;
/** A long poll that is not answered by then is lost. */
const pollTimeoutMs = (longPollSeconds + 15) * 1000;
const setupTimeoutMs = 15_000;
/** The last poll of a stopping bot only confirms what it took. */
const confirmTimeoutMs = 2000;
const backoffLimits = { firstMs: 500, maxMs: 30_000 };
/** How long a poll that waits, and brings nothing, takes at least. */
const emptyPollMsMin = 1000;
/** Handlers that run at once; more updates wait at Telegram. */
const updatesAtOnceMax = 500;

/** So many updates begin at once; more when the event loop has turned, so that a batch of a hundred does not hold up what else it waits for. */
const updatesBegunAtOnce = 8;

/** The ids of so many updates are remembered. */
const handledUpdatesMax = 10_000;
/** Telegram's own limit. */
const updatesPerPollMax = 100;

const allowedUpdates = ["message", "callback_query"] as const;

export interface Poller {
  /** Why updates do not arrive at the moment; undefined while they do. */
  readonly trouble: PollingTrouble | undefined;
  /** Rejects with {@link UnknownTokenError}; resolves after {@link Poller.stop}. */
  readonly ended: Promise<void>;
  /** No new updates; resolves when those that were taken are handled, and confirmed to Telegram. */
  stop(): Promise<void>;
}

/** Telegram does not know the token: trying again is no use. */
class UnknownTokenError extends Error {
  override readonly name = "UnknownTokenError";
  constructor(cause: unknown) {
    super(unknownToken, { cause });
  }
}

export interface PollerOptions {
  readonly onTrouble: (what: string, error: unknown) => void;
  /** Called once, before anything is asked of Telegram, and waited for. */
  readonly first: () => Promise<void>;
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
  { onTrouble, first, onReady, take, handle, onBug }: PollerOptions,
): Poller {
  let trouble: PollingTrouble | undefined = "no_answer_yet";
  let offset = 0;
  const stopping = new AbortController();

  /** Tries until it succeeds, a stop ends it, or the token is unknown. */
  async function persist<Result>(
    what: string,
    timeoutMs: number,
    call: (limit: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const { signal } = stopping;
    const pauses = createBackoff(backoffLimits);
    for (;;) {
      const limit = startTimeLimit(timeoutMs, signal);
      try {
        return await call(limit.signal);
      } catch (error) {
        if (signal.aborted) throw error;
        const failure = callFailure(error);
        if (error instanceof GrammyError && error.error_code === 401) {
          throw new UnknownTokenError(error);
        }
        trouble = troubleBy(error);
        onTrouble(what, error);
        const afterMs = failure.kind === "again" ? (failure.afterMs ?? 0) : 0;
        await wait(Math.max(afterMs, pauses.nextMs()), undefined, { signal });
      } finally {
        limit.clear();
      }
    }
  }

  const removeWebhook = (limit: AbortSignal): Promise<true> =>
    bot.api.deleteWebhook({}, grammySignal(limit));

  async function setUp(): Promise<void> {
    // By then whoever starts it knows it.
    await Promise.resolve();
    await first();
    // Not by `bot.init()`, which goes on trying by itself, and does not say what fails.
    bot.botInfo = await persist("asking Telegram who the bot is", setupTimeoutMs, (limit) =>
      bot.api.getMe(grammySignal(limit)),
    );
    // While a webhook is set, Telegram hands out no updates.
    await persist("removing a webhook", setupTimeoutMs, removeWebhook);
    onReady();
  }

  async function poll(limit: number, signal: AbortSignal): Promise<readonly Update[]> {
    // After trouble the first poll does not wait, so that one knows soon whether it is over.
    const timeout = trouble === undefined ? longPollSeconds : 0;
    const options = { offset, limit, timeout, allowed_updates: allowedUpdates };
    const startedMs = performance.now();
    try {
      const updates = await bot.api.getUpdates(options, grammySignal(signal));
      const leftMs = emptyPollMsMin - (performance.now() - startedMs);
      if (updates.length === 0 && timeout > 0 && leftMs > 0) {
        // Whoever answers for Telegram does not wait for updates, as was asked.
        await wait(leftMs, undefined, { signal: stopping.signal });
      }
      return updates;
    } catch (error) {
      // Somebody has set one since the start.
      if (isConflict(error) && error.description.includes("webhook")) await removeWebhook(signal);
      throw error;
    }
  }

  const handled = createRecentSet<string>(handledUpdatesMax);
  const repeats = createBackoff(backoffLimits);

  /** What is handed out again and again must not keep the bot busy: it is waited after. */
  async function noteRepeats(updates: readonly Update[]): Promise<void> {
    const ids = updates.map(({ update_id: id }) => id).join(", ");
    onTrouble("fetching updates", new Error(`only updates that were handled before came: ${ids}`));
    // Once is what a confirmation that got lost leads to.
    trouble = repeats.count === 0 ? undefined : "same_updates";
    await wait(repeats.nextMs(), undefined, { signal: stopping.signal });
  }

  let ready: Promise<void> | undefined;
  async function supply(batchSize: number): Promise<Update[]> {
    ready ??= setUp();
    await ready;
    const limit = Math.max(1, Math.min(updatesPerPollMax, Math.floor(batchSize)));
    const updates = await persist("fetching updates", pollTimeoutMs, (signal) =>
      poll(limit, signal),
    );
    // What the next poll confirms is gone at Telegram: so what must not be lost is written down first.
    const shaped = updates.filter(hasPromisedShape);
    if (shaped.length < updates.length) {
      onTrouble("reading updates", new Error(`${updates.length - shaped.length} have no shape`));
    }
    // Telegram may deliver an update again when a confirmation got lost.
    const fresh = shaped.filter((update) => handled.add(identityOf(update)));
    const taken = await take(fresh);
    if (updates.length > 0) {
      // Of this batch, whatever came before: after a quiet week Telegram goes on with lower ids.
      offset = Math.max(...updates.map((update) => update.update_id)) + 1;
    }
    if (shaped.length > 0 && fresh.length === 0) {
      await noteRepeats(shaped);
    } else {
      trouble = undefined;
      repeats.reset();
    }
    return [...taken];
  }

  let begun = 0;
  let beginning = Promise.resolve();
  /** In the order in which they came. */
  function begin(): Promise<void> {
    begun += 1;
    if (begun % updatesBegunAtOnce === 0) beginning = beginning.then(() => loopTurned());
    return beginning;
  }

  const running = createUnderWay();
  const source = createSource<Update>({ supply });
  const sink = createConcurrentSink<Update>(
    {
      consume: (update) => running.add(begin().then(() => handle(update))),
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
      await running.idle();
      if (offset === 0) return;
      const limit = startTimeLimit(confirmTimeoutMs);
      try {
        const signal = grammySignal(limit.signal);
        await bot.api.getUpdates({ offset, limit: 1, timeout: 0 }, signal);
      } catch (error) {
        onTrouble("confirming the last updates", error);
      } finally {
        limit.clear();
      }
    },
  };
}

function troubleBy(error: unknown): PollingTrouble {
  if (isConflict(error)) return error.description.includes("webhook") ? "webhook" : "other_bot";
  if (error instanceof GrammyError) return "refused";
  return typeof failedCallOf(error)?.status === "number" ? "not_telegram" : "unreachable";
}

function isConflict(error: unknown): error is GrammyError {
  return error instanceof GrammyError && error.error_code === 409;
}

/** Ids alone do not tell: they may start again at lower ones. What is delivered again is the same to the letter. */
function identityOf(update: Update): string {
  return createHash("sha256").update(JSON.stringify(update)).digest("base64");
}
