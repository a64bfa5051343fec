// The one way by which calls reach Telegram, and the one place where their answers are looked at: whatever is no answer of
// Telegram's, from a cut connection to a proxy's page, ends as one kind of failure. grammY reads what it is given without a look.
import { readAnswer } from "./answer-shapes.ts";
import { type Answer, type RequestInit, sendRequest } from "./http-request.ts";

/** A hundred updates, the most that one answer holds, are far below. */
const answerBytesMax = 32 * 1024 * 1024;
const contentTypeCharsMax = 80;

/** No answer of Telegram's came to a call. grammY wraps it into an HttpError. */
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
 * For grammY's `client.fetch`.
 * @param url - ends with the method's name
 * @returns one of Telegram's answers, a refusal included
 * @throws {@link NoAnswer}
 */
export async function checkedFetch(
  url: string,
  init: RequestInit,
): Promise<{ readonly json: () => Promise<unknown> }> {
  const method = url.slice(url.lastIndexOf("/") + 1);
  let answer: Answer;
  try {
    answer = await sendRequest(url, init);
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
    const type = contentType === "" ? "no type" : contentType.slice(0, contentTypeCharsMax);
    throw new NoAnswer(
      method,
      status,
      `${method} was answered with status ${status} and a body (${type}, ${text.length} characters) that is ${read.oddity}`,
    );
  }
  return { json: () => Promise.resolve(read.answer) };
}

async function readText(answer: Answer): Promise<string> {
  const bytes = await answer.read(answerBytesMax);
  if (bytes === undefined) throw new Error(`the answer is longer than ${answerBytesMax} bytes`);
  return bytes.toString("utf8");
}
