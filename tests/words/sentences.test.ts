import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sentencesIn } from "./sentences.ts";

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
    ["in a call that sounds like one of the log's", 'buttons.keep("it was kept as it is");'],
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
