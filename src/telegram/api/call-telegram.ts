// The one way by which calls reach Telegram, and the one place where their answers are looked at: whatever is no answer of
// Telegram's, from a cut connection to a proxy's page, ends as one kind of failure. grammY's own client reads what it is given
// without a look, and takes longer for a call than all of this.
import { InputFile, type Transformer } from "grammy";
import type { ApiResponse } from "grammy/types";
import { readAnswer } from "./answer-shapes.ts";
import { type Answer, sendRequest } from "./http-request.ts";
import { multipartBody } from "./multipart.ts";

/** A hundred updates, the most that one answer holds, are far below. */
const answerBytesMax = 32 * 1024 * 1024;
const contentTypeCharsMax = 80;

/** No answer of Telegram's came to a call. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly method: string;
  /** The HTTP status of what was answered instead; undefined where nothing was. */
  readonly status: number | undefined;

  constructor(method: string, status: number | undefined, message: string, cause?: unknown) {
    super(message, { cause });
    this.method = method;
    this.status = status;
  }
}

/**
 * Makes all calls of a client in grammY's place: to be installed before everything else.
 * @param base - the address of the bot's methods, up to their names
 * @param silenced - once aborted, no call is made any more: another bot answers in this one's place
 */
export function ownCalls(base: string, silenced: AbortSignal | undefined): Transformer {
  return async (_grammys, method, payload, signal) => {
    if (silenced?.aborted === true) throw new NoAnswer(method, undefined, "another bot leads");
    // All are Node's own: see `grammySignal`.
    const given = signal as unknown as AbortSignal | undefined;
    const answer = await callTelegram(base, method, payload, given);
    // Its shape is the one that this method promises.
    return answer as ApiResponse<never>;
  };
}

/**
 * @returns one of Telegram's answers, a refusal included
 * @throws {@link NoAnswer}
 */
export async function callTelegram(
  base: string,
  method: string,
  payload: object,
  signal?: AbortSignal,
): Promise<unknown> {
  const { contentType: type, body } = await bodyOf(payload);
  const headers = { "content-type": type };
  let answer: Answer;
  try {
    answer = await sendRequest(`${base}/${method}`, { method: "POST", headers, body, signal });
  } catch (cause) {
    throw new NoAnswer(method, undefined, `${method} was not answered`, cause);
  }
  const { status, contentType } = answer;
  let text: string;
  try {
    text = await readText(answer);
  } catch (cause) {
    throw new NoAnswer(
      method,
      status,
      `${method} was answered with status ${status}, but not to the end`,
      cause,
    );
  }
  const read = readAnswer(method, status, text);
  if (!read.ok) {
    const shown = contentType === "" ? "no type" : contentType.slice(0, contentTypeCharsMax);
    throw new NoAnswer(
      method,
      status,
      `${method} was answered with status ${status} and a body (${shown}, ${text.length} characters) that is ${read.oddity}`,
    );
  }
  return read.answer;
}

async function bodyOf(
  payload: object,
): Promise<{ readonly contentType: string; readonly body: string | Buffer }> {
  if (Object.values(payload).some((value) => value instanceof InputFile))
    return multipartBody(payload);
  return { contentType: "application/json", body: JSON.stringify(payload) };
}

async function readText(answer: Answer): Promise<string> {
  const bytes = await answer.read(answerBytesMax);
  if (bytes === undefined) throw new Error(`the answer is longer than ${answerBytesMax} bytes`);
  return bytes.toString("utf8");
}
