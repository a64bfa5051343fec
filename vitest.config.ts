import { defineConfig } from "vitest/config";
import { filesThatShareAProcess, LongestFirst } from "./tests/order-of-files.ts";
import { SlowestReporter } from "./tests/slowest-reporter.ts";

/** Where CI wants the counts, as JSON. */
const resultsFile = process.env["TEST_RESULTS_FILE"];

const shared = filesThatShareAProcess();

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: "alone", include: ["tests/**/*.test.ts"], exclude: shared } },
      { extends: true, test: { name: "shared", include: shared, isolate: false } },
    ],
    sequence: { sequencer: LongestFirst },
    globalSetup: ["tests/build-first.ts"],
    reporters: ["default", new SlowestReporter(), ...(resultsFile === undefined ? [] : ["json"])],
    ...(resultsFile !== undefined && { outputFile: { json: resultsFile } }),
    // Most tests wait for processes and disks, so that two workers leave two cores idle for nearly half of the time.
    maxWorkers: 3,
    // Of one file: those that are marked as concurrent mostly wait.
    maxConcurrency: 10,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
