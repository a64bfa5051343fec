// What is said where an upload that nobody took from took back what somebody else had just changed. The first lines are promised.
import type { SetBack } from "../model/outcome.ts";
import { keyChangeList } from "./change-words.ts";
import type { Text } from "./text.ts";

const changesListedMax = 10;

/** For whoever uploaded it. */
export function setBackText({ of, changes, total }: SetBack): Text {
  return [`It set back the change of ${of.name}:`, keyChangeList(changes, total, changesListedMax)];
}

/** For whoever had made that change. */
export function yoursSetBackText({ changes, total }: SetBack): Text {
  return ["This set back your change:", keyChangeList(changes, total, changesListedMax)];
}
