// What is wrong with a value that moves too far.
import type { ValueChange } from "./comparison.ts";
import type { Limit } from "./rules.ts";

export interface LimitFaults {
  readonly beyond_limit: {
    readonly what: ValueChange;
    readonly atMost: Limit["atMost"];
    /** It is so only from the value of 24 hours ago. */
    readonly withinDay: boolean;
  };
}
