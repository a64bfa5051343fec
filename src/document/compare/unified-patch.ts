// The unified diff of two texts, for what is too long to read in a chat. Runs in the worker: its time grows with the square of the changed lines.
import { createTwoFilesPatch } from "diff";

/** Lines around each change. */
const contextLines = 3;
/** A patch that takes longer is of thousands of changed lines, which nobody reads; the thread goes on to what others asked for. */
const patchMsMax = 3000;

/** @returns undefined where the two differ in too much: see {@link patchMsMax} */
export function unifiedPatch(
  fileName: string,
  before: Uint8Array,
  after: Uint8Array,
): string | undefined {
  const [old, fresh] = [before, after].map((bytes) => Buffer.from(bytes).toString("utf8"));
  return createTwoFilesPatch(fileName, fileName, old ?? "", fresh ?? "", "before", "after", {
    context: contextLines,
    timeout: patchMsMax,
  });
}
