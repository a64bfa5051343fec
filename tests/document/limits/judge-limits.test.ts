// How far a value may move, and what is beyond that. Long: a row for each kind of limit and each kind of value that it can meet.
import { describe, expect, test } from "vitest";
import { excessesMax, judgeLimits } from "../../../src/document/limits/judge-limits.ts";
import type { Excess, LimitsJudgement } from "../../../src/model/excess.ts";
import type { Limit } from "../../../src/model/rules.ts";

function limit(path: string, atMost: string, isHard = false): Limit {
  const unit = atMost.at(-1);
  const kind = unit === "%" ? "percent" : unit === "x" ? "times" : "absolute";
  return { path, atMost: { kind, amount: atMost.replace(/[%x]$/, "") }, hard: isHard };
}

interface Versions {
  readonly limits: readonly Limit[];
  readonly dayAgo?: string | undefined;
  readonly live: string | undefined;
  readonly candidate: string;
}

function judge({ limits, dayAgo, live, candidate }: Versions): LimitsJudgement {
  const bytes = (text: string | undefined) => (text === undefined ? null : Buffer.from(text));
  const versions = { candidate: Buffer.from(candidate), live: bytes(live), dayAgo: bytes(dayAgo) };
  return judgeLimits(versions, limits);
}

function excessesOf(versions: Versions): readonly Excess[] {
  const judged = judge(versions);
  if (judged.kind === "unknown") throw new Error(judged.because);
  return judged.kind === "within" ? [] : judged.excesses;
}

/** `maker_percent: 0.08 → 8`, and `…` where only the value of 24 hours ago was too far. */
function told(versions: Versions): readonly string[] {
  return excessesOf(versions).map(({ path, what, withinDay }) => {
    const [before, after] = [
      what.kind === "added" ? "+" : what.before,
      what.kind === "removed" ? "−" : what.after,
    ];
    return `${path.join(".")}: ${before} → ${after}${withinDay ? " within a day" : ""}`;
  });
}

/** The value `a` moves; whether it goes beyond the limit. */
function moves(from: string, to: string, atMost: string): boolean {
  return (
    told({ limits: [limit("a", atMost)], live: `a: ${from}\n`, candidate: `a: ${to}\n` }).length > 0
  );
}

describe("a number moves as far as its limit lets it, and no further", () => {
  for (const { atMost, within, beyond } of [
    {
      atMost: "50%",
      within: [
        ["0.08", "0.12"],
        ["0.08", "0.04"],
        ["0.08", "0.080"],
        ["-2", "-3"],
        ["-2", "-1"],
        ["100", "150.0"],
        ["0x10", "24"],
        ["2.0e-8", "3.0e-8"],
        ["9007199254740993", "9007199254740992"],
      ],
      beyond: [
        ["0.08", "8"],
        ["0.08", "0.12000000000000000000001"],
        ["0.08", "0.0399999999999999999999"],
        ["-2", "-3.1"],
        ["2.0e-8", "3.1e-8"],
      ],
    },
    {
      atMost: "12.5%",
      within: [["8", "9"]],
      beyond: [["8", "9.0000000001"]],
    },
    {
      atMost: "100%",
      within: [
        ["1", "2"],
        ["1", "0.0001"],
      ],
      beyond: [
        ["1", "2.1"],
        ["1", "0"],
      ],
    },
    {
      atMost: "3x",
      within: [
        ["0.1", "0.3"],
        ["0.3", "0.1"],
        ["1", "3"],
        ["-1", "-3"],
        ["1.0e-8", "3.0e-8"],
      ],
      beyond: [
        ["0.1", "0.30000000000000000000001"],
        ["0.3", "0.0999999999999999999999"],
        ["1", "4"],
        ["4", "1"],
        ["-1", "-4"],
      ],
    },
    {
      atMost: "0.2",
      within: [
        ["0.1", "0.3"],
        ["0.3", "0.1"],
        ["-0.1", "-0.3"],
        ["1000000000000000000000", "1000000000000000000000.2"],
      ],
      beyond: [
        ["0.1", "0.3000000000000000000001"],
        ["1000000000000000000000", "1000000000000000000001"],
      ],
    },
    { atMost: "1e-8", within: [["1", "1.00000001"]], beyond: [["1", "1.000000011"]] },
  ] as const) {
    test(atMost, () => {
      const results = (pairs: readonly (readonly [string, string])[]) =>
        pairs.map(([from, to]) => `${from} → ${to}: ${moves(from, to, atMost)}`);
      expect(results(within)).toEqual(within.map(([from, to]) => `${from} → ${to}: false`));
      expect(results(beyond)).toEqual(beyond.map(([from, to]) => `${from} → ${to}: true`));
    });
  }
});

