// What is said, as a value that holds every language. A line is one object with a phrase for each of them:
//
//   export function notFrozen({ fileName }: Config): Line {
//     return {
//       en: t`${code(fileName)} is not frozen. Nothing to do.`,
//       ru: t`${code(fileName)} не заморожен. Делать ничего не нужно.`,
//     };
//   }
//
// A phrase is made by t`…`. In it stand names and values as `code`, times as `time` or `clock`, and other lines, which are said in the language
// of the one around them. Never put a line into a plain `…` string, and never look at what a line says: text.ts makes the words, in the
// language of whoever reads them. The first line of a message is bold without your doing. Plain JSON, so that it can be kept and said again.
//
// Russian has one word for each thing as well: config конфиг, file файл, revision ревизия, version версия, change изменение, an edit by hand on
// the server правка на сервере, backup резервная копия, history история, lock блокировка, limit предел, rule правило, approve одобрить, reject
// отклонить, withdraw отозвать, apply применить, discard не применять, undo отменить, roll back откатить, go back by itself (or by Revert now)
// вернуться, keep оставить, freeze заморозить, problem проблема, service сервис, guard проверка по метрикам, store хранилище, machine машина,
// operator администратор бота (оператор answers questions in a bot), live действующий. Its manner: short; вы in lower case; a person's gender is
// not known, so passive or impersonal forms, with the name in brackets or behind a colon; names and values are not declined; a count carries its
// noun and verb along (formRu); a day and time stand without «в», a clock time with it; a button is named in «» as it is labelled; a dash is —.
export const languages = ["en", "ru"] as const;

export type Language = (typeof languages)[number];

/** `auto` is the language of each person's Telegram app. */
export const languageChoices = [...languages, "auto"] as const;

export type LanguageChoice = (typeof languageChoices)[number];

/** A value or a name, in letters of one width. */
interface Code {
  readonly code: string;
}

/** An instant, which whoever reads it sees in their own zone where their app can do that. */
interface Instant {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The day and the time, or the time alone for what is near. */
  readonly shown: "time" | "clock";
}

/** What is cut where it is longer. */
interface Beginning {
  readonly beginning: Phrase;
  readonly charsMax: number;
}

/** What a line says in one language. */
export type Phrase = string | Code | Instant | Beginning | Spoken | readonly Phrase[];

/** One thing in every language. */
export type Spoken = { readonly [L in Language]: Phrase };

/** A line of a text. */
export type Line = Spoken;

/** What no language says differently: a command, a name, nothing at all. */
export function same(phrase: Phrase): Spoken {
  return { en: phrase, ru: phrase };
}

/** A phrase, with values in it. */
export function t(
  words: TemplateStringsArray,
  ...values: readonly (Phrase | number)[]
): readonly Phrase[] {
  const phrase: Phrase[] = [];
  let index = 0;
  for (const word of words) {
    if (word !== "") phrase.push(word);
    const value = values[index];
    if (value !== undefined && value !== "")
      phrase.push(typeof value === "number" ? String(value) : value);
    index += 1;
  }
  return phrase;
}

/** A file's or a key's name, a value, a hash: what is copied rather than read. */
export function code(text: string | number): Code {
  return { code: String(text) };
}

/** Names or values one after another, each as {@link code}. */
export function codes(texts: readonly (string | number)[], separator: string): Phrase {
  return texts.flatMap((text, index) => [...(index === 0 ? [] : [separator]), code(text)]);
}

/** `2026-11-23 14:05:09 UTC`. @param iso - ISO 8601, UTC */
export function time(iso: string): Instant {
  return { at: iso, shown: "time" };
}

/** `14:05:09 UTC`, for what is near. @param iso - ISO 8601, UTC */
export function clock(iso: string): Instant {
  return { at: iso, shown: "clock" };
}

/** @param charsMax - in UTF-16 units, the "…" in place of the rest among them; Infinity cuts nothing */
export function beginningOf(phrase: Phrase, charsMax: number): Phrase {
  return charsMax === Infinity ? phrase : { beginning: phrase, charsMax };
}

const pluralRules = {
  en: new Intl.PluralRules("en"),
  ru: new Intl.PluralRules("ru"),
} satisfies Record<Language, Intl.PluralRules>;

/** `1 problem`, `2 problems`, `1,000 problems` without the comma: English counts are written as they always were. */
export function countEn(number: number, one: string, other = `${one}s`): string {
  return `${number} ${pluralRules.en.select(number) === "one" ? one : other}`;
}

/** The form that goes with this number: 1 проблема, 2 проблемы, 5 проблем. */
export function formRu(number: number, one: string, few: string, many: string): string {
  const category = pluralRules.ru.select(number);
  if (category === "one") return one;
  return category === "few" ? few : many;
}

/** `2 проблемы`. */
export function countRu(number: number, one: string, few: string, many: string): string {
  return `${number} ${formRu(number, one, few, many)}`;
}

/** A line as one that stands alone. */
export function sentence(line: Line): Spoken {
  return { en: t`${line}.`, ru: t`${line}.` };
}
