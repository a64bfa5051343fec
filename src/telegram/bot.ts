// The bot: its parts, wired once; polling; and what the rest of Airlock asks of it. What an update goes through stands in routes.ts.
import { Bot } from "grammy";
import type { Journal } from "../store/journal.ts";
import type { Managed } from "../change/managed-configs.ts";
import type { InterruptedChange } from "../change/interrupted.ts";
import type { DriftEvent } from "../model/drift-event.ts";
import type { KeepEvent } from "../model/keep-event.ts";
import type { People } from "../model/people.ts";
import type { GivenUpBecause } from "../model/outcome.ts";
import type { ParkedNote } from "../change/parked-changes.ts";
import type { MessageReference } from "../model/revision.ts";
import type { BotRecords } from "./bot-records.ts";
import type { BotContext } from "./updates/bot-context.ts";
import type { ConfigService } from "./entrance/config-service.ts";
import { type BotListener, createRoutes } from "./routes.ts";
import { createAskingMessages } from "./messages/asking-messages.ts";
import { createApprovalMessages } from "./messages/approval-messages.ts";
import { createCancelling } from "./controls/cancel.ts";
import { createCommandMenu } from "./entrance/command-menu.ts";
import { createTellGivenUp, parkedGivenUp } from "./messages/given-up.ts";
import { createChoices } from "./uploads/choices.ts";
import { takesNoTurn } from "./updates/tickets.ts";
import { createDeliveries } from "./updates/deliveries.ts";
import { createLeftovers } from "./uploads/leftovers.ts";
import type { LanguageChoice } from "../words/line.ts";
import { createLanguages } from "./messages/languages.ts";
import { createTellFate } from "./messages/interrupted.ts";
import { lateEdits } from "./api/late-edits.ts";
import { createNotices, type Notices } from "./messages/notices.ts";
import { createLastEdit } from "./messages/last-edit.ts";
import { createKeepMessages } from "./messages/keep-messages.ts";
import { createTellDrift } from "./messages/tell-drift.ts";
import { createTellKeep } from "./messages/tell-keep.ts";
import { type SchedulesShown, showSchedules } from "./controls/schedules.ts";
import { type Poller, startPoller } from "./updates/poller.ts";
import type { FileSource } from "./uploads/receive-file.ts";
import { watchSentMessages } from "./api/sent-messages.ts";
import { createTurns } from "./updates/turns.ts";
import { equipApi } from "./api/telegram-api.ts";
import { ownCalls } from "./api/call-telegram.ts";
import { createSpreads } from "./messages/spreads.ts";
import { createStartChange, createTakeDocument } from "./uploads/upload-intake.ts";

const standardApiRoot = "https://api.telegram.org";

export interface AirlockBotOptions {
  readonly settings: BotSettings;
  readonly service: Omit<ConfigService, "doors">;
  readonly journal: Journal;
  readonly records: BotRecords;
  /** Uploads that were in flight when the process before this one ended: their admins are told. */
  readonly interrupted: readonly InterruptedChange[];
  readonly readLocal: FileSource["readLocal"];
  readonly version: string;
  /** Takes the bot's token out of a text. */
  readonly clean: (text: string) => string;
  /** What waits for a button is given up after this. */
  readonly waitingAgeMaxMs: number;
  /** Where it is one of several; undefined where it is the only one. */
  readonly leading: Leadership | undefined;
  /** Called once, before anything is asked of Telegram, and waited for. */
  readonly first: () => Promise<void>;
  readonly listener: BotListener;
}

interface BotSettings {
  readonly token: string;
  /** Another Bot API server; undefined for Telegram's own. */
  readonly telegramApiRoot: string | undefined;
  readonly uploadBytesMax: number;
  readonly downloadTimeoutMs: number;
  /** For whoever chose none. */
  readonly language: LanguageChoice;
}

/** Of several bots one leads: it alone answers. */
export interface Leadership {
  /** Aborted when another may lead: from then on nothing is asked of Telegram. */
  readonly lost: AbortSignal;
  /** Whether it leads still, as far as can be told: it may have hung for a while. */
  isStill(): Promise<boolean>;
}

export interface AirlockBot extends Poller {
  /** Tells the other admins of a change, when their turn comes. */
  readonly tellOthers: Notices["tell"];
  /** Tells everybody whom it concerns what became of a change that waits for Keep; resolves when their messages say so. */
  tellKeep(event: KeepEvent): Promise<void>;
  /** Tells all who may write of an edit on the server, or what became of it; resolves when that is done. */
  tellDrift(event: DriftEvent): Promise<void>;
  /** Tells these people something, silently, when their turn comes. */
  readonly announce: Notices["announce"];
  /** Says so of a change that waited for a button. Returns at once. */
  tellGivenUp(change: ParkedNote, shownIn: MessageReference, because: GivenUpBecause): void;
  /** Shows what becomes of changes that wait for their time. */
  readonly schedules: SchedulesShown;
  /** Gives up what has waited for too long: questions, and lone documents. */
  giveUpOld(): Promise<void>;
  /** Resolves when nobody waits for a notice any more. */
  noticesSent(): Promise<void>;
  /** From now on this is in force, also for questions and buttons that are open; uploads on their way keep their rules. */
  follow(managed: Managed): void;
}

