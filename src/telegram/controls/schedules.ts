// Changes that wait for their time, in chats: their buttons, and in the message where each waits what becomes of it.
import { editPressed } from "../messages/say.ts";
import { Composer } from "grammy";
import type { DueListener, Overdue, TakenUp } from "../../change/due-schedules.ts";
import type { ParkedChanges } from "../../change/parked-changes.ts";
import type { Schedule, Schedules } from "../../change/schedules.ts";
import { changesOfSchedule } from "../../change/schedule-change.ts";
import type { Inspector } from "../../model/inspector.ts";
import type { MessageReference } from "../../model/revision.ts";
import type { Place } from "../../store/journal.ts";
import type { ConfigStore } from "../../store/port.ts";
import { outcomeText } from "../../words/outcome-words.ts";
import { pendingSchedule } from "../../words/pending-words.ts";
import { withdrawnText } from "../../words/proposal-words.ts";
import { buttonLabels, onlySenderMayChoose } from "../../words/decision-words.ts";
import {
  droppedText,
  overdueText,
  scheduledText,
  scheduleTitle,
  wasDueText,
} from "../../words/schedule-words.ts";
import type { Text } from "../../words/text.ts";
import type { BotContext } from "../updates/bot-context.ts";
import {
  answerPress,
  outcomeKeyboard,
  outOfDate,
  parkedKeyboard,
  scheduleKeyboard,
} from "../messages/buttons.ts";
import { replyWithChanges } from "../messages/changes-message.ts";
import type { ConfigService } from "../entrance/config-service.ts";
import { listIsOld, type PendingSource, showListAgain } from "./pending.ts";
import { readableConfig } from "./pending-sources.ts";
import { type Chats, sayFinal } from "../messages/status-message.ts";
import type { Keyboard } from "../messages/keyboard.ts";
import type { StartChange } from "../uploads/upload-intake.ts";

/** `later` where it waits, `listed` in the list of /pending. */
const pressPattern = /^(later|listed):(changes|withdraw):([A-Za-z0-9_-]{16})$/;

/** `Show changes` and `Withdraw` under a change that waits for its time. */
export function scheduleButtons(
  { doors, schedules, uploads, inspector }: ConfigService,
  places: Pick<SchedulesShown, "withdrawn">,
  pending: readonly PendingSource[],
): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.callbackQuery(pressPattern, async (ctx) => {
    const [, where, act, id = ""] = ctx.match;
    const isListed = where === "listed";
    const gone = () => (isListed ? listIsOld(ctx, pending) : outOfDate(ctx));
    const schedule = schedules.find(id);
    if (schedule === undefined) return gone();
    const live = await doors.press(ctx, schedule.configId, "read");
    if (live === undefined) return undefined;
    const { fileName } = live.config;
    if (act === "changes") {
      const found = await changesOfSchedule(live, schedule, schedules);
      if (found === undefined) return gone();
      await answerPress(ctx);
      const { before, after, basedOn } = found;
      const title = scheduleTitle(fileName, schedule.dueAt, basedOn !== null);
      return replyWithChanges(ctx, inspector, { fileName, title, before, after });
    }
    if (schedule.author.id !== ctx.admin.id) return answerPress(ctx, onlySenderMayChoose);
    const withdrawn = await schedules.withdraw(id);
    if (withdrawn === undefined) return gone();
    uploads.decided(live, ctx.admin.id, "cancelled");
    const text = withdrawnText(fileName);
    if (!isListed) {
      await editPressed(ctx, text);
      return answerPress(ctx);
    }
    await answerPress(ctx, text);
    await showListAgain(ctx, pending);
    return places.withdrawn(withdrawn, fileName);
  });
  return composer;
}

/** What waits for its time, for /pending. */
export function pendingSchedules(
  service: Pick<ConfigService, "lives" | "people" | "schedules">,
): PendingSource {
  return (userId) =>
    Promise.resolve(
      service.schedules.waiting.flatMap((schedule) => {
        const config = readableConfig(service, userId, schedule.configId);
        if (config === undefined) return [];
        const { showChanges, withdraw } = buttonLabels;
        const buttons = [
          { label: showChanges, data: `listed:changes:${schedule.id}` },
          ...(schedule.author.id === userId
            ? [{ label: withdraw, data: `listed:withdraw:${schedule.id}` }]
            : []),
        ];
        return [{ text: pendingSchedule(config.fileName, schedule), buttons }];
      }),
    );
}

