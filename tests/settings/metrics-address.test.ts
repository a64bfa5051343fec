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
