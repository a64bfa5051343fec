// What programs in use read differently, aliases and tags, in words: each says what to write instead.
import { quoted } from "../model/excerpt.ts";
import type { InsteadOfTag, PlainReaderFault, ReaderFaults } from "../model/reader-fault.ts";
import { code, codes, type Phrase, type Spoken, t } from "./line.ts";
import { numberRu } from "./numbers.ts";
import type { Sentences } from "./sentences.ts";

export const plainReaderFaults: Readonly<Record<PlainReaderFault, Spoken>> = {
  tab: {
    en: "there is a tab here, which some programs refuse: use spaces",
    ru: "здесь табуляция, а её принимают не все программы: поставьте пробелы",
  },
  end_mark_before_document: {
    en: "a line ... stands before the document: remove it",
    ru: "перед документом стоит строка «...»: уберите её",
  },
  second_end_mark: {
    en: "a second line ... stands here, which programs read differently: remove it",
    ru: "здесь вторая строка «...», и программы читают это по-разному: уберите её",
  },
  spaces_before_document_mark: {
    en: "there are spaces before this ---, which programs read differently: remove them",
    ru: "перед --- стоят пробелы, и программы читают это по-разному: уберите их",
  },
  block_is_document: {
    en: "some programs do not accept a block of text as the whole document: give it a key",
    ru: "документ из одного блока текста принимают не все программы: дайте блоку ключ",
  },
  block_with_spaces_on_empty_line: {
    en: "some programs take spaces on an empty line of this text as part of it: remove them, or leave the number out",
    ru: "пробелы в пустой строке этого блока некоторые программы считают текстом: уберите их или не указывайте отступ числом",
  },
  block_ends_open: {
    en: "this block of text ends without a line break, which programs read differently: add one at the end of the file",
    ru: "этот блок текста заканчивается без перевода строки, и программы читают это по-разному: добавьте перевод строки в конце файла",
  },
  comment_before_value: {
    en: "a comment between a key and its value is refused by some programs: put it above the key, or after the value",
    ru: "комментарий между ключом и значением принимают не все программы: поставьте его над ключом или после значения",
  },
  empty_item_beside_comment: {
    en: "an empty item is refused by some programs beside a comment: write null",
    ru: "пустой элемент рядом с комментарием принимают не все программы: напишите null",
  },
  anchor_name: {
    en: "some programs accept only letters, digits, - and _ in the name of an anchor: choose another one",
    ru: "некоторые программы допускают в имени якоря только буквы, цифры, - и _: выберите другое имя",
  },
  anchor_without_space: {
    en: "a space is missing after this anchor",
    ru: "после этого якоря нет пробела",
  },
  escaped_empty_line: {
    en: "an empty line after a backslash is read differently by different programs: write \\n instead",
    ru: "пустую строку после обратной косой черты программы читают по-разному: напишите \\n",
  },
  key_missing: { en: "a key is missing before this colon", ru: "перед этим двоеточием нет ключа" },
  key_without_space: {
    en: "a space is missing after this key's colon",
    ru: "после двоеточия этого ключа нет пробела",
  },
  key_is_merge: {
    en: t`the key ${code("<<")} is a merge to some programs and a plain key to others: write the keys out`,
    ru: t`ключ ${code("<<")} для одних программ — слияние, для других — обычный ключ: перечислите ключи явно`,
  },
  quoted_key_is_merge: {
    en: t`the key ${code("<<")} is a merge to some programs, also in quotes: write the keys out`,
    ru: t`ключ ${code("<<")} для некоторых программ — слияние, даже в кавычках: перечислите ключи явно`,
  },
  key_not_plain: {
    en: "has a key that is not plain text: write the key out",
    ru: "ключ здесь — не простой текст: напишите его явно",
  },
  equals_sign: {
    en: t`${code("=")} cannot be read by some programs: write ${asText("=")}`,
    ru: t`${code("=")} понимают не все программы: ${asText("=")}`,
  },
  merge_sign: {
    en: t`${code("<<")} is a merge to some programs: write ${asText("<<")}`,
    ru: t`${code("<<")} для некоторых программ — слияние: ${asText("<<")}`,
  },
};

