// Tells the other admins of each change, silently: who, and what by key. A failure to tell never disturbs the change.
import { Composer, type Api } from "grammy";
import { z } from "zod";
import type { Config } from "../model/config.ts";
import type { People } from "../model/people.ts";
import type { Author } from "../model/revision.ts";
import type { Outcome } from "../model/outcome.ts";
import type { BotContext } from "./bot-context.ts";
import {
  comparisonText,
  muted,
  notice,
  noticesLeftOut,
  restoredText,
  unmuted,
} from "../words/change-words.ts";
import { approvedBy } from "../words/proposal-words.ts";
import type { Text } from "../words/text.ts";
import { messageText } from "./message-text.ts";
import type { Records } from "../store/records.ts";
import { onCommand } from "./on-command.ts";
import { createNoticeQueue } from "./notice-queue.ts";

const linesShownMax = 10;
/** What an operator wrote has no limit of its own. */
const announcedLineCharsMax = 300;
const personSchema = z.object({ muted: z.boolean() });

export interface Notices {
  /** Remembers who has talked to the bot in private: only they can be written to. Knows /mute and /unmute. */
  readonly middleware: Composer<BotContext>;
  /** Tells the others of a change, when their turn comes. Returns at once. */
  tell(author: Author, config: Config, outcome: Outcome): void;
  /** Sends a text to these people, silently, unless they muted the bot, when their turn comes. Returns at once. */
  announce(ids: readonly number[], text: Text): void;
  /** Resolves when nobody waits for a notice any more. */
  idle(): Promise<void>;
}

export function createNotices(
  api: Api,
  people: () => People,
  talkedTo: Records,
  onTrouble: (what: string, error: unknown) => void,
): Notices {
  const middleware = new Composer<BotContext>();
  /** Each resolves when they are remembered. */
  const known = new Map<number, Promise<void>>();

  async function remember(id: number): Promise<void> {
    try {
      if ((await talkedTo.read(String(id))) === undefined)
        await talkedTo.write(String(id), { muted: false });
    } catch (error) {
      onTrouble("remembering who has talked to the bot", error);
    }
  }

  // What they want does not wait for this: messages that came together would overtake each other.
  middleware.use((ctx, next) => {
    const { id } = ctx.admin;
    if (ctx.chat?.type === "private" && !known.has(id)) known.set(id, remember(id));
    return next();
  });
  for (const [command, isMuted, text] of [
    ["mute", true, muted],
    ["unmute", false, unmuted],
  ] as const) {
    middleware.use(
      onCommand([command], async (ctx) => {
        await known.get(ctx.admin.id);
        await talkedTo.write(String(ctx.admin.id), { muted: isMuted });
        await ctx.reply(text);
      }),
    );
  }

  async function tellOne(id: number, text: string): Promise<void> {
    try {
      await known.get(id);
      const person = personSchema.safeParse(await talkedTo.read(String(id))).data;
      if (person === undefined || person.muted) return;
      await api.sendMessage(id, text, { disable_notification: true });
    } catch (error) {
      onTrouble("telling an admin of a change", error);
    }
  }

  const queue = createNoticeQueue(tellOne, noticesLeftOut);

  function tellAll(ids: readonly number[], text: string): void {
    for (const id of ids) queue.add(id, text);
  }

  return {
    middleware,
    announce: (ids, text) => tellAll(ids, messageText(text, announcedLineCharsMax)),
    idle: () => queue.idle(),
    tell(author, { id: configId, fileName }, outcome) {
      if (outcome.kind !== "applied") return;
      const { entry } = outcome;
      const restoring = restoredText(author.name, entry.how, outcome.restored);
      const reason = [
        ...(restoring === undefined ? [] : [`${restoring}.`]),
        ...(entry.reason === null ? [] : [`Reason: ${entry.reason}`]),
        ...(entry.approved_by === undefined ? [] : [approvedBy(entry.approved_by)]),
      ];
      const changes =
        outcome.changes === null ? [] : comparisonText(outcome.changes, linesShownMax);
      const text = notice(author, fileName, [...reason, ...changes]);
      const others = people().ids.filter(
        (id) => id !== author.id && people().roleOf(id, configId) !== undefined,
      );
      tellAll(others, messageText(text));
    },
  };
}
