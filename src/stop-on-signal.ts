// Ends a process that runs for long as its operator asks: well, and within a limit.
import type { Logger } from "pino";

/** As shells do for a process that a signal ended. */
const secondSignalExitCode = 130;
/** A terminal's Ctrl-C reaches npm and its child alike, and npm passes it on: the same signal this soon is the same request. */
const sameRequestMs = 1000;
export const stopSignals = ["SIGTERM", "SIGINT"] as const;

/** The first signal ends the process well, within its limit; a second one ends it at once. */
export function stopOnSignal(
  app: { stop(): Promise<void> },
  { shutdownTimeoutMs }: { readonly shutdownTimeoutMs: number },
  logger: Logger,
): void {
  let first: { readonly signal: string; readonly atMs: number } | undefined;
  for (const signal of stopSignals) {
    process.on(signal, () => {
      if (first !== undefined) {
        const isPassedOn =
          first.signal === signal && performance.now() - first.atMs < sameRequestMs;
        if (isPassedOn) return;
        process.exit(secondSignalExitCode);
      }
      first = { signal, atMs: performance.now() };
      logger.info({ signal }, "stopping");
      setTimeout(() => {
        logger.warn("stopped_late");
        process.exit(0);
      }, shutdownTimeoutMs);
      app.stop().then(
        () => {
          logger.info("stopped");
          process.exit(0);
        },
        (error: unknown) => {
          logger.error({ err: error }, "bug");
          process.exit(1);
        },
      );
    });
  }
}
