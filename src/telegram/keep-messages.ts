// The messages that ask for Keep: which they are, over restarts, and what they say once it was decided. Each loses its buttons then, and
// says who decided.
import { setTimeout as wait } from "node:timers/promises";
import { type Api, InlineKeyboard } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import { z } from "zod";
import { createRecentMap } from "../change/recent.ts";
import type { KeepEvent } from "../model/keep-event.ts";
import type { KeepNote } from "../model/outcome.ts";
import { type MessageReference, messageSchema } from "../model/revision.ts";
import type { Config } from "../model/config.ts";
import { oneAtATime } from "../store/one-at-a-time.ts";
import type { Records } from "../store/records.ts";
import { buttonLabels } from "../words/decision-words.ts";
import { keepLine, keptLine, movedLine, wentBackLine } from "../words/keep-words.ts";
import { createBackoff } from "./backoff.ts";
import { callFailure } from "./telegram-api.ts";

/** What became of so many is remembered for messages that are shown late; the oldest is forgotten first. */
const rememberedMax = 200;
/** With the backoff, a message is tried to be brought up to date for about a minute. */
const attemptsMax = 8;
const backoffLimits = { firstMs: 500, maxMs: 30_000 };

const askingSchema = z.object({
  message: messageSchema,
  /** As it was first shown, with the line that asks. */
  text: z.string(),
  line: z.string(),
  isAuthor: z.boolean(),
});
type Asking = Readonly<z.infer<typeof askingSchema>>;
const recordSchema = z.array(askingSchema);

/** A change that waits for Keep, as a message tells of it. */
interface AskedKeep {
  readonly config: Config;
  readonly revision: number;
  readonly keep: KeepNote;
  /** Holds {@link keepLine}. */
  readonly text: string;
  /** It tells the author of their own change. */
  readonly isAuthor: boolean;
}

interface AskingButtons {
  readonly keyboard: InlineKeyboardMarkup;
  /** Told of the message that has them. */
  shownIn(message: MessageReference): Promise<void>;
}

export interface KeepMessages {
  readonly asking: (asked: AskedKeep) => AskingButtons;
  /** Brings the messages up to date; resolves when they are, or cannot be. */
  tell(event: KeepEvent): Promise<void>;
}

/** What a message says from now on, and whether there is still something to press. */
interface State {
  readonly line: string;
  readonly keyboardFor: (isAuthor: boolean) => InlineKeyboardMarkup | undefined;
}

type Which = Pick<KeepEvent, "config" | "revision">;

export function createKeepMessages(
  api: Api,
  store: Records,
  botId: number,
  onTrouble: (what: string, error: unknown) => void,
): KeepMessages {
  const states = createRecentMap<string, State>(rememberedMax);
  /** One after another for each change: what is written down replaces the whole. */
  const oneByOne = oneAtATime();

  async function inTurn(key: string, act: () => Promise<void>): Promise<void> {
    try {
      await oneByOne(key, act);
    } catch (error) {
      onTrouble("bringing what asks for Keep up to date", error);
    }
  }

  async function read(key: string): Promise<readonly Asking[]> {
    return recordSchema.safeParse(await store.read(key)).data ?? [];
  }

  /** Does not reject for what Telegram does. */
  async function update({ message, text, line, isAuthor }: Asking, state: State): Promise<void> {
    // Another bot's messages have the same numbers.
    if ((message.bot_id ?? botId) !== botId) return;
    const keyboard = state.keyboardFor(isAuthor);
    const markup = keyboard === undefined ? {} : { reply_markup: keyboard };
    const pauses = createBackoff(backoffLimits);
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      try {
        const newText = text.replace(line, () => state.line);
        await api.editMessageText(message.chat_id, message.message_id, newText, markup);
        return;
      } catch (error) {
        const failure = callFailure(error);
        if (failure.kind !== "again") return;
        onTrouble("bringing what asks for Keep up to date", error);
        await wait(Math.max(failure.afterMs ?? 0, pauses.nextMs()));
      }
    }
  }

  return {
    asking({ config, revision, keep, text, isAuthor }) {
      const key = keyOf({ config, revision });
      const line = keepLine(keep);
      return {
        keyboard: keepKeyboard({ config, revision }, keep, isAuthor),
        shownIn: (message) =>
          inTurn(key, async () => {
            const asking = { message, text, line, isAuthor };
            const state = states.get(key);
            const isDecided = state !== undefined && state.keyboardFor(isAuthor) === undefined;
            if (!isDecided) await store.write(key, [...(await read(key)), asking]);
            if (state !== undefined && state.line !== line) await update(asking, state);
          }),
      };
    },
    tell(event) {
      const state = stateAfter(event);
      if (state === undefined) return Promise.resolve();
      const key = keyOf(event);
      states.set(key, state);
      return inTurn(key, async () => {
        for (const asking of await read(key)) await update(asking, state);
        if (event.kind !== "extended") await store.remove(key);
      });
    },
  };
}

/** undefined where it still waits as before. */
function stateAfter(event: KeepEvent): State | undefined {
  const over = (line: string): State => ({ line, keyboardFor: () => undefined });
  switch (event.kind) {
    case "kept":
      return over(keptLine(event.by));
    case "reverted":
      return over(wentBackLine(event.note, event.entry.author));
    case "moved":
      return over(movedLine);
    case "extended":
      return {
        line: keepLine(event.note),
        keyboardFor: (isAuthor) => keepKeyboard(event, event.note, isAuthor),
      };
    case "stuck":
      return undefined;
    default:
      return event satisfies never;
  }
}

function keyOf({ config, revision }: Which): string {
  return `${config.id}-${revision}`;
}

function keepKeyboard(
  { config: { id }, revision }: Which,
  { mayExtend }: KeepNote,
  isAuthor: boolean,
): InlineKeyboardMarkup {
  const keyboard = new InlineKeyboard()
    .text(buttonLabels.keep, `stay:${id}:${revision}`)
    .text(buttonLabels.revertNow, `back:${id}:${revision}`);
  return isAuthor && mayExtend
    ? keyboard.row().text(buttonLabels.moreTime, `longer:${id}:${revision}`)
    : keyboard;
}
