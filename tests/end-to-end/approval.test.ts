// Changes beyond their limits: approved by others, or confirmed by their author, who types the new value.
import { expect, test } from "vitest";
import { openStage, type Stage } from "./stage.ts";
import { playChat } from "./transcript.ts";

const fees = (makerPercent: string, more = ""): string =>
  `currency: USD\nmaker_percent: ${makerPercent}\ntaker_percent: 0.1\n${more}`;
const tiers = "tiers:\n  - { from_volume: 0, maker_percent: 0.08, taker_percent: 0.1 }\n";

const people = `people:
  1001: { may: { fees: write } }
  1002: { may: { fees: write } }
  1003: { may: { fees: read } }
`;
const limits = "limits: [{ path: '**.*_percent', at_most: 50% }]";
const catalog = (rules: string): string =>
  `configs:\n  fees:\n    file: fees.yml\n    schema: builtin:fees\n    ${rules}\n${people}`;

const uploads = {
  "fees.yml: maker_percent 0.09": fees("0.09"),
  "fees.yml: maker_percent 8": fees("8"),
  "fees.yml: maker_percent 20": fees("20"),
};

async function stageWith(rules: string, live = fees("0.08")): Promise<Stage> {
  return openStage({
    adminIds: [],
    rootFiles: { "airlock.yml": catalog(rules) },
    configFiles: { "fees.yml": live },
  });
}

test("two others approve, one rejects, the author withdraws", async () => {
  const stage = await stageWith(
    `${limits}\n    approval: { when: over_limits, approvals: 2, by: [1001, 1002, 1003] }`,
  );
  const { server, airlock, anna, boris, carol } = stage;
  await playChat("approval", {
    server,
    people: { Anna: anna, Boris: boris, Carol: carol },
    uploads,
  });
  const history = await airlock.history("fees");
  expect(history.map((entry) => entry["approved_by"])).toEqual([
    undefined,
    undefined,
    [
      { id: 1002, name: "Boris" },
      { id: 1003, name: "Carol" },
    ],
    undefined,
  ]);
  const outcomes = await Promise.all(
    ["applied", "pending", "rejected", "cancelled"].map((outcome) =>
      airlock.metric("config_uploads_total", { config_type: "fees", outcome }),
    ),
  );
  expect(outcomes).toEqual([3, 3, 1, 1]);
});

test("an author types the new value of what is beyond its limit", async () => {
  const rules = `limits:
      - { path: '**.maker_percent', at_most: 50% }
      - { path: tiers, at_most: 50% }
      - { path: taker_percent, at_most: 0.5, hard: true }`;
  const { server, airlock, anna } = await stageWith(rules, fees("0.08", tiers));
  await playChat("confirm", {
    server,
    people: { Anna: anna },
    uploads: {
      "fees.yml: maker_percent 0.09": fees("0.09", tiers),
      "fees.yml: maker_percent 8": fees("8", tiers),
      "fees.yml: without tiers": fees("8"),
      "fees.yml: taker_percent 9": fees("8").replace("0.1", "9"),
      "fees.yml: maker_percent 80": fees("80"),
    },
  });
  expect(await airlock.history("fees")).toHaveLength(3);
  expect((await airlock.live("fees")).toString()).toBe(fees("8"));
});
