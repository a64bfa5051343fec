// A document that came with no command: one button per config asks what it is for. Nothing is guessed. The choice
// outlives a restart, and is bound to whoever sent the document.
import { Composer, InlineKeyboard } from "grammy";
import { z } from "zod";
import type { ConfigStore } from "../store/port.ts";
import type { People } from "../model/people.ts";
import { createWaiting, type Waiting, waitingId } from "../change/waiting.ts";
import type { BotContext } from "./bot-context.ts";
import type { Records } from "../store/records.ts";
import { answerPress, outOfDate } from "./buttons.ts";
import type { TellGivenUp } from "./given-up.ts";
import { messageReference } from "./message-reference.ts";
import { isOthersWork, ownWords } from "./command.ts";
import type { Doors } from "./doors.ts";
import type { UnknownCommands } from "./unknown-command.ts";
import {
  choiceGivenUp,
  nothingToSet,
  onlySenderMayChoose,
  setButton,
  whichConfig,
} from "../words/phrases.ts";
import { reasonOf, shownFileName } from "./plain-text.ts";
import type { TakeDocument } from "./upload-intake.ts";

/** Telegram's own limit for what a button carries is 64 bytes; this is at most 41. */
const pressPattern = /^set:([A-Za-z0-9_-]{16}):([a-z][a-z0-9_]{0,19})$/;
const buttonsPerRow = 2;
/** Telegram takes no more under one message; the others are set by their command. */
const buttonsMax = 100;

/** A document whose config is asked for. */
const choiceSchema = z.object({
  userId: z.int(),
  chatId: z.int(),
  messageId: z.int(),
  reason: z.string().nullable(),
  document: z.object({
    file_id: z.string(),
    file_unique_id: z.string(),
    file_size: z.number().optional(),
  }),
});

type Choice = Readonly<z.infer<typeof choiceSchema>>;

/** Of one person. */
const choicesPerPersonMax = 20;

/** Lone documents that wait for a button. */
export type Choices = Waiting<Choice>;

export function createChoices(
  store: Records,
  ageMaxMs: number,
  tellGivenUp: TellGivenUp,
  onTrouble: (what: string, error: unknown) => void,
): Choices {
  return createWaiting({
    store,
    schema: choiceSchema,
    perPersonMax: choicesPerPersonMax,
    ageMaxMs,
    onGivenUp: (_, shownIn, because) =>
      tellGivenUp(shownIn, choiceGivenUp(because, choicesPerPersonMax)),
    onGone: () => Promise.resolve(),
    onTrouble,
    now: Date.now,
  });
}

export interface LoneDocumentOptions {
  readonly lives: readonly ConfigStore[];
  readonly people: People;
  readonly doors: Doors;
  readonly choices: Choices;
  readonly takeDocument: TakeDocument;
}

/** Asks for the config of a document that no command and no open question names. */
export function loneDocument(
  { lives, people, choices }: LoneDocumentOptions,
  unknown: UnknownCommands,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.on("message:document", async (ctx) => {
    const { document, message_id: messageId, chat, caption } = ctx.msg;
    const reply = { message_id: messageId, allow_sending_without_reply: true };
    const mayBeSet = lives.filter(
      ({ config }) => people.roleOf(ctx.admin.id, config.id) === "write",
    );
    if (mayBeSet.length === 0) {
      await ctx.reply(nothingToSet, { reply_parameters: reply });
      return;
    }
    const id = waitingId();
    const choice: Choice = {
      userId: ctx.admin.id,
      chatId: chat.id,
      messageId,
      reason: reasonOf(ctx.command?.rest ?? ownWords(ctx.msg)),
      document: {
        file_id: document.file_id,
        file_unique_id: document.file_unique_id,
        file_size: document.file_size,
      },
    };
    await choices.add(id, choice);
    const keyboard = new InlineKeyboard();
    for (const [index, { config }] of mayBeSet.slice(0, buttonsMax).entries()) {
      if (index > 0 && index % buttonsPerRow === 0) keyboard.row();
      keyboard.text(setButton(config.fileName), `set:${id}:${config.id}`);
    }
    const text = whichConfig(shownFileName(document.file_name), {
      isCut: mayBeSet.length > buttonsMax,
      isCaptionIgnored: caption !== undefined && isOthersWork(ctx.msg),
      command: unknown.textOf(ctx),
    });
    const asked = await ctx.reply(text, { reply_markup: keyboard, reply_parameters: reply });
    await choices.shownIn(id, messageReference(asked, ctx.me));
  });
  return composer;
}

/** Takes the choice. */
export function choiceButtons({
  doors,
  choices,
  takeDocument,
}: LoneDocumentOptions): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.callbackQuery(pressPattern, async (ctx) => {
    const [, id, configId] = ctx.match;
    const live = await doors.press(ctx, configId, "write");
    if (id === undefined || live === undefined) return undefined;
    const choice = await choices.read(id);
    const question = ctx.callbackQuery.message;
    if (choice === undefined || choice.chatId !== question?.chat.id) return outOfDate(ctx);
    const { userId, chatId, messageId, reason, document } = choice;
    if (userId !== ctx.admin.id) return answerPress(ctx, onlySenderMayChoose);
    const isFirst = await choices.act(id, async () => {
      const { file_size: fileSize, ...file } = document;
      await takeDocument({
        admin: ctx.admin,
        arrival: ctx.arrival,
        live,
        purpose: "apply",
        message: {
          message_id: messageId,
          chat: { id: chatId },
          document: fileSize === undefined ? file : { ...file, file_size: fileSize },
        },
        reason,
        progressMessageId: question.message_id,
      });
    });
    return isFirst ? answerPress(ctx) : outOfDate(ctx);
  });
  return composer;
}
