// What changed between two versions, in words: the same in successes, previews, diffs and notices.
import type { ChangeSummary, Comparison, KeyChange } from "../model/comparison.ts";
import type { Config } from "../model/config.ts";
import type { Author, Revision } from "../model/revision.ts";
import type { Problem } from "../model/problem.ts";
import { count, namesText, timeText } from "./numbers.ts";
import { keyChangeText, shortKeyChangeText } from "./key-change-words.ts";
import { problemText } from "./problem-words.ts";
import { beginningOf, type Line, t } from "./line.ts";
import type { List, Text } from "./text.ts";

const problemsShownMax = 10;

/** @param linesMax - the rest is counted in one more line */
export function comparisonText(comparison: Comparison, linesMax: number): Text {
  switch (comparison.kind) {
    case "same":
      return ["Nothing changed."];
    case "formatting":
      return [
        comparison.reordered
          ? "Only the order of keys, comments or formatting changed."
          : "Only comments and formatting changed.",
      ];
    case "keys":
      return [keyChangeList(comparison.changes, comparison.total, linesMax)];
    case "text":
      return ["It cannot be compared by key, because one of the two is not valid YAML."];
    default:
      return comparison satisfies never;
  }
}

/** @param total - how many there are, of which `changes` are the first */
export function keyChangeList(
  changes: readonly KeyChange[],
  total: number,
  linesMax: number,
): List {
  return { lines: changes.slice(0, linesMax).map(keyChangeText), total };
}

/** @param changedOnDiskAt - when the live file was changed on disk, where history does not know it yet */
export function diffTitle(
  fileName: string,
  entry: Revision,
  changedOnDiskAt: string | undefined,
): string {
  const onDisk =
    changedOnDiskAt === undefined ? "" : `, changed on disk ${timeText(changedOnDiskAt)}`;
  return `From revision ${entry.revision} (${whoText(entry)}, ${timeText(entry.at)}) to the live ${fileName}${onDisk}:`;
}

export function changeTitle(fileName: string, entry: Revision): string {
  return `Revision ${entry.revision} of ${fileName}, ${whoText(entry)}, ${timeText(entry.at)}, changed:`;
}

export function parkedTitle(fileName: string): string {
  return `Compared with the live ${fileName}, your file changes:`;
}

export const asDocument = "The full list is attached.";

export const asTwoDocuments = "That is too much to list, so both versions come as files.";

export function mergeOffer(fileName: string, changes: Text): Text {
  return [
    `Both edits of ${fileName} fit together. Nothing was changed yet.`,
    "Compared with the live file, the merge changes:",
    ...changes,
  ];
}

export function rollbackPreview(
  fileName: string,
  entry: Revision,
  changes: Text,
  problems: readonly Problem[],
): Text {
  const shown = problems.slice(0, problemsShownMax).map(problemText);
  return [
    `Roll ${fileName} back to revision ${entry.revision} (${whoText(entry)}, ${timeText(entry.at)})? Nothing was changed yet.`,
    "This would change:",
    ...changes,
    ...(problems.length === 0
      ? []
      : ["Today's rules refuse that version:", { lines: shown, total: problems.length }]),
  ];
}

export const madeAnew = "The file is missing now, and would be created again.";

export function alreadyLive(fileName: string, revision: number): string {
  return `Revision ${revision} of ${fileName} is what is live. Nothing to change.`;
}

export function keptCurrent(fileName: string): string {
  return `${fileName} stays as it is.`;
}

export function noSuchRevision(
  { id, fileName }: Config,
  last: Revision | undefined,
  wanted: number,
): string {
  if (last?.revision === 1 && wanted === 0) return `${fileName} has no revision before this one.`;
  return last === undefined
    ? `${fileName} has no revisions yet.`
    : `${fileName} has no such revision. Its revisions are 1 to ${last.revision}; /history_${id} lists them.`;
}

export function revisionPruned({ id, fileName }: Config, revision: number): string {
  return `Revision ${revision} of ${fileName} is known, but its backup is no longer kept. /history_${id} marks which are.`;
}

