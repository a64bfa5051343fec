// One request to one endpoint of etcd's JSON gateway. By Node's own http and not by its fetch, which takes no certificate of an
// authority of one's own.
import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { Agent as HttpsAgent, request as requestTls } from "node:https";

/** A page of {@link valuesPerPage} values of 1.5 MiB each, in base64, is less. */
const answerBytesMax = 48 * 1024 * 1024;
/** Watches, beside short requests; more wait for one to be free. */
const socketsMax = 64;

export interface Poster {
  /**
   * @param timeoutMs - from now to the last byte of the answer
   * @returns what the endpoint answered, whatever it was, or that it did not
   */
  post(url: URL, body: string, options: PostOptions): Promise<PostEnd>;
  /** Sends and leaves the answer to be read as it comes; rejects where there is none. */
  stream(url: URL, body: string, options: PostOptions): Promise<IncomingMessage>;
  close(): void;
}

interface PostOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly token: string | undefined;
}

export type PostEnd =
  | { readonly kind: "answered"; readonly status: number; readonly text: string }
  | {
      readonly kind: "unanswered";
      /** False where the request certainly never left this machine. */
      readonly mayHaveArrived: boolean;
      readonly cause: unknown;
    };

/** @param ca - certificates, PEM, of the only authorities to be trusted; undefined for those that Node knows */
export function createPoster(ca: string | undefined): Poster {
  const options = { keepAlive: true, maxSockets: socketsMax };
  const plain = new HttpAgent(options);
  const secure = new HttpsAgent({ ...options, ...(ca !== undefined && { ca }) });

  function send(url: URL, body: string, { token }: PostOptions): ClientRequest {
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      ...(token !== undefined && { authorization: token }),
    };
    const sent =
      url.protocol === "https:"
        ? requestTls(url, { method: "POST", headers, agent: secure })
        : request(url, { method: "POST", headers, agent: plain });
    sent.end(body);
    return sent;
  }

  return {
    async post(url, body, options) {
      let mayHaveArrived = false;
      const sent = send(url, body, options);
      sent.once("socket", (socket) => {
        // By TLS nothing is sent before both sides know whom they speak to.
        const connected = url.protocol === "https:" ? "secureConnect" : "connect";
        if (socket.connecting) socket.once(connected, () => (mayHaveArrived = true));
        else mayHaveArrived = true;
      });
      try {
        return await within(sent, options, async () => {
          const answer = await answerTo(sent);
          return { kind: "answered", status: answer.statusCode ?? 0, text: await textOf(answer) };
        });
      } catch (cause) {
        return { kind: "unanswered", mayHaveArrived, cause };
      }
    },
    stream(url, body, options) {
      const sent = send(url, body, options);
      return within(sent, options, () => answerTo(sent));
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

/** Ends the request where it takes longer, or is not wanted any more. */
async function within<T>(
  sent: ClientRequest,
  { timeoutMs, signal }: PostOptions,
  act: () => Promise<T>,
): Promise<T> {
  const end = (): void => void sent.destroy(new Error("not wanted any more"));
  const timer = setTimeout(() => {
    sent.destroy(new Error(`no answer within ${timeoutMs} ms`));
  }, timeoutMs);
  if (signal?.aborted === true) end();
  signal?.addEventListener("abort", end);
  try {
    return await act();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once("response", resolve);
    // Stays on for what fails later: that is told by the answer as well.
    sent.on("error", reject);
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer) {
    const buffer = part as Buffer;
    bytes += buffer.length;
    if (bytes > answerBytesMax) {
      answer.destroy();
      throw new Error(`an answer of more than ${answerBytesMax} bytes`);
    }
    parts.push(buffer);
  }
  if (!answer.complete) throw new Error("the answer was cut short");
  return Buffer.concat(parts).toString("utf8");
}
