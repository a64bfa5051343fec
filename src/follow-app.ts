// Wires `airlock follow`: this machine's own files, history and backups, the store in etcd that they follow, what operators see. Loaded by
// that command alone.
import { join } from "node:path";
import { catalogReader } from "./catalog/reread-catalog.ts";
import { createInspector } from "./document/inspector.ts";
import { untilWritten } from "./follow/follow-once.ts";
import { type Follower, startFollower } from "./follow/follower.ts";
import { logFollowEvent, logTrouble } from "./log/log-events.ts";
import { openLogOutput } from "./log/log-output.ts";
import { createLogger } from "./log/logger.ts";
import { createFollowMetrics } from "./metrics/follow-metrics.ts";
import { type MetricsServer, startMetricsServer } from "./metrics/metrics-server.ts";
import type { Check } from "./metrics/readiness.ts";
import { watchedBy } from "./metrics/watched.ts";
import type { Config } from "./model/config.ts";
import type { ConfigId } from "./model/config-id.ts";
import type { FollowEvent } from "./model/follow-event.ts";
import { Refusal } from "./model/trouble.ts";
import { proveService } from "./service/prove-service.ts";
import type { FollowSettings } from "./settings/follow-settings.ts";
import { holdFolder } from "./shell/hold-folder.ts";
import { stopOnSignal } from "./stop-on-signal.ts";
import type { FollowedStore } from "./store/followed.ts";
import { followEtcd } from "./store/etcd/etcd-followed.ts";
import { makeOwnFolder } from "./store/local/backups.ts";
import { openJournal } from "./store/local/journal.ts";
import type { LiveConfig } from "./store/local/live-config.ts";
import { createLocalStore } from "./store/local/local-store.ts";
import { keepPrivate } from "./store/local/private-files.ts";
import { openStateStore } from "./store/local/state-store.ts";
import { makeFolder } from "./file/folder.ts";
import {
  heldByOtherFollower,
  nameShared,
  onceFromBefore,
  onceLine,
  onceReasons,
  storeSilent,
} from "./words/follow-words.ts";
import { catalogRefusalLines } from "./words/catalog-refusal-words.ts";
import { storeAnswers } from "./words/readiness-words.ts";
import { keptOutText } from "./words/store-words.ts";

/** Ready is who heard of the store within this. */
const answeredWithinMs = 10_000;

interface FollowOptions {
  readonly settings: FollowSettings;
  readonly version: string;
  /** Ends when every file is written; else only with a signal. */
  readonly isOnce: boolean;
}

/**
 * Follows until a signal ends it, or once.
 * @returns why a file was not written, one line each; none where all is well
 * @throws where a folder cannot be used or the port is taken, with a message for the operator
 */
export async function runFollow({
  settings,
  version,
  isOnce,
}: FollowOptions): Promise<readonly string[]> {
  const output = openLogOutput();
  const logger = createLogger({
    level: isOnce ? "silent" : settings.logLevel,
    token: settings.etcd.user?.password,
    destination: output,
  });
  const report = (what: string, error: unknown): void => logTrouble(logger, what, error);
  const endInFailure = (error: unknown): void => {
    logger.fatal({ err: error }, "bug");
    process.exit(1);
  };
  const here = await openHere(settings, report);
  const metrics = createFollowMetrics({
    configIds: settings.configs.map(({ id }) => id),
    version,
    logLinesLost: () => output.linesLost,
  });
  const refusals = new Map<ConfigId, FollowEvent>();
  const { machine, etcd } = settings;
  const store = followEtcd({
    ...etcd,
    machine,
    isSeen: !isOnce,
    onNameShared: () =>
      logger.error({ machine, reason: nameShared(machine) }, "machine_name_shared"),
    report,
  });
  const inspector = createInspector({ timeoutMs: settings.validationTimeoutMs });
  const start = async (configs: readonly Config[]): Promise<Follower> =>
    startFollower({
      machine,
      store,
      lives: await here.open(configs),
      records: here.records,
      journal: here.journal,
      inspector,
      prove: isOnce ? undefined : proveService,
      onEvent(event) {
        metrics.observe(event);
        logFollowEvent(logger, event);
        if (event.kind === "not_valid" || event.kind === "not_written") {
          refusals.set(event.configId, event);
        }
      },
      report,
      onBug: endInFailure,
    });
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, endInFailure);
  }
  let follower = await start(settings.configs);
  const stop = async (): Promise<void> => {
    await follower.stop();
    await Promise.all([store.close(), inspector.close(), here.journal.close()]);
    await here.release();
  };
  if (isOnce) {
    const lines = await runOnce(follower, store, refusals);
    await stop();
    return lines;
  }
  const server = await serve(settings, metrics, store, report);
  logger.info({ host: settings.metricsHost, port: server.port }, "metrics_listening");
  logger.info({ machine, version }, "follow_started");
  const readAgain = await catalogReader(settings.airlockFile, settings.configDir, []);
  let rereading = Promise.resolve();
  process.on("SIGHUP", () => {
    rereading = rereading.then(reread);
  });

  async function reread(): Promise<void> {
    const read = await readAgain();
    if (!read.ok) {
      const problems = catalogRefusalLines(settings.airlockFile, read.refusal);
      logger.error({ problems }, "catalog_refused");
      return;
    }
    await follower.stop();
    metrics.manage(read.configs.map(({ id }) => id));
    follower = await start(read.configs);
    logger.info({ configs: read.configs.map(({ id }) => id) }, "catalog_taken");
  }

  stopOnSignal(
    {
      async stop() {
        await rereading;
        await stop();
        await server.close();
      },
    },
    settings,
    logger,
  );
  // Until a signal ends the process.
  return new Promise(() => {});
}

