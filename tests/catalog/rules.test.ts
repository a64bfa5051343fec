// The rules that airlock.yml can name: what is taken, and each way to get one wrong. Long: it is one table of rules with a row for each mistake.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { readAirlockFile } from "../../src/catalog/airlock-file.ts";
import {
  addressCharsMax,
  approvalsMax,
  approversMax,
  argvCharsMax,
  argvItemsMax,
  limitsMax,
  queryCharsMax,
} from "../../src/catalog/rules-schema.ts";
import { patternCharsMax } from "../../src/document/limits/path-pattern.ts";
import type { UnreadCatalog } from "../../src/model/catalog.ts";
import { noRules } from "../../src/model/rules.ts";
import { catalogRefusalLines } from "../../src/words/catalog-refusal-words.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const anna = 1001;
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  mkdirSync(join(folder, "config"));
});

async function read(
  text: string,
  adminIds: readonly number[] | undefined,
): ReturnType<typeof readAirlockFile> {
  writeFileSync(join(folder, "airlock.yml"), text);
  return readAirlockFile(join(folder, "airlock.yml"), join(folder, "config"), adminIds);
}

/** `rules` is JSON, and so a flow of YAML. */
function catalog(rules: string, people = "{}"): string {
  return `configs:\n  fees:\n    file: fees.yml\n    schema: builtin:fees\n${rules}\n  rates: { file: rates.yml, schema: builtin:rates }\npeople: ${people}\n`;
}

async function rulesOf(rules: string, people?: string): Promise<unknown> {
  const parsed = await read(catalog(rules, people), [anna, 1009]);
  return parsed.ok ? parsed.configs[0]?.rules : refusalLines(parsed);
}

async function problemsOf(
  rules: string,
  people: string,
  adminIds: readonly number[] | null = [anna],
): Promise<readonly string[]> {
  const parsed = await read(catalog(rules, people), adminIds ?? undefined);
  return parsed.ok ? [] : refusalLines(parsed);
}

function refusalLines({ refusal }: UnreadCatalog): readonly string[] {
  const place = { path: join(folder, "airlock.yml"), shownAs: "airlock.yml", named: undefined };
  return catalogRefusalLines(place, refusal).map((line) => line.replace(/^airlock.yml: /, ""));
}

const others = `{ 1002: { name: Boris, may: { "*": write } }, 1003: { name: Clara, may: { fees: read } } }`;

test("a config without rules has none", async () => {
  expect(await rulesOf("")).toEqual(noRules);
});

test("every rule that is acted on is read", async () => {
  const rules = `
    limits:
      - { path: '**.*_percent', at_most: 50% }
      - { path: 'withdrawal.*.fixed', at_most: 3x, hard: true }
      - { path: 'tiers[*].from_volume', at_most: 0.05 }
    approval: { when: over_limits, approvals: 2, by: [1001, 1002, 1003], expires: 7d }
    keep: 10m`;
  expect(await rulesOf(rules, others)).toEqual({
    limits: [
      { path: "**.*_percent", atMost: { kind: "percent", amount: "50" }, hard: false },
      { path: "withdrawal.*.fixed", atMost: { kind: "times", amount: "3" }, hard: true },
      { path: "tiers[*].from_volume", atMost: { kind: "absolute", amount: "0.05" }, hard: false },
    ],
    approval: {
      when: "over_limits",
      approvals: 2,
      by: [1001, 1002, 1003],
      expiresMs: 7 * 24 * 60 * 60 * 1000,
    },
    keepMs: 600_000,
    apply: null,
    guard: null,
    rollout: null,
  });
});

test("what an approval does not say is one approval within a day, by whoever may write", async () => {
  expect(await rulesOf("    approval: { when: always }")).toMatchObject({
    approval: { when: "always", approvals: 1, by: null, expiresMs: 24 * 60 * 60 * 1000 },
  });
});

