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
import {
  comparisonText,
  keyChangeList,
  restoredText,
  revisionLine,
  sentence,
} from "./change-words.ts";
import { agoWords, problemsFound } from "./numbers.ts";
import { keepLine } from "./keep-words.ts";
import { problemText } from "./problem-words.ts";
import { setBackText } from "./set-back-words.ts";
import { putBackText, restartedMeanwhile, staysText, takenLine } from "./service-words.ts";
import { notSchedulable, scheduledText } from "./schedule-words.ts";
import { troubleLine } from "./trouble-words.ts";
import { clock, code, type Phrase, type Spoken, t, time } from "./line.ts";
import type { Text } from "./text.ts";
import { questionCancelled, checkedValid } from "./decision-words.ts";

/** As promised; the rest is counted. */
const changesListedMax = 10;

/** In place of a stage's text, where that did not come to the message that is edited as the upload goes on. */
export const goesOnBelow: Spoken = {
  en: "⬇️ This goes on in the message below.",
  ru: "⬇️ Продолжение в сообщении ниже.",
};

export const checkingText: Spoken = {
  en: "⏳ Downloading and validating...",
  ru: "⏳ Загружаю и проверяю...",
};

/** @param holder - who else holds the lock at this moment */
export function savingText(holder: Author | undefined): Text {
  return [
    { en: "🔒 Acquiring lock and saving...", ru: "🔒 Жду блокировку и сохраняю..." },
    ...(holder === undefined
      ? []
      : [
          {
            en: t`${holder.name} is saving it right now.`,
            ru: t`Прямо сейчас его сохраняет ${holder.name}.`,
          },
        ]),
  ];
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
      return [
        {
          en: t`👌 ${code(fileName)} is already exactly this file. Nothing changed.`,
          ru: t`👌 ${code(fileName)} уже точно такой. Ничего не изменено.`,
        },
      ];
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
        ? [questionCancelled(fileName)]
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
  ];
}

type AppliedChange = Extract<Outcome, { kind: "applied" }>;

/** For a document that a restart kept from being looked at, where it is not known which config it was for. */
export const leftoverText: Text = [
  {
    en: "🔁 The bot restarted. Nothing was changed.",
    ru: "🔁 Бот перезапустился. Ничего не изменено.",
  },
  { en: "Please send the file again.", ru: "Пришлите файл ещё раз." },
];

function applied(
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
        {
          en: t`❄️ ${code(fileName)} was not changed: ${why.by.name} froze it${untilText(why.until)}.`,
          ru: t`❄️ ${code(fileName)} не изменён: заморожен${untilText(why.until)} (${why.by.name}).`,
        },
        ...reasonLines(why.reason),
      ];
    case "keep_pending":
      return [
        {
          en: t`⏸ ${code(fileName)} was not changed: the change by ${why.by.name} waits for Keep until ${clock(why.until)}.`,
          ru: t`⏸ ${code(fileName)} не изменён: изменение (${why.by.name}) ждёт решения до ${clock(why.until)}.`,
        },
      ];
    case "not_schedulable":
      return notSchedulable(fileName, why);
    default:
      return why satisfies never;
  }
}

function backupLine({ backup }: Revision): readonly Spoken[] {
  return backup === null
    ? []
    : [{ en: t`Backup: ${code(backup)}`, ru: t`Резервная копия: ${code(backup)}` }];
}

function stale(fileName: string, outcome: StaleOutcome, nowMs: number): Text {
  const { undone, conflicts, conflictsTotal } = outcome;
  return [
    {
      en: t`⚠️ ${code(fileName)} has changed since you took it. Nothing was changed yet.`,
      ru: t`⚠️ ${code(fileName)} изменился с тех пор, как вы его взяли. Пока ничего не изменено.`,
    },
    staleCause(outcome, nowMs),
    ...(undone === null ? [] : undoneText(undone)),
    ...(conflicts.length === 0 ? [] : conflictText(conflicts, conflictsTotal)),
  ];
}

function undoneText({ changes, total }: NonNullable<StaleOutcome["undone"]>): Text {
  if (total === 0) {
    return [{ en: "Your file keeps that change.", ru: "Ваш файл это изменение сохраняет." }];
  }
  return [
    { en: "Your file would undo these changes:", ru: "Ваш файл отменил бы эти изменения:" },
    keyChangeList(changes, total, changesListedMax),
  ];
}

