// What a message was told last is what it says in the end. An edit that is given up because no answer comes may still reach Telegram, behind
// those that follow it: so its call goes on unseen, and when it has ended, the message is told once more what it was told last since.
import type { Transformer } from "grammy";
import { NoAnswer } from "./call-telegram.ts";
import { grammySignal } from "./telegram-api.ts";
import { startTimeLimit } from "./time-limit.ts";

/** What has no answer by then is taken as if it had come just before. */
const lateMsMax = 60_000;
/** Other edits of the message wait for it. */
const againMsMax = 10_000;

type Call = Parameters<Transformer>[0];
type Method = Parameters<Call>[0];
type Payload = Parameters<Call>[1];
type Signal = Parameters<Call>[2];

interface Edited {
  /** Edits whose callers wait for them. */
  awaited: number;
  /** Edits that were given up, and have not ended. */
  givenUp: number;
  /** How many of those have ended. */
  late: number;
  /** What it was told last; undefined for nothing that Telegram has taken. */
  last: { readonly method: Method; readonly payload: Payload } | undefined;
  /** Resolves when it was told that once more. */
  again: Promise<void> | undefined;
}

/** @param onTrouble - told where a message may say what is out of date */
export function lateEdits(onTrouble: (what: string, error: unknown) => void): Transformer {
  const messages = new Map<string, Edited>();

  function settle(call: Call, key: string, edited: Edited): void {
    const { awaited, givenUp } = edited;
    if (awaited > 0 || edited.again !== undefined) return;
    if (edited.late > 0 && edited.last !== undefined) {
      edited.late = 0;
      edited.again = sayAgain(call, edited.last).finally(() => {
        edited.again = undefined;
        settle(call, key, edited);
      });
    } else if (givenUp === 0) messages.delete(key);
  }

  async function sayAgain(
    call: Call,
    { method, payload }: NonNullable<Edited["last"]>,
  ): Promise<void> {
    const limit = startTimeLimit(againMsMax);
    try {
      // Mostly Telegram refuses that: it says so already.
      await call(method, payload, grammySignal(limit.signal));
    } catch (error) {
      onTrouble("saying once more what a message says", error);
    } finally {
      limit.clear();
    }
  }

  async function edit(call: Call, key: string, method: Method, payload: Payload, signal: Signal) {
    const edited = messages.get(key) ?? {
      awaited: 0,
      givenUp: 0,
      late: 0,
      last: undefined,
      again: undefined,
    };
    messages.set(key, edited);
    edited.awaited += 1;
    try {
      await edited.again;
      const ending = new AbortController();
      const answering = call(method, payload, grammySignal(ending.signal));
      const answer = await unlessAborted(answering, signal);
      if (answer === undefined) {
        edited.givenUp += 1;
        const limit = setTimeout(() => ending.abort(), lateMsMax);
        const end = (): void => {
          clearTimeout(limit);
          edited.givenUp -= 1;
          edited.late += 1;
          settle(call, key, edited);
        };
        answering.then(end, end);
        throw new NoAnswer(method, undefined, `${method} was given up`);
      }
      if (answer.ok && method === "editMessageText") edited.last = { method, payload };
      else if (answer.ok && edited.last !== undefined) {
        // It has the text of before and these buttons, or none.
        const { reply_markup: buttons } = payload as { readonly reply_markup?: unknown };
        const said = { ...edited.last.payload, reply_markup: buttons };
        edited.last = { ...edited.last, payload: said as Payload };
      }
      return answer;
    } finally {
      edited.awaited -= 1;
      settle(call, key, edited);
    }
  }

  return (call, method, payload, signal) => {
    const key = editedMessage(method, payload);
    return key === undefined
      ? call(method, payload, signal)
      : edit(call, key, method, payload, signal);
  };
}

function editedMessage(method: Method, payload: Payload): string | undefined {
  if (method !== "editMessageText" && method !== "editMessageReplyMarkup") return undefined;
  return `${Reflect.get(payload, "chat_id")} ${Reflect.get(payload, "message_id")}`;
}

/** @returns undefined where it is aborted before */
async function unlessAborted<Value>(
  promise: Promise<Value>,
  signal: Signal,
): Promise<Value | undefined> {
  if (signal === undefined) return promise;
  let stop: () => void = () => {};
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
