import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { openStage } from "../end-to-end/stage.ts";

const dashboardSchema = z.object({
  panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })) })),
});
const rulesSchema = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string() })) })),
});
/** Given by Prometheus, not by the bot. */
const ofPrometheus = new Set(["job"]);

test("what the dashboard and the alerts look at is there from the start, with these labels", async () => {
  const dashboard = dashboardSchema.parse(
    JSON.parse(await readFile("deploy/grafana-dashboard.json", "utf8")),
  );
  const { groups } = rulesSchema.parse(parse(await readFile("deploy/alerts.yml", "utf8")));
  const expressions = [
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
  ];
  expect(expressions.length).toBeGreaterThan(15);
  const { airlock } = await openStage();
  const metrics = await airlock.metrics();
  for (const expression of expressions) {
    const names = expression.match(/\b(?:config|telegram|access|catalog|process)_\w+/gu) ?? [];
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
