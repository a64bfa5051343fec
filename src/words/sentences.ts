// A table of sentences that values are put into: what a language must have one of for each code.
import type { Line } from "./line.ts";

export type Sentences<Params> = {
  readonly [Code in keyof Params]: (params: Params[Code]) => Line;
};
