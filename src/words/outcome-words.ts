// How an upload goes, and how it ended, in words. The first lines are promised; change none of them.
import type { Author, Revision } from "../model/revision.ts";
import { approvedBy, heldText, pendingText } from "./proposal-words.ts";
import type {
  BlockedOutcome,
  CheckedOutcome,
  FailedOutcome,
  Outcome,
  StaleOutcome,
} from "../model/outcome.ts";
import { pathText } from "../model/excerpt.ts";
import type { Problem } from "../model/problem.ts";
import type { ServiceEnd } from "../model/service-proof.ts";
import { reasonLines, untilText } from "./freeze-words.ts";
import { comparisonText, keyChangeList, restoredText } from "./change-words.ts";
import { agoText, clockText, count, timeText } from "./numbers.ts";
import { keepLine } from "./keep-words.ts";
import { problemText } from "./problem-words.ts";
import { setBackText } from "./set-back-words.ts";
import { putBackText, staysText, takenLine } from "./service-words.ts";
import { notSchedulable, scheduledText } from "./schedule-words.ts";
import { troubleText } from "./trouble-words.ts";
import type { Text } from "./text.ts";

/** As promised; the rest is counted. */
const changesListedMax = 10;

/** In place of a stage's text, where that did not come to the message that is edited as the upload goes on. */
export const goesOnBelow = "⬇️ This goes on in the message below.";

export const checkingText = "⏳ Downloading and validating...";

/** @param holder - who else holds the lock at this moment */
export function savingText(holder: Author | undefined): string {
  const text = "🔒 Acquiring lock and saving...";
  return holder === undefined ? text : `${text}\n${holder.name} is saving it right now.`;
}

/** The final text of an upload. */
export function outcomeText(
  fileName: string,
  outcome: Outcome,
  { author, nowMs }: { readonly author: Author; readonly nowMs: number },
): Text {
  switch (outcome.kind) {
    case "applied":
      return applied(fileName, outcome, author, nowMs);
    case "unchanged":
      return [`👌 ${fileName} is already exactly this file. Nothing changed.`];
    case "invalid":
      return problemList(fileName, outcome.problems, outcome.total);
    case "blocked":
      return blockedText(fileName, outcome.why);
    case "pending":
      return pendingText(fileName, outcome);
    case "scheduled":
      return scheduledText(fileName, outcome);
    case "cancelled":
      return outcome.by === "admin"
        ? [`🚫 Cancelled. ${fileName} was not changed.`]
        : interruptedText(fileName, undefined);
    case "failed":
      return failed(fileName, outcome);
    case "reverted":
      return putBackText(fileName, outcome);
    case "stale":
      return stale(fileName, outcome, nowMs);
    case "checked":
      return checked(fileName, outcome);
    default:
      return outcome satisfies never;
  }
}

/**
 * For an upload that a stop or a crash interrupted.
 * @param entry - the line of history that it made, if it made one
 * @param end - how its service took it; undefined where it had not to
 */
export function interruptedText(
  fileName: string,
  entry: Revision | undefined,
  {
    setBack,
    keep,
    end,
  }: Pick<AppliedChange, "setBack" | "keep"> & { readonly end: ServiceEnd | undefined } = {
    setBack: null,
    keep: null,
    end: undefined,
  },
): Text {
  if (entry === undefined) {
    return [`🔁 The bot restarted. ${fileName} was not changed.`, "Please try again."];
  }
  if (end !== undefined && end.kind !== "taken") {
    const text =
      end.kind === "put_back" ? putBackText(fileName, { end }) : staysText(fileName, end);
    return [...text, "The bot restarted meanwhile."];
  }
  return [
    `🔁 The bot restarted. ${fileName} was updated successfully.`,
    `Revision ${entry.revision}.`,
    ...(setBack === null ? [] : setBackText(setBack)),
    ...backupLine(entry),
    ...(end === undefined ? [] : [takenLine(end.as)]),
    ...(keep === null ? [] : [keepLine(keep)]),
  ];
}

type AppliedChange = Extract<Outcome, { kind: "applied" }>;

/** For a document that a restart kept from being looked at, where it is not known which config it was for. */
export const leftoverText =
  "🔁 The bot restarted. Nothing was changed.\nPlease send the file again.";

function applied(
  fileName: string,
  { entry, replaced, changes, restored, merged, setBack, keep, service }: AppliedChange,
  author: Author,
  nowMs: number,
): Text {
  const restoring = restoredText("You", entry.how, restored);
  return [
    `✅ ${fileName} updated successfully!`,
    `Revision ${entry.revision}.`,
    ...(restoring === undefined ? [] : [`${restoring}.`]),
    ...(entry.reason === null ? [] : [`Reason: ${entry.reason}`]),
    ...(entry.approved_by === undefined ? [] : [approvedBy(entry.approved_by)]),
    ...(changes === null ? [] : comparisonText(changes, changesListedMax)),
    ...(replaced === null ? [] : replacedLine(replaced, merged, author, nowMs)),
    ...(setBack === null ? [] : setBackText(setBack)),
    ...backupLine(entry),
    ...(service === null ? [] : [takenLine(service)]),
    ...(keep === null ? [] : [keepLine(keep)]),
  ];
}

