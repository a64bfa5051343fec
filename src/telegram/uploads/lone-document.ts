// A document that came with no command: one button per config asks what it is for. Nothing is guessed. The same buttons set a document
// that was checked.
import { reply } from "../messages/say.ts";
import { Composer } from "grammy";
import type { ConfigStore } from "../../store/port.ts";
import type { People } from "../../model/people.ts";
import { waitingId } from "../../change/waiting.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { answerPress, outOfDate } from "../messages/buttons.ts";
import { choiceOf, type Choices, setData, setPattern } from "./choices.ts";
import { messageReference } from "../messages/message-reference.ts";
import { isOthersWork, ownWords } from "../updates/command.ts";
import type { Doors } from "../entrance/doors.ts";
import type { UnknownCommands } from "../entrance/unknown-command.ts";
import { onlySenderMayChoose } from "../../words/decision-words.ts";
import { nothingToSet, setButton, whichConfig } from "../../words/file-words.ts";
import { reasonOf, shownFileName } from "../api/plain-text.ts";
import type { TakeDocument } from "./upload-intake.ts";
import { Keyboard } from "../messages/keyboard.ts";
import { replyParameters } from "../messages/status-message.ts";

const buttonsPerRow = 2;
/** Telegram takes no more under one message; the others are set by their command. */
const buttonsMax = 100;

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
    const { document, caption } = ctx.msg;
    const target = replyParameters(ctx.msg.message_id);
    const mayBeSet = lives.filter(
      ({ config }) => people.roleOf(ctx.admin.id, config.id) === "write",
    );
    if (mayBeSet.length === 0) {
      await reply(ctx, nothingToSet, target);
      return;
    }
    const id = waitingId();
    const reason = reasonOf(ctx.command?.rest ?? ownWords(ctx.msg));
    await choices.add(id, choiceOf(ctx.admin.id, ctx.msg, reason, null));
    const keyboard = new Keyboard();
    for (const [index, { config }] of mayBeSet.slice(0, buttonsMax).entries()) {
      if (index > 0 && index % buttonsPerRow === 0) keyboard.row();
      keyboard.text(setButton(config.fileName), setData(id, config.id));
    }
    const text = whichConfig(shownFileName(document.file_name), {
      isCut: mayBeSet.length > buttonsMax,
      isCaptionIgnored: caption !== undefined && isOthersWork(ctx.msg),
      command: unknown.textOf(ctx),
    });
    const asked = await reply(ctx, text, { keyboard, ...target });
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
  composer.callbackQuery(setPattern, async (ctx) => {
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
      return takeDocument({
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
