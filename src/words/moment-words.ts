// What is wrong with a moment that an admin has written.
import type { MomentReading } from "../model/moment.ts";
import { code, codes, countRu, type Spoken, t, time } from "./line.ts";

const example = "2026-12-01T00:00";

/**
 * @param text - as it was written
 * @param zone - by which it was read
 * @returns what is wrong, and what to write instead: one line
 */
export function momentRefusal(
  reading: Exclude<MomentReading, { readonly kind: "at" }>,
  text: string,
  zone: string,
): Spoken {
  const written = code(text);
  switch (reading.kind) {
    case "twice":
      return {
        en: t`${written} happens twice in ${zone}, because the clocks go back then. Write ${codes(reading.forms, " or ")}.`,
        ru: t`${written} в часовом поясе ${zone} наступает дважды: часы переводят назад. Напишите ${codes(reading.forms, " или ")}.`,
      };
    case "never":
      return {
        en: t`${written} does not exist in ${zone}, because the clocks go forward then. Choose another time.`,
        ru: t`${written} в часовом поясе ${zone} не существует: часы переводят вперёд. Выберите другое время.`,
      };
    case "past":
      return { en: t`${written} has passed already.`, ru: t`${written} уже прошло.` };
    case "too_far":
      return {
        en: t`${written} is too far ahead: the limit is ${reading.daysMax} days.`,
        ru: t`${written} слишком далеко: не больше чем через ${countRu(reading.daysMax, "день", "дня", "дней")}.`,
      };
    case "not_moment":
      return {
        en: t`${written} is not a time that I can read. Write it like ${code(example)}, which is read in ${zone}, or with an offset: ${code(`${example}+01:00`)}.`,
        ru: t`Не понимаю время ${written}. Напишите так: ${code(example)} (часовой пояс ${zone}) или со смещением: ${code(`${example}+01:00`)}.`,
      };
    default:
      return reading satisfies never;
  }
}

/** After the question for the file. @param dueAt - ISO 8601, UTC */
export function goesLiveAt(dueAt: string): Spoken {
  return {
    en: t`It will go live at ${time(dueAt)}.`,
    ru: t`Вступит в силу ${time(dueAt)}.`,
  };
}
