// The way to Telegram: every call has a time limit, is counted, and is repeated where Telegram is busy or
// broken for a moment. And what its failures mean.
import { strict as assert } from "node:assert";
import { type Api, GrammyError, type Transformer } from "grammy";
import { calledMethods } from "./answer-shapes.ts";
import { NoAnswer } from "./call-telegram.ts";
import { fitted, withAcceptedEntities } from "./entities.ts";
import { repeated } from "./repeat-calls.ts";
import { startTimeLimit } from "./time-limit.ts";

/** One call other than getUpdates; a document is sent in this time too. */
const callTimeoutMs = 30_000;
/** Whoever asks for a longer wait is asked again after this one. */
const retryAfterMsMax = 5 * 60_000;

/** How a call ended: Telegram refused it, or no answer came. */
export type CallResult = "ok" | "refused" | "failed";

export interface ApiListener {
  /** Told of every call, when it has ended. */
  readonly onCall: (method: string, result: CallResult) => void;
  /** Told of what failed, where the call is made again. */
  readonly onTrouble: (what: string, error: unknown) => void;
}

/** Installs limits, counting and repeating on every call of this client. */
export function equipApi(api: Api, { onCall, onTrouble }: ApiListener): void {
  api.config.use(counted(onCall), withAcceptedEntities(), fitted(), limited(), repeated(onTrouble));
}

function counted(count: (method: string, result: CallResult) => void): Transformer {
  return async (previous, method, payload, signal) => {
    assert(calledMethods.includes(method), `${method} is missing in answer-shapes.ts`);
    try {
      const answer = await previous(method, payload, signal);
      count(method, answer.ok ? "ok" : "refused");
      return answer;
    } catch (error) {
      count(method, "failed");
      throw error;
    }
  };
}

function limited(): Transformer {
  return async (previous, method, payload, signal) => {
    // Who gives a signal sets a limit of their own, such as the poller, whose calls are meant to last.
    if (signal !== undefined) return previous(method, payload, signal);
    const limit = startTimeLimit(callTimeoutMs);
    try {
      return await previous(method, payload, grammySignal(limit.signal));
    } finally {
      limit.clear();
    }
  };
}

type GrammySignal = NonNullable<Parameters<Transformer>[3]>;

/** Hands a signal of Node's to a call. grammY's types name the class of the abort-controller package; the calls are not made by grammY. */
export function grammySignal(signal: AbortSignal): GrammySignal {
  return signal as unknown as GrammySignal;
}

/** What can be done about a call that failed. */
export type CallFailure =
  /** Nothing came of it, or Telegram is busy: worth trying again, after so many milliseconds where it said so. */
  | { readonly kind: "again"; readonly afterMs: number | undefined }
  /** The message already is as it should be. */
  | { readonly kind: "not_modified" }
  /** This person or chat does not want to hear from the bot. */
  | { readonly kind: "blocked" }
  | { readonly kind: "moved"; readonly chatId: number }
  | { readonly kind: "refused" };

/**
 * @param error - what a call of the Bot API threw
 * @throws the error itself where it is none of Telegram's
 */
export function callFailure(error: unknown): CallFailure {
  if (error instanceof NoAnswer) return { kind: "again", afterMs: undefined };
  if (!(error instanceof GrammyError)) throw error;
  const { error_code: code, description, parameters } = error;
  if (code === 429) {
    const seconds = parameters.retry_after;
    const afterMs = seconds === undefined ? undefined : Math.min(seconds * 1000, retryAfterMsMax);
    return { kind: "again", afterMs };
  }
  if (code >= 500) return { kind: "again", afterMs: undefined };
  if (code === 403) return { kind: "blocked" };
  if (parameters.migrate_to_chat_id !== undefined) {
    return { kind: "moved", chatId: parameters.migrate_to_chat_id };
  }
  if (/message is not modified/.test(description)) return { kind: "not_modified" };
  return { kind: "refused" };
}

/** Whether Telegram or the network is the cause, so that it is no bug of ours. */
export function isCallError(error: unknown): boolean {
  return error instanceof GrammyError || error instanceof NoAnswer;
}

/**
 * Which call failed, and the status of what came instead of what was asked for, for the log.
 * @returns nothing for what is no failed call
 */
export function failedCallOf(
  error: unknown,
): { readonly method: string; readonly status: number | null } | undefined {
  if (error instanceof GrammyError) return { method: error.method, status: error.error_code };
  return error instanceof NoAnswer
    ? { method: error.method, status: error.status ?? null }
    : undefined;
}
