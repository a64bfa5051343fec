// What a conversation does to the world, however often the plugin replays it.
import type { Conversation } from "@grammyjs/conversations";
import type { BotContext } from "./bot-context.ts";

/**
 * Acts on the world from within a conversation, once, however often that is replayed. The plugin would copy what is thrown, and a
 * refusing disk could not be told from a bug any more: it is thrown on as it was.
 * @returns what `act` did: plain JSON, which is kept with the conversation
 */
export async function outside<Result>(
  conversation: Conversation<BotContext>,
  act: (ctx: BotContext) => Promise<Result>,
): Promise<Result> {
  const failures: unknown[] = [];
  const result = await conversation.external(async (ctx) => {
    try {
      return { value: await act(ctx) };
    } catch (error) {
      failures.push(error);
      return undefined;
    }
  });
  if (result === undefined) throw failures[0];
  return result.value;
}
