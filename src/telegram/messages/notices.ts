// Tells the other admins of each change, silently: who, and what by key. A failure to tell never disturbs the change.
import { reply, send, type Speaker } from "./say.ts";
import type { Middleware, MiddlewareFn } from "grammy";
import { z } from "zod";
import type { Config } from "../../model/config.ts";
import type { ConfigId } from "../../model/config-id.ts";
import type { People, Role } from "../../model/people.ts";
import type { Author, MessageReference } from "../../model/revision.ts";
import type { Outcome, SetBack } from "../../model/outcome.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { comparisonText } from "../../words/change-words.ts";
import { muted, notice, noticesLeftOut, unmuted } from "../../words/notice-words.ts";
import { type Line, sentence } from "../../words/line.ts";
import { restoredText } from "../../words/history-words.ts";
import { putBackNotice } from "../../words/service-words.ts";
import { setBackKeyboard, showChangesKeyboard } from "./buttons.ts";
import { reasonLines } from "../../words/freeze-words.ts";
import { keepLine, keepLineForReaders } from "../../words/keep-words.ts";
import { yoursSetBackText } from "../../words/set-back-words.ts";
import { approvedBy } from "../../words/proposal-words.ts";
import type { Rendered, Text } from "../../words/text.ts";
import type { Records } from "../../store/records.ts";
import { onCommand } from "../updates/on-command.ts";
import { inOrder } from "../updates/steps.ts";
import { createNoticeQueue, type Notice } from "./notice-queue.ts";
import type { KeepMessages } from "./keep-messages.ts";
import type { Keyboard } from "./keyboard.ts";

const linesShownMax = 10;
/** What an operator wrote has no limit of its own. */
const announcedLineCharsMax = 300;
const personSchema = z.object({ muted: z.boolean() });

export interface Notices {
  /** Remembers who has talked to the bot in private: only they can be written to. Knows /mute and /unmute. */
  readonly middleware: MiddlewareFn<BotContext>;
  /**
   * Tells the others of a change, when their turn comes. Returns at once.
   * @param since - what became of it since, where it is told late
   */
  tell(author: Author, config: Config, outcome: Outcome, since?: Text): void;
  /** Sends a text to these people, silently, unless they muted the bot, when their turn comes. Returns at once. */
  announce(ids: readonly number[], text: Text): void;
  /**
   * Tells all who may do that, with sound, also those who muted the bot. Returns at once.
   * @param question - where it asks for something: who knows of it already, and what is told of each message that it became
   */
  alert(
    needed: Role,
    configId: ConfigId,
    text: Text,
    keyboard: Keyboard | undefined,
    question?: {
      readonly but: readonly number[];
      readonly shownIn: (message: MessageReference) => Promise<void>;
    },
  ): void;
  /** Resolves when nobody waits for a notice any more. */
  idle(): Promise<void>;
}

/** One person who is told of a change. */
interface ToldOne {
  readonly config: Config;
  readonly outcome: Extract<Outcome, { kind: "applied" }>;
  readonly text: Text;
  /** What of theirs it took back unseen. */
  readonly lost: SetBack | null;
  readonly mayWrite: boolean;
}

