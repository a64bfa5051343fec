import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import {
  isWholeMatch,
  parsePathPattern,
  pathPatternSource,
  patternCharsMax,
  progressAtRoot,
  progressBehind,
} from "../../../src/document/limits/path-pattern.ts";
import { faultText } from "../../../src/words/problem-words.ts";
import { english } from "../../../src/words/text.ts";
import { pathText } from "../../../src/model/excerpt.ts";
import type { PathStep } from "../../../src/model/comparison.ts";

function matches(text: string, path: readonly PathStep[]): boolean {
  const parsed = parsePathPattern(text);
  if (parsed.kind === "wrong") throw new Error(english(faultText(parsed.fault)));
  const { pattern } = parsed;
  const end = path.reduce(
    (progress, step) => progressBehind(pattern, progress, step),
    progressAtRoot(pattern),
  );
  return isWholeMatch(pattern, end);
}

describe("a pattern matches the paths that it names, and no others", () => {
  for (const { pattern, yes, no } of [
    { pattern: "a", yes: [["a"]], no: [[], ["b"], ["a", "a"], ["aa"], [0]] },
    { pattern: "a.b", yes: [["a", "b"]], no: [["a.b"], ["a"], ["b"]] },
    {
      pattern: "tiers[2].x",
      yes: [["tiers", 2, "x"]],
      no: [
        ["tiers", 1, "x"],
        ["tiers", "2", "x"],
      ],
    },
    {
      pattern: "tiers.2.x",
      yes: [
        ["tiers", 2, "x"],
        ["tiers", "2", "x"],
      ],
      no: [["tiers", 1, "x"]],
    },
    { pattern: "*", yes: [["a"], [0], ["a.b"], [""]], no: [[], ["a", "b"]] },
    {
      pattern: "a.*",
      yes: [
        ["a", "b"],
        ["a", 0],
      ],
      no: [["a"], ["a", "b", "c"]],
    },
    {
      pattern: "a[*]",
      yes: [
        ["a", "b"],
        ["a", 7],
      ],
      no: [["a"], ["b", 7]],
    },
    { pattern: "*.fixed", yes: [["BTC", "fixed"]], no: [["fixed"], ["a", "BTC", "fixed"]] },
    { pattern: "**", yes: [[], ["a"], ["a", 0, "b"]], no: [] },
    { pattern: "**.x", yes: [["x"], ["a", "x"], ["a", 0, "x"]], no: [[], ["x", "y"], ["ax"]] },
    { pattern: "a.**", yes: [["a"], ["a", "b"], ["a", 0, "b"]], no: [[], ["b"], ["b", "a"]] },
    {
      pattern: "a.**.b",
      yes: [
        ["a", "b"],
        ["a", "b", "b"],
        ["a", 1, 2, "b"],
      ],
      no: [["a"], ["b"]],
    },
    { pattern: "**.**", yes: [[], ["a"], ["a", "b"]], no: [] },
    { pattern: "**[1]", yes: [[1], ["a", 1]], no: [["a"], ["a", 10]] },
    {
      pattern: "**.*_percent",
      yes: [["maker_percent"], ["tiers", 2, "taker_percent"], ["_percent"]],
      no: [["percent"], ["maker_percents"], ["maker_percent", "x"], [0]],
    },
    { pattern: "a*", yes: [["a"], ["ab"]], no: [["ba"], ["A"]] },
    { pattern: "*a*b*", yes: [["ab"], ["xaxbx"], ["aab"]], no: [["ba"], ["a"]] },
    { pattern: "ab*ba", yes: [["abba"], ["abxba"]], no: [["aba"]] },
    { pattern: "1*", yes: [["1INCH"]], no: [[1], [12]] },
    { pattern: "rates.1INCH", yes: [["rates", "1INCH"]], no: [] },
    { pattern: 'rates["1INCH"]', yes: [["rates", "1INCH"]], no: [] },
    { pattern: '["a.b"].c', yes: [["a.b", "c"]], no: [["a", "b", "c"]] },
    { pattern: '["*"]', yes: [["*"]], no: [["a"]] },
    { pattern: '["\\u0061\\""]', yes: [['a"']], no: [] },
    { pattern: '[""]', yes: [[""]], no: [["a"]] },
    { pattern: "BTC/USD", yes: [["BTC/USD"]], no: [] },
    { pattern: "größe", yes: [["größe"]], no: [] },
  ] as readonly {
    readonly pattern: string;
    readonly yes: readonly (readonly PathStep[])[];
    readonly no: readonly (readonly PathStep[])[];
  }[]) {
    test(pattern, () => {
      expect(yes.map((path) => matches(pattern, path))).toEqual(yes.map(() => true));
      expect(no.map((path) => matches(pattern, path))).toEqual(no.map(() => false));
    });
  }
});

