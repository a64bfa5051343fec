// What deploy/ has for Prometheus, by Prometheus itself: the rules, the bot's metrics, and the dashboard's queries on a bot that was scraped.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { openStage } from "../end-to-end/stage.ts";
import { prometheusIsMissing, startPrometheus } from "../real-prometheus.ts";

if (prometheusIsMissing) {
  process.stderr.write(
    "Left out: what Prometheus says of deploy/. It needs prometheus (on Debian: apt-get install prometheus).\n",
  );
}

const rulesFile = resolve("deploy/alerts.yml");
const dashboardSchema = z.object({
  panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })) })),
});
const answerSchema = z.object({
  status: z.literal("success"),
  data: z.object({ result: z.array(z.unknown()) }),
});
const rulesSchema = z.object({
  data: z.object({
    groups: z.array(
      z.object({ rules: z.array(z.object({ name: z.string(), health: z.string() })) }),
    ),
  }),
});

/** What `promtool` says; nothing where all is well. */
function promtool(args: readonly string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync("promtool", args, { input, encoding: "utf8" });
  return status === 0 ? "" : `${stdout}${stderr}`;
}

test.skipIf(prometheusIsMissing)("promtool accepts the rules", () => {
  expect(promtool(["check", "rules", rulesFile])).toBe("");
});

test.skipIf(prometheusIsMissing)(
  "Prometheus takes what the bot says, and answers every query of the dashboard and every alert",
  async () => {
    const { airlock } = await openStage();
    const complaints = promtool(["check", "metrics"], await airlock.metrics()).split("\n");
    // Three gauges are prom-client's own, which names them like counters.
    expect(complaints.filter((line) => !/^(?:nodejs_active_\w+_total .*)?$/.test(line))).toEqual(
      [],
    );

    const address = await startPrometheus({
      job: "airlock",
      target: `127.0.0.1:${airlock.port()}`,
      rules: rulesFile,
      // Two scrapes, which a rate needs.
      until: "increase(process_cpu_seconds_total[1m])",
    });
    const { panels } = dashboardSchema.parse(
      JSON.parse(readFileSync("deploy/grafana-dashboard.json", "utf8")),
    );
    const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(queries.length).toBeGreaterThan(10);
    const empty: string[] = [];
    for (const query of queries) {
      const url = `http://${address}/api/v1/query?query=${encodeURIComponent(query)}`;
      const { data } = answerSchema.parse(await (await fetch(url)).json());
      if (data.result.length === 0) empty.push(query);
    }
    // A bot that is well gives no reason why it is not.
    expect(empty).toEqual(["airlock_not_ready > 0"]);

    await expect
      .poll(
        async () => {
          const answer = await (await fetch(`http://${address}/api/v1/rules`)).json();
          const rules = rulesSchema.parse(answer).data.groups.flatMap((group) => group.rules);
          return [...new Set(rules.map(({ health }) => health))];
        },
        { timeout: 30_000 },
      )
      .toEqual(["ok"]);
  },
  120_000,
);
