// The bot: what an update goes through, in this order. Who may; what gets past everything that waits (/cancel, buttons,
// looking); one after another per chat and person; the conversation; the rest.
import { reply } from "./say.ts";
import { conversations } from "@grammyjs/conversations";
import type { Records } from "../store/records.ts";
import { sequentialize } from "@grammyjs/runner";
import { Bot, Composer, type Context, type MiddlewareFn } from "grammy";
import type { Journal } from "../store/journal.ts";
import type { InterruptedChange } from "../change/interrupted.ts";
import type { DriftEvent } from "../model/drift-event.ts";
import type { KeepEvent } from "../model/keep-event.ts";
import type { People } from "../model/people.ts";
import type { GivenUpBecause } from "../model/outcome.ts";
import type { ParkedNote } from "../change/parked-changes.ts";
import type { MessageReference } from "../model/revision.ts";
import { access } from "./access.ts";
import type { BotContext } from "./bot-context.ts";
import type { ConfigService } from "./config-service.ts";
import { browse } from "./browse.ts";
import { commandOf, isOthersWork } from "./command.ts";
import { approvalButtons } from "./approval-buttons.ts";
import { createAskingMessages } from "./asking-messages.ts";
import { createApprovalMessages } from "./approval-messages.ts";
import { createCancelling } from "./cancel.ts";
import { createCommandMenu } from "./command-menu.ts";
import { chatAndPerson, conversationStorage } from "./conversation-storage.ts";
import { answerPress, outOfDate } from "./buttons.ts";
import { driftButtons } from "./drift-buttons.ts";
import { errorBoundary } from "./error-boundary.ts";
import { createTellGivenUp, parkedGivenUp } from "./given-up.ts";
import { confirmAnswers } from "./confirm-answers.ts";
import { createChoices } from "./choices.ts";
import { choiceButtons, loneDocument } from "./lone-document.ts";
import { freezeCommands } from "./freeze.ts";
import { isHeavy, leaveOutTooMuch } from "./too-much.ts";
import { createDoors } from "./doors.ts";
import { createDeliveries } from "./deliveries.ts";
import { createLeftovers } from "./leftovers.ts";
import { languageCommand } from "./language.ts";
import { createLanguages, type LanguageChoice } from "./languages.ts";
import { createTellFate } from "./interrupted.ts";
import { createNotices, type Notices } from "./notices.ts";
import { keepButtons } from "./keep-buttons.ts";
import { createLastEdit } from "./last-edit.ts";
import { createKeepMessages } from "./keep-messages.ts";
import { createTellDrift } from "./tell-drift.ts";
import { createTellKeep } from "./tell-keep.ts";
import { oneValue } from "./one-value.ts";
import { parkedButtons } from "./parked-buttons.ts";
import { chartButtons, chartCommands } from "./charts.ts";
import { pastButtons, pastCommands } from "./past.ts";
import { pendingCommand, pendingList } from "./pending.ts";
import { pendingApprovals, pendingConfirmations, pendingKeeps } from "./pending-sources.ts";
import {
  pendingSchedules,
  scheduleButtons,
  type SchedulesShown,
  showSchedules,
} from "./schedules.ts";
import { setBackButtons } from "./set-back-buttons.ts";
import { rollbackCommands, undoButtons } from "./restore.ts";
import { notUnderstood, notYourWords } from "../words/answer-words.ts";
import { buttonOutOfDate } from "../words/decision-words.ts";
import { type Poller, startPoller } from "./poller.ts";
import type { FileSource } from "./receive-file.ts";
import { watchSentMessages } from "./sent-messages.ts";
import { createTurns } from "./turns.ts";
import { unknownCommands } from "./unknown-command.ts";
import { type CallResult, clientOptions, equipApi } from "./telegram-api.ts";
import { createSpreads } from "./spreads.ts";
import { createStartChange, createTakeDocument } from "./upload-intake.ts";
import { uploadConversation } from "./upload-conversation.ts";

const telegramApiRoot = "https://api.telegram.org";

