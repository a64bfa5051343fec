import { describe, expect, test } from "vitest";
import { judgeLimits } from "../../src/document/limits/judge-limits.ts";
import { type Excess, excessProblem } from "../../src/model/excess.ts";
import type { Limit } from "../../src/model/rules.ts";
import { excessText } from "../../src/words/limit-words.ts";
import { problemText } from "../../src/words/problem-words.ts";
import { english } from "../../src/words/text.ts";

const half = { kind: "percent", amount: "50" } as const;

function onlyExcess(atMost: Limit["atMost"], dayAgo: string, live: string, to: string): Excess {
  const [before, now, candidate] = [dayAgo, live, to].map((text) => Buffer.from(text));
  if (before === undefined || now === undefined || candidate === undefined)
    throw new Error("three");
  const versions = { dayAgo: before, live: now, candidate };
  const judged = judgeLimits(versions, [{ path: "**", atMost, hard: false }]);
  const [excess] = judged.kind === "beyond" ? judged.excesses : [];
  if (excess === undefined) throw new Error(`nothing is beyond: ${JSON.stringify(judged)}`);
  return excess;
}

describe("what is beyond a limit is said as in the list of changes, with its limit", () => {
  for (const { atMost = half, dayAgo, live, to, text } of [
    {
      dayAgo: "maker_percent: 0.08",
      live: "maker_percent: 0.08",
      to: "maker_percent: 8",
      text: "maker_percent: 0.08 → 8 is beyond its limit of 50%",
    },
    {
      dayAgo: "maker_percent: 0.08",
      live: "maker_percent: 0.11",
      to: "maker_percent: 0.13",
      text: "maker_percent: 0.11 → 0.13 is beyond its limit of 50% within 24 hours",
    },
    {
      atMost: { kind: "times", amount: "3" } as const,
      dayAgo: "a: 1",
      live: "a: 1",
      to: "a: 1\ntiers: [{ fee: 2 }]",
      text: "tiers: + [{ fee: 2 }] is beyond its limit of 3x",
    },
    {
      atMost: { kind: "absolute", amount: "0.05" } as const,
      dayAgo: "a: { b: 1, c: 2 }",
      live: "a: { b: 1, c: 2 }",
      to: "a: { b: 1 }",
      text: "a.c: − 2 is beyond its limit of 0.05",
    },
    { dayAgo: "1", live: "1", to: "7", text: "the whole file: 1 → 7 is beyond its limit of 50%" },
  ]) {
    test(text, () => {
      expect(english(excessText(onlyExcess(atMost, dayAgo, live, to)))).toBe(text);
    });
  }
});

test("beyond a hard limit it is a problem of the document, with its line", () => {
  const excess = onlyExcess(
    half,
    "a: 1\nmaker_percent: 0.08",
    "a: 1\nmaker_percent: 0.08",
    "a: 1\nmaker_percent: 8",
  );
  expect(english(problemText(excessProblem(excess)))).toBe(
    "line 2, column 16: maker_percent: 0.08 → 8 is beyond its limit of 50%",
  );
});
