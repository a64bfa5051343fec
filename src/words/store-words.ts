// What a store of several machines has to say for itself: that it does not answer.
import { clockText } from "./numbers.ts";

/** @param asOf - when it was live for certain, ISO 8601 */
export function liveAsOf(asOf: string): string {
  return `The store does not answer; this was live at ${clockText(asOf)}.`;
}
