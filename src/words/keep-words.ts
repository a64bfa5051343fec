// What is said of a change that goes back by itself unless somebody keeps it. The lines that name Keep are promised; change none of them.
import type { Comparison } from "../model/comparison.ts";
import type { Config } from "../model/config.ts";
import type { KeepNote } from "../model/outcome.ts";
import type { Author, Revision } from "../model/revision.ts";
import type { Trouble } from "../model/trouble.ts";
import { comparisonText } from "./change-words.ts";
import { clockText } from "./numbers.ts";
import type { Text } from "./text.ts";
import { troubleText } from "./trouble-words.ts";

const changesListedMax = 10;

/** Under the change, as long as it waits. */
export function keepLine({ backTo, until }: KeepNote): string {
  return `It goes back to revision ${backTo} at ${clockText(until)} unless somebody presses Keep.`;
}

/** Instead of {@link keepLine} once it was decided. */
export function keptLine(by: Author): string {
  return `Kept by ${by.name}.`;
}

export function wentBackLine({ backTo }: KeepNote, by: Author | null): string {
  return `It went back to revision ${backTo}: ${whyBack(by)}.`;
}

export const movedLine = "It was changed on the server meanwhile, so nothing goes back by itself.";

/** For all who may read the config. */
export function wentBack(
  fileName: string,
  { backTo }: KeepNote,
  { revision, author }: Revision,
  changes: Comparison | null,
): Text {
  return [
    `↩️ ${fileName} went back to revision ${backTo}: ${whyBack(author)}.`,
    `Revision ${revision}.`,
    ...(changes === null ? [] : comparisonText(changes, changesListedMax)),
  ];
}

function whyBack(by: Author | null): string {
  return by === null ? "nobody pressed Keep" : `${by.name} took it back`;
}

/** For all who may read the config. @param revision - the change that waited */
export function changedMeanwhile(fileName: string, revision: number): string {
  return `⚠️ ${fileName} was changed on the server while revision ${revision} waited for Keep. Nothing was reverted.`;
}

/** For all who may write the config. @param revision - the change that is still live */
export function cannotGoBack(
  fileName: string,
  { backTo }: KeepNote,
  revision: number,
  trouble: Trouble,
): string {
  return [
    `⚠️ ${fileName} could not go back to revision ${backTo}: ${troubleText(trouble)}.`,
    `Revision ${revision} is still live. I keep trying, and will say when it is done. Please tell the operator.`,
  ].join("\n");
}

/** For whoever pressed a button, which did nothing. */
export function pressFailed(fileName: string, trouble: Trouble): string {
  return `💥 That could not be done: ${troubleText(trouble)}. ${fileName} still waits for Keep.`;
}

export const noMoreTime = "It cannot be given more time.";

/** The command line, where no bot runs. */
export function keepNeedsBot({ fileName }: Config): string {
  return `${fileName} goes back by itself unless somebody presses Keep (\`keep\` in airlock.yml), and no bot is running to ask for that: start the bot first. Nothing was changed`;
}
