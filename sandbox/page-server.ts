// The sandbox's page and what it asks for. Listens on this machine alone, and only to the page itself: another site that is
// open in the same browser can neither read from it nor press anything.
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { serve, type ServerType } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { streamSSE } from "hono/streaming";
import { chatBubble } from "./chat-bubble.ts";
import { diskSpeeds } from "./disk-speed.ts";
import { exampleFile, exampleNames } from "./examples.ts";
import type { Person } from "./bot-api/people.ts";
import { projectRoot } from "./project-root.ts";
import { faultNames, findMessage, type Sandbox, type SandboxChange } from "./sandbox.ts";

const host = "127.0.0.1";
/** Telegram's own limit for what a bot may download, and a little for the form around it. */
const requestBytesMax = 21 * 1024 * 1024;
const textCharsMax = 4096;
/** A silent connection is kept open through proxies and sleeping laptops. */
const heartbeatMs = 15_000;
/** Of each chat, to a page that is loaded; as many as it shows. */
const messagesSentMax = 200;

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

interface Asset {
  readonly folder: string;
  readonly type: string;
}

const sourceFolder = "sandbox/page/";
const script: Asset = {
  folder: "dist/dev/sandbox/page/",
  type: "text/javascript; charset=utf-8",
};

/** Nothing else below `/page/` can be read. */
const assets: Readonly<Record<string, Asset>> = {
  "index.html": { folder: sourceFolder, type: "text/html; charset=utf-8" },
  "style.css": { folder: sourceFolder, type: "text/css; charset=utf-8" },
  "page.js": script,
  "bubble.js": script,
  "chat-window.js": script,
  "composer.js": script,
  "dialogs.js": script,
  "element.js": script,
  "focus.js": script,
  "list.js": script,
  "requests.js": script,
  "server-side.js": script,
  "stage.js": script,
  "timeline-drawing.js": script,
};

export interface PageServer {
  readonly address: string;
  close(): Promise<void>;
}

/**
 * @param port - 0 picks a free one
 * @throws with a message for the operator where the port is taken
 */
export async function startPageServer(sandbox: Sandbox, port: number): Promise<PageServer> {
  const app = pageApp(sandbox);
  const server = await new Promise<ServerType>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(starting));
    starting.on("error", (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === "EADDRINUSE"
          ? new Error(
              `Port ${port} is taken. Set SANDBOX_PORT to another one, or to 0 for any that is free.`,
              { cause },
            )
          : cause,
      );
    });
  });
  const address = server.address();
  const actualPort = typeof address === "object" ? (address?.port ?? port) : port;
  return {
    address: `http://${host}:${actualPort}`,
    async close() {
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pageApp(sandbox: Sandbox): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    refuseForeign(c);
    await next();
    c.header("Content-Security-Policy", contentSecurityPolicy);
    c.header("X-Content-Type-Options", "nosniff");
    c.header("Cache-Control", "no-store");
  });
  app.use(bodyLimit({ maxSize: requestBytesMax }));

  app.get("/", (c) => sendAsset(c, "index.html"));
  app.get("/favicon.ico", (c) => c.body(null, 204));
  app.get("/page/:name", (c) => sendAsset(c, c.req.param("name")));
  app.get("/api/events", (c) => events(c, sandbox));

  app.get("/api/backups/:name", async (c) => {
    // A name, never a path: whatever a browser sends.
    const name = basename(c.req.param("name"));
    const bytes = await readFile(join(sandbox.backupFolder, name)).catch(() => undefined);
    return bytes === undefined ? c.notFound() : sendAsText(c, bytes);
  });
  app.get("/api/live/:id", async (c) => {
    const config = sandbox.configs.find(({ id }) => id === c.req.param("id"));
    if (config === undefined) return c.notFound();
    return sendAsText(c, await readFile(config.path).catch(() => Buffer.of()));
  });
  app.get("/api/documents/:fileId", (c) => {
    const bytes = sandbox.telegram.fileBytes(c.req.param("fileId"));
    return bytes === undefined ? c.notFound() : sendAsText(c, bytes);
  });
  app.get("/api/people/:id/menu", (c) => {
    const { id } = personOf(sandbox, c).account;
    return c.json(sandbox.telegram.menu(id, id));
  });
  app.get("/api/examples/:name", async (c) => {
    const name = oneOf(exampleNames, c.req.param("name"));
    const live = await readFile(sandbox.mainConfig.path, "utf8").catch(() => "");
    return c.text(exampleFile(name, live));
  });

  app.post("/api/people/:id/text", async (c) => {
    const text = (await c.req.text()).slice(0, textCharsMax).trim();
    if (text !== "") personOf(sandbox, c).send(text);
    return c.body(null, 204);
  });
  app.post("/api/people/:id/document", async (c) => {
    const form = await c.req.formData();
    const file = form.get("file");
    if (!(file instanceof File)) throw new HTTPException(400);
    const caption = form.get("caption");
    personOf(sandbox, c).upload(
      file.name,
      new Uint8Array(await file.arrayBuffer()),
      typeof caption === "string" && caption !== "" ? { caption } : {},
    );
    return c.body(null, 204);
  });
  app.post("/api/people/:id/press/:message", async (c) => {
    const person = personOf(sandbox, c);
    const message = findMessage(person, Number(c.req.param("message")));
    const label = await c.req.text();
    const labels = message === undefined ? [] : chatBubble(message, 0).buttons.flat();
    // The message was edited while the finger was on its way.
    if (message === undefined || !labels.includes(label)) return c.body(null, 409);
    person.press(message, label);
    return c.body(null, 204);
  });
  app.post("/api/stranger", (c) => c.text(String(sandbox.openStranger().account.id)));
  app.post("/api/stories/:id", async (c) => {
    const story = sandbox.stories.find(({ id }) => id === c.req.param("id"));
    if (story === undefined) throw new HTTPException(404);
    await sandbox.play(story);
    return c.body(null, 204);
  });
  app.post("/api/afresh", async (c) => {
    await sandbox.play(undefined);
    return c.body(null, 204);
  });
  app.post("/api/disk/:speed", async (c) => {
    await sandbox.disk.set(oneOf(diskSpeeds, c.req.param("speed")));
    return c.body(null, 204);
  });
  app.post("/api/faults/:name", (c) => {
    sandbox.arm(oneOf(faultNames, c.req.param("name")));
    return c.body(null, 204);
  });
  app.delete("/api/faults", (c) => {
    sandbox.disarm();
    return c.body(null, 204);
  });
  app.post("/api/bot/kill", async (c) => {
    await sandbox.bot.kill();
    return c.body(null, 204);
  });
  app.post("/api/bot/start", (c) => {
    sandbox.bot.start();
    return c.body(null, 204);
  });
  return app;
}

