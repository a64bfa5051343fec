// How an upload goes, and how it ended, in words. The first lines are promised; change none of them.
import type { Author } from "../model/revision.ts";
import { heldText, pendingText } from "./proposal-words.ts";
import type { BlockedOutcome, CheckedOutcome, FailedOutcome, Outcome } from "../model/outcome.ts";
import type { Problem } from "../model/problem.ts";
import { reasonLines, untilText } from "./freeze-words.ts";
import { comparisonText } from "./change-words.ts";
import { problemsFound } from "./numbers.ts";
import { problemText } from "./problem-words.ts";
import { putBackText, staysText } from "./service-words.ts";
import { notSchedulable, scheduledText } from "./schedule-words.ts";
import { troubleLine } from "./trouble-words.ts";
import { clock, code, type Spoken, t } from "./line.ts";
import type { Text } from "./text.ts";
import { questionCancelled, checkedValid } from "./decision-words.ts";
import { staleText } from "./stale-words.ts";
import { appliedText, interruptedText } from "./applied-words.ts";

/** In place of a stage's text, where that did not come to the message that is edited as the upload goes on. */
export const goesOnBelow: Spoken = {
  en: "⬇️ This continues in the message below.",
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
      return appliedText(fileName, outcome, author, nowMs);
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
      return staleText(fileName, outcome, nowMs);
    case "checked":
      return checked(fileName, outcome);
    default:
      return outcome satisfies never;
  }
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
          ...comparisonText(changes),
        ]),
    ...(held === null ? [] : wouldBeHeld(fileName, held)),
  ];
}

function wouldBeHeld(fileName: string, held: NonNullable<CheckedOutcome["held"]>): Text {
  return held.kind === "pending"
    ? heldText(fileName, held)
    : [
        { en: "If you set it now:", ru: "Если применить его сейчас:" },
        ...blockedText(fileName, held.why),
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
          en: "Please try again once that is fixed.",
          ru: "Когда это исправят, попробуйте ещё раз.",
        },
      ]
    : [
        {
          en: t`⚠️ ${code(fileName)} was replaced, but ${reason}.`,
          ru: t`⚠️ ${code(fileName)} заменён, но ${reason}.`,
        },
        {
          en: "The new version is live. Please tell the operator before anything else is changed.",
          ru: "Действует новая версия. Сообщите администратору бота, прежде чем менять что-то ещё.",
        },
      ];
}
