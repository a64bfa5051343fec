// Fetches a document from Telegram, with a limit on its size and on the time. Bytes only: what they mean is for others.
import { type Api, GrammyError } from "grammy";
import type { Document } from "grammy/types";
import { tooLargeText } from "../change/too-large.ts";
import type { Received } from "../change/upload-job.ts";
import { callFailure, grammySignal, isCallError } from "./telegram-api.ts";

export interface FileSource {
  readonly api: Api;
  readonly token: string;
  readonly apiRoot: string;
  readonly uploadBytesMax: number;
  /** For asking where the file is and fetching it, together. */
  readonly downloadTimeoutMs: number;
  readonly onTrouble: (what: string, error: unknown) => void;
}

const telegramLost = "Telegram did not hand out the document";

/** Fetches `document`; an expected failure is a value, in plain words. */
export async function receiveFile(
  source: FileSource,
  document: Document,
  signal: AbortSignal,
): Promise<Received> {
  const { api, uploadBytesMax, downloadTimeoutMs, onTrouble } = source;
  if ((document.file_size ?? 0) > uploadBytesMax) return tooLarge(uploadBytesMax);
  const timeout = AbortSignal.timeout(downloadTimeoutMs);
  const either = AbortSignal.any([signal, timeout]);
  try {
    const file = await api.getFile(document.file_id, grammySignal(either));
    const size = file.file_size ?? document.file_size;
    if ((size ?? 0) > uploadBytesMax) return tooLarge(uploadBytesMax);
    if (file.file_path === undefined) return { kind: "failed", reason: telegramLost };
    return await download(source, file.file_path, size, either);
  } catch (error) {
    if (signal.aborted) return { kind: "aborted" };
    if (timeout.aborted) {
      const seconds = downloadTimeoutMs / 1000;
      return { kind: "failed", reason: `downloading it took longer than ${seconds} seconds` };
    }
    if (error instanceof GrammyError && error.description.includes("file is too big")) {
      return tooLarge(uploadBytesMax);
    }
    if (!isCallError(error) && !isNetworkError(error)) throw error;
    onTrouble("downloading a document", error);
    const busy = isCallError(error) && callFailure(error).kind === "again";
    return {
      kind: "failed",
      reason: busy || isNetworkError(error) ? "Telegram could not be reached" : telegramLost,
    };
  }
}

function tooLarge(bytesMax: number): Received {
  return { kind: "refused", problem: tooLargeText(bytesMax) };
}

/** fetch reports every failure on the way as a TypeError, and a broken body too. */
function isNetworkError(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    (error.message === "fetch failed" || error.message === "terminated")
  );
}

async function download(
  { token, apiRoot, uploadBytesMax, onTrouble }: FileSource,
  filePath: string,
  size: number | undefined,
  signal: AbortSignal,
): Promise<Received> {
  const path = filePath.split("/").map(encodeURIComponent).join("/");
  const response = await fetch(`${apiRoot}/file/bot${token}/${path}`, {
    signal,
    // Whoever answers for Telegram must not send the token elsewhere.
    redirect: "manual",
  });
  const type = response.headers.get("content-type") ?? "";
  if (response.status !== 200 || type.startsWith("text/html") || response.body === null) {
    await response.body?.cancel();
    onTrouble("downloading a document", new Error(`status ${response.status}, type ${type}`));
    return { kind: "failed", reason: telegramLost };
  }
  if (Number(response.headers.get("content-length") ?? 0) > uploadBytesMax) {
    await response.body.cancel();
    return tooLarge(uploadBytesMax);
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body) {
    length += part.byteLength;
    // Leaving the loop cancels the rest.
    if (length > uploadBytesMax) return tooLarge(uploadBytesMax);
    parts.push(part);
  }
  if (size !== undefined && size !== length) {
    return {
      kind: "failed",
      reason: `the download was cut short, ${length} of ${size} bytes arrived`,
    };
  }
  return { kind: "received", bytes: Buffer.concat(parts) };
}