/** Against DNS rebinding and requests forged by other sites: only the page's own address is served, to the page itself. */
function refuseForeign(c: Context): void {
  const named = c.req.header("host") ?? "";
  const [name] = named.split(":");
  const origin = c.req.header("origin");
  const site = c.req.header("sec-fetch-site");
  const isOwn = name === host || name === "localhost";
  const isSame = origin === undefined || origin === `http://${named}`;
  const isDirect = site === undefined || site === "same-origin" || site === "none";
  if (!isOwn || !isSame || !isDirect)
    throw new HTTPException(403, { message: "not for this site" });
}

async function sendAsset(c: Context, name: string): Promise<Response> {
  const asset = Object.hasOwn(assets, name) ? assets[name] : undefined;
  if (asset === undefined) return c.notFound();
  const path = join(projectRoot, asset.folder, name);
  return c.body(new Uint8Array(await readFile(path)), 200, { "Content-Type": asset.type });
}

/** Whatever it holds, a browser that opens it shows text. */
function sendAsText(c: Context, bytes: Buffer): Response {
  return c.body(new Uint8Array(bytes), 200, { "Content-Type": "text/plain; charset=utf-8" });
}

function personOf(sandbox: Sandbox, c: Context): Person {
  const person = sandbox.people.find(({ account }) => String(account.id) === c.req.param("id"));
  if (person === undefined) throw new HTTPException(404);
  return person;
}

function oneOf<Name extends string>(names: readonly Name[], text: string): Name {
  const name = names.find((known) => known === text);
  if (name === undefined) throw new HTTPException(404);
  return name;
}

/** Everything at first, then what changes. */
function events(c: Context, sandbox: Sandbox): Response {
  return streamSSE(c, async (stream) => {
    const botId = sandbox.telegram.bot.id;
    const send = (event: string, data: unknown): void => {
      void stream.writeSSE({ event, data: JSON.stringify(data) });
    };
    const views: Readonly<Record<SandboxChange, () => unknown>> = {
      people: () =>
        sandbox.people.map(({ account }) => ({ id: account.id, name: account.first_name })),
      files: () => sandbox.files.view(),
      timeline: () => sandbox.timeline.spans(),
      bot: () => ({ running: sandbox.bot.running, problem: sandbox.botProblem ?? null }),
      faults: () => sandbox.armed,
      stage: () => ({ disk: sandbox.disk.speed, story: sandbox.story?.id ?? null }),
    };
    const show = (change: SandboxChange): void => send(change, views[change]());
    send(
      "stories",
      sandbox.stories.map(({ id, title, watch }) => ({ id, title, watch })),
    );
    for (const change of ["people", "files", "timeline", "bot", "faults", "stage"] as const) {
      show(change);
    }
    for (const person of sandbox.people) {
      const messages = person.messages();
      const older = Math.max(0, messages.length - messagesSentMax);
      send("older", { chat: person.account.id, count: older });
      for (const message of messages.slice(older)) {
        send("message", { chat: person.account.id, bubble: chatBubble(message, botId) });
      }
    }
    send("complete", null);

    const stopChanges = sandbox.onChange(show);
    const stopChats = sandbox.telegram.events.subscribe((event) => {
      if (event.kind === "callback_answer") {
        send("answer", { chat: event.chatId, text: event.text });
      } else {
        const bubble = chatBubble(event.message, botId);
        send(event.kind === "delete" ? "deleted" : "message", { chat: event.chatId, bubble });
      }
    });
    await new Promise<void>((resolve) => {
      const heartbeat = setInterval(() => send("heartbeat", null), heartbeatMs);
      stream.onAbort(() => {
        clearInterval(heartbeat);
        resolve();
      });
    });
    stopChanges();
    stopChats();
  });
}
