// What a message goes through, step by step. Not by grammY's composer, by which each step that a message only passes costs two more
// promises and as many closures: an upload passes some thirty.
import type { Middleware, MiddlewareFn } from "grammy";
import type { BotContext } from "./bot-context.ts";

type Step = Middleware<BotContext>;

/** One after another, each where the one before it goes on. */
export function inOrder(...steps: readonly Step[]): MiddlewareFn<BotContext> {
  const handlers = steps.map((step) => (typeof step === "function" ? step : step.middleware()));
  return (ctx, next) => {
    async function goOn(index: number): Promise<void> {
      const handler = handlers[index];
      await (handler === undefined ? next() : handler(ctx, () => goOn(index + 1)));
    }
    return goOn(0);
  };
}

/** These {@link inOrder}, for what is meant for them; all else passes them in one step. */
export function only(
  isMeant: (ctx: BotContext) => boolean,
  ...steps: readonly Step[]
): MiddlewareFn<BotContext> {
  const handler = inOrder(...steps);
  return (ctx, next) => (isMeant(ctx) ? handler(ctx, next) : next());
}

export function isPress({ callbackQuery }: BotContext): boolean {
  return callbackQuery !== undefined;
}