export interface AirlockBotOptions {
  readonly token: string;
  /** Another Bot API server; undefined for Telegram's own. */
  readonly apiRoot: string | undefined;
  readonly service: Omit<ConfigService, "doors">;
  readonly journal: Journal;
  /** Uploads that were in flight when the process before this one ended: their admins are told. */
  readonly interrupted: readonly InterruptedChange[];
  readonly uploadBytesMax: number;
  readonly downloadTimeoutMs: number;
  readonly readLocal: FileSource["readLocal"];
  readonly version: string;
  /** Takes the bot's token out of a text. */
  readonly clean: (text: string) => string;
  /** Open questions, by chat and person. */
  readonly questions: Records;
  /** Who has talked to the bot, and whether they want to hear of changes. */
  readonly talkedTo: Records;
  /** In which language each person is spoken to. */
  readonly languages: Records;
  /** For whoever chose none. */
  readonly language: LanguageChoice;
  /** Lone documents that wait for a button. */
  readonly choices: Records;
  /** The messages that ask several people for one decision. */
  readonly askingMessages: Records;
  /** What waits for a button is given up after this. */
  readonly waitingAgeMaxMs: number;
  /** Where it is one of several; undefined where it is the only one. */
  readonly leading: Leadership | undefined;
  /** Called once, before anything is asked of Telegram, and waited for. */
  readonly first: () => Promise<void>;
  readonly listener: BotListener;
}

/** Of several bots one leads: it alone answers. */
export interface Leadership {
  /** Aborted when another may lead: from then on nothing is asked of Telegram. */
  readonly lost: AbortSignal;
  /** Whether it leads still, as far as can be told: it may have hung for a while. */
  isStill(): Promise<boolean>;
}

/** What the bot tells of itself, for the log and the metrics. */
interface BotListener {
  readonly request: (method: string, result: CallResult) => void;
  readonly update: (kind: string) => void;
  readonly denied: (userId: number | undefined, what: string) => void;
  /** Telegram answered: the bot goes by this name. */
  readonly ready: (username: string) => void;
  /** Expected trouble, such as Telegram refusing a call. */
  readonly trouble: (what: string, error: unknown) => void;
  readonly bug: (error: unknown) => void;
}

/** Which configs there are, and who may do what with them. */
type Rules = Pick<ConfigService, "lives" | "people">;

export interface AirlockBot extends Poller {
  /** Tells the other admins of a change, when their turn comes. */
  readonly tellOthers: Notices["tell"];
  /** Tells everybody whom it concerns what became of a change that waits for Keep; resolves when their messages say so. */
  tellKeep(event: KeepEvent): Promise<void>;
  /** Tells all who may write of an edit on the server, or what became of it; resolves when that is done. */
  tellDrift(event: DriftEvent): Promise<void>;
  /** Tells these people something, silently, when their turn comes. */
  readonly announce: Notices["announce"];
  /** Says so of a change that waited for a button, and counts an upload among the cancelled. Returns at once. */
  givenUp(change: ParkedNote, shownIn: MessageReference, because: GivenUpBecause): void;
  /** Shows what becomes of changes that wait for their time. */
  readonly schedules: SchedulesShown;
  /** Gives up the lone documents that have waited for too long. */
  giveUpOld(): Promise<void>;
  /** Resolves when nobody waits for a notice any more. */
  noticesSent(): Promise<void>;
  /** From now on these rules hold, also for questions and buttons that are open; uploads on their way keep theirs. */
  follow(rules: Rules): void;
}

