// What is wrong with a document, in one line for people; the faults themselves are said by subject in the files beside this one.
import { pathText } from "../model/excerpt.ts";
import type { Fault, FaultParams, Got, PlainFault, Problem } from "../model/problem.ts";
import { catalogFaults, plainCatalogFaults } from "./catalog-words.ts";
import { limitFaults } from "./limit-words.ts";
import { code, type Language, type Line, type Phrase, same, type Spoken, t } from "./line.ts";
import type { Sentences } from "./sentences.ts";
import { plainReaderFaults, readerFaults } from "./reader-words.ts";
import { plainRuleFaults, ruleFaults } from "./rule-words.ts";
import { plainSchemaFaults, schemaFaults } from "./schema-words.ts";
import { plainSyntaxFaults, syntaxFaults } from "./syntax-words.ts";
import { renderLine } from "./text.ts";

/** `line 4, column 16: maker_percent: must be at most 100, got 150`. */
export function problemText(problem: Problem): Spoken {
  const { line, column } = problem.place;
  const text = textWithPath(problem);
  if (line === null) return text;
  return {
    en: t`line ${line}, column ${column ?? 1}: ${text}`,
    ru: t`строка ${line}, столбец ${column ?? 1}: ${text}`,
  };
}

/** `maker_percent: must be at most 100, got 150`. */
export function textWithPath(problem: Problem): Spoken {
  const { path } = problem.place;
  const text = messageText(problem);
  return path.length === 0 ? text : same(t`${code(pathText(path))}: ${text}`);
}

/** `must be at most 100, got 150`. */
export function messageText({ place: { written = "" }, ...fault }: Problem): Spoken {
  const text = faultText(fault);
  if (written === "") return text;
  const dot = (language: Language): string =>
    renderLine(text, language).text.endsWith("?") ? "" : ".";
  return {
    en: t`${text}${dot("en")} The line: ${code(written)}`,
    ru: t`${text}${dot("ru")} Строка: ${code(written)}`,
  };
}

/** The same, wherever it is. */
export function faultText(fault: Fault): Spoken {
  const text = "params" in fault ? paramsText(fault) : plainTexts[fault.code];
  if (fault.got === undefined) return same(text);
  const got = gotText(fault.got);
  return { en: t`${text}, got ${got}`, ru: t`${text}, а здесь ${got}` };
}

const plainTexts: Readonly<Record<PlainFault, Line>> = {
  ...plainSyntaxFaults,
  ...plainReaderFaults,
  ...plainSchemaFaults,
  ...plainCatalogFaults,
  ...plainRuleFaults,
};

const texts: Sentences<FaultParams> = {
  ...syntaxFaults,
  ...readerFaults,
  ...schemaFaults,
  ...catalogFaults,
  ...ruleFaults,
  ...limitFaults,
  key_not_accepted: ({ because }) => {
    const why = because === null ? "" : faultText(because);
    return { en: t`is not an accepted key: ${why}`, ru: t`не подходит как ключ: ${why}` };
  },
  fits_no_form: ({ nearest }) => {
    if (nearest === null) {
      return {
        en: "fits none of the forms accepted here",
        ru: "не подходит ни под одну из допустимых здесь форм",
      };
    }
    const { path, fault } = nearest;
    const [at, why] = [code(pathText(path)), faultText(fault)];
    return {
      en: t`fits none of the forms accepted here: by the nearest one, ${path.length === 0 ? "it" : at} ${why}`,
      ru: t`не подходит ни под одну из допустимых здесь форм; если брать ближайшую — ${path.length === 0 ? "" : t`${at}: `}${why}`,
    };
  },
  not_a_schema: ({ reference, problem }) => {
    const why = problemText(problem);
    return {
      en: t`refers to ${code(reference)}, which is not a schema: ${why}`,
      ru: t`схема ссылается на ${code(reference)}, а это не схема: ${why}`,
    };
  },
  in_schema_file: ({ file, problem }) => same(t`${code(file)}: ${problemText(problem)}`),
};

function paramsText<Code extends keyof FaultParams>(fault: {
  readonly code: Code;
  readonly params: FaultParams[Code];
}): Line {
  return texts[fault.code](fault.params);
}

/** `150`, `the text "abc"`, `a map`. */
function gotText(got: Got): Phrase {
  if (got === null) return { en: "nothing", ru: "пусто" };
  if (typeof got === "string") {
    const text = code(JSON.stringify(got));
    return { en: t`the text ${text}`, ru: t`текст ${text}` };
  }
  if (typeof got === "object") {
    return Array.isArray(got) ? { en: "a list", ru: "список" } : { en: "a map", ru: "словарь" };
  }
  return code(String(got));
}
