// One request over HTTP, and its whole answer. By Node's own client: node-fetch, which grammY brings, waits for ever for the rest of
// a body whose connection was cut, and Node's fetch takes twice the processor time for a call.
import { Agent, request as requestHttp, type IncomingMessage } from "node:http";
import { Agent as SecureAgent, request as requestHttps } from "node:https";

/**
 * An idle connection is closed here before a server closes it, which Node's do after 5 s: a call that sets out at that moment is lost, and a
 * message is not sent again, since it could come twice.
 */
const idleMsMax = 4000;
const connections = { keepAlive: true, timeout: idleMsMax };
const agent = new Agent(connections);
const secureAgent = new SecureAgent(connections);

export interface RequestInit {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal | undefined;
}

type OnArrived = (bytes: number) => void;

/** One of {@link Answer.read} and {@link Answer.drop} must be called, once. */
export interface Answer {
  readonly status: number;
  /** As declared; empty where nothing was. */
  readonly contentType: string;
  /** As declared; 0 where nothing was. */
  readonly declaredBytes: number;
  /**
   * @param onArrived - told how many bytes there are, with each that come
   * @returns the body; undefined where it is longer than `bytesMax`. Rejects where it breaks off.
   */
  read(bytesMax: number, onArrived?: OnArrived): Promise<Buffer | undefined>;
  drop(): void;
}

/**
 * Resolves when the answer begins. Redirects are answers like others.
 * @throws what the network or `signal` ended it with
 */
export async function sendRequest(url: string, init: RequestInit): Promise<Answer> {
  const { method, headers = {}, body = "", signal } = init;
  const request = url.startsWith("https:")
    ? requestHttps(url, { method, headers, agent: secureAgent })
    : requestHttp(url, { method, headers, agent });
  const abort = (): void => void request.destroy(new Error("the call was ended"));
  if (signal?.aborted === true) abort();
  signal?.addEventListener("abort", abort);
  request.once("close", () => signal?.removeEventListener("abort", abort));
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    // A later error is one of the answer, whose reading it ends.
    request.on("error", reject);
    request.once("response", resolve);
    request.end(body);
  });
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers["content-type"] ?? "",
    declaredBytes: Number(response.headers["content-length"] ?? 0),
    read: (bytesMax, onArrived) => readBody(response, bytesMax, onArrived),
    drop: () => void response.destroy(),
  };
}

function readBody(
  response: IncomingMessage,
  bytesMax: number,
  onArrived: OnArrived = () => {},
): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    response.on("data", (part: Buffer) => {
      length += part.byteLength;
      parts.push(part);
      onArrived(length);
      if (length <= bytesMax) return;
      resolve(undefined);
      response.destroy();
    });
    response.once("end", () => resolve(Buffer.concat(parts, length)));
    response.once("error", reject);
    response.once("close", () => {
      // Not where it has ended: an error costs more than reading a short answer.
      if (!response.readableEnded) reject(new Error("the answer broke off"));
    });
  });
}
