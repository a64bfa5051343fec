// What happens to an edit that somebody made on the server, past Airlock, told to whoever listens: people, the log, the metrics.
import type { Comparison } from "./comparison.ts";
import type { Config } from "./config.ts";
import type { Problem } from "./problem.ts";
import type { Author, Revision } from "./revision.ts";

/** The live file differs from the newest revision. */
export interface Drift {
  /** What is live instead; null where the file is gone. */
  readonly sha256: string | null;
  /** The revision before the edit; null where there was none. */
  readonly before: Pick<Revision, "revision" | "sha256"> | null;
}

export type DriftEvent = {
  readonly config: Config;
  readonly drift: Drift;
} & (
  | {
      readonly kind: "noticed";
      /** Against the revision before; null where one of the two is not there. */
      readonly changes: Comparison | null;
      /** What is wrong with it: the first ones of `problemsTotal`. */
      readonly problems: readonly Problem[];
      readonly problemsTotal: number;
    }
  /** It is a revision now: this one. */
  | { readonly kind: "kept"; readonly by: Author; readonly entry: Revision }
  /** Somebody had the revision before put back, by this one. */
  | { readonly kind: "put_back"; readonly by: Author; readonly entry: Revision }
  /** Another change replaced it. */
  | { readonly kind: "replaced"; readonly entry: Revision }
  /** Somebody edited the file once more. */
  | { readonly kind: "edited_again" }
  /** Somebody took it back on the server. */
  | { readonly kind: "gone" }
);
