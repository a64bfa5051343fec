// The process of the bot: reads the settings, starts the bot, ends well.
import "./engine.ts";
import { refusedBecause } from "./model/trouble.ts";
import { troubleText } from "./words/trouble-words.ts";
import type { App } from "./app.ts";
import { openLogOutput, surviveLostStandardError } from "./log/log-output.ts";
import { ownVersion } from "./own-version.ts";
import { createLogger } from "./log/logger.ts";
import { readCatalog } from "./catalog/read-catalog.ts";
import { readSettings, type Settings } from "./settings/settings.ts";
import { stopOnSignal, stopSignals } from "./stop-on-signal.ts";

surviveLostStandardError();
const read = await readSettings(process.env, process.cwd(), readCatalog);
if (read.ok) {
  await run(read.settings);
} else {
  fail(read.problems);
}

async function run(settings: Settings): Promise<void> {
  const output = openLogOutput();
  const { logLevel: level, token } = settings;
  const logger = createLogger({ level, token, destination: output });
  let app: App | undefined;
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ err: error }, "bug");
      void endInFailure(app, settings);
    });
  }
  // What a signal asks for is done when the start is over; but one that asks for the end, at once: nothing has begun yet.
  let rereadAsked = false;
  const noteReread = (): void => {
    rereadAsked = true;
  };
  const endAtOnce = (): never => process.exit(0);
  process.on("SIGHUP", noteReread);
  for (const signal of stopSignals) process.on(signal, endAtOnce);
  try {
    // Not loaded before the settings are known to be right, and what only several machines need not at all for one.
    const start = settings.etcd
      ? (await import("./one-of-several.ts")).startShared
      : (await import("./alone.ts")).startAlone;
    app = await start(settings, ownVersion(), logger, () => output.linesLost);
  } catch (error) {
    logger.debug({ err: error }, "start_failed");
    fail([messageOf(error)]);
    process.exit();
  }
  const running = app;
  // In this order: without any listener, a signal that came in between would be lost, or end the process.
  process.on("SIGHUP", () => void running.rereadCatalog()).off("SIGHUP", noteReread);
  stopOnSignal(running, settings, logger);
  for (const signal of stopSignals) process.off(signal, endAtOnce);
  if (rereadAsked) void running.rereadCatalog();
  try {
    await running.ended;
  } catch (error) {
    logger.fatal({ err: error }, "ended");
    fail([messageOf(error)]);
    await endInFailure(running, settings);
  }
}

/** Saves that hold a lock are finished first, within the limit of a stop. */
async function endInFailure(app: App | undefined, { shutdownTimeoutMs }: Settings): Promise<void> {
  setTimeout(() => process.exit(1), shutdownTimeoutMs);
  await app?.finishSaves();
  process.exit(1);
}

/** One line per problem, and nothing else. */
function fail(problems: readonly string[]): void {
  process.stderr.write(problems.map((problem) => `${problem}\n`).join(""));
  process.exitCode = 1;
}

function messageOf(error: unknown): string {
  const refusal = refusedBecause(error);
  if (refusal !== undefined) return troubleText(refusal);
  return error instanceof Error ? error.message : String(error);
}
