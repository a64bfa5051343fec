// What keeps bytes from being a document, in words. Long: each mistake is one sentence in every language.
import type { PlainSyntaxFault, SyntaxFaults } from "../model/syntax-fault.ts";
import { code, formRu, type Spoken, t } from "./line.ts";
import { size } from "./numbers.ts";
import type { Sentences } from "./sentences.ts";
import { troubleLine } from "./trouble-words.ts";

export const plainSyntaxFaults: Readonly<Record<PlainSyntaxFault, Spoken>> = {
  mark_before_json: {
    en: "the file begins with a byte order mark (U+FEFF), which programs that read JSON refuse: save it as UTF-8 without one",
    ru: "файл начинается с метки порядка байтов (U+FEFF), а программы, читающие JSON, её не принимают: сохраните файл в UTF-8 без неё",
  },
  mark_counted: {
    en: "the file begins with a byte order mark (U+FEFF), which some programs count as a column: save it as UTF-8 without one",
    ru: "файл начинается с метки порядка байтов (U+FEFF), а некоторые программы считают её столбцом: сохраните файл в UTF-8 без неё",
  },
  empty_document: {
    en: "the file is empty, or has only comments",
    ru: "файл пуст, или в нём одни комментарии",
  },
  second_document: {
    en: "another document begins here, but a file holds one: remove the line --- or what follows it",
    ru: "здесь начинается второй документ, а в файле должен быть один: уберите строку --- или всё, что после неё",
  },
  too_many_documents: {
    en: "there is more than one document in the file",
    ru: "в файле больше одного документа",
  },
  alias_with_properties: {
    en: "an alias (*name) cannot have an anchor or a tag of its own",
    ru: "у псевдонима (*name) не может быть своего якоря или тега",
  },
  wrong_alias: {
    en: "this alias (*name) or anchor (&name) is not written correctly",
    ru: "этот псевдоним (*name) или якорь (&name) записан неверно",
  },
  tag_of_other_kind: {
    en: "this tag does not fit a map or a list",
    ru: "этот тег не подходит словарю или списку",
  },
  directive: {
    en: "this line that begins with % is not understood: remove it",
    ru: "эта строка с % в начале непонятна: уберите её",
  },
  backslash: {
    en: "this backslash in a double-quoted text is not understood: write \\\\ for a backslash",
    ru: "эта обратная косая черта внутри двойных кавычек непонятна: если нужна она сама, напишите \\\\",
  },
  indentation: {
    en: "the indentation is wrong here, or a bracket before it is not closed: lines that belong together begin in the same column",
    ru: "отступ здесь неверен, или выше не закрыта скобка: строки, которые идут вместе, начинаются в одном столбце",
  },
  properties_misplaced: {
    en: "an anchor or tag is in the wrong place here",
    ru: "якорь или тег стоит не на своём месте",
  },
  value_begins_wrong: {
    en: "a value cannot begin with this character: put the value in quotes",
    ru: "значение не может начинаться с этого символа: возьмите значение в кавычки",
  },
  block_on_key_line: {
    en: "a key and its map or list cannot share a line: is a line break or a quote missing?",
    ru: "словарь или список не может начинаться в одной строке со своим ключом: может быть, пропущен перевод строки или кавычка?",
  },
  second_colon: {
    en: "there is a second colon on this line: if what follows the first one is one value, put it in quotes",
    ru: "в этой строке второе двоеточие: если после первого идёт одно значение, возьмите его в кавычки",
  },
  indented_below_value: {
    en: "this line is indented as if it were part of the one above, which has a value already: begin both in the same column",
    ru: "отступ у этой строки такой, будто она часть строки выше, а у той уже есть значение: начните обе с одного столбца",
  },
  merge_conflict: {
    en: "this line was left by a merge in Git: keep one of the two versions, and remove the lines with <<<<<<<, ======= and >>>>>>>",
    ru: "эту строку оставило слияние в Git: оставьте одну из двух версий и уберите строки с <<<<<<<, ======= и >>>>>>>",
  },
  block_in_brackets: {
    en: "a map or list over several lines cannot stand inside [ ] or { }",
    ru: "словарь или список из нескольких строк не может стоять внутри [ ] или { }",
  },
  key_repeated: { en: "this key appears twice", ru: "этот ключ встречается дважды" },
  not_understood: { en: "this is not understood", ru: "это непонятно" },
  something_missing: {
    en: "something is missing here: a closing quote, a bracket, a comma, or a space after a colon",
    ru: "здесь чего-то не хватает: закрывающей кавычки, скобки, запятой или пробела после двоеточия",
  },
  key_over_lines: {
    en: "a key cannot go over several lines: is a colon missing?",
    ru: "ключ не может занимать несколько строк: может быть, пропущено двоеточие?",
  },
  anchors_several: {
    en: "a value can have only one anchor (&name)",
    ru: "у значения может быть только один якорь (&name)",
  },
  tags_several: {
    en: "a value can have only one tag",
    ru: "у значения может быть только один тег",
  },
  key_is_no_text: { en: "a key must be plain text", ru: "ключ должен быть простым текстом" },
  too_complex: { en: "the file is too complex", ru: "файл слишком сложный" },
  tab_in_indentation: {
    en: "there is a tab in the indentation: use spaces",
    ru: "в отступе табуляция: поставьте пробелы",
  },
  value_unlike_tag: {
    en: "this value does not fit its tag",
    ru: "это значение не подходит своему тегу",
  },
  unexpected: {
    en: "this is not expected here: is a quote, a colon or a line break missing before it?",
    ru: "этого здесь быть не должно: может быть, перед этим пропущена кавычка, двоеточие или перевод строки?",
  },
  comma_or_colon_missing: {
    en: "a comma or a colon is missing before this",
    ru: "перед этим нет запятой или двоеточия",
  },
  comma_missing: { en: "a comma is missing before this", ru: "перед этим нет запятой" },
  space_missing_after_colon: {
    en: "a space is missing after this colon",
    ru: "после этого двоеточия нет пробела",
  },
  space_missing_before_comment: {
    en: "a space is missing before this #",
    ru: "перед этим # нет пробела",
  },
  colon_missing_after_key: {
    en: "a colon is missing after this key",
    ru: "после этого ключа нет двоеточия",
  },
  dash_missing: { en: "a dash is missing before this", ru: "перед этим нет дефиса" },
  space_missing: { en: "a space is missing before this", ru: "перед этим нет пробела" },
  document_start_missing: {
    en: "the line --- is missing before this",
    ru: "перед этим нет строки ---",
  },
  line_break_missing_after_start: {
    en: "a line break is missing after ---",
    ru: "после --- нет перевода строки",
  },
  line_break_missing: {
    en: "a line break is missing before this",
    ru: "перед этим нет перевода строки",
  },
  double_quote_open: { en: "a double quote is never closed", ru: "двойная кавычка не закрыта" },
  single_quote_open: { en: "a single quote is never closed", ru: "одинарная кавычка не закрыта" },
  double_quote_open_before: {
    en: "a double quote before this is never closed",
    ru: "двойная кавычка перед этим не закрыта",
  },
  single_quote_open_before: {
    en: "a single quote before this is never closed",
    ru: "одинарная кавычка перед этим не закрыта",
  },
  bracket_open_before: {
    en: "a [ or { before this is never closed",
    ru: "скобка [ или { перед этим не закрыта",
  },
  value_missing_before_comma: {
    en: "a value is missing before this comma",
    ru: "перед этой запятой нет значения",
  },
  space_missing_after_colon_before: {
    en: "a space is missing after the colon before this",
    ru: "после двоеточия перед этим нет пробела",
  },
  indentation_less_than_key: {
    en: "this must be indented more than the key that it belongs to",
    ru: "отступ здесь должен быть больше, чем у ключа, к которому это относится",
  },
  block_indentation_zero: {
    en: "a block's indentation cannot be 0",
    ru: "отступ блока не может быть 0",
  },
  tag_not_understood: {
    en: "this tag is not understood: remove it",
    ru: "этот тег непонятен: уберите его",
  },
  json_none: { en: "this is not JSON", ru: "это не JSON" },
  json_comment: {
    en: "a comment is not allowed in JSON: remove it",
    ru: "комментариев в JSON быть не может: уберите его",
  },
  json_number: {
    en: "this is not a number in JSON: write digits, without a leading zero, with digits on both sides of the point",
    ru: "это не число в JSON: нужны цифры без нуля впереди, по обе стороны точки",
  },
  json_text_open: {
    en: "the text that begins here is not closed on its line: add a double quote, or write \\n for a line break",
    ru: "текст, который начинается здесь, не закрыт в своей строке: добавьте двойную кавычку или напишите \\n вместо перевода строки",
  },
  json_backslash: {
    en: "this backslash is not understood: write \\\\ for a backslash",
    ru: "эта обратная косая черта непонятна: если нужна она сама, напишите \\\\",
  },
  json_key_unquoted: {
    en: "a key must be in double quotes in JSON",
    ru: "ключ в JSON берут в двойные кавычки",
  },
  json_single_quotes: {
    en: "text goes in double quotes in JSON, not in single quotes",
    ru: "текст в JSON берут в двойные кавычки, а не в одинарные",
  },
  json_not_understood: { en: "this is not understood in JSON", ru: "это непонятно в JSON" },
  json_goes_on: {
    en: "something follows the end of the document: there is a bracket too many before it, or a comma or bracket is missing",
    ru: "после конца документа есть что-то ещё: выше лишняя скобка, или не хватает запятой или скобки",
  },
  colon_missing: { en: "a colon is missing before this", ru: "перед этим нет двоеточия" },
  value_missing: { en: "a value is missing before this", ru: "перед этим нет значения" },
};

