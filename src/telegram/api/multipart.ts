// A call that carries files, as multipart/form-data: each is a part of its own, which its field names.
// https://core.telegram.org/bots/api#sending-files
import { randomUUID } from "node:crypto";
import { InputFile } from "grammy";

/** @param payload - its files are fields of their own, made of bytes */
export async function multipartBody(
  payload: object,
): Promise<{ readonly contentType: string; readonly body: Buffer }> {
  const boundary = randomUUID();
  const parts: Uint8Array[] = [];
  const add = (head: string, content: string | Uint8Array): void => {
    const start = `--${boundary}\r\ncontent-disposition:form-data;${head}\r\n\r\n`;
    parts.push(Buffer.from(start), Buffer.from(content), Buffer.from("\r\n"));
  };
  for (const [field, value] of Object.entries(payload)) {
    if (value instanceof InputFile) {
      add(`name="${field}"`, `attach://${field}_file`);
      const head = `name="${field}_file";filename=${nameOf(value)}\r\ncontent-type:application/octet-stream`;
      add(head, await bytesOf(value));
    } else if (value !== undefined) {
      add(`name="${field}"`, typeof value === "object" ? JSON.stringify(value) : String(value));
    }
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat(parts),
  };
}

/** Telegram takes a name without quotes, and decodes it. */
function nameOf({ filename = "" }: InputFile): string {
  return filename.replaceAll(/[%;"\r\n]/g, (character) => encodeURIComponent(character));
}

async function bytesOf(file: InputFile): Promise<Uint8Array> {
  const raw = await file.toRaw();
  if (raw instanceof Uint8Array) return raw;
  throw new Error("only bytes are sent as files");
}
