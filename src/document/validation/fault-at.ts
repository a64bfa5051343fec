// A fault and where it is in the text.
import type { Fault } from "../../model/problem.ts";

export interface FaultAt {
  /** In the text. */
  readonly offset: number;
  readonly fault: Fault;
}
