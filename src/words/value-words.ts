// One value of a config: what it is, what it would become, and why it cannot.
import type { Config } from "../model/config.ts";
import { pathText, quoted } from "../model/excerpt.ts";
import type { PathStep } from "../model/comparison.ts";
import type {
  FoundValue,
  NoSuchPath,
  ScalarType,
  ValueEdit,
  ValueFault,
  ValueSetBy,
} from "../model/one-value.ts";
import { whoLine } from "./history-words.ts";
import { reasonLines } from "./freeze-words.ts";
import { keyChangeText } from "./key-change-words.ts";
import { code, codes, type Phrase, type Spoken, t, time } from "./line.ts";
import type { Text } from "./text.ts";

/** `edit` waits for whoever asked for it. */
export function valueOffer(
  { fileName }: Config,
  { path, before, after, line }: Extract<ValueEdit, { readonly kind: "edited" }>,
  reason: string | null,
): Text {
  return [
    {
      en: t`Change this value in ${code(fileName)}? Nothing was changed yet.`,
      ru: t`Изменить это значение в ${code(fileName)}? Пока ничего не изменено.`,
    },
    keyChangeText({ path, what: { kind: "changed", before, after }, line }),
    ...reasonLines(reason),
  ];
}

export function valueShown(
  { id }: Config,
  { path, shown, line }: FoundValue,
  setBy: ValueSetBy,
): Text {
  return [
    valueLine(path, shown, line),
    ...setByLines(setBy),
    {
      en: t`To change it: /set_${id} ${code(pathText(path))} and the new value.`,
      ru: t`Чтобы изменить: /set_${id} ${code(pathText(path))} и новое значение.`,
    },
  ];
}

function valueLine(path: readonly PathStep[], shown: string, line: number): Spoken {
  const value = t`${code(pathText(path))}: ${code(shown)}`;
  return { en: t`${value} (line ${line})`, ru: t`${value} (строка ${line})` };
}

function setByLines(setBy: ValueSetBy): readonly Spoken[] {
  switch (setBy.kind) {
    case "unknown":
      return [];
    case "on_disk":
      return [
        {
          en: "Changed on disk after the newest revision.",
          ru: "Изменено на сервере после последней ревизии.",
        },
      ];
    case "revision": {
      const { entry, isExact } = setBy;
      const who = t`${whoLine(entry)}, ${time(entry.at)}`;
      return isExact
        ? [
            {
              en: t`Set in revision ${entry.revision}, ${who}.`,
              ru: t`Задано в ревизии ${entry.revision} (${who}).`,
            },
          ]
        : [
            {
              en: t`Not changed since revision ${entry.revision} (${who}).`,
              ru: t`Не менялось с ревизии ${entry.revision} (${who}).`,
            },
          ];
    }
    default:
      return setBy satisfies never;
  }
}

export function valueAlready(
  { fileName }: Config,
  { path, shown, line }: Extract<ValueEdit, { readonly kind: "same" }>,
): Text {
  return [
    {
      en: t`${code(fileName)} has that value already. Nothing changed.`,
      ru: t`В ${code(fileName)} уже это значение. Ничего не изменено.`,
    },
    valueLine(path, shown, line),
  ];
}

/** @param asked - as it was typed */
export function noSuchPath({ fileName }: Config, asked: string, { nearest }: NoSuchPath): Text {
  const wanted = code(quoted(asked));
  return [
    {
      en: t`${code(fileName)} has no ${wanted}. Nothing was changed.`,
      ru: t`В ${code(fileName)} нет ${wanted}. Ничего не изменено.`,
    },
    ...(nearest.length === 0
      ? []
      : [
          {
            en: t`Nearest: ${codes(nearest, ", ")}`,
            ru: t`Похожие: ${codes(nearest, ", ")}`,
          },
        ]),
  ];
}

export function valueRefused(
  { id, fileName }: Config,
  path: readonly PathStep[],
  fault: ValueFault,
): Text {
  const why = faultText(code(pathText(path)), fault);
  return [
    {
      en: t`${code(fileName)} was not changed: ${why}.`,
      ru: t`${code(fileName)} не изменён: ${why}.`,
    },
    ...(fault.code === "not_offered" || fault.code === "aliased"
      ? [
          {
            en: t`Send the whole file with /set_${id} instead.`,
            ru: t`Пришлите весь файл: /set_${id}`,
          },
        ]
      : []),
  ];
}

const typeTexts: Readonly<Record<ScalarType, Spoken>> = {
  number: { en: "a number", ru: "числом" },
  truth: { en: "true or false", ru: "true или false" },
  text: { en: "text", ru: "текстом" },
  nothing: { en: "null", ru: "null" },
  date: { en: "a date", ru: "датой" },
};

function faultText(name: Phrase, fault: ValueFault): Spoken {
  switch (fault.code) {
    case "not_single":
      return fault.inside === null
        ? { en: t`${name} is not a single value`, ru: t`${name} — не одно значение` }
        : {
            en: t`${name} is not a single value; name one inside it, such as ${code(fault.inside)}`,
            ru: t`${name} — не одно значение; укажите одно из них, например ${code(fault.inside)}`,
          };
    case "aliased":
      return {
        en: t`${name} is an alias: its value is written elsewhere, and is used there too`,
        ru: t`${name} — псевдоним: его значение записано в другом месте и действует и там`,
      };
    case "wrong_type": {
      const got = code(quoted(fault.got));
      const must = {
        en: t`${name} must stay ${typeTexts[fault.type]}, got ${got}`,
        ru: t`${name} должно остаться ${typeTexts[fault.type]}, а здесь ${got}`,
      };
      return fault.meant.length === 0
        ? must
        : {
            en: t`${must}: write ${codes(fault.meant, " or ")}`,
            ru: t`${must}: напишите ${codes(fault.meant, " или ")}`,
          };
    }
    case "not_offered":
      return {
        en: t`${name} cannot be changed by itself without touching the rest of the file`,
        ru: t`${name} нельзя изменить отдельно, не задев остальной файл`,
      };
    default:
      return fault satisfies never;
  }
}

export function valueUnreadable({ id, fileName }: Config): Spoken {
  return {
    en: t`${code(fileName)} was not changed: the live file cannot be read by key. Send the whole file with /set_${id}.`,
    ru: t`${code(fileName)} не изменён: действующий файл не разобрать по ключам. Пришлите весь файл: /set_${id}`,
  };
}

export function openQuote({ fileName }: Config, path: string): Spoken {
  return {
    en: t`${code(fileName)} was not changed: the quote before the new value of ${code(path)} is not closed.`,
    ru: t`${code(fileName)} не изменён: кавычка перед новым значением ${code(path)} не закрыта.`,
  };
}
