// Buttons, and what becomes of what waits for one: for whoever decides, and where nobody did.
import type { GivenUpBecause } from "../model/outcome.ts";

export const buttonLabels = {
  showChanges: "Show changes",
  undo: "Undo",
  setIt: "Set it",
  apply: "Apply",
  applyAnyway: "Apply anyway",
  discard: "Discard",
  approve: "Approve",
  reject: "Reject",
  withdraw: "Withdraw",
  mergeBoth: "Merge both",
  applyMerge: "Apply merge",
  rollBack: "Roll back",
  rollBackAnyway: "Roll back anyway",
  keepCurrent: "Keep current",
  keep: "Keep",
  revertNow: "Revert now",
  moreTime: "10 more minutes",
  putBack: "Put back",
  newer: "Newer",
  older: "Older",
  chart: "Chart",
} as const;

export const buttonOutOfDate = "This button is out of date.";
export const onlySenderMayChoose = "Only the person who asked for this can choose.";

export const nothingToCancel = "There is nothing to cancel.";

export function questionCancelled(fileName: string): string {
  return `🚫 Cancelled. ${fileName} was not changed.`;
}

function whyGivenUp(because: GivenUpBecause, waitingMax: number): string {
  return because === "too_many"
    ? `${waitingMax} newer ones are waiting for your decision, and no more are kept.`
    : "Nobody decided within a day.";
}

/** @param end - what became of it */
function fileGivenUp(end: string, because: GivenUpBecause, waitingMax: number): string {
  return `${end}\n${whyGivenUp(because, waitingMax)} Send the file again if you still want it.`;
}

/** For a file that was stale, or a merge. */
export function uploadGivenUp(
  fileName: string,
  because: GivenUpBecause,
  waitingMax: number,
): string {
  return fileGivenUp(questionCancelled(fileName), because, waitingMax);
}

export function rollbackGivenUp(
  fileName: string,
  because: GivenUpBecause,
  waitingMax: number,
): string {
  return `${fileName} stays as it is.\n${whyGivenUp(because, waitingMax)}`;
}

/** For one value that was to be changed. */
export function valueGivenUp(
  fileName: string,
  because: GivenUpBecause,
  waitingMax: number,
): string {
  return `${questionCancelled(fileName)}\n${whyGivenUp(because, waitingMax)}`;
}

/** For a document whose config was asked for. */
export function choiceGivenUp(because: GivenUpBecause, waitingMax: number): string {
  return fileGivenUp("🚫 Cancelled. Nothing was changed.", because, waitingMax);
}

/** For a document that was checked and may be set. */
export function checkGivenUp(
  fileName: string,
  because: GivenUpBecause,
  waitingMax: number,
): string {
  return fileGivenUp(`✔️ ${fileName} is valid. Nothing was changed.`, because, waitingMax);
}

export function tooLateToCancel(fileName: string): string {
  return `${fileName} is already being saved, and that cannot be stopped. Its message will show the result.`;
}
