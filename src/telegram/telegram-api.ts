// The way to Telegram: every call has a time limit, is counted, and is repeated where Telegram is busy or
// broken for a moment. And what its failures mean.
import { autoRetry } from "@grammyjs/auto-retry";
import { type Api, GrammyError, HttpError, type Transformer } from "grammy";
import { messageCharsMax } from "./plain-text.ts";

/** One call other than getUpdates; a document is sent in this time too. */
const callTimeoutMs = 30_000;
/** A longer wait that Telegram asks for is not waited out by a call; what must arrive is tried again by its sender. */
const retryAfterSecondsMax = 5;
const retriesMax = 2;

/** How a call ended: Telegram refused it, or no answer came. */
export type CallResult = "ok" | "refused" | "failed";

/** Installs limits and counting on every call of this client. */
export function equipApi(api: Api, count: (method: string, result: CallResult) => void): void {
  api.config.use(
    counted(count),
    fitted(),
    limited(),
    autoRetry({
      maxDelaySeconds: retryAfterSecondsMax,
      maxRetryAttempts: retriesMax,
      // It would repeat these for ever; see its mod.ts, version 2.0.2. Answers of 500 and more count as attempts.
      rethrowHttpErrors: true,
    }),
  );
}

function counted(count: (method: string, result: CallResult) => void): Transformer {
  return async (previous, method, payload, signal) => {
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

/** What is longer is refused by Telegram, and then the text would not arrive at all: https://core.telegram.org/bots/api */
const charsMax = { text: messageCharsMax, caption: 1024 } as const;
const pressAnswerCharsMax = 200;

/** Cuts what is too long. Texts are made to fit, so that only names out of all proportion are cut. */
function fitted(): Transformer {
  return (previous, method, payload, signal) => {
    const limits = method === "answerCallbackQuery" ? { text: pressAnswerCharsMax } : charsMax;
    const cut: Record<string, string> = {};
    for (const [field, limit] of Object.entries(limits)) {
      const text: unknown = Reflect.get(payload, field);
      if (typeof text === "string" && text.length > limit) {
        cut[field] = `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
      }
    }
    return previous(method, { ...payload, ...cut }, signal);
  };
}

function limited(): Transformer {
  return (previous, method, payload, signal) => {
    // Who gives a signal sets a limit of their own, such as the poller, whose calls are meant to last.
    if (signal !== undefined) return previous(method, payload, signal);
    const limit = AbortSignal.timeout(callTimeoutMs);
    return previous(method, payload, grammySignal(limit));
  };
}

type GrammySignal = NonNullable<Parameters<Transformer>[3]>;

/**
 * Hands a signal of Node's to grammY. Its types name the class of the abort-controller package, but all it does is to
 * listen for the abort (core/client.js, createAbortControllerFromSignal, version 1.46).
 */
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
  if (error instanceof HttpError) return { kind: "again", afterMs: undefined };
  if (!(error instanceof GrammyError)) throw error;
  const { error_code: code, description, parameters } = error;
  if (code === 429) {
    const seconds = parameters.retry_after;
    return { kind: "again", afterMs: seconds === undefined ? undefined : seconds * 1000 };
  }
  if (code >= 500) return { kind: "again", afterMs: undefined };
  if (code === 403) return { kind: "blocked" };
  if (parameters.migrate_to_chat_id !== undefined) {
    return { kind: "moved", chatId: parameters.migrate_to_chat_id };
  }
  if (description.includes("message is not modified")) return { kind: "not_modified" };
  return { kind: "refused" };
}

/** Whether Telegram or the network is the cause, so that it is no bug of ours. */
export function isCallError(error: unknown): boolean {
  return error instanceof HttpError || error instanceof GrammyError;
}
