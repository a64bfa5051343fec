// Who hears of what happens: the metrics, the log, and people where it does not reach them by an attempt of their own.
import type { Logger } from "pino";
import type { CoreListener } from "./core.ts";
import { countDrift, countKeep, countRevision } from "./counted.ts";
import { logDriftEvent, logKeepEvent, logServiceEvent, logUploadEvent } from "./log/log-events.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { DriftEvent } from "./model/drift-event.ts";
import type { ConfigStore } from "./store/port.ts";
import type { AirlockBot } from "./telegram/bot.ts";
import type { BotListener } from "./telegram/routes.ts";

export interface Listeners {
  readonly core: Pick<CoreListener, "onEvent" | "onKeepEvent" | "onServiceEvent" | "onBug">;
  readonly onDrift: (event: DriftEvent) => Promise<void>;
  readonly bot: Pick<BotListener, "request" | "update" | "denied" | "bug">;
}

interface ListenersOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly liveOf: (configId: string) => ConfigStore | undefined;
  /** Resolves when people can be told. */
  readonly botStarted: Promise<Pick<AirlockBot, "tellKeep" | "tellDrift">>;
}

export function createListeners({
  logger,
  metrics,
  liveOf,
  botStarted,
}: ListenersOptions): Listeners {
  return {
    core: {
      onEvent(event) {
        metrics.observe(event);
        logUploadEvent(logger, event);
        if (event.kind === "finished") countRevision(metrics, liveOf(event.configId));
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
      onBug: (error, uploadId) => logger.error({ err: error, upload_id: uploadId }, "bug"),
    },
    async onDrift(event) {
      countDrift(metrics, event);
      logDriftEvent(logger, event);
      await (await botStarted).tellDrift(event);
    },
    bot: {
      request: (method, result) => metrics.telegramRequest(method, result),
      update: (kind) => metrics.telegramUpdate(kind),
      denied(userId, what) {
        metrics.accessDenied();
        logger.warn({ user_id: userId ?? null, what }, "access_denied");
      },
      bug: (error) => logger.error({ err: error }, "bug"),
    },
  };
}
