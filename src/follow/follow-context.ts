// What a machine follows with: its own disk, the store, its service, and whoever is told what happens.
import type { ConfigId } from "../model/config-id.ts";
import type { FollowEvent } from "../model/follow-event.ts";
import type { Inspector } from "../model/inspector.ts";
import type { Apply } from "../model/rules.ts";
import type { ServedVersion, ServiceProof } from "../model/service-proof.ts";
import type { FollowedStore } from "../store/followed.ts";
import type { Journal } from "../store/journal.ts";
import type { Records } from "../store/records.ts";

export interface FollowContext {
  readonly machine: string;
  readonly store: FollowedStore;
  readonly records: Records;
  readonly journal: Pick<Journal, "began" | "ended">;
  readonly inspector: Pick<Inspector, "check">;
  /** undefined where no service is to be told, since none runs yet. */
  readonly prove:
    | ((
        apply: Apply,
        version: ServedVersion,
        signal: AbortSignal,
      ) => Promise<ServiceProof | { readonly kind: "stopped" }>)
    | undefined;
  /** Has this config looked at again after so long. */
  readonly lookAgainIn: (id: ConfigId, ms: number) => void;
  readonly onEvent: (event: FollowEvent) => void;
  /** What it reports has changed. */
  readonly onState: () => void;
  readonly signal: AbortSignal;
}