const typeNames = {
  number: { en: "a number", ru: "число" },
  truth: { en: "true or false", ru: "true или false" },
  nothing: { en: "nothing", ru: "пустое значение" },
} as const;

export const readerFaults: Sentences<ReaderFaults> = {
  too_many_aliases: ({ aliasesMax }) => ({
    en: t`is one of more than ${aliasesMax} aliases`,
    ru: t`псевдонимов в файле больше ${aliasesMax}`,
  }),
  aliases_unfold_too_far: ({ valuesMax }) => ({
    en: t`makes the aliases expand to more than ${valuesMax} values`,
    ru: t`из-за этого псевдонимы раскрываются больше чем в ${numberRu(valuesMax)} значений`,
  }),
  unknown_alias: ({ name }) => ({
    en: t`is an alias of ${code(quoted(name))}, which no anchor before it names`,
    ru: t`для псевдонима ${code(quoted(name))} выше нет якоря`,
  }),
  circular_alias: ({ name }) => ({
    en: t`is an alias of ${code(quoted(name))}, which contains this very alias`,
    ru: t`псевдоним ${code(quoted(name))} стоит внутри того, на что указывает`,
  }),
  anchor_repeated: ({ name }) => ({
    en: t`the anchor ${code(name)} appears twice, which some programs refuse: rename one of them`,
    ru: t`якорь ${code(name)} встречается дважды, а это принимают не все программы: переименуйте один из двух`,
  }),
  mark_in_brackets: ({ mark, source }) => ({
    en: t`some programs accept no ${mark === "colon" ? "colon" : "question mark"} inside [ ] or { } without quotes: write ${code(quoted(source))}`,
    ru: t`${mark === "colon" ? "двоеточие" : "вопросительный знак"} внутри [ ] или { } без кавычек принимают не все программы: напишите ${code(quoted(source))}`,
  }),
  no_character: ({ escape }) => ({
    en: t`${code(escape)} is not a character to some programs: write the character itself`,
    ru: t`${code(escape)} не все программы считают символом: напишите сам символ`,
  }),
  key_refused: ({ name }) => ({
    en: t`the key ${code(name)} is not accepted: choose another name`,
    ru: t`ключ ${code(name)} не допускается: выберите другое имя`,
  }),
  key_twice: ({ firstLine, secondLine }) =>
    firstLine === secondLine
      ? {
          en: t`is written twice on line ${firstLine}: keep one of them`,
          ru: t`записан дважды в строке ${firstLine}: оставьте один`,
        }
      : {
          en: t`is written on line ${firstLine} and again on line ${secondLine}: keep one of them`,
          ru: t`записан в строке ${firstLine} и ещё раз в строке ${secondLine}: оставьте один`,
        },
  key_of_type: ({ shown, type }) => ({
    en: t`the key ${code(shown)} is ${typeNames[type].en} to some programs and text to others: write ${inQuotes(shown)}`,
    ru: t`ключ ${code(shown)} для одних программ — ${typeNames[type].ru}, для других — текст: напишите ${inQuotes(shown)}`,
  }),
  not_finite: ({ shown }) => ({
    en: t`must be a finite number, got ${code(quoted(shown))}`,
    ru: t`нужно конечное число, а здесь ${code(quoted(shown))}`,
  }),
  symbol: ({ shown }) => ({
    en: t`${code(shown)} is a symbol to some programs and text to others: write ${asText(shown)}`,
    ru: t`${code(shown)} для одних программ — символ, для других — текст: ${asText(shown)}`,
  }),
  truth_to_some: ({ shown, meant }) => ({
    en: t`${code(shown)} is true or false to some programs and a word to others: write ${code(meant)}, or ${inQuotes(shown)} for the word`,
    ru: t`${code(shown)} для одних программ — true или false, для других — слово: напишите ${code(meant)}, а если это слово, то ${inQuotes(shown)}`,
  }),
  nothing_to_some: ({ shown }) => ({
    en: t`${code(shown)} is nothing to some programs and a word to others: write ${code("null")}, or ${inQuotes(shown)} for the word`,
    ru: t`${code(shown)} для одних программ — пустое значение, для других — слово: напишите ${code("null")}, а если это слово, то ${inQuotes(shown)}`,
  }),
  date_to_some: ({ shown, meant }) =>
    meant === null
      ? {
          en: t`${code(shown)} is a date to some programs, but not a valid one: write ${asText(shown)}`,
          ru: t`${code(shown)} для некоторых программ — дата, причём неверная: ${asText(shown)}`,
        }
      : {
          en: t`${code(shown)} is a date to some programs and text to others: write ${code(meant)}, or ${asText(shown)}`,
          ru: t`${code(shown)} для одних программ — дата, для других — текст: напишите ${code(meant)}, ${orText(shown)}`,
        },
  leading_zero: ({ shown }) => ({
    en: t`${code(shown)} has a leading zero, which some programs read as an octal number: write it without, or ${asText(shown)}`,
    ru: t`${code(shown)} начинается с нуля, и некоторые программы примут его за восьмеричное число: напишите без нуля, ${orText(shown)}`,
  }),
  base_60: ({ shown }) => ({
    en: t`${code(shown)} is a number in base 60 to some programs: write ${asText(shown)}`,
    ru: t`${code(shown)} для некоторых программ — шестидесятеричное число: ${asText(shown)}`,
  }),
  number_to_some: ({ shown, meant }) => ({
    en: t`${code(shown)} is a number to some programs and text to others: write ${meantText(meant, " or ", ", or ")}${asText(shown)}`,
    ru: t`${code(shown)} для одних программ — число, для других — текст: ${meant.length === 0 ? asText(shown) : t`напишите ${meantText(meant, " или ", ", ")}${orText(shown)}`}`,
  }),
  read_differently: ({ shown }) => ({
    en: t`${code(shown)} is read differently by different programs: write ${asText(shown)}`,
    ru: t`${code(shown)} программы читают по-разному: ${asText(shown)}`,
  }),
  own_tag: ({ tag }) => ({
    en: t`has the tag ${code(quoted(tag))}, and custom tags are not accepted: remove it`,
    ru: t`здесь тег ${code(quoted(tag))}, а нестандартные теги не допускаются: уберите его`,
  }),
  standard_tag: ({ tag, instead }) => ({
    en: t`has the tag ${code(quoted(tag))}, and tags are not accepted: ${insteadText(instead)}`,
    ru: t`здесь тег ${code(quoted(tag))}, а теги не допускаются: ${insteadText(instead)}`,
  }),
};

