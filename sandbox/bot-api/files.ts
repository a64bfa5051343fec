// Every file that was ever sent, by unguessable id, and the download paths given out for them.
import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { File } from "grammy/types";
import { badRequest } from "./refusal.ts";

const downloadBytesMax = 20 * 1024 * 1024;
const pathLifetimeMs = 60 * 60 * 1000;

/** What was stored: `size` is what the message and getFile say, undefined where they say nothing. */
export interface StoredFile {
  readonly id: string;
  readonly uniqueId: string;
  readonly name: string | undefined;
  readonly size: number | undefined;
  readonly bytes: Uint8Array;
}

interface PublishedPath {
  readonly fileId: string;
  readonly endsAtMs: number;
}

/** The files of one server; they are kept as long as it lives. */
export class Files {
  readonly #now: () => number;
  readonly #files = new Map<string, StoredFile>();
  readonly #paths = new Map<string, PublishedPath>();

  readonly #localDir: string | undefined;

  /**
   * @param now - milliseconds since 1970
   * @param localDir - where files are put and told with their absolute paths, as in the local mode of a Bot API server
   */
  constructor(now: () => number, localDir?: string) {
    this.#now = now;
    this.#localDir = localDir;
  }

  add(bytes: Uint8Array, name: string | undefined, size: number | undefined): StoredFile {
    const id = `BQAC${randomBytes(36).toString("base64url")}`;
    const uniqueId = createHash("sha256").update(id).digest("base64url").slice(0, 15);
    const stored = { id, uniqueId, name, size, bytes };
    this.#files.set(id, stored);
    return stored;
  }

  get(fileId: string): StoredFile | undefined {
    return this.#files.get(fileId);
  }

  /**
   * getFile: a download path that is good for one hour.
   * @throws a refusal for an unknown id, and for a file over 20 MB
   */
  publish(fileId: string): File {
    if (fileId === "") {
      throw badRequest("file_id not specified");
    }
    const file = this.#files.get(fileId);
    if (file === undefined) {
      throw badRequest("wrong file_id or the file is temporarily unavailable");
    }
    if (Math.max(file.size ?? 0, file.bytes.length) > downloadBytesMax) {
      throw badRequest("file is too big");
    }
    const path = `documents/file_${file.uniqueId}${extname(file.name ?? "")}`;
    this.#paths.set(path, { fileId, endsAtMs: this.#now() + pathLifetimeMs });
    return {
      file_id: file.id,
      file_unique_id: file.uniqueId,
      ...(file.size === undefined ? {} : { file_size: file.size }),
      file_path: this.#localDir === undefined ? path : putInto(this.#localDir, file),
    };
  }

  /** The file behind a path from {@link publish}; undefined when there was none or its hour is over. */
  atPath(path: string): StoredFile | undefined {
    const published = this.#paths.get(path);
    return published === undefined || published.endsAtMs < this.#now()
      ? undefined
      : this.#files.get(published.fileId);
  }
}

function putInto(folder: string, { uniqueId, bytes }: StoredFile): string {
  const path = join(folder, `file_${uniqueId}`);
  writeFileSync(path, bytes);
  return path;
}
