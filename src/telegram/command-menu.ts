// The menu that Telegram offers after a slash: each person's own, shown to them alone; strangers see how to learn their id.
import type { Api } from "grammy";
import type { BotCommand } from "grammy/types";
import type { Config } from "../change/catalog.ts";
import type { BotContext } from "./bot-context.ts";
import { menuTexts } from "./phrases.ts";
import { callFailure } from "./telegram-api.ts";

/** Telegram takes no more in one menu (https://core.telegram.org/bots/api#setmycommands). */
const commandsMax = 100;

export interface CommandMenu {
  /** Sets the menus that can be set before anybody writes. */
  announce(adminIds: ReadonlySet<number>): Promise<void>;
  /** Sets the menu of whoever wrote, where that was not done yet. Returns at once. */
  greet(ctx: BotContext): void;
}

export function createCommandMenu(
  api: Api,
  configs: readonly Config[],
  onTrouble: (what: string, error: unknown) => void,
): CommandMenu {
  const menu = adminMenu(configs);
  const done = new Set<string>();

  async function quietly(set: Promise<unknown>): Promise<boolean> {
    try {
      await set;
      return true;
    } catch (error) {
      // A menu is a convenience: the commands work without it. People who never wrote to the bot cannot have one yet.
      if (callFailure(error).kind !== "refused") onTrouble("setting a command menu", error);
      return false;
    }
  }

  async function setOnce(key: string, set: () => Promise<unknown>): Promise<void> {
    if (done.has(key)) return;
    done.add(key);
    if (!(await quietly(set()))) done.delete(key);
  }

  return {
    async announce(adminIds) {
      await quietly(api.setMyCommands(strangerMenu));
      for (const id of adminIds) {
        await setOnce(String(id), () =>
          api.setMyCommands(menu, { scope: { type: "chat", chat_id: id } }),
        );
      }
    },
    greet(ctx) {
      const { chat, admin } = ctx;
      if (chat === undefined) return;
      const isPrivate = chat.type === "private";
      const scope = isPrivate
        ? ({ type: "chat", chat_id: chat.id } as const)
        : ({ type: "chat_member", chat_id: chat.id, user_id: admin.id } as const);
      const key = isPrivate ? String(chat.id) : `${chat.id}:${admin.id}`;
      void setOnce(key, () => api.setMyCommands(menu, { scope }));
    },
  };
}

const strangerMenu: readonly BotCommand[] = [
  { command: "whoami", description: menuTexts.whoami },
  { command: "start", description: menuTexts.start },
];

/** The changes first: where there are too many configs, the rest is cut, and /help still lists all. */
function adminMenu(configs: readonly Config[]): readonly BotCommand[] {
  const ofEach = (kinds: readonly ("set" | "get" | "check" | "diff" | "history" | "rollback")[]) =>
    configs.flatMap(({ id, fileName, title }) =>
      kinds.map((kind) => ({
        command: `${kind}_${id}`,
        description: menuTexts[kind](title ?? fileName),
      })),
    );
  const general = (["status", "cancel", "help", "whoami", "mute", "unmute"] as const).map(
    (command) => ({
      command,
      description: menuTexts[command],
    }),
  );
  return [
    ...ofEach(["set", "get"]),
    ...general,
    ...ofEach(["check", "diff", "history", "rollback"]),
  ].slice(0, commandsMax);
}
