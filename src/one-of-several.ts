// The bot as one of several that share a store in etcd: one of them leads and answers, the others wait. Loaded only where ETCD_ENDPOINTS
// is set. Each time that this one leads, all that the bot knows is opened anew: another wrote meanwhile.
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { refuseUnusableFolders } from "./alone.ts";
import { type App, startApp } from "./app.ts";
import type { Around } from "./around.ts";
import { catalogReader } from "./catalog/reread-catalog.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { startMetricsServer } from "./metrics/metrics-server.ts";
import { logTrouble } from "./log/log-events.ts";
import { aroundTerm, beginTerm, type Term } from "./leading-term.ts";
import type { NotReady } from "./metrics/readiness.ts";
import { refusedBecause, refusalOrThrow } from "./model/trouble.ts";
import type { Settings } from "./settings/settings.ts";
import { holdAsBot } from "./shell/hold-as-bot.ts";
import type { ControlAnswer, ControlRequest } from "./shell/protocol.ts";
import { createGateway } from "./store/etcd/gateway.ts";
import { storeKeys } from "./store/etcd/keys.ts";
import { createKv, isAbsent, isPresent, type Kv, put } from "./store/etcd/kv.ts";
import { type Leading, leaderName, waitToLead } from "./store/etcd/leadership.ts";
import { noBotLeads, pollingTexts, storeDoesNotAnswer } from "./words/readiness-words.ts";
import { catalogRefusalLines } from "./words/catalog-refusal-words.ts";
import { keptOutText } from "./words/store-words.ts";
import { otherBotLeads } from "./words/trouble-words.ts";

/** Without an answer of the store for longer, the bot is not ready. */
const answeredWithinMs = 10_000;
/** After a start that the store did not let come to its end. */
const againAfterMs = 1000;
/** Whoever waits for the start waits for it. */
const askedAtStartMs = 3000;

/**
 * Resolves when this bot waits for its turn, which may come at once.
 * @throws where a folder cannot be used or the port is taken, with a message for the operator
 */
export async function startShared(
  settings: Settings,
  version: string,
  logger: Logger,
  logLinesLost: () => number,
): Promise<App> {
  const { etcd } = settings;
  if (etcd === undefined) throw new Error("etcd without its settings");
  await refuseUnusableFolders(settings);
  const control = await holdAsBot(settings, {
    onRefused: (why) => logger.warn({ why }, "control_refused"),
    onBug: (error) => logger.error({ err: error }, "bug"),
  });
  const report = (what: string, error: unknown): void => logTrouble(logger, what, error);
  const gateway = createGateway({ ...etcd, report });
  const kv = createKv(gateway);
  const key = storeKeys(etcd.prefix).leader;
  const candidacy = { gateway, kv, key, name: hostname(), report };
  await refuseWhereKeptOut(kv, key);
  const readCatalogAgain = await catalogReader(
    settings.airlockFile,
    settings.configDir,
    settings.adminIds,
  );
  const metrics = createMetrics({
    configIds: settings.configs.map(({ id }) => id),
    version,
    logLinesLost,
  });
  /** Undefined while another leads. */
  let term: Term | undefined;
  let rules: Pick<Settings, "configs" | "people"> = settings;

  const storeTrouble = (): string | undefined => {
    const keptOut = gateway.keptOut ?? term?.backing?.store.keptOut;
    if (keptOut !== undefined) return keptOutText(keptOut);
    const silentMs = performance.now() - gateway.answeredAtMs;
    return silentMs > answeredWithinMs ? storeDoesNotAnswer : undefined;
  };
  const waitingReasons = (): readonly NotReady[] => {
    const text = storeTrouble();
    if (text !== undefined) return [{ reason: "store", text }];
    return term === undefined ? [] : [{ reason: "polling", text: pollingTexts.starting }];
  };
  const server = await startMetricsServer({
    ...settings,
    metricsText() {
      if (term?.watched !== undefined) return term.watched.metricsText();
      metrics.ready(waitingReasons().map(({ reason }) => reason));
      return metrics.text();
    },
    readiness: async () =>
      term?.watched === undefined
        ? waitingReasons().map(({ text }) => text)
        : term.watched.readiness(),
    role: () => (term === undefined ? "standby" : "leader"),
    onError: (error) => report("answering a metrics request", error),
  });
  logger.info({ host: settings.metricsHost, port: server.port }, "metrics_listening");
  const stopping = new AbortController();
  const aroundOf = (now: Term): Around =>
    aroundTerm(now, { settings, etcd, metrics, storeTrouble });

  /** Leads until another does, or this one is stopped. */
  async function lead(leading: Leading): Promise<void> {
    const now = beginTerm(leading);
    term = now;
    logger.info("leading");
    try {
      now.app = await startApp({ ...settings, ...rules }, version, logger, aroundOf(now));
      const { signal } = stopping;
      await Promise.race([aborted(AbortSignal.any([leading.lost, signal])), now.app.ended]);
      // What was begun may go on for a while; nothing of it can be written or said any more.
      const late = sleep(settings.shutdownTimeoutMs, undefined, { ref: false });
      await Promise.race([now.app.stop(), ...(signal.aborted ? [] : [late])]);
    } catch (error) {
      await now.backing?.close();
      if (refusedBecause(error) === undefined) throw error;
      report("beginning to lead", error);
      await sleep(againAfterMs);
    } finally {
      await leading.stepDown();
      term = undefined;
    }
    logger.info("not_leading");
  }

  async function leadAgainAndAgain(): Promise<void> {
    for (;;) {
      const leading = await waitToLead(candidacy, stopping.signal);
      if (leading === undefined) return;
      await lead(leading);
    }
  }

  async function performOrRefuse(request: ControlRequest): Promise<ControlAnswer> {
    if (term?.perform !== undefined) return term.perform(request);
    const name = term === undefined ? await leaderName(candidacy) : undefined;
    return { answer: "refused", text: name === undefined ? noBotLeads : otherBotLeads(name) };
  }

  control.serve(performOrRefuse);
  const ended = leadAgainAndAgain();
  return {
    ended,
    async stop() {
      control.stopping();
      stopping.abort();
      await ended;
      await server.close();
      gateway.close();
      await control.release();
    },
    async finishSaves() {
      await term?.app?.finishSaves();
    },
    async rereadCatalog() {
      const read = await readCatalogAgain();
      if (read.ok) rules = read;
      if (term?.app !== undefined) return term.app.rereadCatalog();
      metrics.catalogRead(read.ok);
      if (read.ok) metrics.manage(read.configs.map(({ id }) => id));
      else {
        const problems = catalogRefusalLines(settings.airlockFile, read.refusal);
        logger.error({ problems }, "catalog_refused");
      }
    },
  };
}

/**
 * Settings that etcd lets nobody in with end the start, as all wrong settings do; that it does not answer does not. Asks for what a bot
 * does later: the comparisons never hold both, so that nothing is written.
 * @throws with a line for the operator
 */
async function refuseWhereKeptOut(kv: Kv, key: string): Promise<void> {
  try {
    const compare = [isAbsent(key), isPresent(key)];
    await kv.transact({ compare, success: [put(key, "")] }, { withinMs: askedAtStartMs });
  } catch (error) {
    const trouble = refusalOrThrow(error);
    const text = keptOutText(trouble);
    if (text !== undefined) throw new Error(text, { cause: error });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });
}
