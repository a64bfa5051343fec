// What is said of a config's guard: what it asked, what came, and what follows. The first line of a change that is held is promised.
import type { GuardAnswer, GuardDoubt, GuardFailure, GuardUnknown } from "../model/guard.ts";
import {
  beginningOf,
  clock,
  code,
  countEn,
  countRu,
  type Language,
  type Phrase,
  type Spoken,
  t,
} from "./line.ts";

/** A query may have 2000 characters; its beginning tells which one it is. */
const queryCharsMax = 300;

type Asked = Pick<GuardFailure, "query" | "fails">;

function queryText({ query }: Asked): Phrase {
  return beginningOf(code(query.replaceAll(/\s+/g, " ").trim()), queryCharsMax);
}

function boundText({ fails: { operator, bound } }: Asked): Phrase {
  return code(`${operator} ${bound}`);
}

const between = { at: { en: " at ", ru: " в " }, and: { en: " and ", ru: " и " } } as const;

function answersText(answers: readonly GuardAnswer[], language: Language): Phrase {
  return answers.flatMap(({ value, at }, index) => [
    ...(index === 0 ? [] : [between.and[language]]),
    code(value),
    between.at[language],
    clock(at),
  ]);
}

export function guardHoldsLine(fileName: string): Spoken {
  return {
    en: t`✋ ${code(fileName)} was not changed yet: its guard fails.`,
    ru: t`✋ ${code(fileName)} пока не изменён: проверка по метрикам не проходит.`,
  };
}

/** `sum(rate(errors_total[1m])) was 7 at 14:20:09 UTC and 8 at 14:20:24 UTC; it fails when > 5.` */
export function guardFailureLine(failure: GuardFailure): Spoken {
  const { answers } = failure;
  const [query, bound] = [queryText(failure), boundText(failure)];
  return {
    en: t`${query} was ${answersText(answers, "en")}; it fails when ${bound}.`,
    ru: t`${query}: ${answersText(answers, "ru")}; не проходит при ${bound}.`,
  };
}

const unknownTexts: Readonly<Record<GuardUnknown, Spoken>> = {
  no_answer: { en: "Prometheus did not answer", ru: "Prometheus не ответил" },
  too_slow: { en: "Prometheus took too long", ru: "Prometheus отвечал слишком долго" },
  refused: { en: "Prometheus refused the query", ru: "Prometheus отклонил запрос" },
  not_a_number: { en: "the value was not a number", ru: "вместо числа пришло что-то другое" },
  no_series: { en: "there was no series", ru: "не нашлось ни одного ряда" },
  several_series: { en: "there was more than one series", ru: "нашлось больше одного ряда" },
};
const failedText: Spoken = { en: "it failed", ru: "проверка не прошла" };

/** @param revision - the change that was guarded */
export function guardDoubtLines(
  fileName: string,
  revision: number,
  doubt: GuardDoubt,
): readonly Spoken[] {
  const { passes, others, because } = doubt;
  const last = because === null ? failedText : unknownTexts[because];
  const query = queryText(doubt);
  const timesRu = (number: number): string => countRu(number, "раз", "раза", "раз");
  return [
    {
      en: t`⚠️ The guard of ${code(fileName)} could not tell whether revision ${revision} works.`,
      ru: t`⚠️ По метрикам не понять, работает ли ревизия ${revision} файла ${code(fileName)}.`,
    },
    {
      en: t`${query}: good ${countEn(passes, "time")}, unclear ${countEn(others, "time")}; the last time ${last}.`,
      ru: t`${query}: хорошо ${timesRu(passes)}, неясно ${timesRu(others)}; в последний раз ${last}.`,
    },
  ];
}
