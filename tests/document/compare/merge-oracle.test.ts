// Random edits of random configs, merged and compared, and held against an oracle that shares no code with the product. MERGE_CASES=10000 looks at more of them.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareDocuments } from "../../../src/document/compare/compare-documents.ts";
import { mergeDocuments } from "../../../src/document/compare/merge-documents.ts";
import {
  commentsOf,
  countedNames,
  edited,
  type Entry,
  type MapNode,
  ownComments,
  randomFrom,
  randomMap,
  recommented,
  written,
} from "./random-documents.ts";
import { isSame, merged, valueOf } from "./three-way-oracle.ts";

const cases = Number(process.env["MERGE_CASES"] ?? 1000);
const timeoutMs = 30_000 + cases * 20;
const seeds = fc.integer();

function merge(base: string, live: string, candidate: string): ReturnType<typeof mergeDocuments> {
  return mergeDocuments(Buffer.from(base), Buffer.from(live), Buffer.from(candidate));
}

interface Edits {
  readonly base: MapNode;
  readonly live: MapNode;
  readonly candidate: MapNode;
  /** The three, written. */
  readonly texts: readonly [string, string, string];
}

function randomEdits(seed: number): Edits {
  const random = randomFrom(seed);
  const names = countedNames();
  const base = randomMap(random, names, 0);
  const values = edited(random, names, base, random(4));
  const live = random(2) === 0 ? values : recommented(random, names, values);
  const candidate = edited(random, names, base, random(4));
  const style = { indent: 2 + random(2) * 2, lineBreak: "\n" };
  const other = { indent: 3, lineBreak: random(2) === 0 ? "\n" : "\r\n" };
  const candidateStyle = random(5) === 0 ? other : style;
  return {
    base,
    live,
    candidate,
    texts: [written(base, style), written(live, style), written(candidate, candidateStyle)],
  };
}

test(
  "a merge has the value of both edits, and is refused exactly where they meet",
  () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { texts } = randomEdits(seed);
        const [base, live, candidate] = texts;
        const wanted = merged(valueOf(base), valueOf(live), valueOf(candidate));
        const result = merge(...texts);
        if (wanted.conflicts.length > 0) {
          expect(result).toMatchObject({ kind: "conflict" });
          expect(result.kind === "conflict" && result.keys).toHaveLength(wanted.conflicts.length);
        } else {
          expect(result.kind).toBe("merged");
          const text = result.kind === "merged" ? result.text : "";
          expect(isSame(valueOf(text), wanted.value)).toBe(true);
        }
      }),
      { numRuns: cases },
    );
  },
  timeoutMs,
);

test(
  "the comments of what stays and of what was added are in the merge, each once",
  () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { base, live, candidate, texts } = randomEdits(seed);
        const result = merge(...texts);
        if (result.kind !== "merged") return;
        const found: readonly string[] = result.text.match(/# c\d+\./g) ?? [];
        expect(new Set(found).size).toBe(found.length);
        const lost = keptComments(live, candidate, base).filter(
          (comment) => !found.includes(comment),
        );
        expect(lost).toEqual([]);
      }),
      { numRuns: cases },
    );
  },
  timeoutMs,
);

/** Of the live map what the candidate did not take away, and what it added. */
function keptComments(live: MapNode, candidate: MapNode, base: MapNode): readonly string[] {
  const [ofLive, ofCandidate, ofBase] = [live, candidate, base].map(
    ({ entries }) => new Map(entries.map((entry) => [entry.key, entry])),
  );
  const kept = live.entries.flatMap((entry): readonly string[] => {
    const [fresh, old] = [ofCandidate?.get(entry.key), ofBase?.get(entry.key)];
    if (fresh === undefined && old !== undefined) return [];
    const own = [...entry.above, entry.behind].filter((line) => line !== "");
    if (fresh === undefined || old === undefined) return [...own, ...commentsOf(entry.value)];
    return [...own, ...innerComments(entry, fresh, old)];
  });
  const added = candidate.entries.filter(({ key }) => ofBase?.has(key) !== true);
  const isAlike = live.flow === candidate.flow && ofLive !== undefined;
  const news = isAlike
    ? added.flatMap((entry) => [...ownComments(entry), ...commentsOf(entry.value)])
    : [];
  return [...kept, ...news];
}

function innerComments(...entries: readonly [Entry, Entry, Entry]): readonly string[] {
  const [live, candidate, base] = entries.map(({ value }) => value);
  if (live?.kind !== "map" || candidate?.kind !== "map" || base?.kind !== "map") return [];
  if (live.flow !== candidate.flow || live.flow !== base.flow || live.entries.length === 0)
    return [];
  return live.wide === candidate.wide ? keptComments(live, candidate, base) : [];
}

/** Where entries come in the place of others, the empty lines between them may be those of either. */
function filledLines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

test(
  "entries that one edit added and removed, while nobody else did anything, make that edit's very lines",
  () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = randomFrom(seed);
        const names = countedNames();
        const map = randomMap(random, names, 0);
        const style = { indent: 2 + random(2) * 2, lineBreak: random(2) === 0 ? "\n" : "\r\n" };
        const base = written(map, style);
        const candidate = written(edited(random, names, map, 1 + random(3), "entries"), style);
        const result = merge(base, base, candidate);
        expect(result.kind === "merged" && filledLines(result.text)).toEqual(
          filledLines(candidate),
        );
      }),
      { numRuns: cases },
    );
  },
  timeoutMs,
);

test(
  "what changed is told exactly where the values differ",
  () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { texts } = randomEdits(seed);
        const [, before, after] = texts;
        const { kind } = compareDocuments(Buffer.from(before), Buffer.from(after));
        const equal = isSame(valueOf(before), valueOf(after));
        expect(equal ? ["same", "formatting"] : ["keys"]).toContain(kind);
      }),
      { numRuns: cases },
    );
  },
  timeoutMs,
);