describe("whatever the limit, too far is", () => {
  for (const [what, from, to] of [
    ["from 0", "0", "0.01"],
    ["to 0", "0.01", "0"],
    ["from 0, written with decimals", "0.00", "0.01"],
    ["to a zero with an exponent", "0.01", "0.0e+9"],
    ["to another sign", "0.01", "-0.01"],
    ["from another sign", "-0.01", "0.01"],
    ["to a text", "5", '"5"'],
    ["from a text", "'5'", "5"],
    ["to true", "1", "true"],
    ["to nothing", "1", "null"],
    ["to a blank", "1", ""],
    ["to a list", "1", "[1]"],
    ["to a map", "1", "{ b: 1 }"],
    ["from a map", "{ b: 1 }", "1"],
    ["from a list to a map", "[1]", "{ b: 1 }"],
    ["a change of a text", "open", "halted"],
    ["a change of truth", "true", "false"],
    ["a change of a date", "2026-01-01", "2026-01-02"],
    ["from what readers read differently", "010", "11"],
    ["to a number that takes a million digits", "1", "1e999999"],
    ["to a number with a thousand digits", "1", `1.${"1".repeat(1000)}`],
  ] as const) {
    for (const atMost of ["1000000%", "1000000x", "1000000"]) {
      test(`${what}, at most ${atMost}`, () => {
        expect(moves(from, to, atMost)).toBe(true);
      });
    }
  }
});

describe("the same value in other writing has not moved", () => {
  for (const [from, to] of [
    ["0.10", "0.1"],
    ["100", "1.0e+2"],
    ["0x1F", "31"],
    ["open", '"open"'],
    ["true", "True"],
    ["~", "null"],
    ["{ b: 1, c: 2 }", "{ c: 2, b: 1 }"],
  ] as const) {
    test(`${from} and ${to}`, () => {
      expect(moves(from, to, "1%")).toBe(false);
    });
  }
});

describe("keys and items that a limit matches", () => {
  const fixed = limit("withdrawal.*.fixed", "3x");
  const live = "withdrawal:\n  BTC: { fixed: 1, minimum: 2 }\n";
  test("added with all around it", () => {
    const candidate = `${live}  ETH:\n    minimum: 7\n    fixed: 5\n`;
    const excesses = excessesOf({ limits: [fixed], live, candidate });
    expect(excesses).toEqual([
      {
        path: ["withdrawal", "ETH", "fixed"],
        what: { kind: "added", after: "5" },
        limit: fixed,
        withinDay: false,
        line: 5,
        column: 5,
      },
    ]);
  });
  test("removed with all around it, at what it is missing in", () => {
    const excesses = excessesOf({
      limits: [fixed],
      live,
      candidate: "a: 1\nwithdrawal:\n  ETH: 1\n",
    });
    expect(excesses).toEqual([
      {
        path: ["withdrawal", "BTC", "fixed"],
        what: { kind: "removed", before: "1" },
        limit: fixed,
        withinDay: false,
        line: 3,
        column: 3,
      },
    ]);
  });
  test("removed alone, renamed, and no longer in a map", () => {
    for (const candidate of [
      "withdrawal: { BTC: { minimum: 2 } }",
      "withdrawal: { BTC: { fixd: 1 } }",
      "withdrawal: { BTC: 1 }",
      "withdrawal: 1",
      "{}",
    ]) {
      expect(told({ limits: [fixed], live, candidate })).toEqual(["withdrawal.BTC.fixed: 1 → −"]);
    }
  });
  test("a key beside them may come and go", () => {
    expect(
      told({ limits: [fixed], live, candidate: "withdrawal: { BTC: { fixed: 1 }, x: 1 }" }),
    ).toEqual([]);
  });
  test("a whole map is told once, unless another limit is about a part of it", () => {
    const candidate = `${live}  ETH: { fixed: 5, minimum: 7 }\n`;
    expect(told({ limits: [limit("**", "50%")], live, candidate })).toEqual([
      "withdrawal.ETH: + → { fixed: 5, minimum: 7 }",
    ]);
    expect(
      told({ limits: [limit("**", "50%"), limit("**.fixed", "50%", true)], live, candidate }),
    ).toEqual(["withdrawal.ETH.fixed: + → 5"]);
  });
  test("a limit on a whole section is one on every value in it", () => {
    for (const path of [
      "withdrawal",
      "withdrawal.*",
      "withdrawal.BTC",
      "*",
      "**",
      "withdrawal.**",
    ]) {
      const limits = [limit(path, "50%")];
      expect(told({ limits, live, candidate: live.replace("1", "1.5") })).toEqual([]);
      expect(told({ limits, live, candidate: live.replace("1", "1.6") })).toEqual([
        "withdrawal.BTC.fixed: 1 → 1.6",
      ]);
      expect(told({ limits, live, candidate: live.replace(", minimum: 2", "") })).toEqual([
        "withdrawal.BTC.minimum: 2 → −",
      ]);
    }
  });
  test("items of a list are paired by place", () => {
    const tiers = [limit("tiers[*].fee", "50%")];
    const list = "tiers: [{ fee: 1 }, { fee: 10 }, { fee: 100 }]";
    expect(
      told({ limits: tiers, live: list, candidate: "tiers: [{ fee: 10 }, { fee: 100 }]" }),
    ).toEqual(["tiers.0.fee: 1 → 10", "tiers.1.fee: 10 → 100", "tiers.2.fee: 100 → −"]);
    expect(
      told({
        limits: tiers,
        live: list,
        candidate: "tiers: [{ fee: 1.5 }, { fee: 9 }, { fee: 120 }, { fee: 7 }]",
      }),
    ).toEqual(["tiers.3.fee: + → 7"]);
  });
  test("aliases count as what they stand for", () => {
    expect(
      told({
        limits: [limit("b.*", "50%")],
        live: "a: &a { x: 1 }\nb: *a\n",
        candidate: "a: &a { x: 9 }\nb: *a\n",
      }),
    ).toEqual(["b.x: 1 → 9"]);
  });
});

