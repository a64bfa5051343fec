// Who may. Identity is the numeric id of the person who sent the update, and nothing else: anonymous group admins,
// channels, other bots and the authors of what was forwarded are nobody.
import { reply } from "../messages/say.ts";
import type { Context, MiddlewareFn } from "grammy";
import type { People } from "../../model/people.ts";
import { createRecentSet } from "../../change/recent.ts";
import { whoAmIStranger } from "../../words/overview-words.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { isTextCommand } from "../updates/on-command.ts";
import { personName } from "../api/plain-text.ts";

/** A stranger is answered at most this often. */
const strangerAnswerMs = 60_000;
/** So many strangers are remembered at once. */
const strangersMax = 1000;

const strangersCommands: ReadonlySet<string | undefined> = new Set(["whoami", "start"]);

export interface AccessOptions {
  /** Who may at this moment. */
  readonly people: () => People;
  /** @param what - from a closed set: command, document, button, text, other */
  readonly onDenied: (userId: number | undefined, what: string) => void;
}

/** Lets admins on, with their name in the context; tells strangers their id when they ask; counts everything else. */
export function access({ people, onDenied }: AccessOptions): MiddlewareFn<BotContext> {
  const answered = createRecentSet<number>(strangersMax);

  function mayAnswer(id: number): boolean {
    if (!answered.add(id)) return false;
    setTimeout(() => answered.remove(id), strangerAnswerMs).unref();
    return true;
  }

  return async (ctx, next) => {
    const person = personOf(ctx);
    if (person !== undefined && people().has(person.id)) {
      ctx.admin = { id: person.id, name: people().nameOf(person.id) ?? personName(person) };
      return next();
    }
    if (person !== undefined && isTextCommand(ctx) && strangersCommands.has(ctx.command?.name)) {
      if (mayAnswer(person.id)) await reply(ctx, whoAmIStranger(person.id));
      return undefined;
    }
    // What people say and show each other in a group is not meant for the bot.
    const what = whatIsAsked(ctx);
    const isForBot = ctx.chat?.type === "private" || (what !== "text" && what !== "other");
    if (isForBot) onDenied(ctx.from?.id, what);
    return undefined;
  };
}

function personOf(ctx: Context): NonNullable<Context["from"]> | undefined {
  const { from, senderChat } = ctx;
  return from === undefined || from.is_bot || senderChat !== undefined ? undefined : from;
}

/** From a closed set. */
export function whatIsAsked(ctx: BotContext): string {
  if (ctx.callbackQuery !== undefined) return "button";
  const message = ctx.msg;
  if (message?.document !== undefined) return "document";
  if (ctx.command?.isOthers === false) return "command";
  return (message?.text ?? message?.caption) === undefined ? "other" : "text";
}
