// Changes that wait for somebody's agreement, in words. The first lines are promised; change none of them.
import { pathText } from "../model/excerpt.ts";
import type { Confirmation, PendingOutcome } from "../model/outcome.ts";
import type { Author } from "../model/revision.ts";
import { guardFailureLine, guardHoldsLine } from "./guard-words.ts";
import { changesListedMax, comparisonText } from "./change-words.ts";
import { questionCancelled } from "./decision-words.ts";
import { reasonLines } from "./freeze-words.ts";
import { excessText } from "./limit-words.ts";
import { code, countEn, countRu, formRu, type Phrase, type Spoken, t, time } from "./line.ts";
import { goesLiveAt } from "./moment-words.ts";
import { duration, names } from "./numbers.ts";
import type { Text } from "./text.ts";

/** For its author. */
export function pendingText(fileName: string, outcome: PendingOutcome): Text {
  const { waitsFor } = outcome;
  const details = proposedText(outcome);
  if (waitsFor.kind === "confirmation") {
    return [
      {
        en: t`✋ ${code(fileName)} holds a change beyond its limit. Nothing was changed yet.`,
        ru: t`✋ Изменение ${code(fileName)} выходит за предел. Пока ничего не изменено.`,
      },
      confirmationAsked(waitsFor.confirmation),
      ...details,
    ];
  }
  if (waitsFor.kind === "guard") {
    return [guardHoldsLine(fileName), guardFailureLine(waitsFor.failure), ...details];
  }
  const { needed, given, until } = waitsFor;
  return [
    {
      en: t`🕓 ${code(fileName)} waits for approval. Nothing was changed yet.`,
      ru: t`🕓 ${code(fileName)} ждёт одобрения. Пока ничего не изменено.`,
    },
    ...details,
    ...approvedSoFar(given, needed),
    {
      en: t`${countEn(needed, "person", "people")} must approve it by ${time(until)}.`,
      ru: t`Одобрить до ${time(until)} ${formRu(needed, "должен", "должны", "должны")} ${countRu(needed, "человек", "человека", "человек")}.`,
    },
  ];
}

function confirmationAsked({ path, isRemoved, answers }: Confirmation): Spoken {
  if (path.length === 0) {
    const answer = code(answers[0] ?? "");
    return {
      en: t`It cannot be compared with the live file. To apply it, answer with ${answer}.`,
      ru: t`Сравнить его с действующим файлом нельзя. Чтобы применить, ответьте ${answer}.`,
    };
  }
  const at = code(pathText(path));
  return isRemoved
    ? {
        en: t`To apply it, answer with the name of the key that is removed: ${at}.`,
        ru: t`Чтобы применить, ответьте именем удаляемого ключа: ${at}.`,
      }
    : {
        en: t`To apply it, answer with the new value of ${at}.`,
        ru: t`Чтобы применить, ответьте новым значением ${at}.`,
      };
}

export function wrongAnswer(fileName: string, confirmation: Confirmation): Text {
  return [
    {
      en: t`That is not what was asked for. ${code(fileName)} was not changed.`,
      ru: t`Ответ не тот. ${code(fileName)} не изменён.`,
    },
    confirmationAsked(confirmation),
  ];
}

function proposedText({ changes, excesses, excessesTotal, reason, dueAt }: PendingOutcome): Text {
  const changesTotal = changes?.kind === "keys" ? changes.total : 1;
  // What is beyond its limit is a change that stands there already.
  const hasMore = excessesTotal === 0 || changesTotal > excessesTotal;
  return [
    ...reasonLines(reason),
    ...(dueAt === null ? [] : [goesLiveAt(dueAt)]),
    ...(excessesTotal === 0
      ? []
      : [{ lines: excesses.slice(0, changesListedMax).map(excessText), total: excessesTotal }]),
    ...(changes === null || !hasMore
      ? []
      : [{ en: "This would change:", ru: "Изменится:" }, ...comparisonText(changes)]),
  ];
}

/** For those who may approve it. */
export function approvalAsked(
  fileName: string,
  author: Author,
  proposed: PendingOutcome,
  isReminder: boolean,
): Text {
  const { waitsFor } = proposed;
  const state =
    waitsFor.kind === "approval"
      ? [
          ...approvedSoFar(waitsFor.given, waitsFor.needed),
          {
            en: t`Nothing was changed yet. This can be approved until ${time(waitsFor.until)}.`,
            ru: t`Пока ничего не изменено. Одобрить можно до ${time(waitsFor.until)}.`,
          },
        ]
      : [];
  return [
    wantsToChange(fileName, author),
    ...(isReminder
      ? [{ en: "Reminder: this is still waiting.", ru: "Напоминание: решения всё ещё нет." }]
      : []),
    ...proposedText(proposed),
    ...state,
  ];
}

function wantsToChange(fileName: string, author: Author): Spoken {
  return {
    en: t`🕓 ${author.name} wants to change ${code(fileName)}.`,
    ru: t`🕓 ${author.name} хочет изменить ${code(fileName)}.`,
  };
}

