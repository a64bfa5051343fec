// A change that was made, in words: at once, or after a restart that came between. The first lines are promised; change none of them.
import type { Outcome } from "../model/outcome.ts";
import type { Revision, Author } from "../model/revision.ts";
import type { ServiceEnd } from "../model/service-proof.ts";
import { comparisonText } from "./change-words.ts";
import { reasonLines } from "./freeze-words.ts";
import { revisionLine, restoredText } from "./history-words.ts";
import { keepLine } from "./keep-words.ts";
import { t, code, sentence, type Spoken } from "./line.ts";
import { agoWords } from "./numbers.ts";
import { approvedBy } from "./proposal-words.ts";
import { putBackText, staysText, restartedMeanwhile, takenLine } from "./service-words.ts";
import { setBackText } from "./set-back-words.ts";
import type { Text } from "./text.ts";

type AppliedChange = Extract<Outcome, { kind: "applied" }>;

/** For whoever made it. */
export function appliedText(
  fileName: string,
  { entry, replaced, changes, restored, merged, setBack, keep, service }: AppliedChange,
  author: Author,
  nowMs: number,
): Text {
  const restoring = restoredText(undefined, entry.how, restored);
  return [
    {
      en: t`✅ ${code(fileName)} updated successfully!`,
      ru: t`✅ ${code(fileName)} обновлён!`,
    },
    revisionLine(entry.revision),
    ...(restoring === undefined ? [] : [sentence(restoring)]),
    ...reasonLines(entry.reason),
    ...(entry.approved_by === undefined ? [] : [approvedBy(entry.approved_by)]),
    ...(changes === null ? [] : comparisonText(changes)),
    ...(replaced === null ? [] : replacedLine(replaced, merged, author, nowMs)),
    ...(setBack === null ? [] : setBackText(setBack)),
    ...backupLine(entry),
    ...(service === null ? [] : [takenLine(service)]),
    ...(keep === null ? [] : [keepLine(keep)]),
  ];
}

/**
 * For an upload that a stop or a crash interrupted.
 * @param entry - the line of history that it made, if it made one
 * @param end - how its service took it; undefined where it had not to
 * @param back - the revision that took it back since, if one did
 */
export function interruptedText(
  fileName: string,
  entry: Revision | undefined,
  {
    setBack,
    keep,
    end,
    back,
  }: Pick<AppliedChange, "setBack" | "keep"> & {
    readonly end: ServiceEnd | undefined;
    readonly back: Revision | undefined;
  } = {
    setBack: null,
    keep: null,
    end: undefined,
    back: undefined,
  },
): Text {
  if (entry === undefined) {
    return [
      {
        en: t`🔁 The bot restarted. ${code(fileName)} was not changed.`,
        ru: t`🔁 Бот перезапустился. ${code(fileName)} не изменён.`,
      },
      { en: "Please try again.", ru: "Попробуйте ещё раз." },
    ];
  }
  if (end !== undefined && end.kind !== "taken") {
    const text =
      end.kind === "put_back" ? putBackText(fileName, { end }) : staysText(fileName, end);
    return [...text, restartedMeanwhile];
  }
  return [
    {
      en: t`🔁 The bot restarted. ${code(fileName)} was updated successfully.`,
      ru: t`🔁 Бот перезапустился. ${code(fileName)} обновлён.`,
    },
    revisionLine(entry.revision),
    ...(setBack === null ? [] : setBackText(setBack)),
    ...backupLine(entry),
    ...(end === undefined ? [] : [takenLine(end.as)]),
    ...(keep === null ? [] : [keepLine(keep)]),
    ...(back === undefined ? [] : [goneBackLine(back)]),
  ];
}

/** Of a change that was taken back before anybody was told of it. @param back - the revision that took it back */
export function goneBackLine({ revision, reverts }: Revision): Spoken {
  const backTo = (reverts ?? revision) - 1;
  return {
    en: t`It has gone back to revision ${backTo} since: revision ${revision}.`,
    ru: t`С тех пор файл вернулся к ревизии ${backTo}: это ревизия ${revision}.`,
  };
}

/** For a document that a restart kept from being looked at, where it is not known which config it was for. */
export const leftoverText: Text = [
  {
    en: "🔁 The bot restarted. Nothing was changed.",
    ru: "🔁 Бот перезапустился. Ничего не изменено.",
  },
  { en: "Please send the file again.", ru: "Пришлите файл ещё раз." },
];

function backupLine({ backup }: Revision): readonly Spoken[] {
  return backup === null
    ? []
    : [{ en: t`Backup: ${code(backup)}`, ru: t`Резервная копия: ${code(backup)}` }];
}

/** Says whose work was replaced, unless it was the person's own, or whose it was merged with. */
function replacedLine(
  replaced: Revision,
  merged: boolean,
  author: Author,
  nowMs: number,
): readonly Spoken[] {
  const { revision, at, how, author: other } = replaced;
  const ago = agoWords(nowMs - Date.parse(at));
  if (how === "edited") {
    return [
      merged
        ? {
            en: t`Merged with an edit made on the server ${ago.en}.`,
            ru: t`Объединено с правкой, сделанной на сервере ${ago.ru}.`,
          }
        : {
            en: t`This replaced an edit made on the server ${ago.en}.`,
            ru: t`Заменена правка, сделанная на сервере ${ago.ru}.`,
          },
    ];
  }
  const isOthers = other !== null && other.id !== author.id;
  if (merged) {
    return [
      !isOthers
        ? { en: t`Merged with revision ${revision}.`, ru: t`Объединено с ревизией ${revision}.` }
        : {
            en: t`Merged with ${other.name}'s revision ${revision}.`,
            ru: t`Объединено с ревизией ${revision} (${other.name}).`,
          },
    ];
  }
  if (!isOthers) return [];
  return [
    {
      en: t`This replaced ${other.name}'s version from ${ago.en}.`,
      ru: t`Заменена чужая версия (${other.name}, ${ago.ru}).`,
    },
  ];
}