/** This machine's own files: below a folder of its own, so that a bot on the same machine keeps what it has in STATE_DIR. */
async function openHere(
  { stateDir: bothStateDir, backupDir, backupsMax }: FollowSettings,
  report: (what: string, error: unknown) => void,
) {
  const stateDir = join(bothStateDir, "follow");
  await makeFolder(stateDir);
  await makeOwnFolder(backupDir);
  const hold = await holdFolder(stateDir, (socket) => socket.destroy());
  if (hold.kind === "taken") {
    hold.socket.destroy();
    throw new Error(heldByOtherFollower(bothStateDir));
  }
  const journal = await openJournal(join(stateDir, "journal.jsonl"), report);
  const store = createLocalStore({ stateDir, backupDir, backupsMax, report, journal });
  return {
    journal,
    records: await openStateStore(join(stateDir, "followed"), { clean: (text) => text }),
    async open(configs: readonly Config[]): Promise<readonly LiveConfig[]> {
      const opened = await store.open(configs);
      // What was under way is finished or cleared away by now, and nobody waits for a word.
      for (const { upload } of journal.unfinished) journal.ended(upload.key);
      const lives = opened.map((each) => {
        if (each.kind === "opened") return each.config;
        throw new Refusal(each.trouble);
      });
      const publicPaths = lives.flatMap(({ config, path }) => [config.path, path]);
      await keepPrivate({ stateDir, backupDir, publicPaths }, report);
      return lives;
    },
    release: () => hold.held.release(),
  };
}

function serve(
  settings: FollowSettings,
  metrics: ReturnType<typeof createFollowMetrics>,
  store: FollowedStore,
  report: (what: string, error: unknown) => void,
): Promise<MetricsServer> {
  const check: Check = {
    reason: "store",
    key: "store",
    what: storeAnswers,
    look: () => storeTrouble(store),
  };
  return startMetricsServer({ ...settings, ...watchedBy(() => [check], metrics, report) });
}

async function storeTrouble({ answeredMs, keptOut }: FollowedStore): Promise<string | undefined> {
  if (keptOut !== undefined) return keptOutText(keptOut);
  const silentMs = answeredMs === undefined ? undefined : performance.now() - answeredMs;
  return silentMs !== undefined && silentMs <= answeredWithinMs ? undefined : storeSilent(silentMs);
}

async function runOnce(
  follower: Follower,
  store: FollowedStore,
  refusals: ReadonlyMap<ConfigId, FollowEvent>,
): Promise<readonly string[]> {
  const lastRefusal = ({ config }: { readonly config: Config }) => refusals.get(config.id);
  const { isFresh, notWritten } = await untilWritten(follower.configs, store, lastRefusal);
  const keptOut = store.keptOut && keptOutText(store.keptOut);
  if (!isFresh && notWritten.length === 0) process.stderr.write(`${onceFromBefore(keptOut)}\n`);
  return notWritten.map(({ config, because }) => {
    switch (because.kind) {
      case "no_answer":
        return onceLine(config.fileName, onceReasons.noAnswer(keptOut));
      case "not_in_store":
        return onceLine(config.fileName, onceReasons.notInStore);
      case "not_yet":
        return onceLine(config.fileName, onceReasons.notYet);
      case "not_valid":
        return onceLine(config.fileName, onceReasons.notValid(because.problems));
      case "not_written":
        return onceLine(config.fileName, onceReasons.notWritten(because.trouble));
      default:
        return because satisfies never;
    }
  });
}
