// What an update goes through, in this order: who may; what gets past everything that waits (/cancel, buttons, looking); one after another
// per chat and person; the conversation; the rest.
import { reply } from "./messages/say.ts";
import { conversations } from "@grammyjs/conversations";
import type { Records } from "../store/records.ts";
import type { Context, MiddlewareFn } from "grammy";
import type { Managed } from "../change/managed-configs.ts";
import { access } from "./entrance/access.ts";
import type { BotContext } from "./updates/bot-context.ts";
import type { ConfigService } from "./entrance/config-service.ts";
import { browse } from "./controls/browse.ts";
import { commandOf, isOthersWork } from "./updates/command.ts";
import { approvalButtons } from "./controls/approval-buttons.ts";
import { chatAndPerson, conversationStorage } from "./updates/conversation-storage.ts";
import { answerPress, outOfDate } from "./messages/buttons.ts";
import { driftButtons } from "./controls/drift-buttons.ts";
import { errorBoundary } from "./entrance/error-boundary.ts";
import { confirmAnswers } from "./uploads/confirm-answers.ts";
import { choiceButtons, loneDocument } from "./uploads/lone-document.ts";
import { freezeCommands } from "./controls/freeze.ts";
import { leaveOutTooMuch } from "./entrance/too-much.ts";
import { createDoors } from "./entrance/doors.ts";
import { languageCommand } from "./controls/language.ts";
import type { Notices } from "./messages/notices.ts";
import { keepButtons } from "./controls/keep-buttons.ts";
import { isTextCommand } from "./updates/on-command.ts";
import { oneValue } from "./controls/one-value.ts";
import { parkedButtons } from "./controls/parked-buttons.ts";
import { chartButtons, chartCommands } from "./controls/charts.ts";
import { pastButtons, pastCommands } from "./controls/past.ts";
import { pendingCommand, pendingList } from "./controls/pending.ts";
import {
  pendingApprovals,
  pendingEdits,
  pendingKeeps,
  pendingQuestions,
} from "./controls/pending-sources.ts";
import { pendingSchedules, scheduleButtons, type SchedulesShown } from "./controls/schedules.ts";
import { inOrder, isPress, only } from "./updates/steps.ts";
import { setBackButtons } from "./controls/set-back-buttons.ts";
import { rollbackCommands, undoButtons } from "./controls/restore.ts";
import { notUnderstood, notYourWords } from "../words/answer-words.ts";
import { buttonOutOfDate } from "../words/decision-words.ts";
import { unknownCommands } from "./entrance/unknown-command.ts";
import type { CallResult } from "./api/telegram-api.ts";
import { uploadConversation } from "./uploads/upload-conversation.ts";
import type { TellGivenUp } from "./messages/given-up.ts";
import type { ApprovalMessages } from "./messages/approval-messages.ts";
import type { Cancelling } from "./controls/cancel.ts";
import type { CommandMenu } from "./entrance/command-menu.ts";
import type { Languages } from "./messages/languages.ts";
import type { Choices } from "./uploads/choices.ts";
import type { Leftovers } from "./uploads/leftovers.ts";
import type { StartChange, TakeDocument } from "./uploads/upload-intake.ts";
import { createTickets, takesNoTurn } from "./updates/tickets.ts";
import type { Turns } from "./updates/turns.ts";

/** What the bot tells of itself, for the log and the metrics. */
export interface BotListener {
  readonly request: (method: string, result: CallResult) => void;
  readonly update: (kind: string) => void;
  readonly denied: (userId: number | undefined, what: string) => void;
  /** Telegram answered: the bot goes by this name. */
  readonly ready: (username: string) => void;
  /** Expected trouble, such as Telegram refusing a call. */
  readonly trouble: (what: string, error: unknown) => void;
  readonly bug: (error: unknown) => void;
}

export interface RouteParts {
  readonly service: Omit<ConfigService, "doors">;
  readonly version: string;
  /** Open questions, by chat and person. */
  readonly questions: Records;
  readonly languages: Languages;
  readonly menu: CommandMenu;
  readonly notices: Notices;
  readonly choices: Choices;
  readonly approvals: ApprovalMessages;
  readonly tellGivenUp: TellGivenUp;
  readonly schedules: SchedulesShown;
  readonly cancelling: Cancelling;
  readonly leftovers: Leftovers;
  readonly startChange: StartChange;
  readonly takeDocument: TakeDocument;
  readonly isTooMuch: Turns["isTooMuch"];
  readonly listener: BotListener;
}

