// A Telegram of one's own: a Bot API server on this machine for one bot, and handles to play the people who write to it.
// It refuses what Telegram refuses, in the same words, so that a bot that works on it works there. It leaves out what
// Airlock's bot has no use for: webhooks, inline queries, payments, markup, rate limits.
import { once, setMaxListeners } from "node:events";
import type { BotCommand, Message, UserFromGetMe } from "grammy/types";
import type { ChatEvent } from "./chat-events.ts";
import { viewChat } from "./chat-view.ts";
import { Faults, type FaultHandle, type FaultPlan } from "./faults.ts";
import type { Feed, WaitOptions } from "./feed.ts";
import { makeChannel, makeGroup, type Channel, type Group, type GroupOptions } from "./groups.ts";
import { makeHttpServer } from "./http-server.ts";
import { makePerson, type Person, type PersonProfile } from "./people.ts";
import { makeRequestLog, type LoggedRequest } from "./request-log.ts";
import type { UpdateKind, WireUpdate } from "./updates.ts";
import { makeWorld } from "./world.ts";

/** How to start a {@link TelegramServer}. */
export interface TelegramServerOptions {
  /** Default 0: a free one. */
  readonly port?: number;
  /** The only token that is let in; its number is the bot's id. Default: a made-up one. */
  readonly token?: string;
  /** Default `airlock_bot`. */
  readonly botUsername?: string;
  /** As a server in local mode, getFile puts files here and tells their absolute paths. Default: they are downloaded. */
  readonly localFilesDir?: string;
  /** Milliseconds since 1970. Default: the machine's clock. */
  readonly now?: () => number;
}

/** A running stand-in for Telegram. */
export interface TelegramServer {
  /** For `TELEGRAM_API_ROOT`, without a slash at its end. */
  readonly root: string;
  readonly token: string;
  readonly bot: UserFromGetMe;
  /** What all chats show, as it happens. */
  readonly events: Feed<ChatEvent>;
  /** The newest 20,000 requests, oldest first. */
  readonly requests: readonly LoggedRequest[];
  user(profile: PersonProfile): Person;
  group(options: GroupOptions): Group;
  channel(options: { readonly title: string }): Channel;
  fault(plan: FaultPlan): FaultHandle;
  /** Calls `listener` with every request when it arrives and again when it has ended; returns how to stop that. */
  onRequest(listener: (request: LoggedRequest) => void): () => void;
  /** The first request that `isIt` accepts when it arrives. The log is looked through first, from `since` on. */
  waitForRequest(
    isIt: (request: LoggedRequest) => boolean,
    options?: WaitOptions,
  ): Promise<LoggedRequest>;
  /** The place in the request log where the next one will stand. */
  requestCursor(): number;
  /** Delivers an update again under its old id, although it was confirmed. A message stands for its newest update. */
  redeliver(what: number | Message): void;
  /** Delivers an update with any content, also one that Telegram would never send. */
  deliver(kind: UpdateKind, content: unknown): void;
  /** The next update has this id, which may be lower than those before it, as after a week without updates. */
  restartUpdateIds(nextId: number): void;
  /** Updates that no getUpdates has confirmed yet. */
  pendingUpdates(): readonly WireUpdate[];
  /** Forgets the updates that no getUpdates has confirmed yet. */
  dropUpdates(): void;
  /** What stands in a chat now, oldest first. */
  messages(chatId: number): readonly Message[];
  /** From now on entities of these types are refused, as by a server that is too old for them. */
  refuseEntities(...types: readonly string[]): void;
  /** All that happened in a chat, as text. */
  transcript(chatId: number): string;
  /** The bytes of a file that the bot or a person sent. */
  fileBytes(fileId: string): Buffer | undefined;
  /** The command menu that this person sees in that chat. @param language - of their app */
  menu(chatId: number, userId: number, language?: string): readonly BotCommand[];
  /** Ends every open request and stops listening. Harmless when called twice. */
  close(): Promise<void>;
}

/** Starts a Telegram in which the bot knows nobody yet. */
export async function startTelegramServer(
  options: TelegramServerOptions = {},
): Promise<TelegramServer> {
  const now = options.now ?? Date.now;
  const token = options.token ?? "700000001:AAsandbox-token-that-opens-nothing";
  const host = "127.0.0.1";
  const bot = makeBot(token, options.botUsername ?? "airlock_bot");
  const world = makeWorld(bot, now, options.localFilesDir);
  const faults = new Faults();
  const log = makeRequestLog();
  const endListeners = new Set<(request: LoggedRequest) => void>();
  const closing = new AbortController();
  // Every call that is held up listens, as many as there are.
  setMaxListeners(0, closing.signal);
  const onEnded = (request: LoggedRequest): void => {
    for (const listener of endListeners) {
      listener(request);
    }
  };
  const http = makeHttpServer({ world, token, faults, log, onEnded, now }, closing.signal);
  http.listen(options.port ?? 0, host);
  await once(http, "listening");
  const address = http.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return {
    root: `http://${host}:${port}`,
    token,
    bot,
    events: world.events,
    requests: log.entries,
    user: (profile) => makePerson(world, profile),
    group: (groupOptions) => makeGroup(world, groupOptions),
    channel: (channelOptions) => makeChannel(world, channelOptions),
    fault: (plan) => faults.add(plan),
    onRequest: (listener) => {
      const stop = log.subscribe(listener);
      endListeners.add(listener);
      return () => {
        stop();
        endListeners.delete(listener);
      };
    },
    waitForRequest: (isIt, waitOptions = {}) =>
      log.waitFor((request) => (isIt(request) ? request : undefined), {
        describe: () => `requests: ${log.entries.map(({ method }) => method).join(", ")}`,
        ...waitOptions,
      }),
    requestCursor: () => log.cursor(),
    redeliver: (what) => {
      const updateId = typeof what === "number" ? what : world.updates.idOf(what);
      if (updateId === undefined) {
        throw new Error("redeliver: the bot was never sent this message");
      }
      world.updates.redeliver(updateId);
    },
    deliver: (kind, content) => {
      world.updates.push(kind, content);
    },
    restartUpdateIds: (nextId) => world.updates.restartIds(nextId),
    pendingUpdates: () => world.updates.pending,
    dropUpdates: () => world.updates.drop(),
    refuseEntities(...types) {
      for (const type of types) world.unknownEntities.add(type);
    },
    messages: (chatId) => viewChat(world, () => chatId).messages(),
    transcript: (chatId) => viewChat(world, () => chatId).transcript(),
    fileBytes: (fileId) => {
      const file = world.files.get(fileId);
      return file === undefined ? undefined : Buffer.from(file.bytes);
    },
    menu: (chatId, userId, language) => world.menus.shown(chatId, userId, language),
    close: async () => {
      if (!closing.signal.aborted) {
        closing.abort();
        http.closeAllConnections();
        http.close();
        await once(http, "close");
      }
    },
  };
}

function makeBot(token: string, username: string): UserFromGetMe {
  return {
    id: Number(token.split(":", 1)[0]),
    is_bot: true,
    first_name: "Airlock",
    username,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
  };
}
