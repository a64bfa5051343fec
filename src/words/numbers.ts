// Numbers with their nouns, times, sizes, lists of names: what a language counts and writes in a way of its own.
import { countEn, countRu, formRu, type Language } from "./line.ts";

/** A piece of a line, without marks. */
type Words = Readonly<Record<Language, string>>;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const units = {
  second: ["секунду", "секунды", "секунд"],
  minute: ["минуту", "минуты", "минут"],
  hour: ["час", "часа", "часов"],
  day: ["день", "дня", "дней"],
} as const;

/** `5 minutes`, rounded to its largest unit; in Russian as after «за» and before «назад». */
export function duration(durationMs: number, rounded: "down" | "up" = "down"): Words {
  const of = (unit: keyof typeof units, unitMs: number): Words => {
    const exact = durationMs / unitMs;
    const number = Math.max(0, rounded === "up" ? Math.ceil(exact) : Math.floor(exact));
    const [one, few, many] = units[unit];
    return { en: countEn(number, unit), ru: countRu(number, one, few, many) };
  };
  if (durationMs < minuteMs) return of("second", 1000);
  if (durationMs < hourMs) return of("minute", minuteMs);
  if (durationMs < 2 * dayMs) return of("hour", hourMs);
  return of("day", dayMs);
}

/** `5 minutes`, rounded down to its largest unit. */
export function durationText(durationMs: number): string {
  return duration(durationMs).en;
}

/** `5 minutes ago`, `just now`. */
export function agoWords(durationMs: number): Words {
  if (durationMs < 1000) return { en: "just now", ru: "только что" };
  const { en, ru } = duration(durationMs);
  return { en: `${en} ago`, ru: `${ru} назад` };
}

/** `1 problem`, `2 problems`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return countEn(number, noun, plural);
}

/** `1 048 576`, for what is counted and not copied. */
export function numberRu(number: number): string {
  return new Intl.NumberFormat("ru").format(number);
}

/** `1 MB`, `1.5 MB`, `800 bytes`; by 1024, as MAX_UPLOAD_BYTES is counted. In Russian as after «не больше». */
export function size(bytes: number): Words {
  const [number, en, ru] = sizeParts(bytes);
  return { en: `${number} ${en}`, ru: `${numberRu(number)} ${ru}` };
}

function sizeParts(bytes: number): readonly [number: number, en: string, ru: string] {
  const megabytes = bytes / (1024 * 1024);
  if (megabytes >= 1) return [Number(megabytes.toFixed(1)), "MB", "МБ"];
  return bytes >= 1024 ? [Number((bytes / 1024).toFixed(1)), "kB", "КБ"] : [bytes, "bytes", "байт"];
}

/** `2 problems found`. */
export function problemsFound(total: number): Words {
  return {
    en: `${countEn(total, "problem")} found`,
    ru: `${formRu(total, "найдена", "найдено", "найдено")} ${countRu(total, "проблема", "проблемы", "проблем")}`,
  };
}

/** Behind a list of which only the first are shown. */
export function andMore(number: number): Words {
  return { en: `… and ${number} more`, ru: `… и ещё ${number}` };
}

/** `Boris and Carol`. */
export function names(people: readonly { readonly name: string }[]): Words {
  const all = people.map(({ name }) => name);
  const listIn = (language: string): string =>
    new Intl.ListFormat(language, { type: "conjunction" }).format(all);
  return { en: listIn("en"), ru: listIn("ru") };
}
