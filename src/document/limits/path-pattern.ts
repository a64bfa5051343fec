// Patterns of paths, as limits name what they watch: the paths of changes, with * for one key or index, or any characters within a name, and **
// for any number of steps, none included. A path is matched step by step, so that whoever walks a document never matches a whole path twice; in time
// that grows with the pattern's length, whatever it holds.
import type { PathStep } from "../../model/comparison.ts";
import type { Fault, FaultParams } from "../../model/problem.ts";

export const patternCharsMax = 200;

type PatternStep =
  | { readonly kind: "any_steps" }
  | { readonly kind: "any_step" }
  | { readonly kind: "index"; readonly index: number }
  /** An index too where it is a number. */
  | { readonly kind: "name"; readonly name: string }
  /** A name with asterisks, and what is before, between and behind them. */
  | {
      readonly kind: "names";
      readonly first: string;
      readonly middle: readonly string[];
      readonly last: string;
    };

declare const patternBrand: unique symbol;
export type PathPattern = readonly PatternStep[] & { readonly [patternBrand]: true };

/** How far a path has come in a pattern: indexes of the steps that may come next, the pattern's length for all of it. */
export type Progress = readonly number[];

const name = String.raw`[^.\[\]"'\s*…]+`;
/** A name, of which asterisks may stand for a part. */
const bare = String.raw`(?:\*\*|\*?(?:${name}(?:\*${name})*\*?)|\*)`;
const character = String.raw`(?:[^"\\\u0000-\u001f…]|\\(?:["\\\/bfnrt]|u[0-9a-fA-F]{4}))`;
const bracket = String.raw`\[(?:\*|0|[1-9][0-9]{0,8}|"${character}*")\]`;

/** What {@link parsePathPattern} takes, for JSON Schema. */
export const pathPatternSource = String.raw`^(?:${bare}|${bracket})(?:\.${bare}|${bracket})*$`;

const token = new RegExp(String.raw`(?<bare>${bare})(?=$|[.\[])|(?<bracket>${bracket})`, "y");

/** @returns the pattern, or what is wrong with it */
export function parsePathPattern(
  text: string,
):
  | { readonly kind: "pattern"; readonly pattern: PathPattern }
  | { readonly kind: "wrong"; readonly fault: Fault } {
  if (text.length > patternCharsMax) {
    const params = { must: "at_most", bound: patternCharsMax, of: "character" } as const;
    return { kind: "wrong", fault: { code: "wrong_count", params } };
  }
  const steps: PatternStep[] = [];
  let at = 0;
  while (at < text.length || steps.length === 0) {
    const isDot = text[at] === "." && steps.length > 0;
    if (isDot) at += 1;
    token.lastIndex = at;
    const groups = token.exec(text)?.groups;
    const isInPlace = groups?.["bracket"] === undefined || !isDot;
    const isBareInPlace = groups?.["bare"] === undefined || isDot || steps.length === 0;
    if (groups === undefined || !isInPlace || !isBareInPlace) {
      const params = { why: whyWrong(text, at), at: at + 1 };
      return { kind: "wrong", fault: { code: "not_path", params } };
    }
    steps.push(stepOf(groups["bare"], groups["bracket"]));
    at = token.lastIndex;
  }
  return { kind: "pattern", pattern: steps as readonly PatternStep[] as PathPattern };
}

function whyWrong(text: string, at: number): FaultParams["not_path"]["why"] {
  if (text === "") return "no_path";
  if (text.includes("…")) return "shortened";
  const rest = text.slice(at);
  if (rest === "" || rest.startsWith(".")) return "no_name";
  if (rest.startsWith("[")) return "in_brackets";
  return /^[^.[]*\*\*/.test(rest) ? "asterisks" : "bare_key";
}

function stepOf(bareText: string | undefined, bracketText: string | undefined): PatternStep {
  if (bareText === "**") return { kind: "any_steps" };
  if (bareText === "*" || bracketText === "[*]") return { kind: "any_step" };
  if (bareText !== undefined) {
    const [first = "", ...middle] = bareText.split("*");
    const last = middle.pop();
    return last === undefined
      ? { kind: "name", name: first }
      : { kind: "names", first, middle, last };
  }
  const inside: unknown = JSON.parse((bracketText ?? "").slice(1, -1));
  return typeof inside === "number"
    ? { kind: "index", index: inside }
    : { kind: "name", name: String(inside) };
}

/** As if .** were written behind it: whoever names a section means what is in it. */
export function withAllInside(pattern: PathPattern): PathPattern {
  return [...pattern, { kind: "any_steps" }] as readonly PatternStep[] as PathPattern;
}

/** Before the first step of a path. */
export function progressAtRoot(pattern: PathPattern): Progress {
  const progress: number[] = [];
  arrive(pattern, progress, 0);
  return progress;
}

/** Behind one more step; empty where no path that begins so can match. */
export function progressBehind(pattern: PathPattern, before: Progress, step: PathStep): Progress {
  const next: number[] = [];
  for (const at of before) {
    const expected = pattern[at];
    if (expected === undefined) continue;
    if (expected.kind === "any_steps") arrive(pattern, next, at);
    else if (fits(expected, step)) arrive(pattern, next, at + 1);
  }
  return next;
}

export function isWholeMatch(pattern: PathPattern, progress: Progress): boolean {
  return progress.includes(pattern.length);
}

/** Adds a place and, since ** may stand for no step at all, those behind it. */
function arrive(pattern: PathPattern, progress: number[], place: number): void {
  for (let at = place; !progress.includes(at); at += 1) {
    progress.push(at);
    if (pattern[at]?.kind !== "any_steps") return;
  }
}

function fits(expected: PatternStep, step: PathStep): boolean {
  switch (expected.kind) {
    case "any_steps":
    case "any_step":
      return true;
    case "index":
      return step === expected.index;
    case "name":
      // Who writes tiers.2 means the item, as far as anybody can tell.
      return String(step) === expected.name;
    case "names":
      return typeof step === "string" && fitsName(expected, step);
    default:
      return expected satisfies never;
  }
}

/** Each part is taken where it comes first, the last one at the end: if the name fits at all, it fits so. */
function fitsName(
  { first, middle, last }: Extract<PatternStep, { kind: "names" }>,
  name: string,
): boolean {
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  for (const part of middle) {
    const at = name.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return name.length - from >= last.length;
}