export interface SchedulesShown extends DueListener {
  /** Says so in the message where it waited. Returns at once. */
  withdrawn(schedule: Schedule, fileName: string): void;
  /** Shows that they wait, where a crash kept that from being shown. Returns at once. */
  showAgain(unshown: TakenUp["unshown"], shown: (key: string) => void): void;
}

export function showSchedules(
  startChange: StartChange,
  {
    schedules,
    parked,
    inspector,
    ...chats
  }: Chats & {
    readonly schedules: Schedules;
    readonly parked: Pick<ParkedChanges, "shownIn">;
    readonly inspector: Inspector;
  },
): SchedulesShown {
  const { botId, onTrouble } = chats;

  /** Of another bot's message nothing can be edited here, and its number may be that of something else. */
  function placeOf({ shown, message }: Schedule): Place | undefined {
    const own = (one: MessageReference | null): MessageReference | undefined =>
      one !== null && (one.bot_id ?? botId) === botId ? one : undefined;
    const chatId = shown?.chat_id ?? message?.chat_id;
    return chatId === undefined
      ? undefined
      : {
          bot_id: botId,
          chat_id: chatId,
          reply_to: own(message)?.message_id ?? null,
          message_id: own(shown)?.message_id ?? null,
        };
  }

  /** Resolves with where it is shown, or undefined where nobody is there to read it. Does not reject. */
  async function show(
    place: Place | undefined,
    readerId: number,
    text: Text,
    keyboard?: Keyboard,
  ): Promise<MessageReference | undefined> {
    if (place === undefined) return undefined;
    try {
      return await sayFinal(chats, place, readerId, text, keyboard);
    } catch (error) {
      onTrouble("telling what became of a scheduled change", error);
      return undefined;
    }
  }

  async function showOverdue(
    schedule: Schedule,
    { config: { id, fileName } }: ConfigStore,
    { parkedId, stale, changes }: Overdue,
  ): Promise<void> {
    const { author, dueAt } = schedule;
    const message = await (stale === undefined
      ? show(
          placeOf(schedule),
          author.id,
          overdueText(fileName, dueAt, changes),
          parkedKeyboard({ parkedId, mergeable: false }),
        )
      : show(
          placeOf(schedule),
          author.id,
          [...outcomeText(fileName, stale, { author, nowMs: Date.now() }), wasDueText(dueAt)],
          outcomeKeyboard(id, stale),
        ));
    if (message !== undefined) await parked.shownIn(parkedId, message);
  }

  async function showWaiting({ schedule, live, place }: TakenUp["unshown"][number]): Promise<void> {
    const found = await changesOfSchedule(live, schedule, schedules);
    const changes = found === undefined ? null : await inspector.compare(found.before, found.after);
    const after = found?.basedOn ?? null;
    const text = scheduledText(live.config.fileName, {
      ...schedule,
      approvedBy: schedule.agreed ?? [],
      after,
      changes,
    });
    const message = await show(
      { ...place, bot_id: botId },
      schedule.author.id,
      text,
      scheduleKeyboard(schedule.id),
    );
    if (message !== undefined) await schedules.shownIn(schedule.id, message);
  }

  return {
    async start(request, schedule) {
      const place = placeOf(schedule);
      if (place === undefined) throw new Error("a scheduled change came from no chat");
      // What somebody cancels at this moment was asked for before.
      return startChange({ ...request, place, arrival: Number.POSITIVE_INFINITY });
    },
    onOverdue(...overdue) {
      void showOverdue(...overdue);
    },
    onDropped(schedule, because, fileName) {
      void show(
        placeOf(schedule),
        schedule.author.id,
        droppedText(fileName, schedule.dueAt, because),
      );
    },
    withdrawn(schedule, fileName) {
      void show(placeOf(schedule), schedule.author.id, [withdrawnText(fileName)]);
    },
    showAgain(unshown, shown) {
      for (const each of unshown) {
        void showWaiting(each)
          .catch((error: unknown) => onTrouble("showing a change that waits", error))
          .finally(() => shown(each.key));
      }
    },
  };
}