const hiddenNames = {
  byte_order_mark: { en: "byte order mark", ru: "невидимая метка порядка байтов" },
  line_break: { en: "line break", ru: "невидимый перевод строки" },
  control_character: { en: "control character", ru: "невидимый управляющий символ" },
} as const;

const quoteNames = {
  double: { en: "double", ru: "двойная" },
  single: { en: "single", ru: "одинарная" },
} as const;

/** How a quote is written between quotes of its kind. */
const innerQuotes = {
  double: { meant: '"', written: '\\"' },
  single: { meant: "'", written: "''" },
} as const;

export const syntaxFaults: Sentences<SyntaxFaults> = {
  unreadable: ({ trouble }) => ({
    en: t`cannot be read: ${troubleLine(trouble)}`,
    ru: t`не удалось прочитать: ${troubleLine(trouble)}`,
  }),
  too_large: ({ bytesMax }) => ({
    en: t`the file is too large: at most ${size(bytesMax).en} is accepted`,
    ru: t`файл слишком большой: принимается не больше ${size(bytesMax).ru}`,
  }),
  too_slow_to_check: ({ limitMs }) => ({
    en: t`the file is too complex: checking it takes longer than ${limitMs / 1000} seconds`,
    ru: t`файл слишком сложный: проверка идёт дольше ${limitMs / 1000} ${formRu(limitMs / 1000, "секунды", "секунд", "секунд")}`,
  }),
  too_much_memory: ({ megabytesMax }) => ({
    en: t`the file is too complex: checking it needs more than ${megabytesMax} MB of memory`,
    ru: t`файл слишком сложный: для проверки нужно больше ${megabytesMax} МБ памяти`,
  }),
  not_utf8: ({ likely }) =>
    likely === null
      ? { en: "the file is not UTF-8 text", ru: "это не текст в UTF-8" }
      : {
          en: t`the file is not UTF-8 text; it looks like ${likely}: save it as UTF-8 (editors ask for the encoding under "Save as") and send it again`,
          ru: t`это не текст в UTF-8, похоже на ${likely}: сохраните его в UTF-8 (кодировку редактор спрашивает в «Сохранить как») и пришлите ещё раз`,
        },
  hidden_character: ({ what, code: point }) => {
    const name = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
    return {
      en: t`there is an invisible ${hiddenNames[what].en} here (${name}): remove it`,
      ru: t`здесь ${hiddenNames[what].ru} (${name}): уберите этот символ`,
    };
  },
  too_deep: ({ levelsMax }) => ({
    en: t`is nested deeper than ${levelsMax} levels`,
    ru: t`вложено глубже ${levelsMax} уровней`,
  }),
  key_too_long: ({ charsMax }) => ({
    en: t`a key is longer than ${charsMax} characters: is a colon or a quote missing?`,
    ru: t`ключ длиннее ${charsMax} символов: может быть, пропущено двоеточие или кавычка?`,
  }),
  quote_open: ({ quote }) => ({
    en: t`a ${quoteNames[quote].en} quote opens here and is never closed`,
    ru: t`${quoteNames[quote].ru} кавычка открывается здесь и нигде не закрыта`,
  }),
  quote_over_lines: ({ quote }) => ({
    en: t`a ${quoteNames[quote].en} quote opens here and is closed only on another line: is one missing?`,
    ru: t`${quoteNames[quote].ru} кавычка открывается здесь, а закрыта только в другой строке: может быть, одной не хватает?`,
  }),
  text_after_quote: ({ quote }) => ({
    en: t`something follows the closing quote: put all of it in quotes, and write ${innerQuotes[quote].written} for each ${innerQuotes[quote].meant} between them`,
    ru: t`после закрывающей кавычки что-то ещё: возьмите в кавычки всё, а вместо каждой ${innerQuotes[quote].meant} между ними пишите ${innerQuotes[quote].written}`,
  }),
  bracket_open: ({ open, close }) => ({
    en: t`a ${open} opens here and is never closed: add a ${close}, or indent what belongs to it`,
    ru: t`скобка ${open} открывается здесь и нигде не закрыта: добавьте ${close} или сделайте отступ у того, что в ней`,
  }),
  json_ends: ({ missing }) => ({
    en: t`the file ends here, and a ${missing ?? "value"} is missing`,
    ru: t`файл здесь заканчивается, но не хватает ${missing ?? "значения"}`,
  }),
  json_control_character: ({ escape }) => ({
    en: t`there is a tab or control character in this text: write \\${escape}`,
    ru: t`в этом тексте табуляция или управляющий символ: вместо него напишите \\${escape}`,
  }),
  json_last_comma: ({ bracket }) => ({
    en: t`this comma is the last thing before ${bracket}, which JSON does not allow: remove it`,
    ru: t`запятой перед ${bracket} в JSON быть не может: уберите её`,
  }),
  json_separator_missing: ({ bracket }) => ({
    en: t`a comma or ${bracket} is missing before this`,
    ru: t`перед этим нет запятой или ${bracket}`,
  }),
  json_no_number: ({ word }) => ({
    en: t`${code(word)} is not a value in JSON: write a number`,
    ru: t`${code(word)} — не значение в JSON: напишите число`,
  }),
  json_no_value: ({ word }) => ({
    en: t`${code(word)} is not a value in JSON: put it in double quotes if it is text`,
    ru: t`${code(word)} — не значение в JSON: если это текст, возьмите его в двойные кавычки`,
  }),
};
