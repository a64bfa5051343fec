// The lines of history, in words: what each revision was, who made it and how.
import type { ChangeSummary } from "../model/comparison.ts";
import type { HistoryLine } from "../model/history-line.ts";
import type { Author, Revision } from "../model/revision.ts";
import { shortKeyChangeText } from "./key-change-words.ts";
import {
  type Spoken,
  t,
  type Phrase,
  time,
  type Line,
  code,
  beginningOf,
  type Language,
} from "./line.ts";
import { names } from "./numbers.ts";
import type { Text } from "./text.ts";

export function revisionLine(revision: number): Spoken {
  return { en: t`Revision ${revision}.`, ru: t`Ревизия ${revision}.` };
}

export function noRevisionsYet(fileName: string): Spoken {
  const file = code(fileName);
  return { en: t`${file} has no revisions yet.`, ru: t`У ${file} пока нет ревизий.` };
}

/** `revision 12 (by Anna, 2026-…)`. */
export function revisionPhrase(entry: Revision): Phrase {
  return t`${entry.revision} (${whoLine(entry)}, ${time(entry.at)})`;
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
  if (lines.length === 0 && changedOnDiskAt === undefined) return [noRevisionsYet(fileName)];
  return [
    {
      en: t`History of ${code(fileName)}, newest first:`,
      ru: t`История ${code(fileName)}, сначала новые:`,
    },
    ...(changedOnDiskAt === undefined
      ? []
      : [
          {
            en: t`not numbered yet: ${time(changedOnDiskAt)}, changed on disk`,
            ru: t`ещё без номера: ${time(changedOnDiskAt)}, правка на сервере`,
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
 * `Anna undid revision 8`, `Anna went back to revision 2`; undefined for other changes. In Russian without a name, which would need a gender.
 * @param who - undefined for whoever reads it
 * @param restored - the revision that was undone, or gone back to; null where that is not known
 */
export function restoredText(
  who: string | undefined,
  how: Revision["how"],
  restored: number | null,
): Readonly<Record<Language, string>> | undefined {
  const you = who ?? "You";
  if (how === "undo") {
    return restored === null
      ? { en: `${you} undid a change`, ru: "Отмена изменения" }
      : { en: `${you} undid revision ${restored}`, ru: `Отмена ревизии ${restored}` };
  }
  if (how !== "rollback") return undefined;
  return restored === null
    ? { en: `${you} went back to an older revision`, ru: "Откат к прежней ревизии" }
    : { en: `${you} went back to revision ${restored}`, ru: `Откат к ревизии ${restored}` };
}

const howTexts: Readonly<Record<Revision["how"], Spoken>> = {
  upload: { en: "uploaded", ru: "загрузка" },
  rollback: { en: "rolled back", ru: "откат" },
  undo: { en: "undone", ru: "отмена" },
  found: { en: "found at the first start", ru: "исходный файл" },
  edited: { en: "changed on disk", ru: "правка на сервере" },
  value: { en: "one value set", ru: "одно значение" },
  scheduled: { en: "scheduled", ru: "по расписанию" },
  reverted: { en: "went back by itself", ru: "автоматический возврат" },
};

function historyLine({
  entry: { revision, at, how, author, reason, approved_by: approvers },
  restored,
  kept,
}: HistoryLine): Spoken {
  const who = author === null ? howTexts[how] : doneBy(author, how, restored);
  const why = reason === null ? "" : t`, ${reason}`;
  const by = approvers === undefined ? undefined : names(approvers);
  const [approvedEn, approvedRu] =
    by === undefined ? ["", ""] : [`, approved by ${by.en}`, `, одобрено: ${by.ru}`];
  const start = t`${revision}: ${time(at)}, ${who}`;
  return {
    en: t`${start}${approvedEn}${why}${kept ? "" : " (backup no longer kept)"}`,
    ru: t`${start}${approvedRu}${why}${kept ? "" : " (резервной копии больше нет)"}`,
  };
}

function doneBy({ name }: Author, how: Revision["how"], restored: number | null): Spoken {
  const restoring = restoredText(name, how, restored);
  return restoring === undefined
    ? { en: t`${howTexts[how]} by ${name}`, ru: t`${howTexts[how]} (${name})` }
    : { en: restoring.en, ru: `${restoring.ru.toLowerCase()} (${name})` };
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
    : { en: t`  ${first}, and ${more} more`, ru: t`  ${first} (и ещё ${more})` };
}

/** Who made a version, for the end of a line. */
export function whoLine({ how, author }: Revision): Spoken {
  if (author !== null) return { en: t`by ${author.name}`, ru: author.name };
  return how === "found" || how === "reverted" ? howTexts[how] : howTexts.edited;
}
