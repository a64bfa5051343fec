// Buttons, and what becomes of what waits for one: for whoever decides, and where nobody did.
import type { GivenUpBecause } from "../model/outcome.ts";
import { code, type Line, type Spoken, t } from "./line.ts";
import type { Text } from "./text.ts";
import { keptCurrent } from "./rollback-words.ts";

/** What a button says. Each is one object, by which its style is known. */
export const buttonLabels = {
  showChanges: { en: "Show changes", ru: "Показать изменения" },
  undo: { en: "Undo", ru: "Отменить" },
  setIt: { en: "Set it", ru: "Применить" },
  apply: { en: "Apply", ru: "Применить" },
  applyAnyway: { en: "Apply anyway", ru: "Всё равно применить" },
  discard: { en: "Discard", ru: "Не применять" },
  approve: { en: "Approve", ru: "Одобрить" },
  reject: { en: "Reject", ru: "Отклонить" },
  withdraw: { en: "Withdraw", ru: "Отозвать" },
  mergeBoth: { en: "Merge both", ru: "Объединить" },
  applyMerge: { en: "Apply merge", ru: "Применить объединение" },
  rollBack: { en: "Roll back", ru: "Откатить" },
  rollBackAnyway: { en: "Roll back anyway", ru: "Всё равно откатить" },
  keepCurrent: { en: "Keep current", ru: "Оставить как есть" },
  keep: { en: "Keep", ru: "Оставить" },
  revertNow: { en: "Revert now", ru: "Вернуть сейчас" },
  moreTime: { en: "10 more minutes", ru: "Ещё 10 минут" },
  putBack: { en: "Put back", ru: "Вернуть как было" },
  newer: { en: "Newer", ru: "Позже" },
  older: { en: "Older", ru: "Раньше" },
  chart: { en: "Chart", ru: "График" },
} as const satisfies Readonly<Record<string, Spoken>>;

export const buttonOutOfDate: Line = {
  en: "This button is out of date.",
  ru: "Эта кнопка устарела.",
};
export const onlySenderMayChoose: Line = {
  en: "Only the person who asked for this can choose.",
  ru: "Выбирать может только тот, кто это начал.",
};

export const nothingToCancel: Line = {
  en: "There is nothing to cancel.",
  ru: "Отменять нечего.",
};

export function questionCancelled(fileName: string): Line {
  return {
    en: t`🚫 Cancelled. ${code(fileName)} was not changed.`,
    ru: t`🚫 Отменено. ${code(fileName)} не изменён.`,
  };
}

function whyGivenUp(because: GivenUpBecause, waitingMax: number): Spoken {
  return because === "too_many"
    ? {
        en: t`${waitingMax} newer ones are waiting for your decision, and no more are kept.`,
        ru: t`Вашего решения уже ждут более новые запросы (${waitingMax}), больше не хранится.`,
      }
    : { en: "Nobody decided within a day.", ru: "За сутки решения не было." };
}

/** @param end - what became of it */
function fileGivenUp(end: Line, because: GivenUpBecause, waitingMax: number): Text {
  const why = whyGivenUp(because, waitingMax);
  return [
    end,
    {
      en: t`${why} Send the file again if you still want it.`,
      ru: t`${why} Если изменение ещё нужно, пришлите файл ещё раз.`,
    },
  ];
}

/** For a file that was stale, or a merge. */
export function uploadGivenUp(fileName: string, because: GivenUpBecause, waitingMax: number): Text {
  return fileGivenUp(questionCancelled(fileName), because, waitingMax);
}

export function rollbackGivenUp(
  fileName: string,
  because: GivenUpBecause,
  waitingMax: number,
): Text {
  return [keptCurrent(fileName), whyGivenUp(because, waitingMax)];
}

/** For one value that was to be changed. */
export function valueGivenUp(fileName: string, because: GivenUpBecause, waitingMax: number): Text {
  return [questionCancelled(fileName), whyGivenUp(because, waitingMax)];
}

/** For a document whose config was asked for. */
export function choiceGivenUp(because: GivenUpBecause, waitingMax: number): Text {
  const end = {
    en: "🚫 Cancelled. Nothing was changed.",
    ru: "🚫 Отменено. Ничего не изменено.",
  };
  return fileGivenUp(end, because, waitingMax);
}

/** The first line of what a check says, where there is nothing to mend. */
export function checkedValid(fileName: string): Line {
  return {
    en: t`✔️ ${code(fileName)} is valid. Nothing was changed.`,
    ru: t`✔️ ${code(fileName)} в порядке. Ничего не изменено.`,
  };
}

/** For a document that was checked and may be set. */
export function checkGivenUp(fileName: string, because: GivenUpBecause, waitingMax: number): Text {
  return fileGivenUp(checkedValid(fileName), because, waitingMax);
}

export function tooLateToCancel(fileName: string): Line {
  return {
    en: t`${code(fileName)} is already being saved, and that cannot be stopped. Its message will show the result.`,
    ru: t`${code(fileName)} уже сохраняется, остановить это нельзя. Результат появится в сообщении о нём.`,
  };
}
