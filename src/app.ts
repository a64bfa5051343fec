// The bot, wired over whatever keeps its configs: started, and ended well.
import type { Logger } from "pino";
import type { CatalogRefusal } from "./model/catalog.ts";
import type { ConfigId } from "./model/config-id.ts";
import type { ReportTrouble } from "./store/backing.ts";
import type { ConfigStore } from "./store/port.ts";
import { systemClock } from "./change/deadlines.ts";
import { createDrifts, type Drifts } from "./change/drift.ts";
import { followSchedules, takeUpSchedules } from "./change/due-schedules.ts";
import { followMachineEdits } from "./change/machine-edits.ts";
import { takeUpInterrupted } from "./change/interrupted.ts";
import { createChartDrawer } from "./chart/chart-drawer.ts";
import { createPerform } from "./shell/perform-request.ts";
import { readWithin } from "./file/read-within.ts";
import type { Around } from "./around.ts";
import { type Core, openCore } from "./core.ts";
import { countRevision, countState } from "./counted.ts";
import { createListeners } from "./listeners.ts";
import { logTrouble } from "./log/log-events.ts";
import { createRedactor } from "./log/logger.ts";
import { watchedBy } from "./metrics/watched.ts";
import { catalogReader } from "./catalog/reread-catalog.ts";
import { type Managed, type ManagedConfigs, openManagedConfigs } from "./change/managed-configs.ts";
import type { Settings } from "./settings/settings.ts";
import { type AirlockBot, startBot } from "./telegram/bot.ts";
import { openBotRecords } from "./telegram/bot-records.ts";
import { failedCallOf } from "./telegram/api/telegram-api.ts";
import type { PollingTrouble } from "./model/polling-trouble.ts";
import {
  catalogRefusalLines,
  catalogRefused,
  catalogTaken,
} from "./words/catalog-refusal-words.ts";
import { editedOnMachine } from "./words/machine-words.ts";

/** Open questions, choices and parked changes that nobody answered for a day are forgotten. */
const stateAgeMaxMs = 24 * 60 * 60 * 1000;

const forgetEveryMs = 10 * 60 * 1000;

export interface App {
  /** Rejects when the bot cannot go on; resolves after {@link App.stop}. */
  readonly ended: Promise<void>;
  /** Takes nothing new, ends what has no lock yet, and waits for what is being saved and told. */
  stop(): Promise<void>;
  /** For a process that cannot go on: resolves when what is being saved is on disk. The next start tells of it. */
  finishSaves(): Promise<void>;
  /** Reads airlock.yml again: from now on it holds, or with any problem what held before. Told to the log and the admins. */
  rereadCatalog(): Promise<void>;
}

/** Whatever the bot is made of, but the chats. */
interface Parts {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly metrics: Around["metrics"];
  readonly report: ReportTrouble;
  readonly core: Core;
  readonly managed: ManagedConfigs;
  readonly drifts: Drifts;
}

