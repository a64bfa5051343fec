// The messages that ask several people for one decision: which they are, over restarts, and what they say once it was made. Each loses its
// buttons then.
import { z } from "zod";
import { createRecentMap } from "../../change/recent.ts";
import { type MessageReference, messageSchema } from "../../model/revision.ts";
import { oneAtATime } from "../../store/one-at-a-time.ts";
import type { Records } from "../../store/records.ts";
import { lineSchema, textSchema } from "../../words/kept-text.ts";
import type { Line } from "../../words/line.ts";
import { isSame, replaced, type Text } from "../../words/text.ts";
import type { LastEdit } from "./last-edit.ts";
import type { Keyboard } from "./keyboard.ts";

/** What became of so many is remembered for messages that are shown late; the oldest is forgotten first. */
const rememberedMax = 200;

const askingSchema = z.object({
  message: messageSchema,
  /** As it was first shown, with the line that asks. */
  text: textSchema,
  line: lineSchema,
  isAuthor: z.boolean(),
  /** Whom it tells in a group. */
  readerId: z.int().optional(),
});
type Asking = Readonly<z.infer<typeof askingSchema>>;
const recordSchema = z.array(askingSchema);

/** A message that is about to ask. */
interface Question {
  /** Holds `line`. */
  readonly text: Text;
  /** What asks, and gives way to what was decided. */
  readonly line: Line;
  /** It tells the author of their own change. */
  readonly isAuthor: boolean;
  /** Whom it tells in a group; undefined where that is not known any more. */
  readonly readerId: number | undefined;
}

/** What the messages say from now on. */
export interface AskingState {
  readonly line: Line;
  /** What there is still to press; undefined once it is decided. */
  readonly keyboardFor: ((isAuthor: boolean) => Keyboard) | undefined;
}

export interface AskingMessages {
  /** Notes that this message asks; where more is known meanwhile, it says so. Does not reject. */
  shownIn(key: string, question: Question, message: MessageReference): Promise<void>;
  /** The chats in which messages ask for this. */
  chatsOf(key: string): Promise<readonly number[]>;
  /** Brings the messages up to date; resolves when they are, or cannot be. Does not reject. */
  show(key: string, state: AskingState): Promise<void>;
}

export function createAskingMessages(
  store: Records,
  lastEdit: LastEdit,
  onTrouble: (what: string, error: unknown) => void,
): AskingMessages {
  const states = createRecentMap<string, AskingState>(rememberedMax);
  /** One after another for each decision: what is written down replaces the whole. */
  const oneByOne = oneAtATime();

  async function inTurn(key: string, act: () => Promise<void>): Promise<void> {
    try {
      await oneByOne(key, act);
    } catch (error) {
      onTrouble("noting which messages ask", error);
    }
  }

  async function read(key: string): Promise<readonly Asking[]> {
    return recordSchema.safeParse(await store.read(key)).data ?? [];
  }

  function update(
    { message, text, line, isAuthor, readerId }: Asking,
    state: AskingState,
  ): Promise<void> {
    const newText = replaced(text, line, state.line);
    return lastEdit({ ...message, readerId }, newText, state.keyboardFor?.(isAuthor));
  }

  return {
    shownIn: (key, question, message) =>
      inTurn(key, async () => {
        const asking = { message, ...question };
        const state = states.get(key);
        const isDecided = state !== undefined && state.keyboardFor === undefined;
        if (!isDecided) await store.write(key, [...(await read(key)), asking]);
        if (state !== undefined && !isSame(state.line, question.line)) await update(asking, state);
      }),
    chatsOf: async (key) => (await read(key)).map(({ message }) => message.chat_id),
    show(key, state) {
      states.set(key, state);
      return inTurn(key, async () => {
        for (const asking of await read(key)) await update(asking, state);
        if (state.keyboardFor === undefined) await store.remove(key);
      });
    },
  };
}
