// How an upload goes, and how it ended, in words. The first lines are promised; change none of them.
import type { Comparison } from "../change/compare/key-change.ts";
import type { Author, HistoryEntry } from "../change/history.ts";
import type { FailedOutcome, Outcome, StaleOutcome } from "../change/outcome.ts";
import { type Problem, problemText } from "../change/validation/problem.ts";
import { comparisonLines, keyChangeLines } from "./change-phrases.ts";
import { count, durationText, timeText } from "./phrases.ts";

/** Telegram's limit is 4096 (https://core.telegram.org/bots/api#sendmessage); the rest is left for the last line. */
const textCharsMax = 4000;

/** As promised; the rest is counted. */
const changesListedMax = 10;

export const checkingText = "⏳ Downloading and validating...";

/** @param holder - who else holds the lock at this moment */
export function savingText(holder: Author | undefined): string {
  const text = "🔒 Acquiring lock and saving...";
  return holder === undefined ? text : `${text}\n${holder.name} is saving it at this moment.`;
}

/** The final text of an upload. */
export function outcomeText(
  fileName: string,
  outcome: Outcome,
  { author, nowMs }: { readonly author: Author; readonly nowMs: number },
): string {
  switch (outcome.kind) {
    case "applied":
      return applied(fileName, outcome, author, nowMs);
    case "unchanged":
      return `👌 ${fileName} is already exactly this file. Nothing changed.`;
    case "invalid":
      return problemList(fileName, outcome.problems, outcome.total);
    case "cancelled":
      return outcome.by === "admin"
        ? `🚫 Cancelled. ${fileName} was not changed.`
        : interruptedText(fileName, undefined);
    case "failed":
      return failed(fileName, outcome);
    case "stale":
      return stale(fileName, outcome, nowMs);
    case "checked":
      return checked(fileName, outcome.changes);
    default:
      return outcome satisfies never;
  }
}

/** For an upload that a stop or a crash interrupted. @param entry - the line of history that it made, if it made one */
export function interruptedText(fileName: string, entry: HistoryEntry | undefined): string {
  if (entry === undefined) {
    return `🔁 The bot restarted. ${fileName} was not changed.\nPlease send the file again.`;
  }
  return [
    `🔁 The bot restarted. ${fileName} was updated successfully.`,
    `Revision ${entry.revision}.`,
    ...(entry.backup === null ? [] : [`The version before is kept as ${entry.backup}.`]),
  ].join("\n");
}

function applied(
  fileName: string,
  { entry, replaced, changes }: Extract<Outcome, { kind: "applied" }>,
  author: Author,
  nowMs: number,
): string {
  return [
    `✅ ${fileName} updated successfully!`,
    `Revision ${entry.revision}.`,
    ...(entry.reason === null ? [] : [`Reason: ${entry.reason}`]),
    ...(changes === null ? [] : comparisonLines(changes, changesListedMax)),
    ...(entry.backup === null ? [] : [`The version before is kept as ${entry.backup}.`]),
    ...(replaced === null ? [] : replacedLine(replaced, author, nowMs)),
  ].join("\n");
}

function stale(fileName: string, { live, undone, conflicts }: StaleOutcome, nowMs: number): string {
  return [
    `⚠️ ${fileName} has changed since you took it. Nothing was changed yet.`,
    staleCause(live, nowMs),
    ...(undone === null || undone.length === 0
      ? []
      : [
          "Your file would undo of that:",
          ...keyChangeLines(undone, undone.length, changesListedMax),
        ]),
    ...(conflicts.length === 0 ? [] : conflictLines(conflicts)),
  ].join("\n");
}

function staleCause(live: HistoryEntry | null, nowMs: number): string {
  if (live === null) return "It was changed on disk.";
  const ago = `${durationText(nowMs - Date.parse(live.at))} ago (${timeText(live.at)})`;
  const who = live.author === null ? "It was changed on disk" : `${live.author.name} changed it`;
  return `${who} ${ago}; revision ${live.revision} is live.`;
}

function conflictLines(conflicts: StaleOutcome["conflicts"]): readonly string[] {
  const listed = conflicts
    .slice(0, changesListedMax)
    .map(
      ({ path, base, live, candidate }) => `${path}: was ${base}, is ${live}, yours ${candidate}`,
    );
  const rest = conflicts.length - listed.length;
  return ["Both of you changed:", ...listed, ...(rest === 0 ? [] : [`… and ${rest} more.`])];
}

function checked(fileName: string, changes: Comparison | null): string {
  return [
    `✔️ ${fileName} is valid. Nothing was changed.`,
    ...(changes === null
      ? ["There is no live file to compare it with."]
      : ["Compared with the live file:", ...comparisonLines(changes, changesListedMax)]),
  ].join("\n");
}

/** Says whose work was replaced, unless it was the person's own. */
function replacedLine(replaced: HistoryEntry, author: Author, nowMs: number): readonly string[] {
  const ago = `${durationText(nowMs - Date.parse(replaced.at))} ago`;
  if (replaced.how === "edited") return [`It replaced an edit made on the server ${ago}.`];
  if (replaced.author === null || replaced.author.id === author.id) return [];
  return [`It replaced the version of ${replaced.author.name}, made ${ago}.`];
}

function problemList(fileName: string, problems: readonly Problem[], total: number): string {
  let text = `❌ ${fileName} was not changed: ${count(total, "problem")} found.`;
  let listed = 0;
  for (const problem of problems) {
    const longer = `${text}\n${problemText(problem)}`;
    if (longer.length > textCharsMax) break;
    text = longer;
    listed += 1;
  }
  return listed === total ? text : `${text}\n… and ${total - listed} more.`;
}

function failed(fileName: string, { live, reason }: FailedOutcome): string {
  return live === "old"
    ? `💥 ${fileName} was not changed: ${reason}.\nPlease send the file again once that is solved.`
    : `⚠️ ${fileName} was replaced, but ${reason}.\nThe new version is live. Please tell the operator before anything else is changed.`;
}
