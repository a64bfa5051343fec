// The question for a file: /set_fees, /check_fees or /schedule_fees asks, and the next document of that person in that chat is the upload, unless it
// replies to something else or names another command: those are asked about. Wrong things get a hint, and the question stays open. The
// upload itself runs outside, as a job: nothing here waits for it.
import { reply } from "../messages/say.ts";
import { type Conversation, createConversation } from "@grammyjs/conversations";
import type { Context, MiddlewareFn } from "grammy";
import type { Message } from "grammy/types";
import type { ConfigStore } from "../../store/port.ts";
import { createRecentSet } from "../../change/recent.ts";
import { askedTime } from "./asked-time.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { commandOf, ownWords } from "../updates/command.ts";
import { neededForCommand } from "../../model/config-command.ts";
import type { Doors } from "../entrance/doors.ts";
import { isTextCommand } from "../updates/on-command.ts";
import { replyTarget } from "../updates/reply-target.ts";
import {
  askForFile,
  askForFileToCheck,
  commandNeedsFile,
  notADocument,
  oneFileAtATime,
} from "../../words/file-words.ts";
import { goesLiveAt } from "../../words/moment-words.ts";
import { reasonOf } from "../api/plain-text.ts";
import type { DocumentMessage } from "./choices.ts";
import { inOrder, only } from "../updates/steps.ts";
import type { TakeDocument } from "./upload-intake.ts";
import { outside } from "../updates/outside-conversation.ts";
import {
  questionOptions,
  isAnswer,
  documentMessage,
  repliesToQuestion,
  tell,
  wrongThing,
} from "./question-messages.ts";
import { replyParameters } from "../messages/status-message.ts";

/** So many albums are remembered, to answer each once though its parts arrive one by one. */
const albumsMax = 100;

/** So many hints are remembered, as what a document may reply to. */
const hintsMax = 1000;

const purposes = ["apply", "check", "schedule"] as const;
const commandFor = { apply: "set", check: "check", schedule: "schedule" } as const;

type Purpose = (typeof purposes)[number];

/** What a file is asked for. */
interface Question {
  readonly live: ConfigStore;
  readonly purpose: Purpose;
}

/** What was said with the command. */
interface Said {
  readonly reason: string | null;
  /** When the file is to go live, ISO 8601, UTC; null for at once. */
  readonly dueAt: string | null;
}

/** The messages that a question consists of. A reply to another one is not for it. */
interface Thread {
  /** Null where Telegram did not say which message it became. */
  readonly questionId: number | null;
  readonly commandId: number | undefined;
}

export interface UploadConversationOptions {
  readonly lives: readonly ConfigStore[];
  readonly doors: Doors;
  readonly takeDocument: TakeDocument;
  readonly timeZone: string;
}

