// What changed between two versions, in words: the same in successes, previews, diffs and notices.
import type { Comparison, KeyChange } from "../model/comparison.ts";
import type { Revision } from "../model/revision.ts";
import { keyChangeText } from "./key-change-words.ts";
import { code, type Phrase, type Spoken, t, time } from "./line.ts";
import type { List, Text } from "./text.ts";
import { revisionPhrase, whoLine } from "./history-words.ts";

/** Changes listed in one text, as promised; the rest is counted. */
export const changesListedMax = 10;
/** And where somebody is to agree to them. */
export const offeredListedMax = 30;

/** @param linesMax - the rest is counted in one more line */
export function comparisonText(comparison: Comparison, linesMax = changesListedMax): Text {
  switch (comparison.kind) {
    case "same":
      return [{ en: "Nothing changed.", ru: "Ничего не изменилось." }];
    case "formatting":
      return [
        comparison.reordered
          ? {
              en: "Only the order of keys, comments or formatting changed.",
              ru: "Изменились только порядок ключей, комментарии или оформление.",
            }
          : {
              en: "Only comments and formatting changed.",
              ru: "Изменились только комментарии и оформление.",
            },
      ];
    case "keys":
      return [keyChangeList(comparison.changes, comparison.total, linesMax)];
    case "text":
      return [
        {
          en: "The two cannot be compared by key, because one of them is not valid YAML.",
          ru: "Сравнить по ключам нельзя: одна из двух версий — неправильный YAML.",
        },
      ];
    default:
      return comparison satisfies never;
  }
}

/** @param total - how many there are, of which `changes` are the first */
export function keyChangeList(
  changes: readonly KeyChange[],
  total: number,
  linesMax = changesListedMax,
): List {
  return { lines: changes.slice(0, linesMax).map(keyChangeText), total };
}

/** @param changedOnDiskAt - when the live file was changed on disk, where history does not know it yet */
export function diffTitle(
  fileName: string,
  entry: Revision,
  changedOnDiskAt: string | undefined,
): Spoken {
  const onDisk: Phrase =
    changedOnDiskAt === undefined
      ? ""
      : {
          en: t`, changed on disk ${time(changedOnDiskAt)}`,
          ru: t` (изменён на сервере ${time(changedOnDiskAt)})`,
        };
  return {
    en: t`From revision ${revisionPhrase(entry)} to the live ${code(fileName)}${onDisk}:`,
    ru: t`Отличия действующего ${code(fileName)}${onDisk} от ревизии ${revisionPhrase(entry)}:`,
  };
}

export function changeTitle(fileName: string, entry: Revision): Spoken {
  const { revision, at } = entry;
  return {
    en: t`Revision ${revision} of ${code(fileName)}, ${whoLine(entry)}, ${time(at)}, changed:`,
    ru: t`Что изменила ревизия ${revision} файла ${code(fileName)} (${whoLine(entry)}, ${time(at)}):`,
  };
}

export function parkedTitle(fileName: string): Spoken {
  return {
    en: t`Compared with the live ${code(fileName)}, this file would change:`,
    ru: t`По сравнению с действующим ${code(fileName)} этот файл меняет:`,
  };
}

export const asDocument: Spoken = {
  en: "The full list is attached.",
  ru: "Полный список — в приложенном файле.",
};

export const asTwoDocuments: Spoken = {
  en: "There is too much to list, so both versions are attached.",
  ru: "Для списка это слишком много, поэтому присылаю обе версии файлами.",
};

export function mergeOffer(fileName: string, changes: Comparison): Text {
  return [
    {
      en: t`Both edits of ${code(fileName)} can be merged. Nothing was changed yet.`,
      ru: t`Обе правки ${code(fileName)} совместимы. Пока ничего не изменено.`,
    },
    {
      en: "Compared with the live file, the merge would change:",
      ru: "По сравнению с действующим файлом объединение меняет:",
    },
    ...comparisonText(changes, offeredListedMax),
  ];
}
