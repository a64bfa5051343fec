// What /pending lists.
import type { Author } from "../model/revision.ts";
import {
  code,
  countEn,
  countRu,
  languages,
  type Line,
  type Phrase,
  type Spoken,
  t,
  time,
} from "./line.ts";
import { renderLine, type Text } from "./text.ts";

export const nothingPending: Spoken = {
  en: "No change is waiting for a decision, or for its time.",
  ru: "Сейчас ничто не ждёт ни решения, ни своего времени.",
};

const listTitle: Spoken = { en: "Waiting now:", ru: "В ожидании:" };

/** Whether a message of the bot's is such a list, which somebody may have pressed a button of. */
export function isPendingList(text: string): boolean {
  return languages.some((language) => text.startsWith(renderLine(listTitle, language).text));
}

/** @param rest - how many more there are than lines */
export function pendingText(lines: readonly Line[], rest: number): Text {
  const isAlone = lines.length === 1 && rest === 0;
  return [
    listTitle,
    ...lines.map((line, index): Line => (isAlone ? line : numbered(line, index + 1))),
    ...(rest === 0 ? [] : [{ en: t`… and ${rest} more.`, ru: t`… и ещё ${rest}.` }]),
  ];
}

function numbered(line: Line, place: number): Spoken {
  return { en: t`${place}. ${line}`, ru: t`${place}. ${line}` };
}

export function pendingSchedule(
  fileName: string,
  {
    author,
    dueAt,
    reason,
  }: { readonly author: Author; readonly dueAt: string; readonly reason: string | null },
): Spoken {
  return {
    en: t`${code(fileName)}: ${author.name}'s change is due at ${time(dueAt)}${reasonText(reason)}`,
    ru: t`${code(fileName)}: изменение (${author.name}) вступит в силу ${time(dueAt)}${reasonText(reason)}`,
  };
}

export function pendingApproval(
  fileName: string,
  {
    author,
    missing,
    until,
    reason,
  }: {
    readonly author: Author;
    /** How many people must still approve. */
    readonly missing: number;
    readonly until: string;
    readonly reason: string | null;
  },
): Spoken {
  const why = reasonText(reason);
  return {
    en: t`${code(fileName)}: ${author.name}'s change needs ${countEn(missing, "more approval")} by ${time(until)}${why}`,
    ru: t`${code(fileName)}: изменение (${author.name}) ждёт до ${time(until)} ещё ${countRu(missing, "одобрения", "одобрений", "одобрений")}${why}`,
  };
}

/** For its author. */
export function pendingConfirmation(fileName: string): Spoken {
  return {
    en: t`${code(fileName)}: your change is waiting for your answer, in the chat where you were asked for it`,
    ru: t`${code(fileName)}: ваше изменение ждёт вашего ответа в том чате, где был задан вопрос`,
  };
}

/** For its author. */
export function pendingDecision(fileName: string): Spoken {
  return {
    en: t`${code(fileName)}: your change is waiting for your decision, in the chat where you were asked for it`,
    ru: t`${code(fileName)}: ваше изменение ждёт вашего решения в том чате, где был задан вопрос`,
  };
}

/** For everybody who may write the config. */
export function pendingEdit(fileName: string): Spoken {
  return {
    en: t`${code(fileName)} was changed on the server, and nobody has decided yet whether that stays`,
    ru: t`${code(fileName)} изменили на сервере, и пока никто не решил, оставить ли правку`,
  };
}

export function pendingKeep(
  fileName: string,
  {
    by,
    until,
    revision,
  }: { readonly by: Author; readonly until: string; readonly revision: number },
): Spoken {
  return {
    en: t`${code(fileName)}: ${by.name}'s change is live as revision ${revision}, and goes back at ${time(until)} unless somebody presses Keep`,
    ru: t`${code(fileName)}: изменение (${by.name}) действует как ревизия ${revision}; ${time(until)} файл вернётся к прежней, если никто не нажмёт «Оставить»`,
  };
}

function reasonText(reason: string | null): Phrase {
  return reason === null ? "" : t`, ${reason}`;
}
