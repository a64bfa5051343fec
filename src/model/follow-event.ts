// What happens while a machine follows, for the log and the metrics.
import type { ConfigId } from "./config-id.ts";
import type { Problem } from "./problem.ts";
import type { ServiceFault } from "./service-proof.ts";
import type { Trouble } from "./trouble.ts";

export type FollowEvent = { readonly configId: ConfigId; readonly revision: number } & (
  | { readonly kind: "written" }
  /** The file has this revision, whether or not it had to be written. */
  | { readonly kind: "in_place" }
  /** `isProven`: by the service itself. */
  | { readonly kind: "live"; readonly isProven: boolean }
  | { readonly kind: "edited"; readonly backup: string | null }
  | { readonly kind: "not_taken"; readonly fault: ServiceFault }
  | { readonly kind: "not_valid"; readonly problems: readonly Problem[] }
  | { readonly kind: "not_written"; readonly trouble: Trouble }
  | { readonly kind: "store_behind"; readonly storeRevision: number }
);
