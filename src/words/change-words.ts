// What changed between two versions, in words: the same in successes, previews, diffs and notices.
import type { ChangeSummary, Comparison, KeyChange } from "../model/comparison.ts";
import type { Config } from "../model/config.ts";
import type { Author, Revision } from "../model/revision.ts";
import type { Problem } from "../model/problem.ts";
import { keyChangeText, shortKeyChangeText } from "./key-change-words.ts";
import {
  beginningOf,
  code,
  countEn,
  countRu,
  type Line,
  type Phrase,
  type Spoken,
  t,
  time,
} from "./line.ts";
import { names } from "./numbers.ts";
import { problemText } from "./problem-words.ts";
import { english, type List, type Text } from "./text.ts";

const problemsShownMax = 10;

/** @param linesMax - the rest is counted in one more line */
export function comparisonText(comparison: Comparison, linesMax: number): Text {
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
          en: "It cannot be compared by key, because one of the two is not valid YAML.",
          ru: "По ключам не сравнить: одна из версий не годится как YAML.",
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
  linesMax: number,
): List {
  return { lines: changes.slice(0, linesMax).map(keyChangeText), total };
}

export function revisionLine(revision: number): Spoken {
  return { en: t`Revision ${revision}.`, ru: t`Ревизия ${revision}.` };
}

/** `revision 12 (by Anna, 2026-…)`. */
function revisionPhrase(entry: Revision): Phrase {
  return t`${entry.revision} (${whoLine(entry)}, ${time(entry.at)})`;
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
          ru: t`, изменённому на диске ${time(changedOnDiskAt)}`,
        };
  return {
    en: t`From revision ${revisionPhrase(entry)} to the live ${code(fileName)}${onDisk}:`,
    ru: t`От ревизии ${revisionPhrase(entry)} к действующему ${code(fileName)}${onDisk}:`,
  };
}

export function changeTitle(fileName: string, entry: Revision): Spoken {
  const { revision, at } = entry;
  return {
    en: t`Revision ${revision} of ${code(fileName)}, ${whoLine(entry)}, ${time(at)}, changed:`,
    ru: t`Ревизия ${revision} файла ${code(fileName)}, ${whoLine(entry)}, ${time(at)}, изменила:`,
  };
}

export function parkedTitle(fileName: string): Spoken {
  return {
    en: t`Compared with the live ${code(fileName)}, your file changes:`,
    ru: t`По сравнению с действующим ${code(fileName)} ваш файл меняет:`,
  };
}

export const asDocument: Spoken = {
  en: "The full list is attached.",
  ru: "Весь список приложен.",
};

export const asTwoDocuments: Spoken = {
  en: "That is too much to list, so both versions come as files.",
  ru: "Это слишком много для списка, поэтому обе версии придут файлами.",
};

export function mergeOffer(fileName: string, changes: Text): Text {
  return [
    {
      en: t`Both edits of ${code(fileName)} fit together. Nothing was changed yet.`,
      ru: t`Обе правки ${code(fileName)} совместимы. Пока ничего не изменено.`,
    },
    {
      en: "Compared with the live file, the merge changes:",
      ru: "По сравнению с действующим файлом объединение меняет:",
    },
    ...changes,
  ];
}

export function rollbackPreview(
  fileName: string,
  entry: Revision,
  changes: Text,
  problems: readonly Problem[],
): Text {
  const shown = problems.slice(0, problemsShownMax).map(problemText);
  return [
    {
      en: t`Roll ${code(fileName)} back to revision ${revisionPhrase(entry)}? Nothing was changed yet.`,
      ru: t`Вернуть ${code(fileName)} к ревизии ${revisionPhrase(entry)}? Пока ничего не изменено.`,
    },
    { en: "This would change:", ru: "Изменится:" },
    ...changes,
    ...(problems.length === 0
      ? []
      : [
          {
            en: "Today's rules refuse that version:",
            ru: "Сегодняшние правила эту версию не пропускают:",
          },
          { lines: shown, total: problems.length },
        ]),
  ];
}

export const madeAnew: Spoken = {
  en: "The file is missing now, and would be created again.",
  ru: "Файла сейчас нет, он будет создан заново.",
};

export function alreadyLive(fileName: string, revision: number): Spoken {
  return {
    en: t`Revision ${revision} of ${code(fileName)} is what is live. Nothing to change.`,
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
      ru: t`До этой ревизии у ${file} других нет.`,
    };
  }
  return last === undefined
    ? { en: t`${file} has no revisions yet.`, ru: t`У ${file} ещё нет ревизий.` }
    : {
        en: t`${file} has no such revision. Its revisions are 1 to ${last.revision}; /history_${id} lists them.`,
        ru: t`У ${file} нет такой ревизии. Есть с 1 по ${last.revision}; список: /history_${id}.`,
      };
}

export function revisionPruned({ id, fileName }: Config, revision: number): Spoken {
  return {
    en: t`Revision ${revision} of ${code(fileName)} is known, but its backup is no longer kept. /history_${id} marks which are.`,
    ru: t`Ревизия ${revision} файла ${code(fileName)} известна, но её копия больше не хранится. Какие хранятся, видно в /history_${id}.`,
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
        ru: t`С тех пор ${file} уже изменён (${name}). Ничего не отменено.`,
      };
}

export function notice(author: Author, fileName: string, details: Text): Text {
  return [
    {
      en: t`🔔 ${author.name} changed ${code(fileName)}`,
      ru: t`🔔 ${code(fileName)} изменён: ${author.name}`,
    },
    ...details,
  ];
}

