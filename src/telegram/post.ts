// One request over HTTP, and its whole answer. By Node's own client: node-fetch, which grammY brings, waits for ever for the rest of
// a body whose connection was cut, and Node's fetch takes twice the processor time for a call.
import { type Agent, request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** What grammY hands to `client.fetch`, in all that is used here. */
export interface PostInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
  readonly agent?: Agent;
  readonly signal?: Pick<AbortSignal, "aborted" | "addEventListener" | "removeEventListener">;
}

export interface Posted {
  readonly status: number;
  /** As declared; empty where nothing was. */
  readonly contentType: string;
  /** Rejects where the body breaks off or is longer than `bytesMax`. */
  readonly text: () => Promise<string>;
}

/**
 * Resolves when the answer begins. Redirects are answers like others.
 * @throws what the network or `signal` ended it with
 */
export async function post(url: string, init: PostInit, bytesMax: number): Promise<Posted> {
  const { method = "POST", headers = {}, body = "", agent, signal } = init;
  const send = url.startsWith("https:") ? requestHttps : requestHttp;
  const request = send(url, { method, headers, ...(agent === undefined ? {} : { agent }) });
  const abort = (): void => void request.destroy(new Error("the call was ended"));
  if (signal?.aborted === true) abort();
  signal?.addEventListener("abort", abort);
  request.once("close", () => signal?.removeEventListener("abort", abort));
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    // A later error is one of the answer, whose reading it ends.
    request.on("error", reject);
    request.once("response", resolve);
    if (typeof body === "string") request.end(body);
    else pipeline(body, request).catch(reject);
  });
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers["content-type"] ?? "",
    text: () => readText(response, bytesMax),
  };
}

async function readText(response: IncomingMessage, bytesMax: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.byteLength;
    // Leaving the loop cuts the connection.
    if (length > bytesMax) throw new Error(`the answer is longer than ${bytesMax} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