/** Builds the bot and starts polling. */
export function startBot(options: AirlockBotOptions): AirlockBot {
  const { token, journal, listener } = options;
  const { uploads } = options.service;
  let rules: Rules = options.service;
  const people = (): People => rules.people;
  const apiRoot = options.apiRoot ?? telegramApiRoot;
  const botId = botIdOf(token);
  const bot = new Bot<BotContext>(token, {
    client: { ...clientOptions(options.leading?.lost), apiRoot },
  });
  const onTrouble = listener.trouble;
  const sent = watchSentMessages(bot.api);
  equipApi(bot.api, { onCall: listener.request, onTrouble });
  const languages = createLanguages(options.languages, options.language, onTrouble);
  const speaker = { api: bot.api, languages };
  const menu = createCommandMenu(
    bot.api,
    () => ({ configs: rules.lives.map(({ config }) => config), people: rules.people }),
    languages,
    onTrouble,
  );
  const lastEdit = createLastEdit(speaker, botId, onTrouble);
  const askingMessages = createAskingMessages(options.askingMessages, lastEdit, onTrouble);
  const languageChoice = languageCommand(languages, menu);
  const keepMessages = createKeepMessages(askingMessages);
  const { asking } = keepMessages;
  const notices = createNotices(speaker, people, options.talkedTo, botId, asking, onTrouble);
  const source: FileSource = {
    api: bot.api,
    token,
    apiRoot,
    uploadBytesMax: options.uploadBytesMax,
    downloadTimeoutMs: options.downloadTimeoutMs,
    readLocal: options.readLocal,
    countDownload: (result) => listener.request("download", result),
    onTrouble,
  };
  const intake = { ...speaker, sent, botId, onTrouble };
  const { parked, proposals, schedules, inspector, timeZone } = options.service;
  const tellGivenUp = createTellGivenUp(lastEdit);
  const choices = createChoices(options.choices, options.waitingAgeMaxMs, tellGivenUp, onTrouble);
  const spreads = createSpreads(options.service.machines, onTrouble);
  const startChange = createStartChange(uploads, { ...intake, spreads }, people, listener.denied, {
    parked,
    proposals,
    schedules,
    choices,
    asking,
  });
  const shownSchedules = showSchedules(startChange, { ...intake, schedules, parked, inspector });
  const approvals = createApprovalMessages({
    ...intake,
    people,
    lives: () => rules.lives,
    proposals,
    inspector,
    uploads,
    tellGivenUp,
    lastEdit,
  });
  const takeDocument = createTakeDocument(startChange, source, botId);
  proposals.follow({
    halfTime: (id) => void approvals.remind(id),
    expired: (id, note) => approvals.expired(id, note),
  });
  const startedMs = performance.now();
  let arrivals = 0;
  // Kept over a change of the rules: whoever waits for their turn goes on waiting.
  const inTurn = sequentialize<BotContext>(chatAndPerson);

  bot.use((ctx, next) => {
    listener.update(kindOf(ctx));
    ctx.onTrouble = onTrouble;
    ctx.arrival = arrivals += 1;
    ctx.command = ctx.message === undefined ? undefined : commandOf(ctx.message, ctx.me);
    return next();
  });
  bot.use(errorBoundary(listener));
  bot.use((ctx, next) => {
    ctx.language = languages.ofStranger(ctx.from ?? {});
    return next();
  });
  bot.use(access({ people, onDenied: listener.denied }));
  bot.use(async (ctx, next) => {
    if (ctx.from !== undefined) ctx.language = await languages.heard(ctx.from);
    return next();
  });

  // A press tells no message where that is not the bot's own: nothing of ours.
  bot.on("callback_query", (ctx, next) =>
    ctx.msg === undefined ? answerPress(ctx, buttonOutOfDate) : next(),
  );
  const cancelling = createCancelling(uploads);
  bot.use(
    // Before anything that may be left out.
    cancelling.atOnce,
    leaveOutTooMuch((update) => turns.isTooMuch(update)),
    (ctx, next) => {
      menu.greet(ctx);
      return next();
    },
  );
  const leftovers = createLeftovers({
    ...speaker,
    sent,
    handleUpdate: (update) => bot.handleUpdate(update),
    onTrouble,
  });
  let handlers = handlersFor(rules);
  bot.use((ctx, next) => handlers.middleware()(ctx, next));

  /** What follows from the configs and the people, in its order; made anew when these change. */
  function handlersFor({ lives, people: allowed }: Rules): Composer<BotContext> {
    const composer = new Composer<BotContext>();
    const doors = createDoors({ lives, people: allowed }, listener.denied);
    const service = { ...options.service, lives, people: allowed, doors };
    const documents = { lives, people: allowed, doors, choices, takeDocument };
    const pending = [
      pendingKeeps(service),
      pendingApprovals(service),
      pendingConfirmations(service),
      pendingSchedules(service),
    ];
    const unknown = unknownCommands(doors, listener.denied);
    composer.use(pendingList(pending));
    composer.use(choiceButtons(documents));
    composer.use(parkedButtons(service, startChange));
    composer.use(setBackButtons(service));
    composer.use(approvalButtons(service, startChange, approvals));
    composer.use(undoButtons(service, startChange));
    composer.use(keepButtons(service));
    composer.use(driftButtons(service, startChange));
    composer.use(scheduleButtons(service, shownSchedules, pending));
    composer.use(pastButtons(service));
    composer.use(chartButtons(service));
    composer.use(languageChoice);
    composer.on("callback_query", outOfDate);
    composer.use(notices.middleware);
    composer.use(browse({ ...service, version: options.version, startedMs }));
    composer.use(pastCommands(service));
    composer.use(chartCommands(service));
    composer.use(rollbackCommands(service));
    composer.use(freezeCommands(service, notices));
    composer.use(pendingCommand(pending));
    composer.use(unknown.middleware);

    composer.use(inTurn);
    const answers = confirmAnswers(service, startChange);
    composer.use(answers.right);
    composer.use(oneValue(service));
    composer.use(conversations({ storage: conversationStorage(options.questions) }));
    composer.use(leftovers.middleware(lives));
    composer.use(cancelling.inTurn(lives));
    composer.use(uploadConversation({ lives, doors, takeDocument, timeZone }));
    composer.use(loneDocument(documents, unknown));
    composer.use(answers.wrong);
    composer.on("message", fallback);
    return composer;
  }

  const deliveries = createDeliveries({
    journal,
    botId,
    isAdmin: (userId) => people().has(userId),
    isInHistory: (message) => rules.lives.some((live) => live.hasMessage(message)),
    handle: (update, leftover) =>
      leftover === undefined ? bot.handleUpdate(update) : leftovers.handle(update, leftover),
    clean: options.clean,
    onTrouble,
  });

  const turns = createTurns({
    handle: (update) => deliveries.handle(update),
    isHeavy: (update) => isHeavy(update, bot.botInfo),
    onBug: listener.bug,
  });

  const tellFate = createTellFate({
    ...intake,
    journal,
    keeps: options.service.keeps,
    applies: options.service.applies,
    asking,
    notices,
  });

  async function announceMenus(): Promise<void> {
    try {
      await menu.announce((await options.talkedTo.keys()).map(Number));
    } catch (error) {
      onTrouble("setting the command menus", error);
    }
  }

  const poller = startPoller(bot, {
    onTrouble,
    first: options.first,
    onBug: listener.bug,
    take: async (updates) => {
      // Not confirmed, they go to whoever leads.
      if ((await options.leading?.isStill()) === false) return [];
      sent.came(updates);
      return deliveries.take(updates);
    },
    handle: (update) => turns.take(update),
    onReady: () => {
      listener.ready(bot.botInfo.username);
      void announceMenus();
      for (const upload of options.interrupted) void tellFate(upload);
      for (const id of proposals.all().keys()) void approvals.ask(id);
    },
  });
  return {
    get trouble() {
      return poller.trouble;
    },
    ended: poller.ended,
    async stop() {
      spreads.stop();
      await poller.stop();
      await turns.idle();
    },
    noticesSent: () => notices.idle(),
    tellKeep: createTellKeep(notices, keepMessages),
    tellDrift: createTellDrift(notices, askingMessages),
    tellOthers(author, config, outcome) {
      notices.tell(author, config, outcome);
      if (outcome.kind === "pending" && outcome.waitsFor.kind === "approval") {
        void approvals.ask(outcome.id);
      }
    },
    announce: (...announcement) => notices.announce(...announcement),
    schedules: shownSchedules,
    giveUpOld: () => choices.giveUpOld(),
    givenUp(change, shownIn, because) {
      const live = rules.lives.find(({ config }) => config.id === change.configId);
      if (change.how !== "rollback" && live !== undefined)
        uploads.decided(live, change.userId, "cancelled");
      tellGivenUp(
        { ...shownIn, readerId: change.userId },
        parkedGivenUp(change, live?.config, because),
      );
    },
    follow(newRules) {
      rules = newRules;
      handlers = handlersFor(newRules);
      void announceMenus();
    },
  };
}

/** The part of the token that is no secret: https://core.telegram.org/bots/api#authorizing-your-bot */
function botIdOf(token: string): number {
  return Number.parseInt(token, 10);
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