function approvedSoFar(given: readonly Author[], needed: number): readonly Spoken[] {
  if (given.length === 0) return [];
  const missing = needed - given.length;
  const more: Phrase =
    missing > 0
      ? {
          en: ` ${missing} more must approve.`,
          ru: ` ${formRu(missing, "Нужен", "Нужны", "Нужно")} ещё ${countRu(missing, "человек", "человека", "человек")}.`,
        }
      : "";
  const line = t`${approvedBy(given)}${more}`;
  return [{ en: line, ru: line }];
}

/** `Approved by Boris and Carol.` */
export function approvedBy(people: readonly Author[]): Spoken {
  const { en, ru } = names(people);
  return { en: t`Approved by ${en}.`, ru: t`Одобрено: ${ru}.` };
}

/** In the messages of those who were asked, when enough have agreed. */
export function approvedElsewhere(
  fileName: string,
  author: Author,
  given: readonly Author[],
): Text {
  return [wantsToChange(fileName, author), approvedBy(given)];
}

/** In the messages of those who were asked, when one of them has approved what nobody can approve any more. */
export function proposalStale(fileName: string, author: Author): Text {
  return [
    wantsToChange(fileName, author),
    {
      en: t`${code(fileName)} has changed in the meantime, so this can no longer be approved. Nothing was changed.`,
      ru: t`Тем временем ${code(fileName)} изменился, и одобрить это уже нельзя. Ничего не изменено.`,
    },
  ];
}

/** For its author, and for those who were asked. */
export function authorMayNot(fileName: string, author: Author): Text {
  return [
    questionCancelled(fileName),
    {
      en: t`${author.name} may no longer change ${code(fileName)}.`,
      ru: t`${author.name} больше не может менять ${code(fileName)}.`,
    },
  ];
}

export function rejectedText(fileName: string, by: Author): Spoken {
  return {
    en: t`🚫 Rejected by ${by.name}. ${code(fileName)} was not changed.`,
    ru: t`🚫 Отклонено: ${by.name}. ${code(fileName)} не изменён.`,
  };
}

export function withdrawnText(fileName: string): Spoken {
  return {
    en: t`🚫 Withdrawn. ${code(fileName)} was not changed.`,
    ru: t`🚫 Отозвано. ${code(fileName)} не изменён.`,
  };
}

interface Expired {
  /** For how long it could be approved. */
  readonly expiresMs: number;
  /** Those who had agreed, but were too few. */
  readonly given: readonly Author[];
  /** When it was to be made, where that is why it could be approved no longer. */
  readonly dueAt: string | null;
}

export function expiredText(fileName: string, { expiresMs, given, dueAt }: Expired): Text {
  const { en, ru } = duration(expiresMs);
  const firstRu = given.length === 0 ? "никто не одобрил" : "одобрений не хватило";
  const first = {
    en: t`⌛ Nobody approved in ${en}. ${code(fileName)} was not changed.`,
    ru: t`⌛ За ${ru} ${firstRu}. ${code(fileName)} не изменён.`,
  };
  const due =
    dueAt === null
      ? []
      : [{ en: t`It was due at ${time(dueAt)}.`, ru: t`Срок был ${time(dueAt)}.` }];
  if (given.length === 0) return [first, ...due];
  const approved = approvedBy(given);
  return [first, ...due, { en: t`${approved} More approvals were needed.`, ru: approved }];
}

export const yourOwnChange: Spoken = {
  en: "This is your own change: somebody else must approve it.",
  ru: "Это ваше изменение: одобрить его должен кто-то другой.",
};
export const approvedAlready: Spoken = {
  en: "You have already approved this.",
  ru: "Вы это уже одобрили.",
};

export function notAnApprover(fileName: string): Spoken {
  return {
    en: t`You are not one of those who may approve changes to ${code(fileName)}.`,
    ru: t`Одобрять изменения ${code(fileName)} вам нельзя.`,
  };
}

export const waitsForMore: Spoken = {
  en: "Approved. More approvals are needed.",
  ru: "Одобрено. Нужны ещё одобрения.",
};

/** On the command line, for what only a chat can go on with. */
export const confirmInChat =
  "That can be answered only in a chat: please send the file to the bot there.";

export function heldText(
  fileName: string,
  {
    needed,
    excesses,
    excessesTotal,
  }: { readonly needed: number } & Pick<PendingOutcome, "excesses" | "excessesTotal">,
): Text {
  const end = excessesTotal === 0 ? "." : ":";
  return [
    needed === 0
      ? {
          en: t`${code(fileName)} would wait until you type the new value:`,
          ru: t`Чтобы применить ${code(fileName)}, придётся ответить новым значением:`,
        }
      : {
          en: t`${code(fileName)} would wait for approval by ${countEn(needed, "person", "people")}${end}`,
          ru: t`Чтобы применить ${code(fileName)}, нужно будет одобрение ${countRu(needed, "человека", "человек", "человек")}${end}`,
        },
    ...(excessesTotal === 0
      ? []
      : [{ lines: excesses.slice(0, changesListedMax).map(excessText), total: excessesTotal }]),
  ];
}
