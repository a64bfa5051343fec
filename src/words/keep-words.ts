// What is said of a change that goes back by itself unless somebody keeps it. The lines that name Keep are promised; change none of them.
import type { Comparison } from "../model/comparison.ts";
import type { Config } from "../model/config.ts";
import type { GuardDoubt, GuardFailure } from "../model/guard.ts";
import type { KeepNote } from "../model/outcome.ts";
import type { Author, Revision } from "../model/revision.ts";
import type { Trouble } from "../model/trouble.ts";
import { comparisonText } from "./change-words.ts";
import { revisionLine } from "./history-words.ts";
import { guardDoubtLines, guardFailureLine } from "./guard-words.ts";
import { clock, code, type Spoken, t } from "./line.ts";
import type { Text } from "./text.ts";
import { troubleLine } from "./trouble-words.ts";

/** Under the change, as long as it waits. */
export function keepLine({ backTo, until }: KeepNote): Spoken {
  return {
    en: t`It goes back to revision ${backTo} at ${clock(until)} unless somebody presses Keep.`,
    ru: t`В ${clock(until)} файл вернётся к ревизии ${backTo}, если никто не нажмёт «Оставить».`,
  };
}

/** Under the change, for those who have no buttons: their message is not brought up to date, so it names no time. */
export function keepLineForReaders({ backTo }: KeepNote): Spoken {
  return {
    en: t`It goes back to revision ${backTo} unless somebody keeps it; /pending shows whether it is still waiting.`,
    ru: t`Если изменение не оставят, файл вернётся к ревизии ${backTo}. Ждёт ли оно ещё, показывает /pending`,
  };
}

/** Instead of {@link keepLine} once it was decided. */
export function keptLine(by: Author): Spoken {
  return { en: t`Kept by ${by.name}.`, ru: t`Оставлено: ${by.name}.` };
}

export function wentBackLine(
  { backTo }: KeepNote,
  by: Author | null,
  failure: GuardFailure | null,
): Spoken {
  const why = whyBack(by, failure);
  return {
    en: t`It went back to revision ${backTo}: ${why}.`,
    ru: t`Файл вернулся к ревизии ${backTo}: ${why}.`,
  };
}

export const movedLine: Spoken = {
  en: "It was changed on the server in the meantime, so nothing goes back by itself.",
  ru: "Тем временем файл изменили на сервере, поэтому само ничего не вернётся.",
};

/** For all who may read the config. */
export function wentBack(
  fileName: string,
  { backTo }: KeepNote,
  { revision, author }: Revision,
  changes: Comparison | null,
  failure: GuardFailure | null,
): Text {
  return [
    {
      en: t`↩️ ${code(fileName)} went back to revision ${backTo}: ${whyBack(author, failure)}.`,
      ru: t`↩️ ${code(fileName)} вернулся к ревизии ${backTo}: ${whyBack(author, failure)}.`,
    },
    revisionLine(revision),
    ...(failure === null ? [] : [guardFailureLine(failure)]),
    ...(changes === null ? [] : comparisonText(changes)),
  ];
}

function whyBack(by: Author | null, failure: GuardFailure | null): Spoken {
  if (by !== null)
    return { en: t`${by.name} took it back`, ru: t`изменение отменено (${by.name})` };
  return failure === null
    ? { en: "nobody pressed Keep", ru: "никто не нажал «Оставить»" }
    : { en: "the guard failed", ru: "проверка по метрикам не прошла" };
}

/**
 * For all who may read the config.
 * @param revision - the change that waited
 * @param failure - where it was to go back because its guard failed
 */
export function changedMeanwhile(
  fileName: string,
  revision: number,
  failure: GuardFailure | null = null,
): readonly Spoken[] {
  if (failure === null) {
    return [
      {
        en: t`⚠️ ${code(fileName)} was changed on the server while revision ${revision} waited for Keep. Nothing was reverted.`,
        ru: t`⚠️ ${code(fileName)} изменили на сервере, пока ревизия ${revision} ждала решения. Ничего не возвращено.`,
      },
    ];
  }
  return [
    {
      en: t`⚠️ The guard of ${code(fileName)} failed, but the file was changed on the server since revision ${revision}. Nothing was reverted.`,
      ru: t`⚠️ Проверка ${code(fileName)} по метрикам не прошла, но после ревизии ${revision} файл изменили на сервере. Ничего не возвращено.`,
    },
    guardFailureLine(failure),
  ];
}

/** For all who may write the config: its guard could not tell. */
export function keepAsked(
  fileName: string,
  revision: number,
  doubt: GuardDoubt,
  note: KeepNote,
): Text {
  return [...guardDoubtLines(fileName, revision, doubt), keepLine(note)];
}

/** For all who may write the config. @param revision - the change that is still live */
export function cannotGoBack(
  fileName: string,
  { backTo }: KeepNote,
  revision: number,
  trouble: Trouble,
): Text {
  const why = troubleLine(trouble);
  return [
    {
      en: t`⚠️ ${code(fileName)} could not go back to revision ${backTo}: ${why}.`,
      ru: t`⚠️ ${code(fileName)} не удалось вернуть к ревизии ${backTo}: ${why}.`,
    },
    {
      en: t`Revision ${revision} is still live. I keep trying, and will say when it is done. Please tell the operator.`,
      ru: t`Действует всё ещё ревизия ${revision}. Продолжаю пробовать и скажу, когда получится. Сообщите администратору бота.`,
    },
  ];
}

/** For whoever pressed a button, which did nothing. */
export function pressFailed(fileName: string, trouble: Trouble): Spoken {
  const why = troubleLine(trouble);
  return {
    en: t`💥 That could not be done: ${why}. ${code(fileName)} is still waiting for Keep.`,
    ru: t`💥 Не получилось: ${why}. ${code(fileName)} всё ещё ждёт решения.`,
  };
}

export const noMoreTime: Spoken = {
  en: "The deadline cannot be put off again.",
  ru: "Ещё раз продлить нельзя.",
};

/** The command line, where no bot runs. */
export function keepNeedsBot({ fileName }: Config): string {
  return `${fileName} goes back by itself unless somebody presses Keep (\`keep\` in airlock.yml), and no bot is running to ask for that: start the bot first. Nothing was changed`;
}
