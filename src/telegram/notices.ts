// Tells the other admins of each change, silently: who, and what by key. A failure to tell never disturbs the change.
import { Composer, type Api } from "grammy";
import { z } from "zod";
import type { Config } from "../change/catalog.ts";
import type { People } from "../change/people.ts";
import type { Author } from "../change/history.ts";
import type { Outcome } from "../change/outcome.ts";
import type { BotContext } from "./bot-context.ts";
import { comparisonLines, muted, notice, unmuted } from "./change-phrases.ts";
import type { KeyedStore } from "./conversation-storage.ts";

const linesShownMax = 10;
const personSchema = z.object({ muted: z.boolean() });

export interface Notices {
  /** Remembers who has talked to the bot in private: only they can be written to. Knows /mute and /unmute. */
  readonly middleware: Composer<BotContext>;
  /** Resolves when everybody was told, or could not be; does not reject. */
  tell(author: Author, config: Config, outcome: Outcome): Promise<void>;
  /** Sends a text to these people, silently, unless they muted the bot. Does not reject. */
  announce(ids: readonly number[], text: string): Promise<void>;
}

export function createNotices(
  api: Api,
  people: () => People,
  talkedTo: KeyedStore,
  onTrouble: (what: string, error: unknown) => void,
): Notices {
  const middleware = new Composer<BotContext>();
  const known = new Set<number>();

  middleware.use(async (ctx, next) => {
    const { id } = ctx.admin;
    if (ctx.chat?.type === "private" && !known.has(id)) {
      if ((await talkedTo.read(String(id))) === undefined)
        await talkedTo.write(String(id), { muted: false });
      known.add(id);
    }
    await next();
  });
  for (const [command, isMuted, text] of [
    ["mute", true, muted],
    ["unmute", false, unmuted],
  ] as const) {
    middleware.command(command, async (ctx) => {
      await talkedTo.write(String(ctx.admin.id), { muted: isMuted });
      await ctx.reply(text);
    });
  }

  async function tellOne(id: number, text: string): Promise<void> {
    try {
      const person = personSchema.safeParse(await talkedTo.read(String(id))).data;
      if (person === undefined || person.muted) return;
      await api.sendMessage(id, text, { disable_notification: true });
    } catch (error) {
      onTrouble("telling an admin of a change", error);
    }
  }

  async function announce(ids: readonly number[], text: string): Promise<void> {
    await Promise.all(ids.map((id) => tellOne(id, text)));
  }

  return {
    middleware,
    announce,
    async tell(author, { id: configId, fileName }, outcome) {
      if (outcome.kind !== "applied") return;
      const reason = outcome.entry.reason === null ? [] : [`Reason: ${outcome.entry.reason}`];
      const changes =
        outcome.changes === null ? [] : comparisonLines(outcome.changes, linesShownMax);
      const text = notice(author, fileName, [...reason, ...changes]);
      const others = people().ids.filter(
        (id) => id !== author.id && people().roleOf(id, configId) !== undefined,
      );
      await announce(others, text);
    },
  };
}
