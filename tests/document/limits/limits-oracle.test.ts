// The judgement over random documents, against one that is written from the contract with fractions, flat paths and trying every way to match: it shares no
// code with it.
import { expect, test } from "vitest";
import * as fc from "fast-check";
import { judgeLimits } from "../../../src/document/limits/judge-limits.ts";
import type { Limit } from "../../../src/model/rules.ts";

/** What a scalar says, with its value as a fraction where it is a number. */
interface Scalar {
  readonly text: string;
  readonly fraction?: readonly [bigint, bigint];
}
type Tree = Scalar | readonly Tree[] | ReadonlyMap<string, Tree>;

const scalars: readonly Scalar[] = [
  { text: "0", fraction: [0n, 1n] },
  { text: "0.1", fraction: [1n, 10n] },
  { text: "0.10", fraction: [1n, 10n] },
  { text: "0.15", fraction: [3n, 20n] },
  { text: "0.2", fraction: [1n, 5n] },
  { text: "0.3", fraction: [3n, 10n] },
  { text: "0.30000000000000000000000000001", fraction: [3n * 10n ** 28n + 1n, 10n ** 29n] },
  { text: "-0.1", fraction: [-1n, 10n] },
  { text: "-0.15", fraction: [-3n, 20n] },
  { text: "1.0e-8", fraction: [1n, 10n ** 8n] },
  { text: "3.0e-8", fraction: [3n, 10n ** 8n] },
  { text: "9007199254740993", fraction: [9007199254740993n, 1n] },
  { text: "0x10", fraction: [16n, 1n] },
  { text: "16", fraction: [16n, 1n] },
  { text: "x" },
  { text: '"0.1"' },
  { text: "true" },
  { text: "null" },
];

interface KnownLimit {
  readonly limit: Limit;
  readonly amount: readonly [bigint, bigint];
}

const amounts = [
  { kind: "percent", amount: "50", fraction: [50n, 1n] },
  { kind: "percent", amount: "12.5", fraction: [25n, 2n] },
  { kind: "times", amount: "3", fraction: [3n, 1n] },
  { kind: "times", amount: "1.5", fraction: [3n, 2n] },
  { kind: "absolute", amount: "0.05", fraction: [1n, 20n] },
  { kind: "absolute", amount: "0.2", fraction: [1n, 5n] },
] as const;

const paths = [
  "**",
  "*",
  "a",
  "a.*",
  "**.b",
  "a.**",
  "**.a*",
  "*.*",
  "a[0]",
  "**.**.b",
  "l[*].b",
  "l.1",
];

const limits = fc.array(
  fc
    .record({
      path: fc.constantFrom(...paths),
      amount: fc.constantFrom(...amounts),
      hard: fc.integer({ min: 0, max: 4 }).map((number) => number === 0),
    })
    .map(({ path, amount: { kind, amount, fraction }, hard }): KnownLimit => ({
      limit: { path, atMost: { kind, amount }, hard },
      amount: fraction,
    })),
  { minLength: 1, maxLength: 4 },
);

const { tree } = fc.letrec<{ tree: Tree; part: Tree }>((tie) => ({
  tree: fc
    .uniqueArray(fc.tuple(fc.constantFrom("a", "b", "ab", "l"), tie("part")), {
      maxLength: 4,
      selector: ([name]) => name,
    })
    .map((entries) => new Map(entries)),
  part: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 6, arbitrary: fc.constantFrom(...scalars) },
    { weight: 2, arbitrary: tie("tree") },
    { weight: 1, arbitrary: fc.array(tie("part"), { maxLength: 3 }) },
  ),
}));

function written(value: Tree): string {
  if (value instanceof Map) {
    return `{ ${[...value].map(([name, part]) => `${name}: ${written(part)}`).join(", ")} }`;
  }
  return Array.isArray(value) ? `[${value.map(written).join(", ")}]` : (value as Scalar).text;
}

type Step = string | number;
type Flat = ReadonlyMap<string, "map" | "list" | Scalar>;

function flattened(value: Tree): Flat {
  const all = new Map<string, "map" | "list" | Scalar>();
  const add = (path: readonly Step[], part: Tree): void => {
    if (part instanceof Map) {
      all.set(JSON.stringify(path), "map");
      for (const [name, each] of part) add([...path, name], each);
    } else if (Array.isArray(part)) {
      all.set(JSON.stringify(path), "list");
      for (const [index, each] of part.entries()) add([...path, index], each);
    } else all.set(JSON.stringify(path), part as Scalar);
  };
  add([], value);
  return all;
}

function matches(steps: readonly string[], path: readonly Step[]): boolean {
  const [first, ...rest] = steps;
  if (first === undefined) return path.length === 0;
  const [head, ...tail] = path;
  if (first === "**") {
    return matches(rest, path) || (head !== undefined && matches(steps, tail));
  }
  if (head === undefined || !matches(rest, tail)) return false;
  if (first === "*" || first === "[*]") return true;
  if (typeof head === "number") return first === `[${head}]` || first === String(head);
  return first === head || (first === "a*" && head.startsWith("a"));
}

function stepsOf(path: string): readonly string[] {
  // What is in a section that a limit names is meant as well.
  return [...path.replaceAll("[", ".[").split("."), "**"];
}

type Node = "map" | "list" | Scalar | undefined;

function isSame(one: Node, other: Node): boolean {
  if (typeof one !== "object" || typeof other !== "object") return one === other;
  if (one.fraction === undefined || other.fraction === undefined) return one.text === other.text;
  return one.fraction[0] * other.fraction[1] === other.fraction[0] * one.fraction[1];
}

