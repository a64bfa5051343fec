// Handlers of commands, by the one reading of them that is in the context.
import type { Middleware } from "grammy";
import type { BotContext } from "./bot-context.ts";
import { only } from "./steps.ts";

/** Takes the texts that are one of these commands; all else goes on. */
export function onCommand(
  names: readonly string[],
  handle: (ctx: BotContext, next: () => Promise<void>) => unknown,
): Middleware<BotContext> {
  const isMeant = (ctx: BotContext): boolean =>
    isTextCommand(ctx) && names.includes(ctx.command?.name ?? "");
  return only(isMeant, handle);
}

/** A command that stands in a caption is about what it is a caption of. */
export function isTextCommand(ctx: BotContext): boolean {
  return ctx.command !== undefined && ctx.message?.text !== undefined;
}
