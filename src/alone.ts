// The bot alone on its machine: everything is on this disk, and STATE_DIR is held for as long as the bot runs.
import type { Logger } from "pino";
import type { Around } from "./around.ts";
import { type App, startApp } from "./app.ts";
import { folderTrouble } from "./file/folder.ts";
import { troubleIn } from "./file/disk-error.ts";
import { createChecks } from "./health.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { type MetricsServer, startMetricsServer } from "./metrics/metrics-server.ts";
import type { Config } from "./model/config.ts";
import type { Trouble } from "./model/trouble.ts";
import type { Settings } from "./settings/settings.ts";
import { holdAsBot } from "./shell/hold-as-bot.ts";
import { makeOwnFolder } from "./store/local/backups.ts";
import { type LocalBacking, openLocalBacking } from "./store/local/local-backing.ts";
import type { LiveConfig } from "./store/local/live-config.ts";
import { keepPrivate } from "./store/local/private-files.ts";
import { cannotBeUsed } from "./words/readiness-words.ts";

/**
 * @param logLinesLost - how many lines of the log could not be written so far
 * @throws where a folder cannot be used or the port is taken, with a message for the operator
 */
export async function startAlone(
  settings: Settings,
  version: string,
  logger: Logger,
  logLinesLost: () => number,
): Promise<App> {
  await refuseUnusableFolders(settings);
  const control = await holdAsBot(settings, {
    onRefused: (why) => logger.warn({ why }, "control_refused"),
    onBug: (error) => logger.error({ err: error }, "bug"),
  });
  let backing: LocalBacking | undefined;
  let server: MetricsServer | undefined;
  const livesOf = (configs: readonly Config[]): readonly LiveConfig[] =>
    configs.flatMap(({ id }) => backing?.store.opened.get(id) ?? []);
  const configIds = settings.configs.map(({ id }) => id);
  const around: Around = {
    control,
    leading: undefined,
    metrics: createMetrics({ configIds, version, logLinesLost }),
    async openBacking(clean, report) {
      return (backing = await openLocalBacking(settings, clean, report));
    },
    onOpened(report) {
      const lives = livesOf(settings.configs);
      const publicPaths = lives.flatMap(({ config, path }) => [config.path, path]);
      return keepPrivate({ ...settings, publicPaths }, report);
    },
    checks(pollingTrouble) {
      const checks = createChecks(settings, pollingTrouble);
      return (configs) => checks(livesOf(configs));
    },
    async watch(watched) {
      server = await startMetricsServer({ ...settings, ...watched });
      const { port } = server;
      logger.info({ host: settings.metricsHost, port }, "metrics_listening");
    },
    async close() {
      await server?.close();
    },
  };
  return startApp(settings, version, logger, around);
}

/** @throws with a line for each folder that cannot be used, so that all are mended at once */
export async function refuseUnusableFolders({
  stateDir,
  backupDir,
}: Pick<Settings, "stateDir" | "backupDir">): Promise<void> {
  const troubles: Readonly<Record<string, readonly [string, Trouble | undefined]>> = {
    STATE_DIR: [stateDir, await folderTrouble(stateDir)],
    // One that is there and read-only for now is told by /readyz: what it holds can still be sent.
    BACKUP_DIR: [backupDir, await troubleIn(makeOwnFolder(backupDir))],
  };
  const lines = Object.entries(troubles).flatMap(([variable, [path, trouble]]) =>
    trouble === undefined ? [] : [cannotBeUsed(variable, path, trouble)],
  );
  if (lines.length > 0) throw new Error(lines.join("\n"));
}
