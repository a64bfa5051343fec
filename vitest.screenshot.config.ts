import { defineConfig } from "vitest/config";

// Vitest runs the TypeScript as it is, which Node 20 cannot.
export default defineConfig({
  test: {
    include: ["tests/sandbox/screenshot*.ts"],
    globalSetup: ["tests/build-first.ts"],
    testTimeout: 120_000,
  },
});
