// Says at the end of a run which test files took longest, so that the suite's time stays somebody's concern.
import type { Reporter, TestModule } from "vitest/node";

const filesShownMax = 10;

/** For vitest's `reporters`. */
export class SlowestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const slowest = modules
      .map((module) => ({ file: module.relativeModuleId, ms: module.diagnostic().duration }))
      .toSorted((one, other) => other.ms - one.ms)
      .slice(0, filesShownMax);
    if (slowest.length < 2) return;
    const lines = slowest.map(
      ({ file, ms }) => `  ${(ms / 1000).toFixed(1).padStart(6)} s  ${file}`,
    );
    process.stdout.write(`\nWhat took longest:\n${lines.join("\n")}\n`);
  }
}