export interface Routes {
  readonly middleware: MiddlewareFn<BotContext>;
  /** From now on this is in force. */
  follow(managed: Managed): void;
}

/** @param first - in force until another follows */
export function createRoutes(parts: RouteParts, first: Managed): Routes {
  const { languages, listener, notices, choices, cancelling, leftovers } = parts;
  const { startChange, takeDocument } = parts;
  const startedMs = performance.now();
  const languageChoice = languageCommand(languages, parts.menu);
  let { people } = first;
  let arrivals = 0;
  const drawTicket = createTickets();

  let handlers = handlersFor(first);
  const all = inOrder(
    // Nothing may stand before this that could keep one message longer than another.
    async (ctx, next) => {
      listener.update(kindOf(ctx));
      ctx.onTrouble = listener.trouble;
      ctx.arrival = arrivals += 1;
      ctx.command = ctx.message === undefined ? undefined : commandOf(ctx.message, ctx.me);
      const key = takesNoTurn(ctx.update, ctx.me) ? undefined : chatAndPerson(ctx);
      ctx.ticket = key === undefined ? undefined : drawTicket(key);
      try {
        await next();
      } finally {
        ctx.ticket?.giveBack();
      }
    },
    errorBoundary(listener),
    (ctx, next) => {
      ctx.language = languages.ofStranger(ctx.from ?? {});
      return next();
    },
    access({ people: () => people, onDenied: listener.denied }),
    async (ctx, next) => {
      if (ctx.from !== undefined) ctx.language = await languages.heard(ctx.from);
      return next();
    },
    // A press tells no message where that is not the bot's own: nothing of ours.
    only(isPress, (ctx, next) =>
      ctx.msg === undefined ? answerPress(ctx, buttonOutOfDate) : next(),
    ),
    // Before anything that may be left out.
    cancelling.atOnce,
    leaveOutTooMuch(parts.isTooMuch),
    (ctx, next) => {
      parts.menu.greet(ctx);
      return next();
    },
    (ctx, next) => handlers(ctx, next),
  );

  /** What follows from the configs and the people, in its order; made anew when these change. */
  function handlersFor(managed: Managed): MiddlewareFn<BotContext> {
    const { lives } = managed;
    const doors = createDoors(managed, listener.denied);
    const service = { ...parts.service, ...managed, doors };
    const documents = { ...managed, doors, choices, takeDocument };
    const pending = [
      pendingKeeps(service),
      pendingApprovals(service),
      pendingQuestions(service),
      pendingEdits(service),
      pendingSchedules(service),
    ];
    const unknown = unknownCommands(doors, listener.denied);
    const answers = confirmAnswers(service, startChange);
    return inOrder(
      only(
        isPress,
        pendingList(pending),
        choiceButtons(documents),
        parkedButtons(service, startChange, parts.tellGivenUp),
        setBackButtons(service),
        approvalButtons(service, startChange, parts.approvals),
        undoButtons(service, startChange),
        keepButtons(service),
        driftButtons(service, startChange),
        scheduleButtons(service, parts.schedules, pending),
        pastButtons(service),
        chartButtons(service),
        languageChoice,
        outOfDate,
      ),
      notices.middleware,
      only(
        isTextCommand,
        languageChoice,
        browse({ ...service, version: parts.version, startedMs }),
        pastCommands(service),
        chartCommands(service),
        rollbackCommands(service),
        freezeCommands(service, notices),
        pendingCommand(pending),
      ),
      unknown.middleware,
      async (ctx, next) => {
        await ctx.ticket?.isNext;
        await next();
      },
      answers.right,
      only(isTextCommand, oneValue(service)),
      conversations({ storage: conversationStorage(parts.questions) }),
      leftovers.middleware(lives),
      cancelling.inTurn(lives),
      uploadConversation({ ...service, takeDocument }),
      loneDocument(documents, unknown),
      answers.wrong,
      fallback,
    );
  }

  return {
    middleware: all,
    follow(managed) {
      people = managed.people;
      handlers = handlersFor(managed);
    },
  };
}

function kindOf(ctx: Context): string {
  if (ctx.callbackQuery !== undefined) return "callback_query";
  return ctx.message === undefined ? "other" : "message";
}

/** What nobody above understood: answered where it was meant for the bot. */
const fallback: MiddlewareFn<BotContext> = async (ctx) => {
  if (ctx.message === undefined || ctx.chat?.type !== "private") return;
  await reply(ctx, isOthersWork(ctx.message) ? notYourWords : notUnderstood);
};
