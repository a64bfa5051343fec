// The bot, wired over whatever keeps its configs: started, and ended well.
import type { Logger } from "pino";
import type { CatalogRefusal } from "./model/catalog.ts";
import type { ConfigId } from "./model/config-id.ts";
import type { ConfigStore } from "./store/port.ts";
import { systemClock } from "./change/deadlines.ts";
import { createDrifts } from "./change/drift.ts";
import { followSchedules, takeUpSchedules } from "./change/due-schedules.ts";
import { followMachineEdits } from "./change/machine-edits.ts";
import { takeUpInterrupted } from "./change/interrupted.ts";
import { createChartDrawer } from "./chart/chart-drawer.ts";
import { createPerform } from "./shell/perform-request.ts";
import { readWithin } from "./file/read-within.ts";
import type { Around } from "./around.ts";
import { openCore } from "./core.ts";
import { countDrift, countKeep, countRevision, countState } from "./counted.ts";
import {
  logDriftEvent,
  logKeepEvent,
  logServiceEvent,
  logTrouble,
  logUploadEvent,
} from "./log/log-events.ts";
import { createRedactor } from "./log/logger.ts";
import { createReadiness } from "./metrics/readiness.ts";
import { catalogReader } from "./catalog/reread-catalog.ts";
import { type Managed, openManagedConfigs } from "./change/managed-configs.ts";
import type { Settings } from "./settings/settings.ts";
import { type AirlockBot, startBot } from "./telegram/bot.ts";
import { followedMs } from "./telegram/messages/spreads.ts";
import { failedCallOf } from "./telegram/api/telegram-api.ts";
import type { PollingTrouble } from "./model/polling-trouble.ts";
import {
  catalogRefusalLines,
  catalogRefused,
  catalogTaken,
} from "./words/catalog-refusal-words.ts";
import type { MachineEdit } from "./model/machine.ts";
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

