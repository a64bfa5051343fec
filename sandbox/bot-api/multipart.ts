// Reads multipart/form-data as Telegram's server does: header values may stand without quotes and are URL-decoded.
// grammY relies on both; common multipart parsers fail on it.

/** A file as it came in a request. */
export interface UploadedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What a multipart body held: text fields and files, by field name. */
export interface MultipartBody {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, UploadedFile>;
}

/** @returns undefined when the body is not made of complete parts between `boundary` lines */
export function parseMultipart(body: Buffer, boundary: string): MultipartBody | undefined {
  const fields = new Map<string, string>();
  const files = new Map<string, UploadedFile>();
  const delimiter = Buffer.from(`--${boundary}`);
  let at = body.indexOf(delimiter);
  while (at !== -1) {
    const start = at + delimiter.length;
    if (body.toString("latin1", start, start + 2) === "--") {
      return { fields, files };
    }
    const headersEnd = body.indexOf("\r\n\r\n", start);
    const next = body.indexOf(`\r\n--${boundary}`, Math.max(start, headersEnd));
    if (headersEnd === -1 || next === -1) {
      return undefined;
    }
    const disposition = readDisposition(body.toString("utf8", start, headersEnd));
    const content = body.subarray(headersEnd + 4, Math.max(headersEnd + 4, next));
    if (disposition.fileName === undefined) {
      fields.set(disposition.name, content.toString("utf8"));
    } else {
      files.set(disposition.name, { name: disposition.fileName, bytes: Buffer.from(content) });
    }
    at = next + 2;
  }
  return undefined;
}

function readDisposition(headers: string): { name: string; fileName: string | undefined } {
  const line = headers
    .split("\r\n")
    .find((header) => header.toLowerCase().startsWith("content-disposition:"));
  const values = new Map<string, string>();
  for (const [, key, value] of (line ?? "").matchAll(/;\s*([\w*]+)\s*=\s*("[^"]*"|[^;]*)/g)) {
    if (key !== undefined && value !== undefined) {
      values.set(key.toLowerCase(), urlDecoded(unquoted(value.trim())));
    }
  }
  return { name: values.get("name") ?? "", fileName: values.get("filename") };
}

function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1)
    : value;
}

// A percent sign that begins no valid sequence stands for itself.
function urlDecoded(value: string): string {
  return value.replaceAll(/(?:%[\da-f]{2})+/gi, (sequence) => {
    try {
      return decodeURIComponent(sequence);
    } catch {
      return sequence; // Not UTF-8: it was meant literally.
    }
  });
}