test("an amount is read exactly, also where JavaScript could not hold it", async () => {
  const rules = `
    limits:
      - { path: a, at_most: 0.12345678901234567890123 }
      - { path: b, at_most: 1.0e-8 }
      - { path: c, at_most: "0.10" }
      - { path: d, at_most: 12.5% }
      - { path: e, at_most: &x 1.50x }
      - { path: f, at_most: *x }`;
  expect(await rulesOf(rules)).toMatchObject({
    limits: [
      { atMost: { kind: "absolute", amount: "0.12345678901234567890123" } },
      { atMost: { kind: "absolute", amount: "1.0e-8" } },
      { atMost: { kind: "absolute", amount: "0.10" } },
      { atMost: { kind: "percent", amount: "12.5" } },
      { atMost: { kind: "times", amount: "1.50" } },
      { atMost: { kind: "times", amount: "1.50" } },
    ],
  });
});

describe("what is wrong is told with its place and in plain words", () => {
  for (const { rule, problem } of [
    {
      rule: "limit: []",
      problem: "line 5, column 5: configs.fees.limit: is not a known key: did you mean limits?",
    },
    {
      rule: "limits: [{ path: a, atmost: 50% }]",
      problem:
        "line 5, column 25: configs.fees.limits[0].atmost: is not a known key: did you mean at_most?",
    },
    { rule: "limits: [{ path: a }]", problem: "limits[0].at_most: is missing" },
    { rule: "limits: [{ at_most: 50% }]", problem: "limits[0].path: is missing" },
    { rule: "limits: { path: a }", problem: "limits: must be a list, got a map" },
    { rule: "limits: [{ path: 5, at_most: 50% }]", problem: "path: must be a path such as" },
    { rule: "limits: [{ path: '', at_most: 50% }]", problem: "path: must be a path such as" },
    {
      rule: "limits: [{ path: a..b, at_most: 50% }]",
      problem: "a name is missing at character 3",
    },
    {
      rule: `limits: [{ path: ${"a".repeat(patternCharsMax + 1)}, at_most: 50% }]`,
      problem: "path: must have at most 200 characters",
    },
    ...["", "1.0e-8", "fifty", "50 %", "-50%", "x3", "0x3x", "1e3%"].map((amount) => ({
      rule: `limits: [{ path: a, at_most: "${amount}" }]`,
      problem: "at_most: must be a percentage such as 50%",
    })),
    ...["0%", "0.000%", "0", "-0.05", "0.0"].map((amount) => ({
      rule: `limits: [{ path: a, at_most: ${amount} }]`,
      problem: "at_most: must be above 0, or no change could pass",
    })),
    ...["0x", "1x", "1.0x", "0.5x"].map((amount) => ({
      rule: `limits: [{ path: a, at_most: "${amount}" }]`,
      problem: "at_most: must be above 1x, or no change could pass",
    })),
    {
      rule: "limits: [{ path: a, at_most: true }]",
      problem:
        "at_most: must be a percentage such as 50%, a factor such as 3x, or a number above 0",
    },
    {
      rule: "limits: [{ path: a, at_most: 50%, hard: 1 }]",
      problem: "hard: must be true or false, got 1",
    },
    {
      rule: `limits: [${"{ path: a, at_most: 50% }, ".repeat(limitsMax + 1)}]`,
      problem: "limits: must have at most 100 items, got 101",
    },
    ...["keep: 0s", "keep: 0d"].map((rule) => ({
      rule,
      problem: "line 5, column 11: configs.fees.keep: must be longer than 0",
    })),
    ...["10", "10 m", "m", "1.5h", "1w", "-5m", "10M", "PT5M", "[5m]"].map((time) => ({
      rule: `keep: ${time}`,
      problem: "keep: must be a time such as 30s, 10m, 24h or 7d, got ",
    })),
    ...["31d", "721h", "2592001s", "999999999d"].map((time) => ({
      rule: `keep: ${time}`,
      problem: "keep: must be at most 30d",
    })),
    { rule: "keep: 30d", problem: undefined },
    { rule: "keep: 2592000s", problem: undefined },
    {
      rule: "approval: { when: allways }",
      problem: "when: must be one of always, over_limits (did you mean always?)",
    },
    { rule: "approval: { approvals: 1 }", problem: "approval.when: is missing" },
    {
      rule: "approval: { when: always, approvals: 0 }",
      problem: "approvals: must be at least 1, got 0",
    },
    {
      rule: "approval: { when: always, approvals: 1.5 }",
      problem: "approvals: must be a whole number, got 1.5",
    },
    {
      rule: `approval: { when: always, approvals: ${approvalsMax + 1} }`,
      problem: "approvals: must be at most 20, got 21",
    },
    {
      rule: "approval: { when: always, by: [] }",
      problem: "by: must have at least 1 item, got 0",
    },
    {
      rule: `approval: { when: always, by: [${Array.from({ length: approversMax + 1 }, (_, index) => index + 1).join(",")}] }`,
      problem: "by: must have at most 100 items, got 101",
    },
    {
      rule: "approval: { when: always, by: [Boris] }",
      problem: 'by[0]: must be a number, got the text "Boris"',
    },
    {
      rule: "approval: { when: always, expires: 0h }",
      problem: "expires: must be longer than 0",
    },
    { rule: "apply: { verify: http://a }", problem: "apply.run: is missing" },
    { rule: "apply: { run: reload }", problem: "run: must be a list such as [systemctl, reload" },
    { rule: "apply: { run: [] }", problem: "run: must have at least 1 item, got 0" },
    { rule: "apply: { run: [''] }", problem: "run[0]: must name a program" },
    { rule: "apply: { run: [a, ''] }", problem: undefined },
    {
      rule: "apply: { run: [sleep, 5] }",
      problem:
        "line 5, column 27: configs.fees.apply.run[1]: must be text (put it in quotes), got 5",
    },
    { rule: 'apply: { run: [a, "b\\0c"] }', problem: "run[1]: must not contain a NUL character" },
    {
      rule: `apply: { run: [${"a,".repeat(argvItemsMax + 1)}] }`,
      problem: "run: must have at most 64 items, got 65",
    },
    {
      rule: `apply: { run: [${"a".repeat(argvCharsMax + 1)}] }`,
      problem: "run[0]: must have at most 1000 characters",
    },
    ...["ftp://a/b", "127.0.0.1:8080", "http://", "/bin/true", "''", "{}"].map((verify) => ({
      rule: `apply: { run: [a], verify: ${verify} }`,
      problem: "verify: must be an http or https address",
    })),
    {
      rule: "apply: { run: [a], verify: 'http://user:secret@a/' }",
      problem: "without a user or a password",
    },
    {
      rule: `apply: { run: [a], verify: 'http://a/${"x".repeat(addressCharsMax)}' }`,
      problem: "verify: must have at most 2000 characters",
    },
    {
      rule: "apply: { run: [a], verify: [] }",
      problem: "verify: must have at least 1 item, got 0",
    },
    { rule: "apply: { run: [a], verify: [curl, 1] }", problem: "verify[1]: must be text" },
    { rule: "apply: { run: [a], verify: [curl, x], within: 1d }", problem: undefined },
    { rule: "apply: { run: [a], within: 0s }", problem: "within: must be longer than 0" },
    ...["5", "> five", "> .inf", "=> 5", "> 1e999", "", ">", "> 5 and 1"].map((fails) => ({
      rule: `guard: { prometheus: 'http://a', query: up, fails: '${fails}' }`,
      problem: "fails: must be a comparison with a number, such as > 5",
    })),
    ...[">5", ">= 0.5", "== 0", "!= -1", "< 1e-3", "<= .5"].map((fails) => ({
      rule: `guard: { prometheus: 'http://a', query: up, fails: '${fails}' }`,
      problem: undefined,
    })),
    {
      rule: "guard: { prometheus: localhost, query: up, fails: '> 5' }",
      problem: "prometheus: must be an http or https address",
    },
    {
      rule: "guard: { prometheus: 'http://a', query: '', fails: '> 5' }",
      problem: "query: must have at least 1 character",
    },
    {
      rule: `guard: { prometheus: 'http://a', query: ${"a".repeat(queryCharsMax + 1)}, fails: '> 5' }`,
      problem: "query: must have at most 2000 characters",
    },
    { rule: "guard: { prometheus: 'http://a' }", problem: "guard.query: is missing" },
    {
      rule: "guard: { prometheus: 'http://a', query: up, fails: '> 5', during: 10s, every: 15s }",
      problem: "line 5, column 83: configs.fees.guard.every: must be no longer than during",
    },
    {
      rule: "guard: { prometheus: 'http://a', query: up, fails: '> 5', during: 10s }",
      problem: "every: must be no longer than during",
    },
  ]) {
    test(`${rule.slice(0, 100)}: ${problem ?? "is fine"}`, async () => {
      const people = `{ 1002: { may: { "*": write } } }`;
      const problems = await problemsOf(`    ${rule}`, people);
      if (problem === undefined) expect(problems).toEqual([]);
      else expect(problems).toContainEqual(expect.stringContaining(problem));
    });
  }

  test("all of them at once, by line", async () => {
    const rules = `
    limits:
      - { path: a, at_most: 0% }
      - { path: b., at_most: 3x }
    approval: { when: sometimes, by: [7] }
    keep: soon
    guard: { prometheus: 'http://a', query: up, fails: up, every: 1h }`;
    const lines = (await problemsOf(rules, "{}")).map((problem) => problem.split(":")[0]);
    expect(lines).toEqual([
      "line 7, column 29",
      "line 8, column 17",
      "line 9, column 23",
      "line 9, column 39",
      "line 10, column 11",
      "line 11, column 56",
      "line 11, column 67",
    ]);
  });
});

