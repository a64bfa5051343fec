// The wire: routes, tokens, faults, the log, and answers in Telegram's envelope. What the methods do is theirs.
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { findApiMethod } from "./api-methods.ts";
import { sendBytes, written } from "./download.ts";
import type { Faults, FaultyRequest, OddAnswer } from "./faults.ts";
import type { Feed } from "./feed.ts";
import { Refusal } from "./refusal.ts";
import { chatIdOf, type LoggedRequest } from "./request-log.ts";
import { readParams, RequestParams } from "./request-params.ts";
import type { World } from "./world.ts";

/** What the wire needs to know. */
export interface Wire {
  readonly world: World;
  readonly token: string;
  readonly faults: Faults;
  readonly log: Feed<LoggedRequest>;
  /** Told of every request when it ends; its arrival is in `log`. */
  readonly onEnded: (request: LoggedRequest) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Route {
  readonly token: string;
  readonly kind: "method" | "file";
  readonly rest: string;
}

interface Exchange {
  readonly wire: Wire;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly route: Route;
  readonly closed: AbortSignal;
}

/** A server that does not listen yet. Every request ends with an answer, a cut connection, or `closed`. */
export function makeHttpServer(wire: Wire, closed: AbortSignal): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://sandbox");
    const route = findRoute(url.pathname);
    if (route === undefined || route.token !== wire.token) {
      request.resume();
      sendRefusal(
        response,
        route === undefined ? new Refusal(404, "Not Found") : new Refusal(401, "Unauthorized"),
      );
      return;
    }
    void serve({ wire, request, response, url, route, closed });
  });
}

function findRoute(path: string): Route | undefined {
  const [, file, token, rest] = /^(\/file)?\/bot([^/]+)\/(.+)$/.exec(path) ?? [];
  return token === undefined || rest === undefined
    ? undefined
    : { token, kind: file === undefined ? "method" : "file", rest };
}

async function serve(exchange: Exchange): Promise<void> {
  const { wire, request, response, url, route } = exchange;
  const startedAt = wire.now();
  let entry: LoggedRequest | undefined;
  try {
    const params =
      route.kind === "file"
        ? new RequestParams(new Map([["path", route.rest]]))
        : await readParams(request, url);
    const method = route.kind === "file" ? "download" : route.rest;
    entry = logged(method, params.summary(), startedAt);
    wire.log.append(entry);
    await answer(exchange, entry, params);
  } catch (error) {
    if (request.destroyed && !request.complete) {
      return; // The caller hung up in the middle of its request.
    }
    if (!(error instanceof Refusal)) {
      sendRefusal(response, new Refusal(500, `Internal Server Error: ${String(error)}`));
      throw error; // A mistake in this server: it must not look like one of Telegram's.
    }
    if (entry === undefined) {
      entry = logged(route.rest, {}, startedAt);
      wire.log.append(entry);
    }
    sendRefusal(response, error);
  } finally {
    if (entry !== undefined) {
      entry.endedAt = wire.now();
      entry.durationMs = entry.endedAt - startedAt;
      entry.status = response.headersSent ? response.statusCode : undefined;
      wire.onEnded(entry);
    }
  }
}

async function answer(
  exchange: Exchange,
  entry: LoggedRequest,
  params: RequestParams,
): Promise<void> {
  const { wire, route, closed } = exchange;
  const faulty: FaultyRequest = {
    method: entry.method,
    chatId: chatIdOf(entry.params),
    params: entry.params,
  };
  const struckBefore = await wire.faults.strike("before", faulty, closed);
  if (struckBefore !== "go_on") return sendOdd(exchange, struckBefore);
  const send: () => void | Promise<void> =
    route.kind === "file" ? prepareDownload(exchange, faulty) : await call(exchange, params);
  const struckAfter = await wire.faults.strike("after", faulty, closed);
  if (struckAfter !== "go_on") return sendOdd(exchange, struckAfter);
  return send();
}

/** A fault's answer, or none. Stays open where the body stalls, until the caller or the server ends it. */
async function sendOdd({ request, response }: Exchange, odd: "dropped" | OddAnswer): Promise<void> {
  if (odd === "dropped") {
    request.socket.resetAndDestroy();
    return;
  }
  if (odd.kind === "raw") {
    request.socket.end(odd.bytes);
    return;
  }
  const { status = 200, contentType, body, headers = {}, ending = "whole" } = odd;
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  if (ending === "whole") {
    response.end(body);
    return;
  }
  const half = Buffer.from(body).subarray(0, Math.floor(Buffer.byteLength(body) / 2));
  await written(response, half);
  if (ending === "cut") request.socket.destroy();
  else if (!response.closed) await once(response, "close");
}

async function call(
  { wire, response, route, closed }: Exchange,
  params: RequestParams,
): Promise<() => void> {
  const method = findApiMethod(route.rest);
  if (method === undefined) {
    throw new Refusal(404, "Not Found");
  }
  const hungUp = new AbortController();
  response.once("close", () => hungUp.abort());
  const signal = AbortSignal.any([closed, hungUp.signal]);
  const result = await method({ world: wire.world, params, signal });
  return () => sendJson(response, 200, { ok: true, result });
}

function prepareDownload(
  { wire, response, route }: Exchange,
  faulty: FaultyRequest,
): () => Promise<void> {
  const file = wire.world.files.atPath(route.rest);
  if (file === undefined) {
    throw new Refusal(404, "Not Found");
  }
  return () => sendBytes(response, file.bytes, wire.faults.body(faulty));
}

function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  const { code, message, parameters } = refusal;
  sendJson(response, code, {
    ok: false,
    error_code: code,
    description: message,
    ...(parameters === undefined ? {} : { parameters }),
  });
}

function sendJson(response: ServerResponse, status: number, content: unknown): void {
  if (!response.headersSent) {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(content));
  }
}

function logged(
  method: string,
  params: Readonly<Record<string, unknown>>,
  startedAt: number,
): LoggedRequest {
  return {
    method,
    params,
    startedAt,
    endedAt: undefined,
    durationMs: undefined,
    status: undefined,
  };
}
