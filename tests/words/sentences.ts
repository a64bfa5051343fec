// Finds the sentences in a source: texts of three words or more, apart from what is only logged. With it tests/rooms.test.ts holds that every
// sentence that a person reads is made in src/words/, so that the files there are all that a language needs.
import { parseSync } from "oxc-parser";

/** What these are called with goes to the log and nowhere else: what was going on when something failed, or what must hold. */
const logCalls =
  /(?:^|\.)(?:report|reporting|onTrouble|persist|assert)$|^stage\.(?:keep|quietly)$|^logger\./;
/** What these are made with is the log's too: a bug, or a call that Telegram did not answer. */
const loggedErrors = /^(?:\w*Error|NoAnswer|DownloadRefused|NotOffered)$/;
/** The documentation of a format beside its definition: of a metric, or of a key of the catalog for editors. It has one language, as they do. */
const documentation = new Set(["help", "description"]);

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** As it is written: `stage.quietly`. */
function nameOf(node: unknown): string {
  if (!isNode(node)) return "";
  if (node.type === "MemberExpression") {
    return `${nameOf(node["object"])}.${nameOf(node["property"])}`;
  }
  return typeof node["name"] === "string" ? node["name"] : "";
}

function isExempt(node: Node): boolean {
  if (node.type === "CallExpression") return logCalls.test(nameOf(node["callee"]));
  if (node.type === "NewExpression") return loggedErrors.test(nameOf(node["callee"]));
  return node.type === "Property" && documentation.has(nameOf(node["key"]));
}

/** With `{}` in the place of each value. */
function textOf(node: Node): string {
  if (node.type === "Literal") return typeof node["value"] === "string" ? node["value"] : "";
  if (node.type !== "TemplateLiteral" || !Array.isArray(node["quasis"])) return "";
  return node["quasis"]
    .map(({ value }: { readonly value: { readonly cooked: string } }) => value.cooked)
    .join("{}");
}

/** Three words or more, with only spaces between them; a value may be one of them. */
const sentence = /(?:^|\s)\S*\p{L}{2}\S* +(?:\S*(?:\p{L}|\{\})\S* +)+\S*(?:\p{L}{2}|\{\})\S*/u;

/** @param text - a source. @returns each sentence that it makes for people, with its line */
export function sentencesIn(path: string, text: string): readonly string[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed`);
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (!isNode(value)) return undefined;
    if (isExempt(value)) return undefined;
    const made = textOf(value);
    const line = text.slice(0, value.start).split("\n").length;
    if (sentence.test(made)) found.push(`${path}:${line}: ${made}`);
    return Object.values(value).forEach(visit);
  };
  visit(program);
  return found;
}