const abs = (number: bigint): bigint => (number < 0n ? -number : number);

function isBeyond({ limit, amount }: KnownLimit, before: Node, after: Node): boolean {
  if (isSame(before, after)) return false;
  const [from, to] = [before, after].map((node) =>
    typeof node === "object" ? node.fraction : undefined,
  );
  if (from === undefined || to === undefined) return true;
  if (from[0] === 0n || to[0] === 0n || from[0] < 0n !== to[0] < 0n) return true;
  const apart = abs(to[0] * from[1] - from[0] * to[1]);
  const both = from[1] * to[1];
  switch (limit.atMost.kind) {
    case "absolute":
      return apart * amount[1] > amount[0] * both;
    case "percent":
      return apart * 100n * amount[1] * from[1] > abs(from[0]) * amount[0] * both;
    case "times": {
      const [less, more] = [abs(from[0]) * to[1], abs(to[0]) * from[1]].toSorted((a, b) =>
        a < b ? -1 : 1,
      );
      return (more ?? 0n) * amount[1] > (less ?? 0n) * amount[0];
    }
    default:
      return limit.atMost.kind satisfies never;
  }
}

interface Expected {
  readonly path: string;
  readonly limit: Limit;
  readonly withinDay: boolean;
}

function expectedOf(
  known: readonly KnownLimit[],
  fresh: Flat,
  live: Flat | undefined,
  dayAgo: Flat,
): readonly Expected[] {
  const before = live ?? dayAgo;
  const all = [...new Set([...fresh.keys(), ...before.keys()])];
  const moved = new Set(all.filter((path) => !isSame(fresh.get(path), before.get(path))));
  const isTopmost = (each: KnownLimit, path: readonly Step[]): boolean =>
    path.every((_, length) => {
      const above = path.slice(0, length);
      return !moved.has(JSON.stringify(above)) || !matches(stepsOf(each.limit.path), above);
    });
  const found = [...moved].flatMap((text): readonly Expected[] => {
    const path = JSON.parse(text) as readonly Step[];
    const excesses = known
      .filter((each) => matches(stepsOf(each.limit.path), path) && isTopmost(each, path))
      .flatMap((each): readonly Expected[] => {
        const expected = { path: text, limit: each.limit };
        if (isBeyond(each, before.get(text), fresh.get(text))) {
          return [{ ...expected, withinDay: live === undefined }];
        }
        return isBeyond(each, dayAgo.get(text), fresh.get(text))
          ? [{ ...expected, withinDay: true }]
          : [];
      });
    const hard = excesses.filter(({ limit }) => limit.hard);
    const told = [...hard, ...excesses.filter(({ withinDay }) => !withinDay), ...excesses].slice(
      0,
      1,
    );
    return told;
  });
  const hard = found.filter(({ limit }) => limit.hard);
  return hard.length > 0 ? hard : found;
}

const byPath = (one: Expected, other: Expected): number => (one.path < other.path ? -1 : 1);

test("the judgement is the one that fractions and flat paths come to", () => {
  let beyond = 0;
  fc.assert(
    fc.property(
      limits,
      tree,
      tree,
      tree,
      fc.constantFrom("all three", "live alone", "day ago alone"),
      (known, a, b, c, which) => {
        const [fresh, live, dayAgo] = [a, b, c].map((each) => Buffer.from(written(each)));
        if (fresh === undefined || live === undefined || dayAgo === undefined) throw new Error("3");
        const judged = judgeLimits(
          {
            candidate: fresh,
            live: which === "day ago alone" ? null : live,
            dayAgo: which === "live alone" ? null : dayAgo,
          },
          known.map(({ limit }) => limit),
        );
        const expected = expectedOf(
          known,
          flattened(a),
          which === "day ago alone" ? undefined : flattened(b),
          flattened(which === "live alone" ? b : c),
        );
        const excesses =
          judged.kind === "beyond" || judged.kind === "refused" ? judged.excesses : [];
        const got = excesses.map(({ path, limit, withinDay }) => ({
          path: JSON.stringify(path),
          limit,
          withinDay,
        }));
        if (expected.length > 0) beyond += 1;
        expect(got.toSorted(byPath)).toEqual(expected.toSorted(byPath));
        const isHard = expected.some(({ limit }) => limit.hard);
        expect(judged.kind).toBe(expected.length === 0 ? "within" : isHard ? "refused" : "beyond");
      },
    ),
    { numRuns: 3000 },
  );
  expect(beyond).toBeGreaterThan(500);
});

/** Small steps of the same documents, where most of what changes is a number. */
const step = fc.constantFrom(...scalars.slice(0, 12));

test("and so where only one number moves", () => {
  fc.assert(
    fc.property(limits, step, step, step, (known, a, b, c) => {
      const [fresh, live, dayAgo] = [a, b, c].map(
        (each): Tree => new Map([["a", new Map([["b", each]])]]),
      );
      if (fresh === undefined || live === undefined || dayAgo === undefined) throw new Error("3");
      const bytes = (value: Tree) => Buffer.from(written(value));
      const judged = judgeLimits(
        { candidate: bytes(fresh), live: bytes(live), dayAgo: bytes(dayAgo) },
        known.map(({ limit }) => limit),
      );
      const [expected] = expectedOf(known, flattened(fresh), flattened(live), flattened(dayAgo));
      expect(
        judged.kind === "within" || judged.kind === "unknown" ? undefined : judged.excesses[0],
      ).toEqual(
        expected === undefined
          ? undefined
          : expect.objectContaining({ limit: expected.limit, withinDay: expected.withinDay }),
      );
    }),
    { numRuns: 3000 },
  );
});
