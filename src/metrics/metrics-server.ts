// A small HTTP server for whoever watches the bot: /metrics, /healthz and /readyz, and nothing else.
// What ready means is for others to say. Whoever connects is bound in number, in time and in what they may send, so that nobody
// keeps the others from an answer.
import { strict as assert } from "node:assert";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Watched } from "./watched.ts";
import {
  cannotListen,
  onlyReading,
  pageNotMade,
  readinessNotFoundOut,
} from "../words/readiness-words.ts";

/** From the first byte to the last one of the answer: a scrape takes some milliseconds. */
const connectionTimeoutMs = 10_000;
/** A scrape sends a few hundred bytes. */
const headerBytesMax = 8192;
/** One more cuts the oldest: those who ask and do not read must not shut out those who do. */
const connectionsMax = 64;
/** How long a stop waits for answers that are under way. */
const closeTimeoutMs = 1000;

export interface MetricsServerOptions extends Watched {
  readonly metricsHost: string;
  /** 0 takes any free port. */
  readonly metricsPort: number;
  /** What the bot is now, where it is one of several; said where it is ready. */
  readonly role?: () => "leader" | "standby";
}

export interface MetricsServer {
  readonly port: number;
  /** Stops within a second, also when called twice. */
  close(): Promise<void>;
}

/**
 * Listens, and answers until closed.
 * @throws an Error with one clear sentence naming the setting where the address cannot be had
 */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const answer = createAnswer(options);
  const server = createServer(
    { maxHeaderSize: headerBytesMax },
    (request, response) => void answer(request, response),
  );
  // A connection ends with its answer; whatever else was asked in it is not looked up.
  server.maxRequestsPerSocket = 1;
  boundConnections(server);
  await listen(server, options.metricsHost, options.metricsPort);
  // Accepting can fail later, such as for want of file descriptors; unheard, that would end the process.
  server.on("error", options.onError);
  const address = server.address();
  assert(address !== null && typeof address === "object");
  return {
    port: address.port,
    close: async () => close(server),
  };
}

function boundConnections(server: Server): void {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), connectionTimeoutMs);
    open.add(socket);
    socket.once("close", () => {
      clearTimeout(timer);
      open.delete(socket);
    });
    const [oldest] = open;
    if (open.size <= connectionsMax || oldest === undefined) return;
    open.delete(oldest);
    oldest.destroy();
  });
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(new Error(cannotListen(cause.code ?? "unknown reason", host, port), { cause }));
    });
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), closeTimeoutMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Answering = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function createAnswer(options: MetricsServerOptions): Answering {
  const pages = new Map<string, () => Promise<Answer>>([
    ["/metrics", async () => ({ status: 200, ...(await options.metricsText()) })],
    ["/healthz", async () => ({ status: 200, body: "ok\n" })],
    ["/readyz", async () => readyAnswer(options)],
  ]);
  return async (request, response) => {
    try {
      send(response, await pageAnswer(pages, request));
    } catch (error) {
      options.onError(error);
      send(response, { status: 500, body: `${pageNotMade}\n` });
    }
  };
}

async function pageAnswer(
  pages: ReadonlyMap<string, () => Promise<Answer>>,
  request: IncomingMessage,
): Promise<Answer> {
  const page = pages.get(request.url?.split("?")[0] ?? "");
  if (page === undefined) return { status: 404, body: "not found\n" };
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { status: 405, body: `${onlyReading}\n`, headers: { Allow: "GET, HEAD" } };
  }
  return page();
}

async function readyAnswer({ readiness, role, onError }: MetricsServerOptions): Promise<Answer> {
  try {
    const reasons = await readiness();
    const body = role === undefined ? "ready\n" : `ready: ${role()}\n`;
    if (reasons.length === 0) return { status: 200, body };
    const lines = reasons.map((reason) => reason.replaceAll(/\s+/g, " ").trim());
    return { status: 503, body: `${lines.join("\n")}\n` };
  } catch (error) {
    onError(error);
    return { status: 503, body: `${readinessNotFoundOut}\n` };
  }
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    "Content-Type": answer.contentType ?? "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(answer.body),
    "Cache-Control": "no-store",
    Connection: "close",
    "X-Content-Type-Options": "nosniff",
    ...answer.headers,
  });
  // Node leaves the body out of an answer to HEAD.
  response.end(answer.body);
}