export function changedSince(fileName: string, last: Revision | undefined): string {
  const who =
    last?.author === null || last === undefined ? "Somebody on the server" : last.author.name;
  return `${who} has changed ${fileName} since. Nothing was undone.`;
}

export function notice(author: Author, fileName: string, details: Text): Text {
  return [`🔔 ${author.name} changed ${fileName}`, ...details];
}

/** For somebody for whom too many notices have piled up. */
export function noticesLeftOut(changes: number): string {
  const are = count(changes, "earlier change is", "earlier changes are");
  return `🔔 ${are} not listed here; /history_… has ${changes === 1 ? "it" : "them"}.`;
}

export const muted = "Muted: no notices of other admins' changes. /unmute to get them again.";
export const unmuted = "Unmuted: you get notices of other admins' changes.";

export interface HistoryLine {
  readonly entry: Revision;
  /** See {@link restoredText}. */
  readonly restored: number | null;
  readonly kept: boolean;
  readonly change: ChangeSummary | null;
}

/**
 * @param changedOnDiskAt - when the live file was changed on disk, where history does not know it yet
 * @param service - what is known of its service, where that says something of what is live
 * @param changeCharsMax - of what a revision changed
 */
export function historyText(
  fileName: string,
  lines: readonly HistoryLine[],
  changedOnDiskAt: string | undefined,
  service: string | undefined,
  changeCharsMax: number,
): Text {
  return [
    `History of ${fileName}, newest first:`,
    ...(changedOnDiskAt === undefined
      ? []
      : [`not numbered yet: ${timeText(changedOnDiskAt)}, changed on disk`]),
    ...(service === undefined ? [] : [service]),
    ...lines.flatMap((line) => [
      historyLine(line),
      ...(line.change === null ? [] : [summaryLine(line.change, changeCharsMax)]),
    ]),
  ];
}

/**
 * `Anna undid revision 8`, `Anna went back to revision 2`; undefined for other changes.
 * @param restored - the revision that was undone, or gone back to; null where that is not known
 */
export function restoredText(
  who: string,
  how: Revision["how"],
  restored: number | null,
): string | undefined {
  if (how === "undo")
    return `${who} undid ${restored === null ? "a change" : `revision ${restored}`}`;
  if (how !== "rollback") return undefined;
  return `${who} went back to ${restored === null ? "an older revision" : `revision ${restored}`}`;
}

const howTexts: Readonly<Record<Revision["how"], string>> = {
  upload: "uploaded",
  rollback: "rolled back",
  undo: "undone",
  found: "found at the first start",
  edited: "changed on disk",
  value: "one value set",
  scheduled: "scheduled",
  reverted: "went back by itself",
};

function historyLine({
  entry: { revision, at, how, author, reason, approved_by: approvers },
  restored,
  kept,
}: HistoryLine): string {
  const who =
    author === null
      ? howTexts[how]
      : (restoredText(author.name, how, restored) ?? `${howTexts[how]} by ${author.name}`);
  const why = reason === null ? "" : `, ${reason}`;
  const approved = approvers === undefined ? "" : `, approved by ${namesText(approvers)}`;
  return `${revision}: ${timeText(at)}, ${who}${approved}${why}${kept ? "" : " (backup no longer kept)"}`;
}

/** `  maker_percent: 0.08 → 0.09, and 3 more`. */
function summaryLine(change: ChangeSummary, charsMax: number): Line {
  if (change.kind === "formatting") {
    return change.reordered
      ? {
          en: "  only the order of keys, comments or formatting",
          ru: "  только порядок ключей, комментарии или оформление",
        }
      : { en: "  only comments and formatting", ru: "  только комментарии и оформление" };
  }
  const first = beginningOf(shortKeyChangeText(change.first), charsMax);
  const rest = change.total - 1;
  if (rest === 0) return { en: t`  ${first}`, ru: t`  ${first}` };
  return { en: t`  ${first}, and ${rest} more`, ru: t`  ${first} и ещё ${rest}` };
}

/** Who made a version, for the end of a line. */
export function whoText({ how, author }: Revision): string {
  if (author !== null) return `by ${author.name}`;
  return how === "found" ? "found at the first start" : "changed on disk";
}
