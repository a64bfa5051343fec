// What is said of a change that waits for its time. The first lines are promised; change none of them.
import type { Comparison } from "../model/comparison.ts";
import type { Config } from "../model/config.ts";
import type { BlockedOutcome, ScheduledOutcome } from "../model/outcome.ts";
import { comparisonText } from "./change-words.ts";
import { reasonLines } from "./freeze-words.ts";
import { code, countEn, countRu, formRu, type Phrase, type Spoken, t, time } from "./line.ts";
import { momentRefusal } from "./moment-words.ts";
import { approvedBy as approvedByText } from "./proposal-words.ts";
import type { Text } from "./text.ts";
import { questionCancelled } from "./decision-words.ts";

/** @param when - what is wrong with the time: `word`, read in `zone`; an empty word where none was given */
export function scheduleRefused(
  { id, fileName }: Config,
  when: Parameters<typeof momentRefusal>[0],
  word: string,
  zone: string,
): Spoken {
  const problem: Spoken =
    word === ""
      ? {
          en: t`Say when: /schedule_${id} 2026-12-01T00:00, which is read in ${zone}, or with an offset: 2026-12-01T00:00+01:00. The reason may follow.`,
          ru: t`Укажите время: /schedule_${id} 2026-12-01T00:00 (часовой пояс ${zone}) или со смещением: 2026-12-01T00:00+01:00. Дальше можно написать причину.`,
        }
      : momentRefusal(when, word, zone);
  return {
    en: t`No change to ${code(fileName)} was scheduled. ${problem}`,
    ru: t`Изменение ${code(fileName)} не запланировано. ${problem}`,
  };
}

export function notSchedulable(
  fileName: string,
  { because, max }: Extract<BlockedOutcome["why"], { kind: "not_schedulable" }>,
): Text {
  return because === "past"
    ? [
        {
          en: t`⌛ ${code(fileName)} was not changed: the time it was to be scheduled for has passed.`,
          ru: t`⌛ ${code(fileName)} не изменён: время, на которое это планировалось, уже прошло.`,
        },
        {
          en: "Please send it again with a later time.",
          ru: "Пришлите ещё раз и укажите более позднее время.",
        },
      ]
    : [
        {
          en: t`🗓 ${code(fileName)} was not changed, and this was not scheduled: ${countEn(max, "change")} to it are already waiting for their time.`,
          ru: t`🗓 ${code(fileName)} не изменён, и изменение не запланировано: своего времени уже ${formRu(max, "ждёт", "ждут", "ждут")} ${countRu(max, "другое", "других", "других")}.`,
        },
        {
          en: "/pending lists them; you can withdraw yours there.",
          ru: "Список и отзыв своих: /pending",
        },
      ];
}

export function scheduledText(
  fileName: string,
  {
    dueAt,
    reason,
    approvedBy,
    after,
    changes,
  }: Pick<ScheduledOutcome, "dueAt" | "reason" | "approvedBy" | "after" | "changes">,
): Text {
  return [
    {
      en: t`🗓 ${code(fileName)} will change at ${time(dueAt)}. Nothing was changed yet.`,
      ru: t`🗓 ${code(fileName)} изменится ${time(dueAt)}. Пока ничего не изменено.`,
    },
    ...reasonLines(reason),
    ...(approvedBy.length === 0 ? [] : [approvedByText(approvedBy)]),
    ...(after === null ? [] : [basedOn(after)]),
    ...(changes === null ? [] : comparisonText(changes)),
    {
      en: t`If ${after === null ? "" : "anything else changes "}${code(fileName)} ${after === null ? "changes " : ""}before then, I will ask you again.`,
      ru: t`Если до этого ${code(fileName)} изменится${after === null ? "" : " иначе"}, я спрошу вас ещё раз.`,
    },
  ];
}

function basedOn({ author, dueAt }: NonNullable<ScheduledOutcome["after"]>): Spoken {
  return {
    en: t`It is based on ${author.name}'s change, which is due at ${time(dueAt)}. Compared with that:`,
    ru: t`Основано на изменении (${author.name}), которое вступит в силу ${time(dueAt)}. По сравнению с ним:`,
  };
}

/** The bot was down when it was due. */
export function overdueText(fileName: string, dueAt: string, changes: Comparison | null): Text {
  return [
    {
      en: t`🗓 ${code(fileName)} was due to change at ${time(dueAt)}, but the bot was not running. Nothing was changed yet.`,
      ru: t`🗓 ${code(fileName)} должен был измениться ${time(dueAt)}, но бот тогда не работал. Пока ничего не изменено.`,
    },
    ...(changes === null
      ? [{ en: "There is no live file now.", ru: "Действующего файла сейчас нет." }]
      : [
          {
            en: "Compared with the live file, this would change:",
            ru: "По сравнению с действующим файлом изменится:",
          },
          ...comparisonText(changes),
        ]),
  ];
}

/** Before the text of a stale change, where the bot was down when it was due. */
export function wasDueText(dueAt: string): Spoken {
  return {
    en: t`It was due at ${time(dueAt)}, but the bot was not running.`,
    ru: t`Изменение было назначено на ${time(dueAt)}, но бот тогда не работал.`,
  };
}

export function droppedText(
  fileName: string,
  dueAt: string,
  because: "not_allowed" | "lost",
): Text {
  const why: Spoken =
    because === "not_allowed"
      ? {
          en: t`but you may no longer change ${code(fileName)}`,
          ru: t`но менять ${code(fileName)} вам больше нельзя`,
        }
      : {
          en: "but its file is no longer on the server",
          ru: "но самого файла на сервере больше нет",
        };
  return [
    questionCancelled(fileName),
    {
      en: t`This was scheduled for ${time(dueAt)}, ${why}.`,
      ru: t`Изменение было назначено на ${time(dueAt)}, ${why}.`,
    },
  ];
}

export function scheduleTitle(fileName: string, dueAt: string, isBasedOnOther: boolean): Spoken {
  const compared: Phrase = isBasedOnOther
    ? { en: "the change that is due before it", ru: "с изменением, которое вступит в силу раньше" }
    : { en: t`the live ${code(fileName)}`, ru: t`с действующим ${code(fileName)}` };
  return {
    en: t`Compared with ${compared}, the file for ${time(dueAt)} would change:`,
    ru: t`Что изменит файл на ${time(dueAt)} по сравнению ${compared}:`,
  };
}