/** The first line says it all; a reason may follow. */
export function blockedText(fileName: string, why: BlockedOutcome["why"]): Text {
  switch (why.kind) {
    case "frozen":
      return [
        `❄️ ${fileName} was not changed: ${why.by.name} froze it${untilText(why.until)}.`,
        ...reasonLines(why.reason),
      ];
    case "keep_pending":
      return [
        `⏸ ${fileName} was not changed: the change by ${why.by.name} waits for Keep until ${clockText(why.until)}.`,
      ];
    case "not_schedulable":
      return [notSchedulable(fileName, why)];
    default:
      return why satisfies never;
  }
}

function backupLine({ backup }: Revision): readonly string[] {
  return backup === null ? [] : [`Backup: ${backup}`];
}

function stale(fileName: string, outcome: StaleOutcome, nowMs: number): Text {
  const { undone, conflicts, conflictsTotal } = outcome;
  return [
    `⚠️ ${fileName} has changed since you took it. Nothing was changed yet.`,
    staleCause(outcome, nowMs),
    ...(undone === null ? [] : undoneText(undone)),
    ...(conflicts.length === 0 ? [] : conflictText(conflicts, conflictsTotal)),
  ];
}

function undoneText({ changes, total }: NonNullable<StaleOutcome["undone"]>): Text {
  if (total === 0) return ["Your file keeps that change."];
  return ["Your file would undo these changes:", keyChangeList(changes, total, changesListedMax)];
}

function staleCause({ live, changedOnDiskAt }: StaleOutcome, nowMs: number): string {
  const at = live?.at ?? changedOnDiskAt;
  if (at === null) return "It was deleted on disk.";
  const ago = `${agoText(nowMs - Date.parse(at))} (${timeText(at)})`;
  if (live === null) return `It was changed on disk ${ago}.`;
  const who = live.author === null ? "It was changed on disk" : `${live.author.name} changed it`;
  return `${who} ${ago}; revision ${live.revision} is live.`;
}

function conflictText(conflicts: StaleOutcome["conflicts"], total: number): Text {
  const shown = (value: string | null): string => value ?? "not there";
  const lines = conflicts.map(
    ({ path, base, live, candidate }) =>
      `${pathText(path)}: was ${shown(base)}, is ${shown(live)}, yours ${shown(candidate)}`,
  );
  return ["Both of you changed:", { lines: lines.slice(0, changesListedMax), total }];
}

function checked(fileName: string, { changes, held }: CheckedOutcome): Text {
  return [
    `✔️ ${fileName} is valid. Nothing was changed.`,
    ...(changes === null
      ? ["There is no live file to compare it with."]
      : ["Compared with the live file:", ...comparisonText(changes, changesListedMax)]),
    ...(held === null ? [] : wouldBeHeld(fileName, held)),
  ];
}

function wouldBeHeld(fileName: string, held: NonNullable<CheckedOutcome["held"]>): Text {
  return held.kind === "pending"
    ? heldText(fileName, held)
    : ["If it were set now:", ...blockedText(fileName, held.why)];
}

/** Says whose work was replaced, unless it was the person's own, or whose it was merged with. */
function replacedLine(
  replaced: Revision,
  merged: boolean,
  author: Author,
  nowMs: number,
): readonly string[] {
  const { revision, at, how, author: other } = replaced;
  const ago = agoText(nowMs - Date.parse(at));
  if (how === "edited") {
    return [`${merged ? "Merged with" : "This replaced"} an edit made on the server ${ago}.`];
  }
  if (merged)
    return [`Merged with ${other === null ? "" : `${other.name}'s `}revision ${revision}.`];
  if (other === null || other.id === author.id) return [];
  return [`This replaced ${other.name}'s version from ${ago}.`];
}

function problemList(fileName: string, problems: readonly Problem[], total: number): Text {
  return [
    `❌ ${fileName} was not changed: ${count(total, "problem")} found.`,
    { lines: problems.map(problemText), total },
  ];
}

function failed(fileName: string, { live, trouble }: FailedOutcome): Text {
  if (trouble.code === "service_refused") return staysText(fileName, trouble.params);
  const reason = troubleText(trouble);
  return [
    live === "old"
      ? `💥 ${fileName} was not changed: ${reason}.\nPlease try again once that is solved.`
      : `⚠️ ${fileName} was replaced, but ${reason}.\nThe new version is live. Please tell the operator before anything else is changed.`,
  ];
}
