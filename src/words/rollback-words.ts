// What is said where somebody goes back to an older revision, or asks for one that is not there.
import type { Comparison } from "../model/comparison.ts";
import type { Config } from "../model/config.ts";
import type { Problem } from "../model/problem.ts";
import type { Revision } from "../model/revision.ts";
import { noRevisionsYet, revisionPhrase } from "./history-words.ts";
import { comparisonText, offeredListedMax } from "./change-words.ts";
import { t, code, type Spoken } from "./line.ts";
import { problemText } from "./problem-words.ts";
import type { Text } from "./text.ts";

const problemsShownMax = 10;

/** @param changes - against what is live; undefined where nothing is */
export function rollbackPreview(
  fileName: string,
  entry: Revision,
  changes: Comparison | undefined,
  problems: readonly Problem[],
): Text {
  const shown = problems.slice(0, problemsShownMax).map(problemText);
  return [
    {
      en: t`Roll ${code(fileName)} back to revision ${revisionPhrase(entry)}? Nothing was changed yet.`,
      ru: t`Откатить ${code(fileName)} к ревизии ${revisionPhrase(entry)}? Пока ничего не изменено.`,
    },
    { en: "This would change:", ru: "Изменится:" },
    ...(changes === undefined ? [madeAnew] : comparisonText(changes, offeredListedMax)),
    ...(problems.length === 0
      ? []
      : [
          {
            en: "Today's rules refuse that version:",
            ru: "По нынешним правилам эта версия не проходит:",
          },
          { lines: shown, total: problems.length },
        ]),
  ];
}

const madeAnew: Spoken = {
  en: "The file is missing now, and would be created again.",
  ru: "Файла сейчас нет, он будет создан заново.",
};

export function alreadyLive(fileName: string, revision: number): Spoken {
  return {
    en: t`Revision ${revision} of ${code(fileName)} is already live. Nothing to change.`,
    ru: t`Ревизия ${revision} файла ${code(fileName)} и так действует. Менять нечего.`,
  };
}

export function keptCurrent(fileName: string): Spoken {
  return {
    en: t`${code(fileName)} stays as it is.`,
    ru: t`${code(fileName)} остаётся как есть.`,
  };
}

export function noSuchRevision(
  { id, fileName }: Config,
  last: Revision | undefined,
  wanted: number,
): Spoken {
  const file = code(fileName);
  if (last?.revision === 1 && wanted === 0) {
    return {
      en: t`${file} has no revision before this one.`,
      ru: t`У ${file} нет ревизий раньше этой.`,
    };
  }
  return last === undefined
    ? noRevisionsYet(fileName)
    : {
        en: t`${file} has no such revision. Its revisions are 1 to ${last.revision}; /history_${id} lists them.`,
        ru: t`У ${file} нет такой ревизии. Есть ${last.revision === 1 ? "только 1" : `с 1 по ${last.revision}`}; список: /history_${id}`,
      };
}

export function revisionPruned({ id, fileName }: Config, revision: number): Spoken {
  return {
    en: t`Revision ${revision} of ${code(fileName)} is not available: its backup is no longer kept. /history_${id} marks such revisions.`,
    ru: t`Ревизия ${revision} файла ${code(fileName)} известна, но её резервной копии больше нет. Какие есть, видно в /history_${id}`,
  };
}

export function changedSince(fileName: string, last: Revision | undefined): Spoken {
  const file = code(fileName);
  const name = last?.author?.name;
  return name === undefined
    ? {
        en: t`Somebody on the server has changed ${file} since. Nothing was undone.`,
        ru: t`С тех пор ${file} изменили на сервере. Ничего не отменено.`,
      }
    : {
        en: t`${name} has changed ${file} since. Nothing was undone.`,
        ru: t`С тех пор ${file} снова изменён (${name}). Ничего не отменено.`,
      };
}