/** /set_*, /check_*, /schedule_*, documents with it as their caption, and the conversation between. Needs the conversations plugin before it. */
export function uploadConversation({
  lives,
  doors,
  takeDocument,
  timeZone,
}: UploadConversationOptions): MiddlewareFn<BotContext> {
  const albums = createRecentSet<string>(albumsMax);
  /** Hints by their chat, question and message. Not kept over a restart: a reply to an older one is asked about. */
  const hints = createRecentSet<string>(hintsMax);

  // Whoever begins anew has left the question that was open. The conversations take every message while one is open, and
  // can be entered only behind the line that registers them: so the command is looked at twice.
  const leaveOpen = purposes.map((purpose) =>
    doors.command(commandFor[purpose], async (ctx, _live, next) => {
      await ctx.conversation.exitAll();
      await next();
    }),
  );

  const takeCaptioned: MiddlewareFn<BotContext> = async (ctx, next) => {
    const { message: captioned } = ctx;
    if (captioned?.caption === undefined) return next();
    const [asked] = purposes.flatMap((purpose) => {
      const live = doors.configOf(ctx, commandFor[purpose]);
      return live === undefined ? [] : [{ purpose, live }];
    });
    if (asked === undefined || repliesToQuestion(ctx, lives)) return next();
    const { purpose, live } = asked;
    if (!(await doors.admits(ctx, live, neededForCommand[commandFor[purpose]]))) return undefined;
    const target = replyParameters(captioned.message_id);
    const { media_group_id: album } = captioned;
    if (album !== undefined) {
      if (albums.add(album)) await reply(ctx, oneFileAtATime, target);
      return undefined;
    }
    const message = documentMessage(captioned);
    if (message === undefined) {
      await reply(ctx, commandNeedsFile(live.config.fileName), target);
      return undefined;
    }
    const said = await readSaid(ctx, live, purpose);
    if (said === undefined) return undefined;
    await ctx.conversation.exitAll();
    return takeDocument(intakeOf(ctx, live, purpose, message, said));
  };

  const conversationsByName = new Map(
    lives.flatMap((live) =>
      purposes.map((purpose) => {
        const name = questionName(purpose, live);
        return [name, createConversation(conversationOf({ live, purpose }), name)] as const;
      }),
    ),
  );
  // The open one, and the one that may be entered: there are three for each config, and a message would pass them all.
  const converse: MiddlewareFn<BotContext> = (ctx, next) => {
    const names = new Set([...Object.keys(ctx.conversation.active()), ctx.command?.name ?? ""]);
    const these = [...names].flatMap((name) => conversationsByName.get(name) ?? []);
    return inOrder(...these)(ctx, next);
  };

  const enter = purposes.map((purpose) =>
    doors.command(commandFor[purpose], async (ctx, live) => {
      const said = await readSaid(ctx, live, purpose);
      if (said === undefined) return;
      await ctx.conversation.enter(questionName(purpose, live), said);
    }),
  );

  /** @returns undefined where it says no time that can be meant, which was answered then */
  async function readSaid(
    ctx: BotContext,
    { config }: ConfigStore,
    purpose: Purpose,
  ): Promise<Said | undefined> {
    const rest = ctx.command?.rest ?? "";
    if (purpose !== "schedule") return { reason: reasonOf(rest), dueAt: null };
    const asked = askedTime(config, rest, timeZone);
    if (asked.kind === "at") return { reason: asked.reason, dueAt: asked.dueAt };
    await reply(ctx, asked.text, replyParameters(ctx.msg?.message_id ?? null));
    return undefined;
  }

  function conversationOf(question: Question) {
    return async (
      conversation: Conversation<BotContext>,
      asking: Context,
      given: Said,
    ): Promise<void> => {
      const { live, purpose } = question;
      const thread: Thread = {
        questionId: await outside(conversation, (ctx) => ask(ctx, question, given)),
        commandId: asking.msg?.message_id,
      };
      const { msg, me } = await conversation.wait();
      if (msg === undefined) return conversation.skip({ next: true });
      const message = msg.media_group_id === undefined ? documentMessage(msg) : undefined;
      if (message === undefined) {
        await outside(conversation, (ctx) => hint(ctx, msg, question, thread));
        return conversation.skip();
      }
      const command = commandOf(msg, me);
      const isForAnother = command !== undefined && command.name !== questionName(purpose, live);
      if (isForAnother || !isInThread(msg, thread)) return conversation.skip({ next: true });
      await outside(conversation, (ctx) => {
        const words = command?.rest ?? ownWords(msg);
        // The command once more, with another time perhaps.
        const anew =
          purpose === "schedule" && command !== undefined
            ? askedTime(live.config, words, timeZone)
            : undefined;
        const said =
          anew?.kind === "at"
            ? { dueAt: anew.dueAt, reason: reasonOf(given.reason, anew.reason) }
            : { dueAt: given.dueAt, reason: reasonOf(given.reason, words) };
        return takeDocument(intakeOf(ctx, live, purpose, message, said));
      });
    };
  }

  /** @returns the message that asks. Where it cannot be shown or no answer comes, the question is open all the same. */
  async function ask(
    ctx: BotContext,
    { live, purpose }: Question,
    { reason, dueAt }: Said,
  ): Promise<number | null> {
    const { fileName } = live.config;
    const asked =
      purpose === "check" ? [askForFileToCheck(fileName)] : askForFile(fileName, reason);
    const when = dueAt === null ? [] : [goesLiveAt(dueAt)];
    return tell(ctx, [...asked, ...when], questionOptions(ctx));
  }

  async function hint(
    ctx: BotContext,
    wrong: Message,
    { live }: Question,
    { questionId }: Thread,
  ): Promise<void> {
    if (!isAnswer(ctx, wrong)) return;
    const album = wrong.media_group_id;
    if (album !== undefined && !albums.add(album)) return;
    const text = notADocument(wrongThing(wrong), live.config.fileName);
    const hintId = await tell(ctx, [text], replyParameters(wrong.message_id));
    if (hintId !== null) hints.add(hintKey(wrong.chat.id, questionId, hintId));
  }

  function isInThread(message: Message, { questionId, commandId }: Thread): boolean {
    const target = replyTarget(message);
    if (target.kind !== "message") return target.kind === "none";
    const { message_id: targetId } = target.message;
    return (
      targetId === questionId ||
      targetId === commandId ||
      hints.has(hintKey(message.chat.id, questionId, targetId))
    );
  }

  const leaveAlbum: MiddlewareFn<BotContext> = async (ctx, next) => {
    const album = ctx.message?.media_group_id;
    if (album === undefined) return next();
    if (albums.add(album)) await reply(ctx, oneFileAtATime, replyParameters(ctx.msgId ?? null));
    return undefined;
  };

  return inOrder(
    only(isTextCommand, ...leaveOpen),
    takeCaptioned,
    converse,
    only(isTextCommand, ...enter),
    leaveAlbum,
  );
}

function intakeOf(
  { admin, arrival }: BotContext,
  live: ConfigStore,
  purpose: Purpose,
  message: DocumentMessage,
  { reason, dueAt }: Said,
): Parameters<TakeDocument>[0] {
  const isCheck = purpose === "check";
  return {
    admin,
    arrival,
    live,
    purpose: isCheck ? "check" : "apply",
    message,
    reason,
    ...(dueAt !== null && { dueAt }),
  };
}

/** Of the command, and of the conversation that it begins. */
function questionName(purpose: Purpose, { config }: ConfigStore): string {
  return `${commandFor[purpose]}_${config.id}`;
}

function hintKey(chatId: number, questionId: number | null, hintId: number): string {
  return `${chatId} ${questionId} ${hintId}`;
}

/** The config whose file this person is asked for in this chat. */
export function openQuestion(
  ctx: BotContext,
  lives: readonly ConfigStore[],
): ConfigStore | undefined {
  return lives.find((live) =>
    purposes.some((purpose) => ctx.conversation.active(questionName(purpose, live)) > 0),
  );
}
