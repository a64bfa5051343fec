// What is said to whoever wants a change made from a version that is no longer live. The first line is promised; change it not.
import { pathText } from "../model/excerpt.ts";
import type { StaleOutcome } from "../model/outcome.ts";
import { changesListedMax, keyChangeList } from "./change-words.ts";
import { t, code, type Spoken, type Phrase, time } from "./line.ts";
import { agoWords } from "./numbers.ts";
import type { Text } from "./text.ts";

export function staleText(fileName: string, outcome: StaleOutcome, nowMs: number): Text {
  const { how, undone, conflicts } = outcome;
  return [
    {
      en: t`⚠️ ${code(fileName)} has changed since you took it. Nothing was changed yet.`,
      ru: t`⚠️ ${code(fileName)} изменился с тех пор, как вы его взяли. Пока ничего не изменено.`,
    },
    staleCause(outcome, nowMs),
    ...(undone === null ? [] : undoneText(undone, how)),
    ...(conflicts.length === 0 ? [] : conflictText(outcome)),
  ];
}

/** What would undo others' changes. */
function subject(how: StaleOutcome["how"]): Spoken & { readonly isHer: boolean } {
  if (isGoingBack(how)) return { en: "Going back", ru: "Откат", isHer: false };
  if (how === "value") return { en: "Your edit", ru: "Ваша правка", isHer: true };
  return { en: "Your file", ru: "Ваш файл", isHer: false };
}

function isGoingBack(how: StaleOutcome["how"]): boolean {
  return how === "rollback" || how === "undo";
}

function undoneText(
  { changes, total }: NonNullable<StaleOutcome["undone"]>,
  how: StaleOutcome["how"],
): Text {
  const { en, ru, isHer } = subject(how);
  if (total === 0) {
    return [{ en: t`${en} keeps that change.`, ru: t`${ru} это изменение не отменяет.` }];
  }
  return [
    {
      en: t`${en} would undo these changes:`,
      ru: t`${ru} ${isHer ? "отменила" : "отменил"} бы эти изменения:`,
    },
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

function conflictText({ how, conflicts, conflictsTotal: total }: StaleOutcome): Text {
  const goesBack = isGoingBack(how);
  const [enOwn, ruOwn] = goesBack ? ["would be", "стало бы"] : ["yours", "у вас"];
  const shown = (value: string | null): Phrase =>
    value === null ? { en: "not there", ru: "нет" } : code(value);
  const lines = conflicts.map(({ path, base, live, candidate }): Spoken => {
    const at = code(pathText(path));
    const [was, is, own] = [shown(base), shown(live), shown(candidate)];
    const wasRu = base === null ? "не было" : t`было ${was}`;
    return {
      en: t`${at}: was ${was}, is ${is}, ${enOwn} ${own}`,
      ru: t`${at}: ${wasRu}, сейчас ${is}, ${ruOwn} ${own}`,
    };
  });
  return [
    goesBack
      ? {
          en: "Changed since, and changed again by going back:",
          ru: "Изменено с тех пор, а при откате изменится ещё раз:",
        }
      : { en: "Both of you changed:", ru: "Изменено и у вас, и в действующем файле:" },
    { lines: lines.slice(0, changesListedMax), total },
  ];
}
