// Fetches the bytes of a file that Telegram has, within limits on their number and the time, and counts how that ended. Asks again, as
// calls are made again, where Telegram was busy or broken for a moment: a file that is fetched twice is the same file.
import { pause } from "../../model/pause.ts";
import { NoAnswer } from "../api/call-telegram.ts";
import { sendRequest } from "../api/http-request.ts";
import { pausesMs } from "../api/repeat-calls.ts";
import type { CallResult } from "../api/telegram-api.ts";

export interface DownloadSource {
  readonly token: string;
  readonly apiRoot: string;
  /** More is not read. */
  readonly bytesMax: number;
  /** Told of every download, when it has ended. */
  readonly count: (result: CallResult) => void;
  /** Told how many bytes have arrived, as they come. */
  readonly onArrived: (bytes: number) => void;
  /** Told of each failure after which the file is asked for again. */
  readonly onRepeat: (error: NoAnswer) => void;
}

export type Download =
  | { readonly kind: "whole"; readonly bytes: Buffer }
  | { readonly kind: "too_large" }
  | {
      readonly kind: "failed";
      readonly failure: NoAnswer;
      /** By the signal. */
      readonly isEnded: boolean;
      /** So many bytes came instead of those that were promised. */
      readonly cutShort?: { readonly arrivedBytes: number; readonly sizeBytes: number };
    };

/** Telegram does not hand out the file, or something else answers in its place. */
export class DownloadRefused extends NoAnswer {}

/**
 * @param filePath - as getFile told it
 * @param size - in bytes, where Telegram told it
 */
export async function download(
  source: DownloadSource,
  filePath: string,
  size: number | undefined,
  signal: AbortSignal,
): Promise<Download> {
  for (const pauseMs of pausesMs) {
    const downloaded = await downloadOnce(source, filePath, size, signal);
    if (downloaded.kind !== "failed" || downloaded.isEnded || isFinal(downloaded.failure)) {
      return downloaded;
    }
    source.onRepeat(downloaded.failure);
    await pause(pauseMs, signal);
    if (signal.aborted) return downloaded;
  }
  return downloadOnce(source, filePath, size, signal);
}

/** Telegram's own refusal, which asking again does not change. */
function isFinal({ status = 0 }: NoAnswer): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

async function downloadOnce(
  source: DownloadSource,
  filePath: string,
  size: number | undefined,
  signal: AbortSignal,
): Promise<Download> {
  let result: CallResult = "failed";
  try {
    const bytes = await fetchBytes(source, filePath, signal);
    if (bytes === undefined) return { kind: "too_large" };
    if (size !== undefined && size !== bytes.length) {
      const cutShort = { arrivedBytes: bytes.length, sizeBytes: size };
      const failure = new NoAnswer("download", 200, `${bytes.length} of ${size} bytes arrived`);
      return { kind: "failed", failure, isEnded: false, cutShort };
    }
    result = "ok";
    return { kind: "whole", bytes };
  } catch (failure) {
    if (!(failure instanceof NoAnswer)) throw failure;
    if (failure instanceof DownloadRefused) result = "refused";
    return { kind: "failed", failure, isEnded: signal.aborted };
  } finally {
    source.count(result);
  }
}

/** @returns undefined where there are more than are wanted */
async function fetchBytes(
  { token, apiRoot, bytesMax, onArrived }: DownloadSource,
  filePath: string,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const path = filePath.split("/").map(encodeURIComponent).join("/");
  let status: number | undefined;
  try {
    // Whoever answers for Telegram must not send the token elsewhere: redirects are not followed.
    const url = `${apiRoot}/file/bot${token}/${path}`;
    const answer = await sendRequest(url, { method: "GET", signal });
    ({ status } = answer);
    const { contentType: type, declaredBytes } = answer;
    if (status !== 200 || type.startsWith("text/html")) {
      answer.drop();
      throw new DownloadRefused(
        "download",
        status,
        `download was answered with status ${status}, type ${type.slice(0, 80)}`,
      );
    }
    if (declaredBytes > bytesMax) {
      answer.drop();
      return undefined;
    }
    return await answer.read(bytesMax, onArrived);
  } catch (cause) {
    if (cause instanceof NoAnswer) throw cause;
    throw new NoAnswer(
      "download",
      status,
      status === undefined ? "download was not answered" : "download broke off",
      cause,
    );
  }
}
