// What in a change goes beyond the limits of its config, as values. Plain JSON: it crosses from the worker.
import type { PathStep, ValueChange } from "./comparison.ts";
import type { Problem } from "./problem.ts";
import type { Limit } from "./rules.ts";

/** One value that moves too far. */
export interface Excess {
  readonly path: readonly PathStep[];
  /** Against the live version. */
  readonly what: ValueChange;
  /** The new value as it stands in the file, where `what` shows it otherwise and somebody could type it. */
  readonly written?: string;
  /** The one that it is beyond; of several a hard one. */
  readonly limit: Limit;
  /** The live value alone would have let it pass: it is too far from that of 24 hours ago. */
  readonly withinDay: boolean;
  /** In the candidate; for what was removed, where it is missing. Both count from 1. */
  readonly line: number;
  readonly column: number;
}

export type LimitsJudgement =
  | { readonly kind: "within" }
  /** `beyond` waits for somebody's answer; `refused` is invalid, and only what is beyond a hard limit is listed. */
  | {
      readonly kind: "beyond" | "refused";
      /** In the order of the candidate; the first ones of `total`. */
      readonly excesses: readonly Excess[];
      readonly total: number;
    }
  /** Nothing can be said: a version is no valid document, or they are too much for a thread. */
  | { readonly kind: "unknown"; readonly because: "unreadable" | "too_complex" };

/** What a change is held against. */
export interface LimitedVersions {
  readonly candidate: Uint8Array;
  /** null where there is no live file. */
  readonly live: Uint8Array | null;
  /** What was live 24 hours ago, or the oldest that is known; null where nothing is. */
  readonly dayAgo: Uint8Array | null;
}

/** @returns the problem that it is where the limit is hard */
export function excessProblem({ path, line, column, what, limit, withinDay }: Excess): Problem {
  const params = { what, atMost: limit.atMost, withinDay };
  return { code: "beyond_limit", params, place: { line, column, path } };
}
