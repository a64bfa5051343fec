import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import type { AirlockFolders } from "../end-to-end/airlock-folders.ts";
import { type Airlock, startAirlock } from "../end-to-end/airlock-process.ts";
import { openStage } from "../end-to-end/stage.ts";

const dashboardSchema = z.object({
  panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })) })),
});
const ruleSchema = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string().regex(/^\d+m$/u),
  labels: z.strictObject({ severity: z.enum(["critical", "warning", "info"]) }),
  annotations: z.strictObject({ summary: z.string(), runbook_url: z.string() }),
});
const rulesSchema = z.object({ groups: z.array(z.object({ rules: z.array(ruleSchema) })) });
const scrapeSchema = z.object({
  rule_files: z.tuple([z.literal("alerts.yml")]),
  scrape_configs: z.array(
    z.object({
      job_name: z.string(),
      static_configs: z.array(z.object({ targets: z.array(z.string()) })),
    }),
  ),
});

async function readRules() {
  const { groups } = rulesSchema.parse(parse(await readFile("deploy/alerts.yml", "utf8")));
  return groups.flatMap(({ rules }) => rules);
}

/** The words that a heading's link ends with. */
const anchorOf = (heading: string): string => heading.toLowerCase().replaceAll(" ", "-");

/** Given by Prometheus, not by the bot. */
const ofPrometheus = new Set(["job"]);

test("what the dashboard and the alerts look at is there from the start, with these labels", async () => {
  const dashboard = dashboardSchema.parse(
    JSON.parse(await readFile("deploy/grafana-dashboard.json", "utf8")),
  );
  const rules = await readRules();
  const expressions = [
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...rules.map(({ expr }) => expr),
  ];
  expect(expressions.length).toBeGreaterThan(15);
  const { airlock } = await openStage();
  const metrics = await airlock.metrics();
  for (const expression of expressions) {
    const names =
      expression.match(/\b(?:airlock|config|telegram|access|catalog|process)_\w+/gu) ?? [];
    for (const name of names.filter((each) => each !== "config_type")) {
      expect(metrics, expression).toMatch(new RegExp(`^${name}[ {]`, "mu"));
    }
    for (const [, label = "", value = ""] of expression.matchAll(/\b(\w+)="(\w+)"/gu)) {
      if (!ofPrometheus.has(label)) expect(metrics, expression).toContain(`${label}="${value}"`);
    }
    for (const [, labels = ""] of expression.matchAll(/\bby \(([^)]*)\)/gu)) {
      for (const label of labels.split(/[, ]+/u)) expect(metrics).toContain(`${label}="`);
    }
  }
});

test("every alert has a severity, a time, and a runbook that is there", async () => {
  const rules = await readRules();
  expect(rules.length).toBeGreaterThan(5);
  for (const { alert, annotations } of rules) {
    const [path = "", anchor] = annotations.runbook_url.split("#");
    const headings = [...(await readFile(path, "utf8")).matchAll(/^## (.+)$/gmu)];
    expect(headings.map(([, heading = ""]) => anchorOf(heading))).toContain(anchor);
    expect(anchor).toBe(anchorOf(alert));
  }
});

test("the job that is documented is the one that the alerts look for", async () => {
  const page = await readFile("docs/monitoring.md", "utf8");
  const [, example = ""] = /```yaml\n([^`]*scrape_configs:[^`]*)```/u.exec(page) ?? [];
  const { scrape_configs: jobs } = scrapeSchema.parse(parse(example));
  expect(jobs.map(({ job_name: name }) => name)).toEqual(["airlock"]);
  expect(jobs[0]?.static_configs[0]?.targets).toEqual(["127.0.0.1:9464"]);
  const looked = (await readRules()).flatMap(({ expr }) =>
    [...expr.matchAll(/job="(\w+)"/gu)].map(([, job]) => job),
  );
  expect(new Set(looked)).toEqual(new Set(["airlock"]));
});

test("a config that has no file yet is left out of the last changes, not shown as changed in 1970", async () => {
  const { panels } = dashboardSchema.parse(
    JSON.parse(await readFile("deploy/grafana-dashboard.json", "utf8")),
  );
  const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  // The comparison leaves out series, and binds less than the minus: seen by promtool's unit tests of both forms.
  expect(expressions.filter((expr) => expr.includes("config_last_change"))).toEqual([
    "time() - (config_last_change_timestamp_seconds > 0)",
  ]);
  const airlock = await startWithoutFees();
  const name = "config_last_change_timestamp_seconds";
  expect(await airlock.metric(name, { config_type: "fees" })).toBe(0);
  expect(await airlock.metric(name, { config_type: "rates" })).toBeGreaterThan(1_700_000_000);
});

async function startWithoutFees(): Promise<Airlock> {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const prepare = ({ configDir }: AirlockFolders) => rm(join(configDir, "fees.yml"));
  return startAirlock({ server, prepare });
}
