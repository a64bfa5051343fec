// Tells the other admins of each change, silently: who, and what by key. A failure to tell never disturbs the change.
import { Composer, type Api } from "grammy";
import { z } from "zod";
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
  tell(author: Author, fileName: string, outcome: Outcome): Promise<void>;
}

export function createNotices(
  api: Api,
  adminIds: ReadonlySet<number>,
  people: KeyedStore,
  onTrouble: (what: string, error: unknown) => void,
): Notices {
  const middleware = new Composer<BotContext>();
  const known = new Set<number>();

  middleware.use(async (ctx, next) => {
    const { id } = ctx.admin;
    if (ctx.chat?.type === "private" && !known.has(id)) {
      if ((await people.read(String(id))) === undefined)
        await people.write(String(id), { muted: false });
      known.add(id);
    }
    await next();
  });
  for (const [command, isMuted, text] of [
    ["mute", true, muted],
    ["unmute", false, unmuted],
  ] as const) {
    middleware.command(command, async (ctx) => {
      await people.write(String(ctx.admin.id), { muted: isMuted });
      await ctx.reply(text);
    });
  }

  async function tellOne(id: number, text: string): Promise<void> {
    try {
      const person = personSchema.safeParse(await people.read(String(id))).data;
      if (person === undefined || person.muted) return;
      await api.sendMessage(id, text, { disable_notification: true });
    } catch (error) {
      onTrouble("telling an admin of a change", error);
    }
  }

  return {
    middleware,
    async tell(author, fileName, outcome) {
      if (outcome.kind !== "applied") return;
      const reason = outcome.entry.reason === null ? [] : [`Reason: ${outcome.entry.reason}`];
      const changes =
        outcome.changes === null ? [] : comparisonLines(outcome.changes, linesShownMax);
      const text = notice(author, fileName, [...reason, ...changes]);
      const others = [...adminIds].filter((id) => id !== author.id);
      await Promise.all(others.map((id) => tellOne(id, text)));
    },
  };
}