function staleCause({ live, changedOnDiskAt }: StaleOutcome, nowMs: number): Spoken {
  const at = live?.at ?? changedOnDiskAt;
  if (at === null) return { en: "It was deleted on disk.", ru: "Его удалили на диске." };
  const since = agoWords(nowMs - Date.parse(at));
  const ago: Phrase = { en: t`${since.en} (${time(at)})`, ru: t`${since.ru} (${time(at)})` };
  if (live === null) {
    return { en: t`It was changed on disk ${ago}.`, ru: t`Его изменили на диске ${ago}.` };
  }
  const { author, revision } = live;
  if (live.how === "reverted" && author === null) {
    return {
      en: t`It went back by itself ${ago}; revision ${revision} is live.`,
      ru: t`Файл вернулся сам ${ago}; действует ревизия ${revision}.`,
    };
  }
  return author === null
    ? {
        en: t`It was changed on disk ${ago}; revision ${revision} is live.`,
        ru: t`Его изменили на диске ${ago}; действует ревизия ${revision}.`,
      }
    : {
        en: t`${author.name} changed it ${ago}; revision ${revision} is live.`,
        ru: t`Изменён ${ago} (${author.name}); действует ревизия ${revision}.`,
      };
}

function conflictText(conflicts: StaleOutcome["conflicts"], total: number): Text {
  const shown = (value: string | null): Phrase =>
    value === null ? { en: "not there", ru: "нет" } : code(value);
  const lines = conflicts.map(({ path, base, live, candidate }): Spoken => {
    const at = code(pathText(path));
    const [was, is, yours] = [shown(base), shown(live), shown(candidate)];
    return {
      en: t`${at}: was ${was}, is ${is}, yours ${yours}`,
      ru: t`${at}: было ${was}, сейчас ${is}, у вас ${yours}`,
    };
  });
  return [
    { en: "Both of you changed:", ru: "Изменили оба:" },
    { lines: lines.slice(0, changesListedMax), total },
  ];
}

function checked(fileName: string, { changes, held }: CheckedOutcome): Text {
  return [
    checkedValid(fileName),
    ...(changes === null
      ? [
          {
            en: "There is no live file to compare it with.",
            ru: "Действующего файла нет, сравнить не с чем.",
          },
        ]
      : [
          { en: "Compared with the live file:", ru: "По сравнению с действующим файлом:" },
          ...comparisonText(changes, changesListedMax),
        ]),
    ...(held === null ? [] : wouldBeHeld(fileName, held)),
  ];
}

function wouldBeHeld(fileName: string, held: NonNullable<CheckedOutcome["held"]>): Text {
  return held.kind === "pending"
    ? heldText(fileName, held)
    : [
        { en: "If it were set now:", ru: "Если поставить его сейчас:" },
        ...blockedText(fileName, held.why),
      ];
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
      ru: t`Заменена версия: ${other.name}, ${ago.ru}.`,
    },
  ];
}

function problemList(fileName: string, problems: readonly Problem[], total: number): Text {
  return [
    {
      en: t`❌ ${code(fileName)} was not changed: ${problemsFound(total)}.`,
      ru: t`❌ ${code(fileName)} не изменён: ${problemsFound(total)}.`,
    },
    { lines: problems.map(problemText), total },
  ];
}

function failed(fileName: string, { live, trouble }: FailedOutcome): Text {
  if (trouble.code === "service_refused") return staysText(fileName, trouble.params);
  const reason = troubleLine(trouble);
  return live === "old"
    ? [
        {
          en: t`💥 ${code(fileName)} was not changed: ${reason}.`,
          ru: t`💥 ${code(fileName)} не изменён: ${reason}.`,
        },
        {
          en: "Please try again once that is solved.",
          ru: "Попробуйте ещё раз, когда это будет исправлено.",
        },
      ]
    : [
        {
          en: t`⚠️ ${code(fileName)} was replaced, but ${reason}.`,
          ru: t`⚠️ ${code(fileName)} заменён, но ${reason}.`,
        },
        {
          en: "The new version is live. Please tell the operator before anything else is changed.",
          ru: "Действует новая версия. Сообщите оператору, прежде чем менять что-то ещё.",
        },
      ];
}
