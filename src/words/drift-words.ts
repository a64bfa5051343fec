// What is said of an edit that somebody made on the server. The first line is promised; change it not.
import type { DriftEvent } from "../model/drift-event.ts";
import type { Revision } from "../model/revision.ts";
import type { Trouble } from "../model/trouble.ts";
import { comparisonText } from "./change-words.ts";
import { count } from "./numbers.ts";
import { problemText } from "./problem-words.ts";
import type { Text } from "./text.ts";
import { troubleText } from "./trouble-words.ts";

const changesListedMax = 10;
const problemsListedMax = 10;

type Noticed = Extract<DriftEvent, { readonly kind: "noticed" }>;

/** For all who may write the config. */
export function driftNoticed(event: Noticed): Text {
  const { config, changes, problems, problemsTotal } = event;
  return [
    `✏️ ${config.fileName} was changed on the server.`,
    ...(problemsTotal === 0
      ? []
      : [
          `It is not valid now: ${count(problemsTotal, "problem")} found.`,
          { lines: problems.slice(0, problemsListedMax).map(problemText), total: problemsTotal },
        ]),
    ...(changes === null ? [] : comparisonText(changes, changesListedMax)),
    driftLine(event.drift),
  ];
}

/** Asks; gives way to {@link driftEndLine}. */
export function driftLine({ sha256, before }: Noticed["drift"]): string {
  if (before === null) return "There was no such file before. Keep makes it revision 1.";
  const { revision } = before;
  return sha256 === null
    ? `The file is gone. Put back restores revision ${revision}.`
    : `Keep makes the edit a revision, Put back restores revision ${revision}. Until then it stays as it is.`;
}

/** Instead of {@link driftLine} once somebody decided, or there is nothing left to decide. */
export function driftEndLine(event: Exclude<DriftEvent, Noticed>): string {
  switch (event.kind) {
    case "kept":
      return `Kept by ${event.by.name}: it is revision ${event.entry.revision} now.`;
    case "put_back":
      return `Put back by ${event.by.name}: revision ${event.entry.revision}.`;
    case "replaced":
      return `Replaced since by revision ${event.entry.revision}${byWhom(event.entry)}.`;
    case "edited_again":
      return "It was changed on the server again since.";
    case "gone":
      return "The edit was taken back on the server.";
    default:
      return event satisfies never;
  }
}

function byWhom({ author }: Revision): string {
  return author === null ? "" : ` (${author.name})`;
}

/** For whoever pressed a button of an edit that is no longer what is live. */
export function driftMoved(fileName: string): string {
  return `${fileName} was changed on the server again. Nothing was done; I will show you the new edit in a moment.`;
}

/** For whoever pressed Keep, which did nothing. */
export function driftNotKept(fileName: string, trouble: Trouble): string {
  return `💥 The edit of ${fileName} could not be recorded: ${troubleText(trouble)}. The file stays as it is on the server.`;
}