/** For somebody for whom too many notices have piled up. */
export function noticesLeftOut(changes: number): Spoken {
  const are = countEn(changes, "earlier change is", "earlier changes are");
  const were = countRu(changes, "прежнее изменение", "прежних изменения", "прежних изменений");
  return {
    en: t`🔔 ${are} not listed here; /history_… has ${changes === 1 ? "it" : "them"}.`,
    ru: t`🔔 Ещё ${were} здесь не показано; смотрите /history_….`,
  };
}

export const muted: Spoken = {
  en: "Muted: no notices of other admins' changes. /unmute to get them again.",
  ru: "Тихо: о чужих изменениях больше не сообщаю. Вернуть: /unmute",
};
export const unmuted: Spoken = {
  en: "Unmuted: you get notices of other admins' changes.",
  ru: "Снова сообщаю вам о чужих изменениях.",
};

export interface HistoryLine {
  readonly entry: Revision;
  /** See {@link restoredText}. */
  readonly restored: number | null;
  readonly kept: boolean;
  readonly change: ChangeSummary | null;
}

/**
 * @param changedOnDiskAt - when the live file was changed on disk, where history does not know it yet
 * @param service - what is known of its service, where that says something of what is live
 * @param changeCharsMax - of what a revision changed
 */
export function historyText(
  fileName: string,
  lines: readonly HistoryLine[],
  changedOnDiskAt: string | undefined,
  service: Line | undefined,
  changeCharsMax: number,
): Text {
  return [
    {
      en: t`History of ${code(fileName)}, newest first:`,
      ru: t`История ${code(fileName)}, сначала новое:`,
    },
    ...(changedOnDiskAt === undefined
      ? []
      : [
          {
            en: t`not numbered yet: ${time(changedOnDiskAt)}, changed on disk`,
            ru: t`ещё без номера: ${time(changedOnDiskAt)}, изменён на диске`,
          },
        ]),
    ...(service === undefined ? [] : [service]),
    ...lines.flatMap((line) => [
      historyLine(line),
      ...(line.change === null ? [] : [summaryText(line.change, changeCharsMax)]),
    ]),
  ];
}

/**
 * `Anna undid revision 8`, `Anna went back to revision 2`; undefined for other changes.
 * @param who - undefined for whoever reads it
 * @param restored - the revision that was undone, or gone back to; null where that is not known
 */
export function restoredText(
  who: string | undefined,
  how: Revision["how"],
  restored: number | null,
): Spoken | undefined {
  const [you, byYou] = [who ?? "You", who === undefined ? "" : ` (${who})`];
  if (how === "undo") {
    return restored === null
      ? { en: t`${you} undid a change`, ru: t`Изменение отменено${byYou}` }
      : { en: t`${you} undid revision ${restored}`, ru: t`Ревизия ${restored} отменена${byYou}` };
  }
  if (how !== "rollback") return undefined;
  return restored === null
    ? { en: t`${you} went back to an older revision`, ru: t`Возврат к прежней ревизии${byYou}` }
    : {
        en: t`${you} went back to revision ${restored}`,
        ru: t`Возврат к ревизии ${restored}${byYou}`,
      };
}

/** A line as one that stands alone. */
export function sentence(line: Line): Spoken {
  return { en: t`${line}.`, ru: t`${line}.` };
}

const howTexts: Readonly<Record<Revision["how"], Spoken>> = {
  upload: { en: "uploaded", ru: "загружен" },
  rollback: { en: "rolled back", ru: "возвращён" },
  undo: { en: "undone", ru: "отменено" },
  found: { en: "found at the first start", ru: "найден при первом запуске" },
  edited: { en: "changed on disk", ru: "изменён на диске" },
  value: { en: "one value set", ru: "задано одно значение" },
  scheduled: { en: "scheduled", ru: "по расписанию" },
  reverted: { en: "went back by itself", ru: "вернулся сам" },
};

function historyLine({
  entry: { revision, at, how, author, reason, approved_by: approvers },
  restored,
  kept,
}: HistoryLine): Spoken {
  const who =
    author === null
      ? howTexts[how]
      : (restoredText(author.name, how, restored) ?? {
          en: t`${howTexts[how]} by ${author.name}`,
          ru: t`${howTexts[how]}, ${author.name}`,
        });
  const why = reason === null ? "" : t`, ${reason}`;
  const by = approvers === undefined ? undefined : names(approvers);
  const [approvedEn, approvedRu] =
    by === undefined ? ["", ""] : [`, approved by ${by.en}`, `, одобрено: ${by.ru}`];
  const start = t`${revision}: ${time(at)}, ${who}`;
  return {
    en: t`${start}${approvedEn}${why}${kept ? "" : " (backup no longer kept)"}`,
    ru: t`${start}${approvedRu}${why}${kept ? "" : " (копия больше не хранится)"}`,
  };
}

/** `  maker_percent: 0.08 → 0.09, and 3 more`. */
function summaryText(change: ChangeSummary, charsMax: number): Spoken {
  if (change.kind === "formatting") {
    return change.reordered
      ? {
          en: "  only the order of keys, comments or formatting",
          ru: "  только порядок ключей, комментарии или оформление",
        }
      : { en: "  only comments and formatting", ru: "  только комментарии и оформление" };
  }
  const first = beginningOf(shortKeyChangeText(change.first), charsMax);
  const more = change.total - 1;
  return more === 0
    ? { en: t`  ${first}`, ru: t`  ${first}` }
    : { en: t`  ${first}, and ${more} more`, ru: t`  ${first}, и ещё ${more}` };
}

/** Who made a version, for the end of a line, in English. */
export function whoText(entry: Revision): string {
  return english(whoLine(entry));
}

/** Who made a version, for the end of a line. */
export function whoLine({ how, author }: Revision): Spoken {
  if (author !== null) return { en: t`by ${author.name}`, ru: author.name };
  return how === "found" || how === "reverted" ? howTexts[how] : howTexts.edited;
}