describe("an approval needs people", () => {
  const two = `{ 1002: { name: Boris, may: { fees: write } } }`;
  const reader = `{ 1003: { name: Clara, may: { fees: read } } }`;
  for (const { name, approval, people, adminIds, problem } of [
    {
      name: "two who may write approve each other's changes",
      approval: "{ when: always }",
      people: two,
    },
    {
      name: "two of three others are two",
      approval: "{ when: always, approvals: 2 }",
      people: two,
      adminIds: [anna, 1009],
    },
    {
      name: "nobody approves the change of the only one who may write",
      approval: "{ when: always }",
      people: reader,
      problem: "approvals: cannot be 1: a change by 1001 could be approved by nobody else",
    },
    {
      name: "one other is not two",
      approval: "{ when: over_limits, approvals: 2 }",
      people: two,
      problem: "approvals: cannot be 2: a change by 1001 could be approved by only 1 other person",
    },
    {
      name: "who may only read approves where by names them",
      approval: "{ when: always, by: [1003] }",
      people: reader,
    },
    {
      name: "the author is not counted among those of by",
      approval: "{ when: always, approvals: 2, by: [1002, 1003] }",
      people: others,
      problem: "approvals: cannot be 2: a change by Boris could be approved by only 1 other person",
    },
    {
      name: "by names nobody twice",
      approval: "{ when: always, by: [1003, 1003] }",
      people: others,
      problem: "line 5, column 42: configs.fees.approval.by[1]: 1003 is named twice",
    },
    {
      name: "by names a stranger",
      approval: "{ when: always, by: [1002, 7] }",
      people: others,
      problem: "by[1]: 7 is named neither in ADMIN_IDS nor under people in this file",
    },
    {
      name: "by names somebody who may do nothing with this config",
      approval: "{ when: always, by: [1002, 1004] }",
      people: `{ 1002: { may: { fees: write } }, 1004: { name: Dan, may: { rates: write } } }`,
      problem: "by[1]: Dan may not even read fees",
    },
    {
      name: "a stranger may be an admin where nobody knows the admins",
      approval: "{ when: always, approvals: 5, by: [7] }",
      people: others,
      adminIds: null,
    },
    {
      name: "where nobody may write, nobody lacks an approver",
      approval: "{ when: always, by: [1003] }",
      people: reader,
      adminIds: [],
    },
  ] as readonly {
    readonly name: string;
    readonly approval: string;
    readonly people: string;
    readonly adminIds?: readonly number[] | null;
    readonly problem?: string;
  }[]) {
    test(name, async () => {
      const problems = await problemsOf(`    approval: ${approval}`, people, adminIds);
      expect(problems).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
    });
  }
});
