// Everything that one stand-in Telegram remembers, for one bot.
import type { UserFromGetMe } from "grammy/types";
import { CallbackQueries } from "./callback-queries.ts";
import { makeChatEvents, type ChatEvent } from "./chat-events.ts";
import { Chats } from "./chats.ts";
import { CommandMenus } from "./command-menus.ts";
import type { Feed } from "./feed.ts";
import { Files } from "./files.ts";
import { Updates } from "./updates.ts";

/** One bot and all that it has to do with. */
export interface World {
  readonly bot: UserFromGetMe;
  readonly chats: Chats;
  readonly files: Files;
  readonly updates: Updates;
  readonly menus: CommandMenus;
  readonly queries: CallbackQueries;
  readonly events: Feed<ChatEvent>;
  /** Types that this server is too old for. */
  readonly unknownEntities: Set<string>;
}

/**
 * A Telegram in which the bot knows nobody yet.
 * @param now - milliseconds since 1970
 */
export function makeWorld(bot: UserFromGetMe, now: () => number, localFilesDir?: string): World {
  const events = makeChatEvents();
  return {
    bot,
    events,
    chats: new Chats(now, events),
    files: new Files(now, localFilesDir),
    updates: new Updates(),
    menus: new CommandMenus(),
    unknownEntities: new Set(),
    queries: new CallbackQueries(now, events),
  };
}
