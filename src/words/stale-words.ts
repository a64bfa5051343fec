// What is said to whoever sent a file made from a version that is no longer live. The first line is promised; change it not.
import { pathText } from "../model/excerpt.ts";
import type { StaleOutcome } from "../model/outcome.ts";
import { changesListedMax, keyChangeList } from "./change-words.ts";
import { t, code, type Spoken, type Phrase, time } from "./line.ts";
import { agoWords } from "./numbers.ts";
import type { Text } from "./text.ts";

export function staleText(fileName: string, outcome: StaleOutcome, nowMs: number): Text {
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
    return [{ en: "Your file keeps that change.", ru: "Ваш файл это изменение не отменяет." }];
  }
  return [
    { en: "Your file would undo these changes:", ru: "Ваш файл отменил бы эти изменения:" },
    keyChangeList(changes, total),
  ];
}

function staleCause({ live, changedOnDiskAt }: StaleOutcome, nowMs: number): Spoken {
  const at = live?.at ?? changedOnDiskAt;
  if (at === null) return { en: "It was deleted on disk.", ru: "Файл удалили на сервере." };
  const since = agoWords(nowMs - Date.parse(at));
  const ago: Phrase = { en: t`${since.en} (${time(at)})`, ru: t`${since.ru} (${time(at)})` };
  if (live === null) {
    return { en: t`It was changed on disk ${ago}.`, ru: t`Файл изменили на сервере ${ago}.` };
  }
  const { author, revision } = live;
  if (live.how === "reverted" && author === null) {
    return {
      en: t`It went back by itself ${ago}; revision ${revision} is live.`,
      ru: t`Файл автоматически вернулся к прежней версии ${ago}; действует ревизия ${revision}.`,
    };
  }
  return author === null
    ? {
        en: t`It was changed on disk ${ago}; revision ${revision} is live.`,
        ru: t`Файл изменили на сервере ${ago}; действует ревизия ${revision}.`,
      }
    : {
        en: t`${author.name} changed it ${ago}; revision ${revision} is live.`,
        ru: t`Последнее изменение: ${author.name}, ${ago}; действует ревизия ${revision}.`,
      };
}

function conflictText(conflicts: StaleOutcome["conflicts"], total: number): Text {
  const shown = (value: string | null): Phrase =>
    value === null ? { en: "not there", ru: "нет" } : code(value);
  const lines = conflicts.map(({ path, base, live, candidate }): Spoken => {
    const at = code(pathText(path));
    const [was, is, yours] = [shown(base), shown(live), shown(candidate)];
    const wasRu = base === null ? "не было" : t`было ${was}`;
    return {
      en: t`${at}: was ${was}, is ${is}, yours ${yours}`,
      ru: t`${at}: ${wasRu}, сейчас ${is}, у вас ${yours}`,
    };
  });
  return [
    { en: "Both of you changed:", ru: "Изменено и у вас, и в действующем файле:" },
    { lines: lines.slice(0, changesListedMax), total },
  ];
}
