import { defineConfig } from "vitest/config";
import { SlowestReporter } from "./tests/slowest-reporter.ts";

/** Where CI wants the counts, as JSON. */
const resultsFile = process.env["TEST_RESULTS_FILE"];

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/build-first.ts"],
    reporters: ["default", new SlowestReporter(), ...(resultsFile === undefined ? [] : ["json"])],
    ...(resultsFile !== undefined && { outputFile: { json: resultsFile } }),
    // Most tests wait: for processes, disks, time limits. On two cores four workers take two thirds of the time that two take.
    maxWorkers: 4,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
