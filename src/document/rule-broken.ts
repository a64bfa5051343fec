// What a rule of a schema of ours says of a value, where zod itself has no rule like it: zod hands it on as it is.
import type { Fault } from "../model/problem.ts";

export class RuleBroken {
  readonly fault: Fault;
  /** Whether it is about the key, or about its value. */
  readonly about: "key" | "value";

  constructor(fault: Fault, about: "key" | "value" = "value") {
    this.fault = fault;
    this.about = about;
  }
}