/** @throws where something cannot be used or the port is taken, with a message for the operator */
export async function startApp(
  settings: Settings,
  version: string,
  logger: Logger,
  { control, metrics, ...around }: Around,
): Promise<App> {
  const report = (what: string, error: unknown): void =>
    logTrouble(logger, what, error, failedCallOf(error));
  const refusalLines = (refusals: readonly CatalogRefusal[]): readonly string[] =>
    refusals.flatMap((refusal) => catalogRefusalLines(settings.airlockFile, refusal));
  const clean = createRedactor(settings.token);
  let onBotStarted: (bot: AirlockBot) => void = () => {};
  const botStarted = new Promise<AirlockBot>((resolve) => {
    onBotStarted = resolve;
  });
  const core = await openCore(
    await around.openBacking(clean, report),
    { ...settings, parkedAgeMaxMs: stateAgeMaxMs, clean },
    {
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
      onEvent: (event) => {
        metrics.observe(event);
        logUploadEvent(logger, event);
        if (event.kind !== "finished") return;
        countRevision(metrics, liveOf(event.configId));
      },
      async onKeepEvent(event) {
        countKeep(metrics, event);
        logKeepEvent(logger, event);
        await (await botStarted).tellKeep(event);
      },
      onServiceEvent(event) {
        logServiceEvent(logger, event);
        if (event.kind !== "ended" || event.end.kind !== "put_back") return;
        metrics.reverted(event.configId, "service");
        countRevision(metrics, liveOf(event.configId));
      },
      onBug: (error, uploadId) => {
        logger.error({ err: error, upload_id: uploadId }, "bug");
      },
    },
  );
  const { store, journal, schedules, keeps, applies, guards, uploads } = core;
  const opened = await openManagedConfigs({
    catalog: { ok: true, ...settings },
    adminIds: settings.adminIds,
    readAgain: await catalogReader(settings.airlockFile, settings.configDir, settings.adminIds),
    open: (configs) => store.open(configs),
  });
  if (!opened.ok) throw new Error(refusalLines(opened.problems).join("\n"));
  const { managed } = opened;
  const liveOf = (id: string): ConfigStore | undefined =>
    managed.now.lives.find(({ config }) => config.id === id);
  await around.onOpened(report);
  for (const live of managed.now.lives) countRevision(metrics, live);

  const drifts = createDrifts({
    store: await core.small("drift", Number.POSITIVE_INFINITY),
    inspector: core.inspector,
    clock: systemClock,
    report,
    async tell(event) {
      countDrift(metrics, event);
      logDriftEvent(logger, event);
      await (await botStarted).tellDrift(event);
    },
  });
  const questions = await core.small("questions", stateAgeMaxMs);

  let pollingTrouble: () => PollingTrouble | undefined = () => "starting";
  const onError = (error: unknown): void => report("answering a metrics request", error);
  const checks = around.checks(() => pollingTrouble());
  const readiness = createReadiness(
    () => checks(managed.now.lives.map(({ config }) => config)),
    onError,
  );
  // So that nothing is left in a folder of what a crash interrupted, whether or not anybody asks.
  await readiness();
  await around.watch({
    async metricsText() {
      metrics.ready((await readiness()).map(({ reason }) => reason));
      await countState(metrics, managed.now.lives, { ...core, drifts });
      return metrics.text();
    },
    readiness: async () => (await readiness()).map(({ text }) => text),
    onError,
  });

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
    token: settings.token,
    apiRoot: settings.telegramApiRoot,
    service: { ...core, ...managed.now, drifts, charts, timeZone: settings.timeZone },
    journal,
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
    uploadBytesMax: settings.uploadBytesMax,
    downloadTimeoutMs: settings.downloadTimeoutMs,
    readLocal:
      telegramFilesDir === undefined
        ? undefined
        : (path, limits) => readWithin(telegramFilesDir, path, limits),
    version,
    clean,
    questions,
    askingMessages: await core.small("keep_messages", Number.POSITIVE_INFINITY),
    choices: await core.small("choices", Number.POSITIVE_INFINITY),
    waitingAgeMaxMs: stateAgeMaxMs,
    spreads: core.machines && (await core.small("spreads", followedMs)),
    talkedTo: await core.small("people", Number.POSITIVE_INFINITY),
    languages: await core.small("languages", Number.POSITIVE_INFINITY),
    language: settings.language,
    listener: {
      request: (method, result) => metrics.telegramRequest(method, result),
      update: (kind) => metrics.telegramUpdate(kind),
      denied: (userId, what) => {
        metrics.accessDenied();
        logger.warn({ user_id: userId ?? null, what }, "access_denied");
      },
      ready: (username) => {
        logger.info({ username, version }, "bot_ready");
        void forgetOld();
      },
      trouble: report,
      bug: (error) => logger.error({ err: error }, "bug"),
    },
  });
  pollingTrouble = () => bot.trouble;
  onBotStarted(bot);
  drifts.follow(managed.now.lives);

  async function forgetOld(): Promise<void> {
    try {
      questions.removeOld();
      await Promise.all([core.parked.giveUpOld(), bot.giveUpOld()]);
    } catch (error) {
      report("forgetting what nobody answered", error);
    }
  }
  const unfollowEdits = core.machines && followMachineEdits(core.machines, announceEdit, report);
  function announceEdit({ machine, config: id, backup }: MachineEdit): void {
    const live = liveOf(id);
    if (live === undefined) return;
    logger.warn({ config_type: id, machine }, "config_edited_on_machine");
    const { people } = managed.now;
    bot.announce(
      people.whoMay("write", live.config.id),
      editedOnMachine(live.config.fileName, machine, backup),
    );
  }

  const forgetting = setInterval(() => void forgetOld(), forgetEveryMs).unref();

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
    async rereadCatalog() {
      const reread = await managed.reread();
      metrics.catalogRead(reread.ok);
      const { lives, people } = managed.now;
      if (!reread.ok) {
        const problems = refusalLines(reread.problems);
        logger.error({ problems }, "catalog_refused");
        bot.announce(people.writersOfAll, catalogRefused(settings.airlockFile, reread.problems));
        return;
      }
      metrics.manage(idsOf(managed.now));
      await keeps.load(lives);
      await guards.follow(lives);
      for (const live of lives) countRevision(metrics, live);
      drifts.follow(lives);
      bot.follow(managed.now);
      logger.info({ configs: idsOf(managed.now), people: people.ids.length }, "catalog_taken");
      bot.announce(people.writersOfAll, [catalogTaken]);
    },
  };
}

function idsOf({ lives }: Managed): readonly ConfigId[] {
  return lives.map(({ config }) => config.id);
}
