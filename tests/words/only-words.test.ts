// Holds that every sentence that a person reads is made in src/words/, so that the files there are all that a language needs: no other room
// has a text of three words or more, apart from what is only logged.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { parseSync } from "oxc-parser";
import { describe, expect, test } from "vitest";

/** What these are called with goes to the log and nowhere else: what was going on when something failed, or what must hold. */
const logCalls =
  /^(?:report|reporting|onTrouble|quietly|keep|persist|assert|trace|debug|info|warn|error)$/;
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

/** The last part of its name: `quietly` of `stage.quietly`. */
function nameOf(node: unknown): string {
  if (!isNode(node)) return "";
  if (node.type === "MemberExpression") return nameOf(node["property"]);
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

/** @returns each sentence that `text`, a source, makes for people, with its line */
function sentencesIn(path: string, text: string): readonly string[] {
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

test("no room but words/ makes a sentence", () => {
  const paths = readdirSync("src", { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".ts") && !path.startsWith("words/"),
  );
  expect(paths).toContain("telegram/poller.ts");
  const found = paths.flatMap((path) =>
    sentencesIn(path, readFileSync(posix.join("src", path), "utf8")),
  );
  expect(found).toEqual([]);
});

test("the sentences of words/ are seen as such", () => {
  const path = "src/words/problem-words.ts";
  expect(sentencesIn(path, readFileSync(path, "utf8"))).not.toEqual([]);
});

describe("a planted sentence is found", () => {
  for (const [name, text] of [
    ["in a constant", 'const text = "the disk is full";'],
    ["in an answer", 'await ctx.reply("Please try again.");'],
    ["with values in it", "const text = `${name} was not changed: ${reason}`;"],
    ["of values and two words", "const text = `${name} undid revision ${number}`;"],
    ["in another alphabet", 'const text = "файл не изменён";'],
    ["in a value", 'const problem = { message: "must be at most 100" };'],
    ["in a failure of a command", 'throw new CommandFailure("there is no such config");'],
    [
      "beside what is logged",
      'onTrouble("saving", error, () => {}); say("it could not be saved");',
    ],
  ] as const) {
    test(name, () => {
      expect(sentencesIn("planted.ts", text)).toHaveLength(1);
    });
  }
});

describe("and what is none is not", () => {
  for (const [name, text] of [
    ["what was going on, for the log", 'onTrouble("telling an admin of a change", error);'],
    ["a bug", "throw new Error(`no node begins with event ${index}`);"],
    ["the help of a metric", 'gauge({ help: "Uploads that wait for the lock now." });'],
    ["a pattern of somebody else's words", "const isBig = /file is too big/.test(text);"],
    ["a comment", "// Nothing of this is read by an admin.\nconst key = `${kind}:${id}`;"],
    ["codes and names", 'const code = "too_many_aliases"; const name = "Content-Type";'],
    ["an import", 'import { a } from "./some-long-file-name.ts";'],
  ] as const) {
    test(name, () => {
      expect(sentencesIn("fine.ts", text)).toEqual([]);
    });
  }
});
