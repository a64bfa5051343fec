// The limits of what is accepted, whichever schema a document has.
import type { Fault } from "../../model/problem.ts";

/** Levels of maps and lists within each other. */
export const depthMax = 100;
export const tooDeep: Fault = { code: "too_deep", params: { levelsMax: depthMax } };
export const aliasesMax = 100;
/** How many values all aliases together may unfold to. */
export const expandedNodesMax = 100_000;
/** Readers of YAML 1.1 look no further for a key's colon. */
export const keyCharsMax = 1024;
export const keyTooLong: Fault = { code: "key_too_long", params: { charsMax: keyCharsMax } };