describe("what no path can be is refused with what is wrong", () => {
  for (const { pattern, problem } of [
    {
      pattern: "",
      problem: /^must be a path such as \*\*\.\*_percent or tiers\[2\]\.maker_percent$/,
    },
    { pattern: ".", problem: /a name is missing at character 1$/ },
    { pattern: ".a", problem: /a name is missing at character 1$/ },
    { pattern: "a.", problem: /a name is missing at character 3$/ },
    { pattern: "a..b", problem: /a name is missing at character 3$/ },
    { pattern: "a.[1]", problem: /between \[ and \]/ },
    { pattern: "a[", problem: /between \[ and \].* at character 2$/ },
    { pattern: "a[]", problem: /between \[ and \]/ },
    { pattern: "a[1", problem: /between \[ and \]/ },
    { pattern: "a[-1]", problem: /between \[ and \]/ },
    { pattern: "a[01]", problem: /between \[ and \]/ },
    { pattern: "a[1.5]", problem: /between \[ and \]/ },
    { pattern: "a[b]", problem: /between \[ and \]/ },
    { pattern: "a['b']", problem: /between \[ and \]/ },
    { pattern: 'a["b]', problem: /between \[ and \]/ },
    { pattern: 'a["\\q"]', problem: /between \[ and \]/ },
    { pattern: "a]", problem: /a key with spaces, quotes or brackets/ },
    { pattern: "a[1]b", problem: /at character 5$/ },
    { pattern: "a b", problem: /a key with spaces/ },
    { pattern: " a", problem: /a key with spaces/ },
    { pattern: "a\n", problem: /a key with spaces/ },
    { pattern: "***", problem: /\*\* must stand by itself between dots, at character 1$/ },
    { pattern: "a**", problem: /\*\* must stand by itself/ },
    { pattern: "x.**b", problem: /\*\* must stand by itself between dots, at character 3$/ },
    { pattern: 'a["long…"]', problem: /write \* where the path is shortened with …$/ },
    { pattern: "a".repeat(patternCharsMax + 1), problem: /at most 200 characters$/ },
  ]) {
    test(JSON.stringify(pattern).slice(0, 40), () => {
      const parsed = parsePathPattern(pattern);
      expect(parsed.kind === "wrong" ? english(faultText(parsed.fault)) : "").toMatch(problem);
    });
  }
});

const step = fc.oneof(
  fc.nat(20),
  fc.constantFrom(
    "a",
    "b_percent",
    "1INCH",
    "a.b",
    "*",
    "**",
    "",
    "a b",
    "[0]",
    "'",
    "…x",
    "Größe",
  ),
  fc.string({ maxLength: 8, unit: "grapheme" }),
);

test("the path of a change is a pattern that matches it, unless what it shows is shortened", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (path) => {
      const text = pathText(path);
      fc.pre(!/…|\uFFFD/u.test(text) && !path.some((each) => /\p{Cf}/u.test(String(each))));
      expect(matches(text, path)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

/** Says the same by trying everything; takes no time for paths as short as these. */
function matchesByTrying(steps: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = steps;
  if (first === undefined) return path.length === 0;
  const [head, ...tail] = path;
  if (first === "**") {
    return matchesByTrying(rest, path) || (head !== undefined && matchesByTrying(steps, tail));
  }
  return head !== undefined && likeByTrying(first, head) && matchesByTrying(rest, tail);
}

function likeByTrying(glob: string, name: string): boolean {
  if (glob === "") return name === "";
  if (glob.startsWith("*")) {
    return likeByTrying(glob.slice(1), name) || (name !== "" && likeByTrying(glob, name.slice(1)));
  }
  return glob[0] === name[0] && likeByTrying(glob.slice(1), name.slice(1));
}

test("patterns match as trying every way to match does", () => {
  const name = fc.stringMatching(/^[ab]{1,4}$/);
  const glob = fc.oneof(
    name,
    fc.constant("**"),
    fc.stringMatching(/^\*?(?:[ab]\*?){1,3}$/),
    fc.constant("*"),
  );
  fc.assert(
    fc.property(
      fc.array(glob, { minLength: 1, maxLength: 5 }),
      fc.array(name, { maxLength: 6 }),
      (globs, path) => {
        expect(matches(globs.join("."), path)).toBe(matchesByTrying(globs, path));
      },
    ),
    { numRuns: 3000 },
  );
});

test("the pattern for editors takes exactly the same", () => {
  const forEditors = new RegExp(pathPatternSource, "u");
  const text = fc.oneof(
    fc
      .array(fc.constantFrom(".", "[", "]", "*", "**", '"', "a", "0", "12", " ", "\\", "…", "é"), {
        minLength: 1,
        maxLength: 8,
      })
      .map((parts) => parts.join("")),
    fc.string({ minLength: 1, maxLength: 10 }),
  );
  fc.assert(
    fc.property(text, (pattern) => {
      expect(forEditors.test(pattern)).toBe(parsePathPattern(pattern).kind === "pattern");
    }),
    { numRuns: 3000 },
  );
});

test("a pattern of many asterisks takes no longer than it is long", () => {
  const globs = "*a".repeat(90);
  const steps = `${"**.a.".repeat(35)}b`;
  expect(matches(globs, [`${"a".repeat(100_000)}b`])).toBe(false);
  expect(
    matches(
      steps,
      Array.from({ length: 5000 }, () => "a"),
    ),
  ).toBe(false);
});