describe("the value of 24 hours ago", () => {
  const limits = [limit("a", "50%")];
  test("small steps add up", () => {
    expect(told({ limits, dayAgo: "a: 10", live: "a: 14", candidate: "a: 15" })).toEqual([]);
    expect(told({ limits, dayAgo: "a: 10", live: "a: 14", candidate: "a: 16" })).toEqual([
      "a: 14 → 16 within a day",
    ]);
  });
  test("too far from the live one is told as that", () => {
    expect(told({ limits, dayAgo: "a: 10", live: "a: 14", candidate: "a: 99" })).toEqual([
      "a: 14 → 99",
    ]);
    expect(told({ limits, dayAgo: "a: 98", live: "a: 14", candidate: "a: 99" })).toEqual([
      "a: 14 → 99",
    ]);
  });
  test("what this change leaves alone is not held, however far others have moved it", () => {
    expect(
      told({
        limits: [limit("**", "50%")],
        dayAgo: "a: 10\nb: 1",
        live: "a: 99\nb: 1",
        candidate: "a: 99\nb: 1.1",
      }),
    ).toEqual([]);
  });
  test("a key that was not there then counts as added, one that is gone again as never there", () => {
    expect(told({ limits, dayAgo: "b: 1", live: "a: 10", candidate: "a: 11" })).toEqual([
      "a: 10 → 11 within a day",
    ]);
    expect(told({ limits, dayAgo: "b: 1", live: "a: 10", candidate: "b: 1" })).toEqual([
      "a: 10 → −",
    ]);
  });
  test("a step back towards it is held against the live one all the same", () => {
    expect(told({ limits, dayAgo: "a: 10", live: "a: 100", candidate: "a: 11" })).toEqual([
      "a: 100 → 11",
    ]);
  });
  test("stands for a live version that is gone or cannot be read", () => {
    for (const live of [undefined, "a: b: c", "", "a: 1\na: 2"]) {
      expect(told({ limits, dayAgo: "a: 10", live, candidate: "a: 14" })).toEqual([]);
      expect(told({ limits, dayAgo: "a: 10", live, candidate: "a: 16" })).toEqual([
        "a: 10 → 16 within a day",
      ]);
    }
  });
  test("that cannot be read leaves the live one", () => {
    expect(told({ limits, dayAgo: "a: b: c", live: "a: 10", candidate: "a: 14" })).toEqual([]);
    expect(told({ limits, dayAgo: "a: b: c", live: "a: 10", candidate: "a: 16" })).toEqual([
      "a: 10 → 16",
    ]);
  });
});

test("a first version moves nothing", () => {
  expect(judge({ limits: [limit("**", "1%", true)], live: undefined, candidate: "a: 1" })).toEqual({
    kind: "within",
  });
});

