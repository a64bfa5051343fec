// What is said of an edit that somebody made on the server. The first line is promised; change it not.
import type { DriftEvent } from "../model/drift-event.ts";
import type { Revision } from "../model/revision.ts";
import type { Trouble } from "../model/trouble.ts";
import { comparisonText } from "./change-words.ts";
import { code, type Phrase, type Spoken, t } from "./line.ts";
import { problemText } from "./problem-words.ts";
import type { Text } from "./text.ts";
import { troubleLine } from "./trouble-words.ts";
import { problemsFound } from "./numbers.ts";

const problemsListedMax = 10;

type Noticed = Extract<DriftEvent, { readonly kind: "noticed" }>;

/** For all who may write the config. */
export function driftNoticed(event: Noticed): Text {
  const { config, changes, problems, problemsTotal } = event;
  return [
    {
      en: t`✏️ ${code(config.fileName)} was changed on the server.`,
      ru: t`✏️ ${code(config.fileName)} изменили на сервере.`,
    },
    ...(problemsTotal === 0
      ? []
      : [
          {
            en: t`It is not valid now: ${problemsFound(problemsTotal)}.`,
            ru: t`Сейчас он не проходит проверку: ${problemsFound(problemsTotal)}.`,
          },
          { lines: problems.slice(0, problemsListedMax).map(problemText), total: problemsTotal },
        ]),
    ...(changes === null ? [] : comparisonText(changes)),
    driftLine(event.drift),
  ];
}

/** Asks; gives way to {@link driftEndLine}. */
export function driftLine({ sha256, before }: Noticed["drift"]): Spoken {
  if (before === null) {
    return {
      en: "There was no such file before. Keep makes it revision 1.",
      ru: "Раньше такого файла не было. «Оставить» сделает его ревизией 1.",
    };
  }
  const { revision } = before;
  return sha256 === null
    ? {
        en: t`The file is gone. Put back restores revision ${revision}.`,
        ru: t`Файла больше нет. «Вернуть как было» восстановит ревизию ${revision}.`,
      }
    : {
        en: t`Keep makes the edit a revision, Put back restores revision ${revision}. Until somebody decides, the file stays as it is.`,
        ru: t`«Оставить» сделает правку ревизией, «Вернуть как было» восстановит ревизию ${revision}. Пока всё остаётся как есть.`,
      };
}

/** Instead of {@link driftLine} once somebody decided, or there is nothing left to decide. */
export function driftEndLine(event: Exclude<DriftEvent, Noticed>): Spoken {
  switch (event.kind) {
    case "kept":
      return {
        en: t`Kept by ${event.by.name}: it is revision ${event.entry.revision} now.`,
        ru: t`Оставлено: ${event.by.name}. Теперь это ревизия ${event.entry.revision}.`,
      };
    case "put_back":
      return {
        en: t`Put back by ${event.by.name}: revision ${event.entry.revision}.`,
        ru: t`Возвращено: ${event.by.name}. Ревизия ${event.entry.revision}.`,
      };
    case "replaced":
      return {
        en: t`Since replaced by revision ${event.entry.revision}${byWhom(event.entry)}.`,
        ru: t`С тех пор заменено ревизией ${event.entry.revision}${byWhom(event.entry)}.`,
      };
    case "edited_again":
      return {
        en: "It has been changed on the server again since.",
        ru: "С тех пор файл на сервере изменили ещё раз.",
      };
    case "gone":
      return {
        en: "The edit was undone on the server.",
        ru: "Эту правку на сервере отменили.",
      };
    default:
      return event satisfies never;
  }
}

function byWhom({ author }: Revision): Phrase {
  return author === null ? "" : ` (${author.name})`;
}

/** For whoever pressed a button of an edit that is no longer what is live. */
export function driftMoved(fileName: string): Spoken {
  return {
    en: t`${code(fileName)} was changed on the server again. Nothing was done; I will show you the new edit in a moment.`,
    ru: t`${code(fileName)} снова изменили на сервере. Ничего не сделано; сейчас покажу новую правку.`,
  };
}

/** For whoever pressed Keep, which did nothing. */
export function driftNotKept(fileName: string, trouble: Trouble): Spoken {
  const why = troubleLine(trouble);
  return {
    en: t`💥 The edit of ${code(fileName)} could not be recorded: ${why}. The file stays as it is on the server.`,
    ru: t`💥 Не удалось сделать правку ${code(fileName)} ревизией: ${why}. Файл на сервере остаётся как есть.`,
  };
}
