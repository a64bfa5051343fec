// The menu that Telegram offers after a slash: each person's own, shown to them alone; strangers see how to learn their id.
import { setTimeout as wait } from "node:timers/promises";
import type { Api } from "grammy";
import type { BotCommand, BotCommandScope } from "grammy/types";
import type { Config } from "../../model/config.ts";
import { isEnough, type People, type Role } from "../../model/people.ts";
import { oneAtATime } from "../../store/one-at-a-time.ts";
import { createBackoff } from "../api/backoff.ts";
import type { BotContext } from "../updates/bot-context.ts";
import {
  type ConfigCommand,
  configCommands,
  neededForCommand,
} from "../../model/config-command.ts";
import type { Languages } from "../messages/languages.ts";
import { type Language, languages as spokenLanguages, type Line } from "../../words/line.ts";
import { renderLine } from "../../words/text.ts";
import { configMenuTexts, menuTexts } from "../../words/overview-words.ts";
import { callFailure } from "../api/telegram-api.ts";

/** Telegram takes no more in one menu (https://core.telegram.org/bots/api#setmycommands). */
const commandsMax = 100;

/** Those that name no config and are in the menu; /start is not, which Telegram sends by itself. */
export const generalCommands = [
  "status",
  "pending",
  "cancel",
  "help",
  "language",
  "whoami",
  "mute",
  "unmute",
] as const;
/** Of apps: each has a menu of its own, beside the one for all others. */
const menuLanguages = spokenLanguages.filter((language) => language !== "en");
/** A menu cannot be waited for, so nothing is lost by long pauses. */
const backoffLimits = { firstMs: 5000, maxMs: 10 * 60_000 };

type SetMenu = () => Promise<unknown>;

export interface CommandMenu {
  /** Sets the menus that can be set before anybody writes; those of the former ones who are nobody any more are taken back. */
  announce(formerIds: readonly number[]): Promise<void>;
  /** Sets the menu of whoever wrote, where that was not done yet. Returns at once. */
  greet(ctx: BotContext): void;
  /** Sets the menu of whoever wrote in their new language. Returns at once. */
  languageChosen(ctx: BotContext): void;
}

