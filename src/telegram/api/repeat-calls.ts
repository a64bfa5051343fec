// Makes a call again where Telegram was busy or broken for a moment, or where no answer came and the call may safely be made twice.
// @grammyjs/auto-retry was used before: it repeats network errors for ever, waits inside the poller's calls, and logs nothing.
import { GrammyError, type Transformer } from "grammy";
import type { ApiError } from "grammy/types";
import { pause } from "../../model/pause.ts";
import { NoAnswer } from "./call-telegram.ts";

/** What the poller makes again by itself, since it must hear of each failure at once. */
const polledMethods: ReadonlySet<string> = new Set(["getMe", "deleteWebhook", "getUpdates"]);

/** What sends a file that somebody asked to look at: one that comes twice harms nobody, one that never comes is waited for. */
export const fileMethods: readonly string[] = ["sendDocument", "sendPhoto"];

/** Calls that may be made twice. Another message could be answered twice; an answer to a press is worthless when it is late. */
const repeatableMethods: ReadonlySet<string> = new Set([
  ...fileMethods,
  "getFile",
  "setMyCommands",
  "deleteMyCommands",
  "editMessageText",
  "editMessageReplyMarkup",
]);

/** Before the second attempt, and before the third. */
export const pausesMs = [500, 2000];
/** A longer wait that Telegram asks for is not waited out by a call; what must arrive is tried again by its sender. */
const retryAfterSecondsMax = 5;
/** A call that took longer to fail is not made again: somebody waits for it. */
const repeatWithinMs = 10_000;

const madeOnce = new WeakSet<object>();

/** @returns the signal; a call with it is not made again, since what it says is soon out of date */
export function once(signal: AbortSignal): AbortSignal {
  madeOnce.add(signal);
  return signal;
}

/** @param onTrouble - told of each failure that is not handed on, since the call is made again */
export function repeated(onTrouble: (what: string, error: unknown) => void): Transformer {
  return async (previous, method, payload, signal) => {
    const isMadeOnce = signal !== undefined && madeOnce.has(signal);
    if (isMadeOnce || polledMethods.has(method)) return previous(method, payload, signal);
    const startedMs = performance.now();
    const isAborted = (): boolean => signal?.aborted === true;
    const noteRepeat = (error: unknown): void =>
      onTrouble("calling Telegram, which is tried again", error);
    for (const pauseMs of pausesMs) {
      try {
        const answer = await previous(method, payload, signal);
        const waitMs = answer.ok ? undefined : waitAfter(answer, pauseMs);
        if (answer.ok || waitMs === undefined) return answer;
        noteRepeat(new GrammyError(`Call to '${method}' failed!`, answer, method, { ...payload }));
        await pause(waitMs, signal);
        if (isAborted()) return answer;
      } catch (error) {
        const isLate = performance.now() - startedMs > repeatWithinMs;
        const isRepeatable = error instanceof NoAnswer && repeatableMethods.has(method);
        if (!isRepeatable || isLate || isAborted()) throw error;
        noteRepeat(error);
        await pause(pauseMs, signal);
        if (isAborted()) throw error;
      }
    }
    return previous(method, payload, signal);
  };
}

/** @returns how many milliseconds to wait; undefined where trying again is no use, or not soon */
function waitAfter(
  { error_code: code, parameters }: ApiError,
  pauseMs: number,
): number | undefined {
  if (code >= 500) return pauseMs;
  const seconds = parameters?.retry_after;
  if (seconds === undefined || seconds > retryAfterSecondsMax) return undefined;
  return Math.max(seconds * 1000, pauseMs);
}
