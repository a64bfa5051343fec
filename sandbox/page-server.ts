// The sandbox's page and what it asks for. Listens on this machine alone, and only to the page itself: another site that is
// open in the same browser can neither read from it nor press anything.
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { basename, join } from "node:path";
import { faultNames } from "./armed-faults.ts";
import { appLanguages } from "./cast.ts";
import { chatBubble } from "./chat-bubble.ts";
import { diskSpeeds } from "./disk-speed.ts";
import { exampleFile, exampleNames } from "./examples.ts";
import type { Person } from "./bot-api/people.ts";
import { machineActNames, machineActs } from "./machines.ts";
import { followSandbox, missingFor } from "./page-events.ts";
import { projectRoot } from "./project-root.ts";
import {
  type Answered,
  type Asked,
  createRouteServer,
  done,
  type Route,
  RouteRefusal,
} from "./routes.ts";
import type { Sandbox } from "./sandbox.ts";

const host = "127.0.0.1";
/** Telegram's own limit for what a bot may download, and a little for the form around it. */
const requestBytesMax = 21 * 1024 * 1024;
const textCharsMax = 4096;

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

const headers = {
  "Content-Security-Policy": contentSecurityPolicy,
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

interface Asset {
  readonly folder: string;
  readonly type: string;
}

const sourceFolder = "sandbox/page/";
const style: Asset = { folder: sourceFolder, type: "text/css; charset=utf-8" };
const script: Asset = {
  folder: "dist/dev/sandbox/page/",
  type: "text/javascript; charset=utf-8",
};

/** Nothing else below `/page/` can be read. */
const assets: Readonly<Record<string, Asset>> = {
  "index.html": { folder: sourceFolder, type: "text/html; charset=utf-8" },
  "style.css": style,
  "chats.css": style,
  "server.css": style,
  "machines.css": style,
  "page.js": script,
  "bubble.js": script,
  "chat-window.js": script,
  "composer.js": script,
  "dialogs.js": script,
  "element.js": script,
  "focus.js": script,
  "language-switch.js": script,
  "list.js": script,
  "machines.js": script,
  "message-text.js": script,
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
  const server = createRouteServer(pageRoutes(sandbox), headers, refuseForeign, {
    bodyBytesMax: requestBytesMax,
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === "EADDRINUSE"
          ? new Error(
              `Port ${port} is taken. Set SANDBOX_PORT to another one, or to 0 for any that is free.`,
              { cause },
            )
          : cause,
      );
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === "object" ? (address?.port ?? port) : port;
  return {
    address: `http://${host}:${actualPort}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pageRoutes(sandbox: Sandbox): Readonly<Record<string, Route>> {
  return {
    "GET /": () => sendAsset("index.html"),
    "GET /favicon.ico": () => done,
    "GET /page/:name": (asked) => sendAsset(asked.part("name")),
    "GET /api/events": () => ({ events: (send) => followSandbox(sandbox, send) }),

    "GET /api/backups/:name": async (asked) => {
      // A name, never a path: whatever a browser sends.
      const name = basename(asked.part("name"));
      const bytes = await readFile(join(sandbox.backupFolder, name)).catch(() => undefined);
      return bytes === undefined ? notFound : asText(bytes);
    },
    "GET /api/live/:id": async (asked) => {
      const config = sandbox.configs.find(({ id }) => id === asked.part("id"));
      if (config === undefined) return notFound;
      return asText(await readFile(config.path).catch(() => Buffer.of()));
    },
    "GET /api/documents/:fileId": (asked) => {
      const bytes = sandbox.telegram.fileBytes(asked.part("fileId"));
      return bytes === undefined ? notFound : asText(bytes);
    },
    "GET /api/photos/:fileId": (asked) => {
      const bytes = sandbox.telegram.fileBytes(asked.part("fileId"));
      return bytes === undefined ? notFound : { status: 200, type: "image/png", body: bytes };
    },
    "GET /api/people/:id/menu": (asked) => {
      const { id, language_code: language } = personOf(sandbox, asked).account;
      return {
        status: 200,
        type: "application/json",
        body: JSON.stringify(sandbox.telegram.menu(id, id, language)),
      };
    },
    "GET /api/examples/:name": async (asked) => {
      const name = oneOf(exampleNames, asked.part("name"));
      const live = await readFile(sandbox.mainConfig.path, "utf8").catch(() => "");
      return asText(exampleFile(name, live));
    },

    "POST /api/people/:id/text": async (asked) => {
      const text = (await asked.text()).slice(0, textCharsMax).trim();
      if (text !== "") personOf(sandbox, asked).send(text);
      return done;
    },
    "POST /api/people/:id/language/:code": (asked) => {
      sandbox.cast.setLanguage(personOf(sandbox, asked), oneOf(appLanguages, asked.part("code")));
      return done;
    },
    "POST /api/people/:id/document": async (asked) => {
      const form = await asked.form();
      const file = form.get("file");
      if (!(file instanceof File)) throw new RouteRefusal(400);
      const caption = form.get("caption");
      personOf(sandbox, asked).upload(
        file.name,
        new Uint8Array(await file.arrayBuffer()),
        typeof caption === "string" && caption !== "" ? { caption } : {},
      );
      return done;
    },
    "POST /api/people/:id/press/:message": async (asked) => {
      const person = personOf(sandbox, asked);
      const number = Number(asked.part("message"));
      // As it is now.
      const message = person.messages().find(({ message_id: id }) => id === number);
      const label = await asked.text();
      const buttons = message === undefined ? [] : chatBubble(message, 0).buttons.flat();
      // The message was edited while the finger was on its way.
      if (message === undefined || !buttons.some(({ text }) => text === label)) {
        return { status: 409 };
      }
      person.press(message, label);
      return done;
    },
    "POST /api/stranger": () => asText(String(sandbox.cast.openStranger().account.id)),
    "POST /api/stories/:id": async (asked) => {
      const story = sandbox.stories.find(({ id }) => id === asked.part("id"));
      if (story === undefined || missingFor(story) !== undefined) throw new RouteRefusal(404);
      await sandbox.play(story);
      return done;
    },
    "POST /api/afresh": async () => {
      await sandbox.play(undefined);
      return done;
    },
    "POST /api/disk/:speed": async (asked) => {
      await sandbox.disk.set(oneOf(diskSpeeds, asked.part("speed")));
      return done;
    },
    "POST /api/service/refuse": () => {
      sandbox.service?.refuseNext();
      return done;
    },
    "POST /api/faults/:name": (asked) => {
      sandbox.faults.arm(oneOf(faultNames, asked.part("name")));
      return done;
    },
    "DELETE /api/faults": () => {
      sandbox.faults.disarm();
      return done;
    },
    "POST /api/bot/kill": async () => {
      await sandbox.bot.kill();
      return done;
    },
    "POST /api/bot/start": () => {
      sandbox.bot.start();
      return done;
    },
    "POST /api/machines/:name/:act": async (asked) => {
      const machine = sandbox.machines?.all.find(({ name }) => name === asked.part("name"));
      if (machine === undefined) throw new RouteRefusal(404);
      await machineActs[oneOf(machineActNames, asked.part("act"))](machine);
      return done;
    },
  };
}

/** Against DNS rebinding and requests forged by other sites: only the page's own address is served, to the page itself. */
function refuseForeign({ headers: sent }: IncomingMessage): void {
  const named = sent.host ?? "";
  const [name] = named.split(":");
  const { origin } = sent;
  const site = sent["sec-fetch-site"];
  const isOwn = name === host || name === "localhost";
  const isSame = origin === undefined || origin === `http://${named}`;
  const isDirect = site === undefined || site === "same-origin" || site === "none";
  if (!isOwn || !isSame || !isDirect) throw new RouteRefusal(403, "not for this site");
}

async function sendAsset(name: string): Promise<Answered> {
  const asset = Object.hasOwn(assets, name) ? assets[name] : undefined;
  if (asset === undefined) return notFound;
  const path = join(projectRoot, asset.folder, name);
  return { status: 200, type: asset.type, body: await readFile(path) };
}

/** Whatever it holds, a browser that opens it shows text. */
function asText(body: string | Uint8Array): Answered {
  return { status: 200, type: "text/plain; charset=utf-8", body };
}

const notFound: Answered = { status: 404, body: "not found" };

function personOf(sandbox: Sandbox, asked: Asked): Person {
  const person = sandbox.cast.all.find(({ account }) => String(account.id) === asked.part("id"));
  if (person === undefined) throw new RouteRefusal(404);
  return person;
}

function oneOf<Name extends string>(names: readonly Name[], text: string): Name {
  const name = names.find((known) => known === text);
  if (name === undefined) throw new RouteRefusal(404);
  return name;
}
