// Holds a change against the limits of its config: every value that it moves, against the live one and the one of 24 hours ago. Runs in the worker. All
// versions are walked at once, and only where the candidate differs from the live one; a value that the change leaves alone is never held.
import type { PathStep } from "../../model/comparison.ts";
import type { Excess, LimitedVersions, LimitsJudgement } from "../../model/excess.ts";
import type { Limit } from "../../model/rules.ts";
import { contentOf, type Entry, entryOf, type TreeNode } from "../compare/document-tree.ts";
import { shownPair, shownValue } from "../compare/key-change.ts";
import { readVersion } from "../compare/read-version.ts";
import { createValueNumbers } from "../compare/value-numbers.ts";
import { type Amount, isBeyond, movedValue, readAmount } from "./is-beyond.ts";
import {
  isWholeMatch,
  parsePathPattern,
  type PathPattern,
  type Progress,
  progressAtRoot,
  progressBehind,
  withAllInside,
} from "./path-pattern.ts";

/** More are counted, not listed. */
export const excessesMax = 1000;

/**
 * Where the live version is missing or cannot be read, that of 24 hours ago stands for it; where there is neither, nothing moves.
 * @param limits - as the catalog has them
 */
export function judgeLimits(
  { candidate, live, dayAgo }: LimitedVersions,
  limits: readonly Limit[],
): LimitsJudgement {
  const numbers = createValueNumbers();
  const fresh = readVersion(candidate, numbers);
  const now = live === null ? undefined : readVersion(live, numbers);
  const isLiveOld = live !== null && dayAgo !== null && Buffer.from(live).equals(dayAgo);
  const old = dayAgo === null ? undefined : isLiveOld ? now : readVersion(dayAgo, numbers);
  if (live === null && dayAgo === null) return { kind: "within" };
  const before = now ?? old;
  if (fresh === undefined || before === undefined)
    return { kind: "unknown", because: "unreadable" };
  const found = walk(fresh.root, before.root, old?.root ?? before.root, limits, now === undefined);
  if (found.length === 0) return { kind: "within" };
  const hard = found.filter(({ limit }) => limit.hard);
  const told = hard.length > 0 ? hard : found;
  return {
    kind: hard.length > 0 ? "refused" : "beyond",
    excesses: told.slice(0, excessesMax).map(({ path, before, after, at, limit, withinDay }) => ({
      path,
      ...moved(before, after),
      limit,
      withinDay,
      ...fresh.lines.position(at),
    })),
    total: told.length,
  };
}

/** Nobody types more into a message. */
const writtenCharsMax = 4096;

function moved(
  before: TreeNode | undefined,
  after: TreeNode | undefined,
): Pick<Excess, "what" | "written"> {
  const what = whatHappened(before, after);
  const content = after && contentOf(after);
  if (content?.kind !== "scalar" || what.kind === "removed") return { what };
  const written = content.text.trim();
  const isShown = written === what.after || written === "" || written.length > writtenCharsMax;
  return isShown ? { what } : { what, written };
}

function whatHappened(before: TreeNode | undefined, after: TreeNode | undefined): Excess["what"] {
  if (before !== undefined && after !== undefined) {
    const [one, other] = shownPair(before, after);
    return { kind: "changed", before: one, after: other };
  }
  if (after !== undefined) return { kind: "added", after: shownValue(after) };
  if (before !== undefined) return { kind: "removed", before: shownValue(before) };
  throw new Error("a value that was never there has not moved");
}

/** One place in all versions; undefined where it is not in one. */
interface Spot {
  readonly path: readonly PathStep[];
  readonly fresh: TreeNode | undefined;
  readonly before: TreeNode | undefined;
  readonly old: TreeNode | undefined;
  /** In the candidate's text; where it is not in there, of what it is missing in. */
  readonly at: number;
  readonly reached: readonly Reached[];
}

/** How far the path to a spot has come in a limit's pattern. */
interface Reached {
  readonly limit: Limit;
  readonly amount: Amount;
  readonly pattern: PathPattern;
  readonly progress: Progress;
}

interface Found {
  readonly path: readonly PathStep[];
  readonly before: TreeNode | undefined;
  readonly after: TreeNode | undefined;
  readonly at: number;
  readonly limit: Limit;
  readonly withinDay: boolean;
}

