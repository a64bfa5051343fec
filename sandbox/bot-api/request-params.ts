// The parameters of one API call, whichever way they came: query, JSON or multipart.
import type { IncomingMessage } from "node:http";
import { parseMultipart, type UploadedFile } from "./multipart.ts";
import { badRequest, Refusal } from "./refusal.ts";

const bodyBytesMax = 50 * 1024 * 1024;

/** Typed readers: a form sends texts where JSON sends numbers and objects, and Telegram takes both. */
export class RequestParams {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #files: ReadonlyMap<string, UploadedFile>;

  constructor(
    values: ReadonlyMap<string, unknown>,
    files: ReadonlyMap<string, UploadedFile> = new Map(),
  ) {
    this.#values = values;
    this.#files = files;
  }

  /** The empty text when it was not sent. */
  text(name: string): string {
    const value = this.#values.get(name);
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  }

  /** Undefined when it was not sent or is no whole number. */
  integer(name: string): number | undefined {
    const text = this.text(name).trim();
    return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /**
   * An object or array, sent as JSON or as a text that holds JSON.
   * @throws a refusal, "can't parse `what` JSON object"
   */
  json(name: string, what: string): unknown {
    const value = this.#values.get(name);
    if (typeof value !== "string") {
      return value;
    }
    if (value === "") {
      return undefined;
    }
    try {
      const parsed: unknown = JSON.parse(value);
      return parsed;
    } catch {
      throw badRequest(`can't parse ${what} JSON object`);
    }
  }

  /** A file of the request: the part of that name, or the one that `attach://` points to. */
  file(name: string): UploadedFile | undefined {
    const attached = /^attach:\/\/(.+)$/.exec(this.text(name))?.[1];
    return this.#files.get(attached ?? name);
  }

  /** For the log: every parameter as it came, files as their name and length. */
  summary(): Readonly<Record<string, unknown>> {
    const files = [...this.#files].map(([key, file]) => [
      key,
      { name: file.name, bytes: file.bytes.length },
    ]);
    return Object.fromEntries([...this.#values, ...files]);
  }
}

/**
 * Reads the whole body of a call.
 * @throws a refusal: 413 over 50 MB, 400 when the body is not what its content type says
 */
export async function readParams(request: IncomingMessage, url: URL): Promise<RequestParams> {
  const values = new Map<string, unknown>(url.searchParams);
  const body = await readBody(request);
  const contentType = request.headers["content-type"] ?? "";
  if (body.length === 0) {
    return new RequestParams(values);
  }
  if (contentType.startsWith("application/json")) {
    return new RequestParams(new Map([...values, ...jsonFields(body)]));
  }
  const boundary = /^multipart\/form-data;.*?boundary="?([^";]+)/i.exec(contentType)?.[1];
  const parts = boundary === undefined ? undefined : parseMultipart(body, boundary);
  if (parts === undefined) {
    throw badRequest("can't parse the request body");
  }
  return new RequestParams(new Map<string, unknown>([...values, ...parts.fields]), parts.files);
}

// Too much is read to its end and thrown away: whoever is still sending could not read the refusal.
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > bodyBytesMax) {
      chunks.length = 0;
    } else {
      chunks.push(buffer);
    }
  }
  if (bytes > bodyBytesMax) {
    throw new Refusal(413, "Request Entity Too Large");
  }
  return Buffer.concat(chunks);
}

function jsonFields(body: Buffer): [string, unknown][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    throw badRequest("can't parse the request body as JSON");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw badRequest("expected a JSON object");
  }
  return Object.entries(parsed).filter(([, value]) => value !== null);
}
