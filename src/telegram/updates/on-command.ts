// Handlers of commands, by the one reading of them that is in the context.
import type { Middleware } from "grammy";
import type { BotContext } from "./bot-context.ts";

/** Takes the texts that are one of these commands; all else goes on. */
export function onCommand(
  names: readonly string[],
  handle: (ctx: BotContext, next: () => Promise<void>) => unknown,
): Middleware<BotContext> {
  return async (ctx, next) => {
    if (isTextCommand(ctx) && names.includes(ctx.command?.name ?? "")) await handle(ctx, next);
    else await next();
  };
}

/** A command that stands in a caption is about what it is a caption of. */
export function isTextCommand(ctx: BotContext): boolean {
  return ctx.command !== undefined && ctx.message?.text !== undefined;
}