export function createNotices(
  speaker: Speaker,
  people: () => People,
  talkedTo: Records,
  botId: number,
  asking: KeepMessages["asking"],
  onTrouble: (what: string, error: unknown) => void,
): Notices {
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

  const chooses = (command: string, isMuted: boolean, text: Line): Middleware<BotContext> =>
    onCommand([command], async (ctx) => {
      await known.get(ctx.admin.id);
      await talkedTo.write(String(ctx.admin.id), { muted: isMuted });
      await reply(ctx, text);
    });
  const middleware = inOrder(
    // What they want does not wait for this.
    (ctx, next) => {
      const { id } = ctx.admin;
      if (ctx.chat?.type === "private" && !known.has(id)) known.set(id, remember(id));
      return next();
    },
    chooses("mute", true, muted),
    chooses("unmute", false, unmuted),
  );

  async function tellOne(id: number, said: Rendered, urgent: Notice["urgent"]): Promise<void> {
    try {
      await known.get(id);
      const person = personSchema.safeParse(await talkedTo.read(String(id))).data;
      if (person === undefined || (person.muted && urgent === undefined)) return;
      const message = await send(speaker, { chat_id: id, readerId: id }, said, {
        disable_notification: urgent === undefined,
        keyboard: urgent?.keyboard,
      });
      await urgent?.shownIn?.({ bot_id: botId, chat_id: id, message_id: message.message_id });
    } catch (error) {
      onTrouble("telling an admin of a change", error);
    }
  }

  const queue = createNoticeQueue(
    tellOne,
    (id) => speaker.languages.inChat(id, id),
    noticesLeftOut,
  );

  /** Something is wanted of them, or what they did is gone: they hear of it though they have muted the rest. */
  function urgentFor({ config, outcome, text, lost, mayWrite }: ToldOne): Notice["urgent"] {
    const { entry, keep } = outcome;
    if (keep !== null && mayWrite)
      return asking({
        config,
        revision: entry.revision,
        keep,
        text,
        isAuthor: false,
        readerId: undefined,
      });
    if (lost === null) return undefined;
    const keyboard =
      mayWrite && keep === null ? setBackKeyboard(config.id, entry, lost) : undefined;
    return { keyboard };
  }

  function tellAll(ids: readonly number[], told: Notice): void {
    for (const id of ids) queue.add(id, told);
  }

  return {
    middleware,
    announce: (ids, text) => tellAll(ids, { text, lineCharsMax: announcedLineCharsMax }),
    idle: () => queue.idle(),
    alert(needed, configId, text, keyboard, question) {
      const { but = [], shownIn } = question ?? {};
      const ids = people().whoMay(needed, configId);
      const urgent = { keyboard, ...(shownIn !== undefined && { shownIn }) };
      tellAll(
        ids.filter((id) => !but.includes(id)),
        { text, urgent },
      );
    },
    tell(author, config, outcome, since = []) {
      if (outcome.kind === "reverted") {
        const text = putBackNotice(config.fileName, outcome, author);
        const keyboard = showChangesKeyboard(config.id, outcome.entry.revision);
        const urgent = { keyboard };
        const others = people().whoMay("read", config.id);
        tellAll(
          others.filter((id) => id !== author.id),
          { text, urgent },
        );
      }
      if (outcome.kind !== "applied") return;
      const { entry, keep, setBack } = outcome;
      const restoring = restoredText(author.name, entry.how, outcome.restored);
      const reason = [
        ...(restoring === undefined ? [] : [sentence(restoring)]),
        ...reasonLines(entry.reason),
        ...(entry.approved_by === undefined ? [] : [approvedBy(entry.approved_by)]),
      ];
      const changes =
        outcome.changes === null ? [] : comparisonText(outcome.changes, linesShownMax);
      const detailsFor = (role: Role): Text => {
        const line = role === "write" ? keepLine : keepLineForReaders;
        return [...reason, ...changes, ...(keep === null ? [] : [line(keep)]), ...since];
      };
      // One for all of them: what is the same text is rendered once.
      const forOthers: Readonly<Record<Role, Notice>> = {
        read: { text: notice(author, config.fileName, detailsFor("read")) },
        write: { text: notice(author, config.fileName, detailsFor("write")) },
      };
      const writers = people().whoMay("write", config.id);
      for (const id of people().whoMay("read", config.id)) {
        if (id === author.id) continue;
        const lost = setBack?.of.id === id ? setBack : null;
        const mayWrite = writers.includes(id);
        const role = mayWrite ? "write" : "read";
        const text =
          lost === null
            ? forOthers[role].text
            : notice(author, config.fileName, [...detailsFor(role), ...yoursSetBackText(lost)]);
        const urgent =
          keep === null && lost === null
            ? undefined
            : urgentFor({ config, outcome, text, lost, mayWrite });
        queue.add(id, urgent === undefined ? forOthers[role] : { text, urgent });
      }
    },
  };
}
