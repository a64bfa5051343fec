// What a page of history shows of one revision.
import type { ChangeSummary } from "./comparison.ts";
import type { Revision } from "./revision.ts";

export interface HistoryLine {
  readonly entry: Revision;
  /** Its bytes can still be had. */
  readonly kept: boolean;
  /** The revision that it took back or went back to; null where it did not, or that is not known. */
  readonly restored: number | null;
  /** What it changed; null where that is not known, and for the first one. */
  readonly change: ChangeSummary | null;
}
