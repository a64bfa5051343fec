// Fetches a document from Telegram, with a limit on its size and on the time. Bytes only: what they mean is for others.
import { type Api, GrammyError } from "grammy";
import type { Document } from "grammy/types";
import { Refusal, type Trouble } from "../../model/trouble.ts";
import type { Received, UploadRequest } from "../../change/upload-request.ts";
import { NoAnswer } from "../api/call-telegram.ts";
import { download, DownloadRefused, type DownloadSource } from "./download.ts";
import { startTimeLimit } from "../api/time-limit.ts";
import {
  callFailure,
  type CallResult,
  failedCallOf,
  grammySignal,
  isCallError,
} from "../api/telegram-api.ts";

export interface FileSource {
  readonly api: Api;
  readonly token: string;
  readonly apiRoot: string;
  readonly uploadBytesMax: number;
  /** For asking where the file is and fetching it, together. */
  readonly downloadTimeoutMs: number;
  /** Told of every download, when it has ended. */
  readonly countDownload: (result: CallResult) => void;
  readonly onTrouble: (what: string, error: unknown) => void;
  /** Reads what a Bot API server in local mode keeps on the disk; undefined where no folder of it is named. */
  readonly readLocal: ReadLocal | undefined;
}

/** @throws where `signal` ends it */
type ReadLocal = (
  path: string,
  limits: { readonly bytesMax: number; readonly signal: AbortSignal },
) => Promise<LocalFile>;

type LocalFile =
  | { readonly kind: "read"; readonly bytes: Buffer }
  | { readonly kind: "outside" | "no_file" | "too_large" }
  | { readonly kind: "refused"; readonly trouble: Trouble };

/** Fetches `document`; an expected failure is a value. */
export async function receiveFile(
  source: FileSource,
  document: Document,
  ...[signal, onWork]: Parameters<UploadRequest["receive"]>
): Promise<Received> {
  const { api, uploadBytesMax, downloadTimeoutMs, onTrouble } = source;
  if ((document.file_size ?? 0) > uploadBytesMax) return tooLarge(uploadBytesMax);
  const limit = startTimeLimit(downloadTimeoutMs, signal);
  const arrived = (arrivedBytes: number, sizeBytes = document.file_size): void =>
    onWork({ kind: "download", arrivedBytes, sizeBytes });
  arrived(0);
  try {
    const file = await api.getFile(document.file_id, grammySignal(limit.signal));
    const size = file.file_size ?? document.file_size;
    if ((size ?? 0) > uploadBytesMax) return tooLarge(uploadBytesMax);
    if (file.file_path === undefined) {
      onTrouble("downloading a document", new NoAnswer("getFile", 200, "getFile told no path"));
      return { kind: "failed", trouble: { code: "telegram_lost_document" } };
    }
    const { signal: within } = limit;
    if (file.file_path.startsWith("/")) {
      return await fromDisk(source, file.file_path, size, within);
    }
    const server = fileServer(source, (bytes) => arrived(bytes, size));
    const downloaded = await download(server, file.file_path, size, within);
    if (downloaded.kind === "whole") return { kind: "received", bytes: downloaded.bytes };
    if (downloaded.kind === "too_large") return tooLarge(uploadBytesMax);
    if (signal.aborted) return { kind: "aborted" };
    const { failure, isEnded, cutShort } = downloaded;
    onTrouble("downloading a document", failure);
    const trouble: Trouble =
      cutShort === undefined
        ? troubleOf(failure, isEnded, downloadTimeoutMs)
        : { code: "download_cut_short", params: cutShort };
    return { kind: "failed", trouble };
  } catch (error) {
    if (signal.aborted) return { kind: "aborted" };
    if (error instanceof GrammyError && /file is too big/.test(error.description)) {
      return tooLarge(uploadBytesMax);
    }
    if (!isCallError(error) && !limit.isOver) throw error;
    onTrouble("downloading a document", error);
    return { kind: "failed", trouble: troubleOf(error, limit.isOver, downloadTimeoutMs) };
  } finally {
    limit.clear();
  }
}

function fileServer(
  { token, apiRoot, uploadBytesMax, countDownload, onTrouble }: FileSource,
  onArrived: DownloadSource["onArrived"],
): DownloadSource {
  const onRepeat = (failure: NoAnswer): void =>
    onTrouble("downloading a document, which is tried again", failure);
  return { token, apiRoot, bytesMax: uploadBytesMax, count: countDownload, onArrived, onRepeat };
}

/** The path is the server's word, as much as the size: the folder is the operator's. */
async function fromDisk(
  { uploadBytesMax, readLocal, onTrouble }: FileSource,
  path: string,
  size: number | undefined,
  signal: AbortSignal,
): Promise<Received> {
  const failed = (trouble: Trouble): Received => {
    // Without the path, which holds the token.
    onTrouble("reading a document from the Bot API server's disk", new Refusal(trouble));
    return { kind: "failed", trouble };
  };
  if (readLocal === undefined) return failed({ code: "local_files_unnamed" });
  const read = await readLocal(path, { bytesMax: uploadBytesMax, signal });
  switch (read.kind) {
    case "read": {
      const { length } = read.bytes;
      if (size === undefined || size === length) return { kind: "received", bytes: read.bytes };
      const params = { arrivedBytes: length, sizeBytes: size };
      return failed({ code: "download_cut_short", params });
    }
    case "too_large":
      return tooLarge(uploadBytesMax);
    case "outside":
      return failed({ code: "local_file_outside" });
    case "no_file":
      return failed({ code: "local_file_irregular" });
    case "refused":
      return failed(read.trouble);
    default:
      return read satisfies never;
  }
}

function troubleOf(error: unknown, isLate: boolean, limitMs: number): Trouble {
  if (isLate) return { code: "download_too_slow", params: { limitMs } };
  const waits = askedToWait(error);
  if (waits !== undefined) return waits;
  const isRefused = error instanceof DownloadRefused || callFailure(error).kind !== "again";
  return { code: isRefused ? "telegram_lost_document" : "telegram_unreachable" };
}

/** Short waits that Telegram asks for are waited out before. */
function askedToWait(error: unknown): Trouble | undefined {
  if (failedCallOf(error)?.status !== 429) return undefined;
  const seconds = error instanceof GrammyError ? error.parameters.retry_after : undefined;
  const waitMs = seconds === undefined ? null : seconds * 1000;
  return { code: "telegram_asks_to_wait", params: { waitMs } };
}

function tooLarge(bytesMax: number): Received {
  return { kind: "refused", fault: { code: "too_large", params: { bytesMax } } };
}
