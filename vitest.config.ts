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
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
