// Charts: what stands in them and under them, and why there is none.
import { quoted } from "../model/excerpt.ts";
import type { LeftOut, NumberAt, NumberPoint, NumberSeries } from "../model/number-series.ts";
import { code, countEn, countRu, type Line, same, t, time } from "./line.ts";
import type { Text } from "./text.ts";

/** Under a chart. */
export function chartCaption(fileName: string, { path, points, leftOut }: NumberSeries): Text {
  const now = points.at(-1)?.value ?? null;
  return [
    now === null
      ? {
          en: t`${fileName} has no number at ${path} any more.`,
          ru: t`В ${fileName} больше нет числа ${path}.`,
        }
      : { en: t`${path} in ${fileName}: ${now}`, ru: t`${path} в ${fileName}: ${now}` },
    changesLine(points),
    ...leftOutLines(leftOut),
  ];
}

function changesLine([first, ...changes]: readonly NumberPoint[]): Line {
  if (first === undefined) return same("");
  const since = time(first.at);
  const last = changes.at(-1);
  if (last === undefined)
    return { en: t`Unchanged since ${since}.`, ru: t`Не менялось с ${since}.` };
  const at = time(last.at);
  const who = last.by === undefined ? undefined : authorLine(last.by);
  const en = countEn(changes.length, "change");
  const ru = countRu(changes.length, "изменение", "изменения", "изменений");
  return who === undefined
    ? {
        en: t`${en} since ${since}, the last one ${at}.`,
        ru: t`${ru} с ${since}, последнее — ${at}.`,
      }
    : {
        en: t`${en} since ${since}, the last one ${at} (${who}).`,
        ru: t`${ru} с ${since}, последнее — ${at} (${who}).`,
      };
}

/** Whoever changed it, or what did. */
export function authorLine({ how, author }: NonNullable<NumberPoint["by"]>): Extract<Line, object> {
  if (author !== null) return { en: author.name, ru: author.name };
  switch (how) {
    case "found":
      return { en: "found at the first start", ru: "исходный файл" };
    case "reverted":
      return { en: "went back by itself", ru: "автоматический возврат" };
    default:
      return { en: "changed on the server", ru: "правка на сервере" };
  }
}

function leftOutLines(leftOut: LeftOut): readonly Line[] {
  switch (leftOut.kind) {
    case "nothing":
      return [];
    case "not_kept":
      return [
        {
          en: `Begins with revision ${leftOut.from}: older versions are no longer kept.`,
          ru: `Начинается с ревизии ${leftOut.from}: более старые версии уже не хранятся.`,
        },
      ];
    case "too_much":
      return [
        {
          en: `Begins with revision ${leftOut.from}: reading more would take too long.`,
          ru: `Начинается с ревизии ${leftOut.from}: прочесть остальные было бы слишком долго.`,
        },
      ];
    default:
      return leftOut satisfies never;
  }
}

/** In a chart, for those who changed a number less often than the first few. */
export const otherAuthors: Line = { en: "Others", ru: "Остальные" };
/** In a chart, where there is no number now. */
export const noNumberNow = "–";

/** Above the paths that were probably meant, if there are any. @param written - as a person wrote it */
export function noChart(
  fileName: string,
  written: string,
  found: Exclude<NumberAt, { readonly kind: "number" }>,
): Line {
  const file = code(fileName);
  switch (found.kind) {
    case "unreadable":
      return {
        en: t`The live ${file} is not valid, so no number in it can be found.`,
        ru: t`Действующий ${file} содержит ошибки, найти в нём число нельзя.`,
      };
    case "nowhere": {
      const path = code(found.path ?? quoted(written));
      return found.nearest.length > 0
        ? {
            en: t`There is no ${path} in ${file}. The nearest are:`,
            ru: t`В ${file} нет ${path}. Похожие:`,
          }
        : {
            en: t`There is no ${path} in ${file}, and it holds no numbers.`,
            ru: t`В ${file} нет ни ${path}, ни вообще чисел.`,
          };
    }
    case "no_number": {
      const path = code(found.path);
      if (found.shown !== null) {
        const shown = code(found.shown);
        return {
          en: t`${path} in ${file} is ${shown}. Only numbers can be drawn.`,
          ru: t`${path} в ${file} — это ${shown}. На графике можно показать только число.`,
        };
      }
      return found.nearest.length > 0
        ? {
            en: t`${path} in ${file} holds several values. Which number?`,
            ru: t`В ${path} из ${file} несколько значений. Какое число показать?`,
          }
        : {
            en: t`${path} in ${file} holds no numbers.`,
            ru: t`В ${path} из ${file} нет чисел.`,
          };
    }
    default:
      return found satisfies never;
  }
}

export function whichNumber(fileName: string): Line {
  const file = code(fileName);
  return { en: t`Which number of ${file}?`, ru: t`Какое число из ${file} показать?` };
}

/** Where not all numbers have buttons. */
export function otherNumbers(id: string): Line {
  return {
    en: `For another one, write its path as /diff_${id} shows it: /chart_${id} path`,
    ru: `Для другого числа напишите его путь, как в /diff_${id}: /chart_${id} путь`,
  };
}

export function noNumbers(fileName: string): Line {
  const file = code(fileName);
  return { en: t`${file} holds no numbers.`, ru: t`В ${file} нет чисел.` };
}

export function noNumberChanged(fileName: string): Line {
  const file = code(fileName);
  return {
    en: t`No number in ${file} has changed lately.`,
    ru: t`Числа в ${file} в последнее время не менялись.`,
  };
}

export const drawingFailed: Line = {
  en: "The chart could not be drawn in time. Please try again.",
  ru: "Не удалось вовремя нарисовать график. Попробуйте ещё раз.",
};