/** @param rules - those of now: whatever they are when a menu is set, it follows from them */
export function createCommandMenu(
  api: Api,
  rules: () => { readonly configs: readonly Config[]; readonly people: People },
  languages: Pick<Languages, "ofMenu">,
  onTrouble: (what: string, error: unknown) => void,
): CommandMenu {
  /** What was asked for last, by chat. */
  const done = new Map<string, { readonly set: SetMenu }>();
  /** Those whose turn will come. */
  const upcoming = new Set<string>();
  const inTurn = oneAtATime();

  async function attempt(set: SetMenu): Promise<"set" | "refused" | "again"> {
    try {
      await set();
      return "set";
    } catch (error) {
      // A menu is a convenience: the commands work without it. People who never wrote to the bot cannot have one yet.
      const { kind } = callFailure(error);
      if (kind === "refused") return "refused";
      onTrouble("setting a command menu", error);
      return kind === "again" ? "again" : "refused";
    }
  }

  /** Resolves after the first attempt; where no answer came, others follow until one does. */
  async function setNow(key: string, set: SetMenu): Promise<void> {
    const asked = { set };
    done.set(key, asked);
    const result = await attempt(set);
    if (result === "refused") done.delete(key);
    if (result === "again") void setLater(key, asked);
  }

  async function setLater(key: string, asked: { readonly set: SetMenu }): Promise<void> {
    const pauses = createBackoff(backoffLimits);
    let result = "again";
    while (result === "again") {
      await wait(pauses.nextMs(), undefined, { ref: false });
      if (done.get(key) !== asked) return;
      result = await attempt(asked.set);
    }
    if (result === "refused") done.delete(key);
  }

  /**
   * Sets it where that was not done yet. Many may write at once, right after the start or later: their menus come one after another, behind
   * what they wait for.
   */
  async function setInTurn(key: string, set: SetMenu): Promise<void> {
    if (done.has(key) || upcoming.has(key)) return;
    upcoming.add(key);
    await inTurn("menus", async () => {
      upcoming.delete(key);
      if (!done.has(key)) await setNow(key, set);
    });
  }

  function menuOf(id: number, language: Language): readonly BotCommand[] {
    const { configs, people } = rules();
    const allowed = configs.map((config) => ({ config, role: people.roleOf(id, config.id) }));
    return adminMenu(allowed, language);
  }

  /** Who is nobody any more sees what strangers see. */
  async function setOrTakeBack(id: number, scope: BotCommandScope): Promise<unknown> {
    if (!rules().people.has(id)) {
      for (const app of menuLanguages) {
        await api.deleteMyCommands({ scope, language_code: app });
      }
      return api.deleteMyCommands({ scope });
    }
    const languageIn = await languages.ofMenu(id);
    for (const app of menuLanguages) {
      await api.setMyCommands(menuOf(id, languageIn(app)), { scope, language_code: app });
    }
    return api.setMyCommands(menuOf(id, languageIn(undefined)), { scope });
  }

  function own(ctx: BotContext): { readonly key: string; readonly set: SetMenu } | undefined {
    const { chat, admin } = ctx;
    if (chat === undefined) return undefined;
    const isPrivate = chat.type === "private";
    const scope = isPrivate
      ? ({ type: "chat", chat_id: chat.id } as const)
      : ({ type: "chat_member", chat_id: chat.id, user_id: admin.id } as const);
    const key = isPrivate ? String(chat.id) : `${chat.id}:${admin.id}`;
    return { key, set: () => setOrTakeBack(admin.id, scope) };
  }

  return {
    async announce(formerIds) {
      // Set anew, by the rules of now.
      for (const [key, { set }] of done) await setNow(key, set);
      const everybody = setInTurn("everybody", async () => {
        for (const app of menuLanguages) {
          await api.setMyCommands(strangerMenu(app), { language_code: app });
        }
        return api.setMyCommands(strangerMenu("en"));
      });
      const ids = [...new Set([...formerIds, ...rules().people.ids])];
      const each = ids.map((id) =>
        setInTurn(String(id), () => setOrTakeBack(id, { type: "chat", chat_id: id })),
      );
      await Promise.all([everybody, ...each]);
    },
    greet(ctx) {
      const menu = own(ctx);
      if (menu !== undefined) void setInTurn(menu.key, menu.set);
    },
    languageChosen(ctx) {
      const menu = own(ctx);
      if (menu !== undefined) void setNow(menu.key, menu.set);
    },
  };
}

function strangerMenu(language: Language): readonly BotCommand[] {
  return commandsIn(language, [
    ["whoami", menuTexts.whoami],
    ["start", menuTexts.start],
  ]);
}

const firstCommands: readonly ConfigCommand[] = ["set", "get"];

/** Those that everybody uses first: where there are too many configs, the rest is cut, and /help still lists all. */
function adminMenu(
  allowed: readonly { readonly config: Config; readonly role: Role | undefined }[],
  language: Language,
): readonly BotCommand[] {
  const ofEach = (kinds: readonly ConfigCommand[]): readonly MenuLine[] =>
    allowed.flatMap(({ config: { id, fileName, title }, role }) =>
      kinds
        .filter((kind) => isEnough(role, neededForCommand[kind]))
        .map((kind): MenuLine => [`${kind}_${id}`, configMenuTexts[kind](title ?? fileName)]),
    );
  const general = generalCommands.map((command): MenuLine => [command, menuTexts[command]]);
  const all = [
    ...ofEach(firstCommands),
    ...general,
    ...ofEach(configCommands.filter((kind) => !firstCommands.includes(kind))),
  ];
  return commandsIn(language, all.slice(0, commandsMax));
}

type MenuLine = readonly [command: string, description: Line];

function commandsIn(language: Language, lines: readonly MenuLine[]): readonly BotCommand[] {
  return lines.map(([command, line]) => ({
    command,
    description: renderLine(line, language).text,
  }));
}
