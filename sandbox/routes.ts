// A small HTTP server for a page of this machine: routes with named parts, bodies up to a limit, events for as long as the page is
// open. What the routes do is theirs. On Node's own `http`, so that the sandbox needs no package that the bot does not need.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { inspect } from "node:util";

/** Of a request's body. */
export interface RouteLimits {
  readonly bodyBytesMax: number;
}

/** One request. */
export interface Asked {
  readonly request: IncomingMessage;
  /** A named part of the path, decoded; empty where the route has none of that name. */
  part(name: string): string;
  /** @throws a {@link RouteRefusal} where it is longer than the limit */
  text(): Promise<string>;
  /** @throws a {@link RouteRefusal} where it is longer than the limit, or no form */
  form(): Promise<FormData>;
}

/** What a route answers with: a body, or events until the page is closed. */
export type Answered =
  | { readonly status: number; readonly type?: string; readonly body?: string | Uint8Array }
  | { readonly events: (send: SendEvent) => () => void };

/** `data` is sent as JSON. */
export type SendEvent = (event: string, data: unknown) => void;

export type Route = (asked: Asked) => Answered | Promise<Answered>;

/** An answer that is no success, thrown from wherever it is found out. */
export class RouteRefusal extends Error {
  override readonly name = "RouteRefusal";
  readonly status: number;
  constructor(status: number, message = "") {
    super(message);
    this.status = status;
  }
}

export const done: Answered = { status: 204 };

/**
 * A server that does not listen yet.
 * @param routes - by method and path, such as `GET /api/live/:id`; the first that fits is asked
 * @param headers - sent with every answer
 * @param admit - asked before a route; refuses by throwing
 */
export function createRouteServer(
  routes: Readonly<Record<string, Route>>,
  headers: Readonly<Record<string, string>>,
  admit: (request: IncomingMessage) => void,
  limits: RouteLimits,
): Server {
  const table = Object.entries(routes).map(([key, route]) => {
    const [method = "", path = ""] = key.split(" ");
    return { method, parts: path.split("/"), route };
  });

  async function answer(request: IncomingMessage): Promise<Answered> {
    admit(request);
    const { pathname } = new URL(request.url ?? "/", "http://page");
    const asked = pathname.split("/").map(decoded);
    for (const { method, parts, route } of table) {
      if (method !== request.method || parts.length !== asked.length) continue;
      if (!parts.every((part, index) => part.startsWith(":") || part === asked[index])) continue;
      const part = (name: string): string => asked[parts.indexOf(`:${name}`)] ?? "";
      const body = (): Promise<Buffer> => readBody(request, limits.bodyBytesMax);
      return route({
        request,
        part,
        text: async () => (await body()).toString("utf8"),
        form: async () => readForm(request, await body()),
      });
    }
    throw new RouteRefusal(404, "not found");
  }

  return createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    void answer(request)
      .catch((error: unknown): Answered => {
        const refusal = error instanceof RouteRefusal ? error : undefined;
        // A mistake of the sandbox's own: whoever runs it sees where.
        if (refusal === undefined) process.stderr.write(`${inspect(error)}\n`);
        return { status: refusal?.status ?? 500, body: refusal?.message ?? "a mistake" };
      })
      .then((answered) => send(response, answered));
  });
}

function send(response: ServerResponse, answered: Answered): void {
  if ("events" in answered) {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    const stop = answered.events((event, data) => {
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    });
    response.once("close", stop);
    return;
  }
  const { status, type = "text/plain; charset=utf-8", body } = answered;
  response.writeHead(status, body === undefined ? {} : { "Content-Type": type });
  response.end(body);
}

/** What is no percent-encoded UTF-8 stands for itself, and fits no route. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) throw new Error("a body is bytes");
    bytes += part.length;
    // The rest is read and dropped: a sender that is cut off would never see the answer.
    if (bytes <= bytesMax) parts.push(part);
  }
  if (bytes > bytesMax) throw new RouteRefusal(413, "too large");
  return Buffer.concat(parts);
}

async function readForm(request: IncomingMessage, body: Buffer): Promise<FormData> {
  const headers = { "Content-Type": request.headers["content-type"] ?? "" };
  try {
    return await new Response(new Uint8Array(body), { headers }).formData();
  } catch (cause) {
    throw new RouteRefusal(400, `no form: ${String(cause)}`);
  }
}