function walk(
  fresh: TreeNode,
  before: TreeNode,
  old: TreeNode,
  limits: readonly Limit[],
  isOnlyOld: boolean,
): readonly Found[] {
  const found: Found[] = [];
  const reached = limits.map((limit): Reached => {
    const parsed = parsePathPattern(limit.path);
    if (parsed.kind === "wrong") throw new Error(`a limit of ${limit.path} is no path`);
    const pattern = withAllInside(parsed.pattern);
    const amount = readAmount(limit.atMost);
    return { limit, amount, pattern, progress: progressAtRoot(pattern) };
  });
  visit({ path: [], fresh, before, old, at: fresh.contentStart, reached });
  return found;

  function visit(spot: Spot): void {
    const { fresh: after, before: from } = spot;
    if (spot.reached.length === 0) return;
    // A map that stays one is judged by its values.
    if (after !== undefined && from !== undefined && isSameCollection(after, from)) {
      visitParts(spot, spot.reached);
      return;
    }
    const [hit, rest] = partition(spot.reached);
    const excess = worstExcess(spot, hit);
    if (excess !== undefined) found.push(excess);
    // What is in it has been judged with it; other limits may be about its parts alone.
    visitParts(spot, rest);
  }

  function worstExcess(spot: Spot, hit: readonly Reached[]): Found | undefined {
    if (hit.length === 0) return undefined;
    const { path, fresh: after, before: from, at } = spot;
    const [to, live, dayAgo] = [after, from, spot.old].map(movedValue);
    const excesses = hit.flatMap(({ limit, amount }): readonly Found[] => {
      const base = { path, before: from, after, at, limit };
      if (isBeyond(amount, live, to)) return [{ ...base, withinDay: isOnlyOld }];
      return isBeyond(amount, dayAgo, to) ? [{ ...base, withinDay: true }] : [];
    });
    return (
      excesses.find(({ limit }) => limit.hard) ??
      excesses.find(({ withinDay }) => !withinDay) ??
      excesses[0]
    );
  }

  function visitParts(spot: Spot, limitsLeft: readonly Reached[]): void {
    if (limitsLeft.length === 0) return;
    for (const part of partsOf(spot)) {
      if (part.fresh?.id === part.before?.id) continue;
      const ahead: Reached[] = [];
      for (const { limit, amount, pattern, progress } of limitsLeft) {
        const next = progressBehind(pattern, progress, part.step);
        if (next.length > 0) ahead.push({ limit, amount, pattern, progress: next });
      }
      visit({ ...part, path: [...spot.path, part.step], reached: ahead });
    }
  }
}

/** Those whose whole pattern the path matches, and those that look for something in it. */
function partition(reached: readonly Reached[]): readonly [readonly Reached[], readonly Reached[]] {
  const isHit = ({ pattern, progress }: Reached): boolean => isWholeMatch(pattern, progress);
  return [reached.filter(isHit), reached.filter((each) => !isHit(each))];
}

function isSameCollection(one: TreeNode, other: TreeNode): boolean {
  const [a, b] = [contentOf(one), contentOf(other)];
  return a.kind !== "scalar" && a.kind === b.kind;
}

type Part = Omit<Spot, "path" | "reached"> & { readonly step: PathStep };

/** Its keys and items, in the order of the candidate, then those that only the version before has. */
function* partsOf({ fresh, before, old, at }: Spot): Generator<Part> {
  const [after, from, of24Hours] = [fresh, before, old].map((node) =>
    node === undefined ? undefined : contentOf(node),
  );
  if (after?.kind === "map") {
    for (const { name, key, value } of after.entries) {
      const [one, other] = [valueAt(from, name), valueAt(of24Hours, name)];
      const start = one === undefined ? key.start : value.contentStart;
      yield { step: name, fresh: value, before: one, old: other, at: start };
    }
  }
  if (after?.kind === "list") {
    for (const [index, item] of after.items.entries()) {
      const [one, other] = [valueAt(from, index), valueAt(of24Hours, index)];
      yield { step: index, fresh: item, before: one, old: other, at: item.contentStart };
    }
  }
  const missingIn = fresh?.contentStart ?? at;
  const missing = { fresh: undefined, at: missingIn };
  if (from?.kind === "map") {
    for (const { name, value } of from.entries) {
      if (valueAt(after, name) !== undefined) continue;
      yield { ...missing, step: name, before: value, old: valueAt(of24Hours, name) };
    }
  }
  if (from?.kind === "list") {
    for (const [index, item] of from.items.entries()) {
      if (valueAt(after, index) !== undefined) continue;
      yield { ...missing, step: index, before: item, old: valueAt(of24Hours, index) };
    }
  }
}

function valueAt(
  content: ReturnType<typeof contentOf> | undefined,
  step: PathStep,
): Entry["value"] | undefined {
  if (typeof step === "number") return content?.kind === "list" ? content.items[step] : undefined;
  return content?.kind === "map" ? entryOf(content, step)?.value : undefined;
}
