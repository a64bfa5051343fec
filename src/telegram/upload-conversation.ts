// The question for a file: /set_fees or /check_fees asks, and the next document of that person in that chat is the upload. Wrong things
// get a hint, and the question stays open. The upload itself runs outside, as a job: nothing here waits for it.
import { type Conversation, createConversation } from "@grammyjs/conversations";
import { Composer, type Context } from "grammy";
import type { Message } from "grammy/types";
import type { LiveConfig } from "../store/local/live-config.ts";
import { createRecentSet } from "../change/recent-set.ts";
import type { BotContext } from "./bot-context.ts";
import { captionCommand } from "./caption-command.ts";
import {
  askForFile,
  askForFileToCheck,
  commandNeedsFile,
  notADocument,
  oneFileAtATime,
  type WrongThing,
} from "../words/phrases.ts";
import { reasonOf } from "./plain-text.ts";
import type { UploadRequest } from "../change/upload-job.ts";
import { isCallError } from "./telegram-api.ts";
import type { DocumentMessage, TakeDocument } from "./upload-intake.ts";

/** So many albums are remembered, to answer each once though its parts arrive one by one. */
const albumsMax = 100;

const purposes = ["apply", "check"] as const;
const commandOf = { apply: "set", check: "check" } as const;

/** What a file is asked for. */
interface Question {
  readonly live: LiveConfig;
  readonly purpose: UploadRequest["purpose"];
  /** Of the command, and of the conversation. */
  readonly name: string;
}

export interface UploadConversationOptions {
  readonly lives: readonly LiveConfig[];
  readonly takeDocument: TakeDocument;
}

/** /set_*, /check_*, documents with it as their caption, and the conversation between. Needs the conversations plugin before it. */
export function uploadConversation({
  lives,
  takeDocument,
}: UploadConversationOptions): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const albums = createRecentSet<string>(albumsMax);

  const questions: readonly Question[] = lives.flatMap((live) =>
    purposes.map((purpose) => ({ live, purpose, name: `${commandOf[purpose]}_${live.config.id}` })),
  );
  const commands = questions.map(({ name }) => name);

  // Whoever begins anew has left the question that was open. The conversations take every message while one is open, and
  // can be entered only behind the line that registers them: so the command is looked at twice.
  composer.command(commands, async (ctx, next) => {
    await ctx.conversation.exitAll();
    await next();
  });

  composer.on("message:caption", async (ctx, next) => {
    const command = captionCommand(ctx.msg.caption, ctx.me.username);
    const question = questions.find(({ name }) => name === command?.name);
    if (command === undefined || question === undefined) return next();
    const { live, purpose } = question;
    if (ctx.msg.media_group_id !== undefined) {
      if (albums.add(ctx.msg.media_group_id)) await ctx.reply(oneFileAtATime, replyTo(ctx.msg));
      return undefined;
    }
    const { document } = ctx.msg;
    if (document === undefined) {
      await ctx.reply(commandNeedsFile(live.config.fileName), replyTo(ctx.msg));
      return undefined;
    }
    await ctx.conversation.exitAll();
    const message = { message_id: ctx.msg.message_id, chat: ctx.msg.chat, document };
    const reason = reasonOf(command.rest);
    return takeDocument({ admin: ctx.admin, live, purpose, message, reason });
  });

  for (const question of questions) {
    composer.use(createConversation(conversationOf(question), question.name));
  }

  for (const { live, purpose, name } of questions) {
    const { fileName } = live.config;
    composer.command(name, async (ctx) => {
      await ctx.conversation.enter(name);
      const text = purpose === "apply" ? askForFile(fileName) : askForFileToCheck(fileName);
      await ctx.reply(text, questionOptions(ctx));
    });
  }

  function conversationOf({ live, purpose }: Question) {
    return async (conversation: Conversation<BotContext>): Promise<void> => {
      const { fileName } = live.config;
      const { msg } = await conversation.waitUntil(bringsOneDocument, {
        otherwise: ({ msg: wrong }) => outside(conversation, (ctx) => hint(ctx, wrong, fileName)),
      });
      const message = documentMessage(msg);
      if (message === undefined) throw new Error("a document message has no document");
      const reason = reasonOf(msg?.caption ?? "");
      await outside(conversation, (ctx) =>
        takeDocument({ admin: ctx.admin, live, purpose, message, reason }),
      );
    };
  }

  /** Where it cannot be told, the question stays open all the same. */
  async function hint(
    ctx: BotContext,
    wrong: Message | undefined,
    fileName: string,
  ): Promise<void> {
    if (wrong === undefined || !isAnswer(ctx, wrong)) return;
    const album = wrong.media_group_id;
    if (album !== undefined && !albums.add(album)) return;
    try {
      await ctx.reply(notADocument(wrongThing(wrong), fileName), replyTo(wrong));
    } catch (error) {
      if (!isCallError(error)) throw error;
      ctx.onTrouble("telling what is waited for", error);
    }
  }

  composer.on("message", async (ctx, next) => {
    const album = ctx.msg.media_group_id;
    if (album === undefined) return next();
    if (albums.add(album)) await ctx.reply(oneFileAtATime, replyTo(ctx.msg));
    return undefined;
  });
  return composer;
}

/** The config whose file this person is asked for in this chat. */
export function openQuestion(
  ctx: BotContext,
  lives: readonly LiveConfig[],
): LiveConfig | undefined {
  return lives.find(({ config }) =>
    purposes.some((purpose) => ctx.conversation.active(`${commandOf[purpose]}_${config.id}`) > 0),
  );
}

/**
 * Acts on the world from within a conversation, once, however often that is replayed. The plugin would copy what is thrown, and a
 * refusing disk could not be told from a bug any more: it is thrown on as it was.
 */
async function outside(
  conversation: Conversation<BotContext>,
  act: (ctx: BotContext) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  await conversation.external(async (ctx) => {
    try {
      await act(ctx);
    } catch (error) {
      failures.push(error);
    }
  });
  for (const error of failures) throw error;
}

/** In a group, a bot in privacy mode sees only replies to it; so the question asks for one, of this person alone. */
function questionOptions(ctx: BotContext): Parameters<BotContext["reply"]>[1] {
  if (ctx.chat?.type === "private" || ctx.msg === undefined) return {};
  return {
    ...replyTo(ctx.msg),
    reply_markup: { force_reply: true, selective: true },
  };
}

function replyTo(message: Pick<Message, "message_id">): {
  reply_parameters: { message_id: number; allow_sending_without_reply: true };
} {
  return {
    reply_parameters: { message_id: message.message_id, allow_sending_without_reply: true },
  };
}

function bringsOneDocument(ctx: Context): boolean {
  return ctx.msg?.document !== undefined && ctx.msg.media_group_id === undefined;
}

function documentMessage(message: Message | undefined): DocumentMessage | undefined {
  const document = message?.document;
  if (message === undefined || document === undefined) return undefined;
  return { message_id: message.message_id, chat: { id: message.chat.id }, document };
}

/** What admins say to each other in a group is no answer, unless it replies to the bot. */
function isAnswer(ctx: BotContext, message: Message): boolean {
  return ctx.chat?.type === "private" || message.reply_to_message?.from?.id === ctx.me.id;
}

function wrongThing(message: Message): WrongThing {
  if (message.media_group_id !== undefined) return "album";
  if (message.photo !== undefined) return "photo";
  if (message.sticker !== undefined) return "sticker";
  return message.text === undefined ? "other" : "text";
}