function inQuotes(shown: string): Phrase {
  return code(`"${shown}"`);
}

/** English has "write" before it. */
function asText(shown: string): Spoken {
  return {
    en: t`${inQuotes(shown)} for the text`,
    ru: t`если это текст, напишите ${inQuotes(shown)}`,
  };
}

/** Where something else was said to write already. */
function orText(shown: string): Phrase {
  return t`а если это текст, то ${inQuotes(shown)}`;
}

function meantText(meant: readonly string[], between: string, behind: string): Phrase {
  return meant.length === 0 ? "" : [codes(meant, between), behind];
}

function insteadText(instead: InsteadOfTag): Spoken {
  if ("write" in instead) {
    return { en: t`write ${code(instead.write)}`, ru: t`напишите ${code(instead.write)}` };
  }
  switch (instead.kind) {
    case "quoted_text":
      return { en: "write the text in quotes", ru: "возьмите текст в кавычки" };
    case "number":
      return { en: "write the number alone", ru: "оставьте только число" };
    case "truth":
      return { en: "write true or false", ru: "напишите true или false" };
    case "date":
      return {
        en: "write the date alone, or in quotes",
        ru: "оставьте только дату или возьмите её в кавычки",
      };
    case "same_collection":
      return {
        en: "remove it, the value is the same without it",
        ru: "уберите его, без него значение то же",
      };
    case "plain_collection":
      return {
        en: "write a list or a map without it",
        ru: "напишите список или словарь без него",
      };
    default:
      return instead.kind satisfies never;
  }
}