/** @throws where something cannot be used or the port is taken, with a message for the operator */
export async function startApp(
  settings: Settings,
  version: string,
  logger: Logger,
  { control, metrics, ...around }: Around,
): Promise<App> {
  const report: ReportTrouble = (what, error) =>
    logTrouble(logger, what, error, failedCallOf(error));
  const clean = createRedactor(settings.token);
  const liveOf = (id: string): ConfigStore | undefined =>
    managed.now.lives.find(({ config }) => config.id === id);
  let onBotStarted: (bot: AirlockBot) => void = () => {};
  const botStarted = new Promise<AirlockBot>((resolve) => {
    onBotStarted = resolve;
  });
  const listeners = createListeners({ logger, metrics, liveOf, botStarted });
  const core = await openCore(
    await around.openBacking(clean, report),
    { ...settings, parkedAgeMaxMs: stateAgeMaxMs, clean },
    {
      ...listeners.core,
      report,
      onGivenUp({ configId, userId, isPreview }) {
        const live = liveOf(configId);
        if (isPreview !== true && live !== undefined)
          core.uploads.decided(live, userId, "cancelled");
      },
      tellGivenUp: (...given) => bot.tellGivenUp(...given),
      onEnded(author, config, outcome) {
        bot.tellOthers(author, config, outcome);
        return true;
      },
    },
  );
  const { store, journal, schedules, keeps, applies, guards, uploads } = core;
  const managed = await openConfigs(settings, core);
  await around.onOpened(report);
  for (const live of managed.now.lives) countRevision(metrics, live);
  const drifts = createDrifts({
    store: await core.small("drift", Number.POSITIVE_INFINITY),
    inspector: core.inspector,
    clock: systemClock,
    report,
    tell: listeners.onDrift,
  });
  const records = await openBotRecords(core, stateAgeMaxMs);
  const parts: Parts = { settings, logger, metrics, report, core, managed, drifts };

  let pollingTrouble: () => PollingTrouble | undefined = () => "starting";
  const checks = around.checks(() => pollingTrouble());
  const watched = watchedBy(
    () => checks(managed.now.lives.map(({ config }) => config)),
    metrics,
    report,
    () => countState(metrics, managed.now.lives, { ...core, drifts }),
  );
  // So that nothing is left in a folder of what a crash interrupted, whether or not anybody asks.
  await watched.readiness();
  await around.watch(watched);

  const found = await store.findInterrupted(journal.unfinished);
  const ended = (key: string): void => journal.ended(key);
  const takenUp = await takeUpSchedules(found, schedules, ended);
  const interrupted = await takeUpInterrupted(takenUp.interrupted, { ...core, report });
  await keeps.load(managed.now.lives);
  // Before anybody can change anything. What waits for a service may take long: it goes on while the bot starts.
  applies.finish(managed.now.lives);
  await guards.follow(managed.now.lives);
  const charts = createChartDrawer();
  const { telegramFilesDir } = settings;
  const bot = startBot({
    settings,
    service: { ...core, ...managed.now, drifts, charts, timeZone: settings.timeZone },
    journal,
    records,
    interrupted,
    leading: around.leading,
    async first() {
      bot.schedules.showAgain(takenUp.unshown, ended);
      followSchedules({
        ...core,
        ...bot.schedules,
        live: liveOf,
        mayChange: (id, { config }) => managed.now.people.roleOf(id, config.id) === "write",
        report,
      });
      // What passed while the bot was down comes before whatever anybody wants of it now.
      await core.deadlines.start();
    },
    readLocal:
      telegramFilesDir === undefined
        ? undefined
        : (path, limits) => readWithin(telegramFilesDir, path, limits),
    version,
    clean,
    waitingAgeMaxMs: stateAgeMaxMs,
    listener: {
      ...listeners.bot,
      ready(username) {
        logger.info({ username, version }, "bot_ready");
        void forgetOld(parts, bot);
      },
      trouble: report,
    },
  });
  pollingTrouble = () => bot.trouble;
  onBotStarted(bot);
  drifts.follow(managed.now.lives);
  const unfollowEdits = announceMachineEdits(parts, bot, liveOf);
  const forgetting = setInterval(() => void forgetOld(parts, bot), forgetEveryMs).unref();

  const perform = createPerform({
    ...core,
    lives: () => managed.now.lives,
    asksPeople: true,
    uploadBytesMax: settings.uploadBytesMax,
  });
  // What somebody types as the reason goes into files.
  control.serve(({ reason, ...request }) =>
    perform({ ...request, reason: reason === null ? null : clean(reason) }),
  );

  return {
    ended: bot.ended,
    async stop() {
      control.stopping();
      clearInterval(forgetting);
      drifts.stop();
      unfollowEdits?.();
      guards.stop();
      await Promise.all([bot.stop(), uploads.stop(), core.deadlines.stop(), guards.idle()]);
      await Promise.all([keeps.idle(), drifts.idle()]);
      await bot.noticesSent();
      await Promise.all([core.close(), charts.close(), around.close()]);
      await control.release();
    },
    finishSaves: () => uploads.finishSaves(),
    rereadCatalog: () => rereadCatalog(parts, bot),
  };
}

/** @throws with a line for each config that cannot be opened */
async function openConfigs(settings: Settings, { store }: Core): Promise<ManagedConfigs> {
  const { airlockFile, configDir, adminIds } = settings;
  const opened = await openManagedConfigs({
    catalog: { ok: true, ...settings },
    adminIds,
    readAgain: await catalogReader(airlockFile, configDir, adminIds),
    open: (configs) => store.open(configs),
  });
  if (!opened.ok) throw new Error(refusalLines(settings, opened.problems).join("\n"));
  return opened.managed;
}

async function forgetOld({ core, report }: Parts, bot: AirlockBot): Promise<void> {
  try {
    await Promise.all([core.parked.giveUpOld(), bot.giveUpOld()]);
  } catch (error) {
    report("forgetting what nobody answered", error);
  }
}

/** @returns what ends it; undefined where no machine can follow */
function announceMachineEdits(
  { core: { machines }, managed, logger, report }: Parts,
  bot: AirlockBot,
  liveOf: (id: string) => ConfigStore | undefined,
): (() => void) | undefined {
  if (machines === undefined) return undefined;
  return followMachineEdits(
    machines,
    ({ machine, config: id, backup }) => {
      const live = liveOf(id);
      if (live === undefined) return;
      logger.warn({ config_type: id, machine }, "config_edited_on_machine");
      bot.announce(
        managed.now.people.whoMay("write", live.config.id),
        editedOnMachine(live.config.fileName, machine, backup),
      );
    },
    report,
  );
}

async function rereadCatalog(
  { settings, core, managed, drifts, metrics, logger }: Parts,
  bot: AirlockBot,
): Promise<void> {
  const reread = await managed.reread();
  metrics.catalogRead(reread.ok);
  const { lives, people } = managed.now;
  if (!reread.ok) {
    logger.error({ problems: refusalLines(settings, reread.problems) }, "catalog_refused");
    bot.announce(people.writersOfAll, catalogRefused(settings.airlockFile, reread.problems));
    return;
  }
  metrics.manage(idsOf(managed.now));
  await core.keeps.load(lives);
  await core.guards.follow(lives);
  for (const live of lives) countRevision(metrics, live);
  drifts.follow(lives);
  bot.follow(managed.now);
  logger.info({ configs: idsOf(managed.now), people: people.ids.length }, "catalog_taken");
  bot.announce(people.writersOfAll, [catalogTaken]);
}

function refusalLines(
  { airlockFile }: Settings,
  refusals: readonly CatalogRefusal[],
): readonly string[] {
  return refusals.flatMap((refusal) => catalogRefusalLines(airlockFile, refusal));
}

function idsOf({ lives }: Managed): readonly ConfigId[] {
  return lives.map(({ config }) => config.id);
}
