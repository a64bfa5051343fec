import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readMetricsAddress } from "../../src/settings/metrics-address.ts";
import { temporaryFolder } from "../temporary-folder.ts";

for (const { host, origin } of [
  { host: "", origin: "http://127.0.0.1:9464" },
  { host: "0.0.0.0", origin: "http://127.0.0.1:9464" },
  { host: "::", origin: "http://[::1]:9464" },
  { host: "fe80::1", origin: "http://[fe80::1]:9464" },
  { host: "metrics.internal", origin: "http://metrics.internal:9464" },
]) {
  test(`a bot that listens on ${host || "the standard host"} is asked at ${origin}`, async () => {
    const read = readMetricsAddress({ METRICS_HOST: host }, await temporaryFolder());
    expect(read).toEqual({ ok: true, settings: origin });
  });
}

test("of the settings only host and port matter", async () => {
  const env = { METRICS_PORT: "8000", LOG_LEVEL: "x", BOT_TOKEN: "x" };
  expect(readMetricsAddress(env, await temporaryFolder())).toEqual({
    ok: true,
    settings: "http://127.0.0.1:8000",
  });
});

test("what is wrong with host and port is told at once, and a port that only the bot knows is none to ask at", async () => {
  const folder = await temporaryFolder();
  expect(readMetricsAddress({ METRICS_PORT: "x1", METRICS_HOST: "a:1" }, folder)).toEqual({
    ok: false,
    problems: [
      'METRICS_HOST must be an IP address or a host name, without a port, got "a:1"',
      'METRICS_PORT must be a whole number from 0 to 65535, got "x1"',
    ],
  });
  await writeFile(join(folder, ".env"), "METRICS_PORT=0\nMETRICS_HOST localhost\n");
  expect(readMetricsAddress({ METRICS_HOST: " " }, folder)).toEqual({
    ok: false,
    problems: [
      ".env line 2 must be NAME=value, a # comment or empty (its text is not shown)",
      'METRICS_PORT must be a fixed port here: with 0, only the bot\'s log knows which one it is, got "0"',
    ],
  });
});