test("nothing is said where neither version before can be read, or the new one cannot", () => {
  const unknown = { kind: "unknown", because: "unreadable" };
  const limits = [limit("a", "50%")];
  expect(judge({ limits, live: "a: b: c", candidate: "a: 1" })).toEqual(unknown);
  expect(judge({ limits, live: "a: b: c", dayAgo: "[", candidate: "a: 1" })).toEqual(unknown);
  expect(judge({ limits, live: undefined, dayAgo: "[", candidate: "a: 1" })).toEqual(unknown);
  expect(judge({ limits, live: "a: 1", candidate: "[" })).toEqual(unknown);
});

describe("a hard limit", () => {
  const versions = { live: "a: 1\nb: 1\nc: 1\n", candidate: "a: 9\nb: 1\nc:   9\n" };
  test("refuses, and only what is beyond a hard one is told, with its line", () => {
    const judged = judge({ limits: [limit("*", "50%"), limit("c", "3x", true)], ...versions });
    expect(judged).toMatchObject({
      kind: "refused",
      excesses: [{ path: ["c"], limit: { atMost: { amount: "3" } }, line: 3, column: 6 }],
      total: 1,
    });
  });
  test("within it, the others hold", () => {
    const judged = judge({ limits: [limit("*", "50%"), limit("*", "10x", true)], ...versions });
    expect(judged).toMatchObject({ kind: "beyond", total: 2 });
  });
  test("comes before another one of the same value, also where it is the later in the catalog", () => {
    const judged = judge({ limits: [limit("a", "50%"), limit("a", "60%", true)], ...versions });
    expect(judged).toMatchObject({
      kind: "refused",
      excesses: [{ limit: { hard: true } }],
      total: 1,
    });
  });
});

test("of several limits the first one that the live value is beyond is told, once", () => {
  const limits = [limit("a", "50%"), limit("*", "10%"), limit("**", "1%")];
  const judged = judge({ limits, dayAgo: "a: 1", live: "a: 10", candidate: "a: 12" });
  expect(judged).toMatchObject({ excesses: [{ limit: limits[1], withinDay: false }], total: 1 });
});

test("they come in the order of the candidate, what is removed behind", () => {
  const limits = [limit("**", "50%")];
  const live = "a: 1\nb: { x: 1, y: 1 }\nc: 1\n";
  expect(told({ limits, live, candidate: "c: 9\nb: { z: 9, y: 9 }\n" })).toEqual([
    "c: 1 → 9",
    "b.z: + → 9",
    "b.y: 1 → 9",
    "b.x: 1 → −",
    "a: 1 → −",
  ]);
});

test("the first ones are listed, all are counted, and hard ones among many are not lost", () => {
  const lines = (value: number) =>
    Array.from({ length: 5000 }, (_, index) => `k${index}: ${value}\n`).join("");
  const limits = [limit("*", "50%")];
  const judged = judge({ limits, live: lines(1), candidate: lines(9) });
  expect(judged).toMatchObject({ kind: "beyond", total: 5000 });
  expect(excessesOf({ limits, live: lines(1), candidate: lines(9) })).toHaveLength(excessesMax);
  const hard = [...limits, limit("k4999", "50%", true)];
  expect(told({ limits: hard, live: lines(1), candidate: lines(9) })).toEqual(["k4999: 1 → 9"]);
});

test("JSON is judged as YAML is", () => {
  expect(
    told({
      limits: [limit("**.b", "50%")],
      live: '{"a":{"b":1e2}}',
      candidate: '{"a":{"b":1.4E+2}}',
    }),
  ).toEqual([]);
  expect(
    told({
      limits: [limit("**.b", "50%")],
      live: '{"a":{"b":1e2}}',
      candidate: '{"a":{"b":1.6e2}}',
    }),
  ).toEqual(["a.b: 1e2 → 1.6e2"]);
});

test("a new value that is shown otherwise than it stands in the file is told as it stands there too", () => {
  const longText = "x".repeat(300);
  for (const [candidate, after, written] of [
    ["~", "null", "~"],
    ["'1.5'", '"1.5"', "1.5"],
    ["|\n  one\n  two", '"one\\ntwo\\n"', "one\ntwo"],
    [longText, `${"x".repeat(59)}…`, longText],
    ["x".repeat(5000), `${"x".repeat(59)}…`, undefined],
    ["9", "9", undefined],
    ["{ b: 1 }", "{ b: 1 }", undefined],
  ] as const) {
    const limits = [limit("a", "50%")];
    const [excess] = excessesOf({ limits, live: "a: 1\n", candidate: `a: ${candidate}\n` });
    expect(excess, candidate).toMatchObject({ what: { kind: "changed", before: "1", after } });
    expect(excess?.written, candidate).toBe(written);
  }
});