/** Builds the bot and starts polling. */
export function startBot(options: AirlockBotOptions): AirlockBot {
  const { journal, listener, records, waitingAgeMaxMs } = options;
  const { token, telegramApiRoot: apiRoot = standardApiRoot, ...settings } = options.settings;
  const { uploads } = options.service;
  let managed: Managed = options.service;
  const people = (): People => managed.people;
  const botId = botIdOf(token);
  const bot = new Bot<BotContext>(token, { client: { apiRoot } });
  bot.api.config.use(ownCalls(`${apiRoot}/bot${token}`, options.leading?.lost));
  const onTrouble = listener.trouble;
  bot.api.config.use(lateEdits(onTrouble));
  const sent = watchSentMessages(bot.api);
  equipApi(bot.api, { onCall: listener.request, onTrouble });
  const languages = createLanguages(records.languages, settings.language, onTrouble);
  const speaker = { api: bot.api, languages };
  const menu = createCommandMenu(
    bot.api,
    () => ({ configs: managed.lives.map(({ config }) => config), people: managed.people }),
    languages,
    onTrouble,
  );
  const lastEdit = createLastEdit(speaker, botId, onTrouble);
  const askingMessages = createAskingMessages(records.askingMessages, lastEdit, onTrouble);
  const keepMessages = createKeepMessages(askingMessages);
  const { asking } = keepMessages;
  const notices = createNotices(speaker, people, records.talkedTo, botId, asking, onTrouble);
  const source: FileSource = {
    api: bot.api,
    token,
    apiRoot,
    uploadBytesMax: settings.uploadBytesMax,
    downloadTimeoutMs: settings.downloadTimeoutMs,
    readLocal: options.readLocal,
    countDownload: (result) => listener.request("download", result),
    onTrouble,
  };
  const chats = { ...speaker, sent, botId, onTrouble };
  const { parked, proposals, schedules, inspector, machines } = options.service;
  const tellGivenUp = createTellGivenUp(lastEdit);
  const choices = createChoices(records.choices, waitingAgeMaxMs, tellGivenUp, onTrouble);
  const spreads = createSpreads({
    followed: machines && records.spreads && { machines, store: records.spreads },
    lastEdit,
    onTrouble,
  });
  const waiting = { parked, proposals, schedules, choices, asking };
  const shows = { ...chats, spreads };
  const startChange = createStartChange(uploads, shows, people, listener.denied, waiting);
  const shownSchedules = showSchedules(startChange, { ...chats, schedules, parked, inspector });
  const approvals = createApprovalMessages({
    ...chats,
    people,
    lives: () => managed.lives,
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
  const cancelling = createCancelling(uploads);
  const leftovers = createLeftovers(chats, (update) => bot.handleUpdate(update));
  const routes = createRoutes(
    {
      service: options.service,
      version: options.version,
      questions: records.questions,
      languages,
      menu,
      notices,
      choices,
      approvals,
      tellGivenUp,
      schedules: shownSchedules,
      cancelling,
      leftovers,
      startChange,
      takeDocument,
      isTooMuch: (update) => turns.isTooMuch(update),
      listener,
    },
    managed,
  );
  bot.use(routes.middleware);

  const deliveries = createDeliveries({
    journal,
    botId,
    isAdmin: (userId) => people().has(userId),
    isInHistory: (message) => managed.lives.some((live) => live.hasMessage(message)),
    handle: (update, leftover) =>
      leftover === undefined ? bot.handleUpdate(update) : leftovers.handle(update, leftover),
    clean: options.clean,
    onTrouble,
  });

  const turns = createTurns({
    handle: (update) => deliveries.handle(update),
    isHeavy: (update) => takesNoTurn(update, bot.botInfo),
    onBug: listener.bug,
  });

  const tellFate = createTellFate({
    ...chats,
    journal,
    keeps: options.service.keeps,
    applies: options.service.applies,
    asking,
    notices,
    spreads,
  });

  async function announceMenus(): Promise<void> {
    try {
      await menu.announce((await records.talkedTo.keys()).map(Number));
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
      void spreads.goOn(managed.lives);
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
    giveUpOld() {
      records.questions.removeOld();
      return choices.giveUpOld();
    },
    tellGivenUp(change, shownIn, because) {
      const live = managed.lives.find(({ config }) => config.id === change.configId);
      tellGivenUp(
        { ...shownIn, readerId: change.userId },
        parkedGivenUp(change, live?.config, because),
      );
    },
    follow(now) {
      managed = now;
      routes.follow(now);
      void announceMenus();
    },
  };
}

/** The part of the token that is no secret: https://core.telegram.org/bots/api#authorizing-your-bot */
function botIdOf(token: string): number {
  return Number.parseInt(token, 10);
}
