// What is wrong with a document, in one line for people; the faults themselves are said by subject in the files beside this one.
import { pathText } from "../model/excerpt.ts";
import type { Fault, FaultParams, Got, PlainFault, Problem } from "../model/problem.ts";
import { catalogFaults, plainCatalogFaults } from "./catalog-words.ts";
import { limitFaults } from "./limit-words.ts";
import type { Sentences } from "./sentences.ts";
import { plainReaderFaults, readerFaults } from "./reader-words.ts";
import { plainRuleFaults, ruleFaults } from "./rule-words.ts";
import { plainSchemaFaults, schemaFaults } from "./schema-words.ts";
import { plainSyntaxFaults, syntaxFaults } from "./syntax-words.ts";

/** `line 4, column 16: maker_percent: must be at most 100, got 150`. */
export function problemText(problem: Problem): string {
  const { line, column } = problem.place;
  const text = textWithPath(problem);
  return line === null ? text : `line ${line}, column ${column}: ${text}`;
}

/** `maker_percent: must be at most 100, got 150`. */
export function textWithPath(problem: Problem): string {
  const { path } = problem.place;
  return path.length === 0 ? messageText(problem) : `${pathText(path)}: ${messageText(problem)}`;
}

/** `must be at most 100, got 150`. */
export function messageText({ place: { written = "" }, ...fault }: Problem): string {
  const text = faultText(fault);
  if (written === "") return text;
  return `${text}${text.endsWith("?") ? "" : "."} The line: ${written}`;
}

/** The same, wherever it is. */
export function faultText(fault: Fault): string {
  const text = "params" in fault ? paramsText(fault) : plainTexts[fault.code];
  return fault.got === undefined ? text : `${text}, got ${gotText(fault.got)}`;
}

const plainTexts: Readonly<Record<PlainFault, string>> = {
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
  key_not_accepted: ({ because }) =>
    `is not an accepted key: ${because === null ? "" : faultText(because)}`,
  fits_no_form: ({ nearest }) => {
    const text = "fits none of the forms accepted here";
    if (nearest === null) return text;
    const path = nearest.path.length === 0 ? "it" : pathText(nearest.path);
    return `${text}: by the nearest one, ${path} ${faultText(nearest.fault)}`;
  },
  not_a_schema: ({ reference, problem }) =>
    `refers to ${reference}, which is not a schema: ${problemText(problem)}`,
  in_schema_file: ({ file, problem }) => `${file}: ${problemText(problem)}`,
};

function paramsText<Code extends keyof FaultParams>(fault: {
  readonly code: Code;
  readonly params: FaultParams[Code];
}): string {
  return texts[fault.code](fault.params);
}

/** `150`, `the text "abc"`, `a map`. */
function gotText(got: Got): string {
  if (got === null) return "nothing";
  if (typeof got === "string") return `the text ${JSON.stringify(got)}`;
  if (typeof got === "object") return Array.isArray(got) ? "a list" : "a map";
  return String(got);
}
