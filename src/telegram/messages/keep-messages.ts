// The messages that ask for Keep, and what they say once it was decided.
import type { KeepEvent } from "../../model/keep-event.ts";
import type { KeepNote } from "../../model/outcome.ts";
import type { MessageReference } from "../../model/revision.ts";
import type { Config } from "../../model/config.ts";
import { buttonLabels } from "../../words/decision-words.ts";
import { keepLine, keptLine, movedLine, wentBackLine } from "../../words/keep-words.ts";
import type { Line } from "../../words/line.ts";
import type { Text } from "../../words/text.ts";
import type { AskingMessages, AskingState } from "./asking-messages.ts";
import { Keyboard } from "./keyboard.ts";

/** A change that waits for Keep, as a message tells of it. */
interface AskedKeep {
  readonly config: Config;
  readonly revision: number;
  readonly keep: KeepNote;
  /** Holds {@link keepLine}. */
  readonly text: Text;
  /** It tells the author of their own change. */
  readonly isAuthor: boolean;
  /** Whom it tells in a group; undefined where that is not known any more. */
  readonly readerId: number | undefined;
}

interface AskingButtons {
  readonly keyboard: Keyboard;
  /** Told of the message that has them. */
  readonly shownIn: (message: MessageReference) => Promise<void>;
}

export interface KeepMessages {
  readonly asking: (asked: AskedKeep) => AskingButtons;
  /** The chats in which messages ask about this change. */
  chatsOf(which: Which): Promise<readonly number[]>;
  /** Brings the messages up to date; resolves when they are, or cannot be. */
  tell(event: KeepEvent): Promise<void>;
}

type Which = Pick<KeepEvent, "config" | "revision">;

export function createKeepMessages(messages: AskingMessages): KeepMessages {
  return {
    asking({ config, revision, keep, text, isAuthor, readerId }) {
      const question = { text, line: keepLine(keep), isAuthor, readerId };
      return {
        keyboard: keepKeyboard({ config, revision }, keep, isAuthor),
        shownIn: (message) => messages.shownIn(keyOf({ config, revision }), question, message),
      };
    },
    chatsOf: (which) => messages.chatsOf(keyOf(which)),
    async tell(event) {
      const state = stateAfter(event);
      if (state !== undefined) await messages.show(keyOf(event), state);
    },
  };
}

/** undefined where it still waits as before. */
function stateAfter(event: KeepEvent): AskingState | undefined {
  const over = (line: Line): AskingState => ({ line, keyboardFor: undefined });
  switch (event.kind) {
    case "kept":
      return over(keptLine(event.by));
    case "reverted":
      return over(wentBackLine(event.note, event.entry.author, event.failure));
    case "moved":
      return over(movedLine);
    case "extended":
      return {
        line: keepLine(event.note),
        keyboardFor: (isAuthor) => keepKeyboard(event, event.note, isAuthor),
      };
    case "stuck":
    case "asked":
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
): Keyboard {
  const keyboard = new Keyboard()
    .text(buttonLabels.keep, `stay:${id}:${revision}`)
    .text(buttonLabels.revertNow, `back:${id}:${revision}`);
  return isAuthor && mayExtend
    ? keyboard.row().text(buttonLabels.moreTime, `longer:${id}:${revision}`)
    : keyboard;
}
