// Every request that the server got, with the answer it gave. The token is never in it.
import { Feed } from "./feed.ts";

const requestsMax = 20_000;

/** One request. The last fields are filled in when it ends. */
export interface LoggedRequest {
  /** As the caller spelled it; `download` for a file. */
  readonly method: string;
  /** Files stand as their name and length in bytes; a download has its `path`. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  endedAt: number | undefined;
  durationMs: number | undefined;
  /** The HTTP status; undefined before the end, and when the connection ended without an answer. */
  status: number | undefined;
}

/** A log of the newest 20,000 requests, each appended when it arrives. */
export function makeRequestLog(): Feed<LoggedRequest> {
  return new Feed<LoggedRequest>(requestsMax);
}

/** The chat that a request names by number, if it does. */
export function chatIdOf(params: Readonly<Record<string, unknown>>): number | undefined {
  const chatId = Number(params["chat_id"] ?? Number.NaN);
  return Number.isSafeInteger(chatId) ? chatId : undefined;
}
