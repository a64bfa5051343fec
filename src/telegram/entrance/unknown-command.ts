// Commands that are none, for whoever sent them: answered wherever in a conversation they come, with the nearest that the sender may
// use. What they may not even read is named nowhere.
import { reply } from "../messages/say.ts";
import { closestMatch } from "leven";
import type { Middleware } from "grammy";
import { unknownCommand, withHelpHint } from "../../words/answer-words.ts";
import type { Line } from "../../words/line.ts";
import { whatIsAsked } from "./access.ts";
import type { BotContext } from "../updates/bot-context.ts";
import type { Command } from "../updates/command.ts";
import { generalCommands } from "./command-menu.ts";
import type { Doors } from "./doors.ts";
import { isTextCommand } from "../updates/on-command.ts";

/** A command that differs in more is another word, not a typo. */
const typoDistanceMax = 2;
/** Of the longest real one: `rollback_` and a config's id. */
const commandCharsMax = 32;

const general: readonly string[] = [...generalCommands, "start"];

export interface UnknownCommands {
  /** Answers the texts that are such a command, and keeps quiet about what is meant for another bot; all else goes on. */
  readonly middleware: Middleware<BotContext>;
  /** What to say of the command that a message begins with; undefined where it is one, or there is none. */
  textOf(ctx: BotContext): Line | undefined;
}

/** @param onDenied - told of a command for a config that is not its sender's to know */
export function unknownCommands(
  doors: Doors,
  onDenied: (userId: number | undefined, what: string) => void,
): UnknownCommands {
  function textOf(ctx: BotContext): Line | undefined {
    const { command } = ctx;
    if (command === undefined || general.includes(command.name)) return undefined;
    const kind = doors.kindOf(ctx);
    if (kind === "known") return undefined;
    if (kind === "hidden") onDenied(ctx.admin.id, whatIsAsked(ctx));
    return unknownCommand(`/${command.name}`, nearest(command, doors.commandsOf(ctx.admin.id)));
  }

  return {
    textOf,
    middleware: async (ctx, next) => {
      if (ctx.command?.isOthers === true && !ctx.command.isAddressed) return undefined;
      const text = isTextCommand(ctx) ? textOf(ctx) : undefined;
      if (text === undefined) return next();
      // In a group it may be another bot's.
      if (ctx.command?.isAddressed === true) await reply(ctx, withHelpHint(text));
      return undefined;
    },
  };
}

function nearest({ name }: Command, usable: readonly string[]): string | undefined {
  if (name.length > commandCharsMax) return undefined;
  const found = closestMatch(name.toLowerCase(), [...usable, ...general], {
    maxDistance: typoDistanceMax,
  });
  return found === undefined ? undefined : `/${found}`;
}
