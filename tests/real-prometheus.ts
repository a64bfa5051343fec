// A real Prometheus (Debian's package `prometheus`) that scrapes one address. Where a machine has none, tests that need it are left out;
// never in CI, which sets REQUIRE_PROMETHEUS.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { freePort } from "./local-server.ts";

export const prometheusIsMissing =
  process.env["REQUIRE_PROMETHEUS"] !== "1" &&
  spawnSync("prometheus", ["--version"], { stdio: "ignore" }).status !== 0;

export interface PrometheusOptions {
  readonly job: string;
  /** Host and port. */
  readonly target: string;
  /** Absolute path of a file of rules. */
  readonly rules?: string;
  /** Waited for: a query that has a value once the target was scraped. */
  readonly until: string;
}

/** @returns host and port */
export async function startPrometheus(options: PrometheusOptions): Promise<string> {
  const { job, target, rules, until } = options;
  const folder = await mkdtemp(join(tmpdir(), "airlock-prometheus-"));
  await writeFile(
    join(folder, "prometheus.yml"),
    `global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: [${rules ?? ""}]
scrape_configs:
  - job_name: ${job}
    static_configs: [{ targets: ['${target}'] }]
`,
  );
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=${address}`,
    ],
    { stdio: "ignore" },
  );
  const ended = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true });
  });
  await expect
    .poll(
      async () => {
        const url = `http://${address}/api/v1/query?query=${encodeURIComponent(until)}`;
        const answer = await fetch(url).catch(() => undefined);
        return answer?.status === 200 ? answer.text() : "";
      },
      { timeout: 60_000 },
    )
    .toContain('"value"');
  return address;
}
