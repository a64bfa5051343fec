import { expect, test } from "vitest";
import { mergeDocuments } from "../../../src/document/compare/merge-documents.ts";

function merged(base: string, live: string, candidate: string): string {
  const merge = mergeDocuments(Buffer.from(base), Buffer.from(live), Buffer.from(candidate));
  return merge.kind === "merged" ? merge.text : merge.kind;
}

const config = `# Fees of the exchange.

# Asked of those who wait.
maker: 0.08  # percent
# Asked of those who take.
taker: 0.10

# Who trades more pays less.
tiers:
  # the first
  - { from: 0, percent: 0.1 }
  - { from: 10, percent: 0.05 }
withdrawal:
    BTC: { fixed: 0.0002, minimum: 0.001 }
    # slow
    ETH: { fixed: 0.01, minimum: 0.02 }
`;

/** Somebody else's edit, far from all others. */
const theirs = (text: string): string => text.replace("0.001 }", "0.002 }");

interface Row {
  readonly name: string;
  readonly edit: (text: string) => string;
  /** Where it is not the candidate with the other edit. */
  readonly result?: (text: string) => string;
}

const rows: readonly Row[] = [
  {
    name: "an added key comes with its comments, its digits and its empty lines, and takes nobody else's",
    edit: (text) =>
      text.replace("\n# Who trades", "\n# For the support.\nsupport: +5 # a month\n\n# Who trades"),
  },
  {
    name: "a key added before the first one stays below the heading",
    edit: (text) =>
      text.replace("# Asked of those who wait.", "new: 1\n# Asked of those who wait."),
  },
  {
    name: "a key added behind the last one",
    edit: (text) => `${text}# at last\nlast: 12345678901234567890\n`,
  },
  {
    name: "a map with comments inside and quotes over several lines",
    edit: (text) =>
      `${text}more:\n  # why\n  a: "one\n    two"\n  b: |\n    text\n\n    # no comment\n  c: 'yes' # c\n`,
  },
  {
    name: "a key that goes takes its own comments with it, and leaves the others",
    edit: (text) => text.replace("# Asked of those who take.\ntaker: 0.10\n", ""),
  },
  {
    name: "the last key of a map goes with the comment above it",
    edit: (text) => text.replace("    # slow\n    ETH: { fixed: 0.01, minimum: 0.02 }\n", ""),
  },
  {
    name: "a key inside brackets",
    edit: (text) => text.replace("minimum: 0.02 }", "minimum: 0.02, percent: 0.10 }"),
  },
  {
    name: "a key that goes from inside brackets",
    edit: (text) => text.replace("fixed: 0.01, ", ""),
  },
  {
    name: "a list, as it is written",
    edit: (text) =>
      text.replace(
        "  - { from: 10, percent: 0.05 }\n",
        "  # new\n  - { from: 20, percent: 0.050 } # c\n",
      ),
  },
  {
    name: "a value that becomes a map keeps the comment of its line",
    edit: (text) => text.replace("maker: 0.08  # percent", "maker: # percent\n  from: 1\n  to: 2"),
    result: (text) =>
      text.replace("maker: 0.08  # percent", "maker:  # percent\n  from: 1\n  to: 2"),
  },
  {
    name: "a map that becomes a value",
    edit: (text) => text.replace(/tiers:[^]*withdrawal/, "tiers: none\nwithdrawal"),
  },
  {
    name: "an exact number",
    edit: (text) => text.replace("0.10", "0.10000000000000000000000001"),
  },
];

for (const { name, edit, result = edit } of rows) {
  test(`${name}: the merge is the live text with the candidate's own words in it`, () => {
    expect(edit(config)).not.toBe(config);
    expect(merged(config, theirs(config), edit(config))).toBe(result(theirs(config)));
  });

  test(`${name}: also with Windows' line ends, and the candidate without them`, () => {
    const windows = (text: string): string => text.replaceAll("\n", "\r\n");
    expect(merged(config, windows(theirs(config)), edit(config))).toBe(
      windows(result(theirs(config))),
    );
  });
}

test("added lines take the indentation of their new place", () => {
  const base = "m:\n  a: 1\n";
  const live = "m:\n      a: 2\n";
  const candidate =
    "m:\n  a: 1\n  # new\n  b:\n    c: |\n      text\n        more\n    d: [1,\n      2]\n";
  expect(merged(base, live, candidate)).toBe(
    "m:\n      a: 2\n      # new\n      b:\n        c: |\n          text\n            more\n        d: [1,\n          2]\n",
  );
});

for (const { name, base, mine, theirs, result } of [
  {
    name: "a long number that was added stays a number",
    base: "a: 1\n",
    mine: "a: 1\nb: 12345678901234567890\n",
    theirs: "a: 2\n",
    result: "a: 2\nb: 12345678901234567890\n",
  },
  {
    name: "a comment stays a comment where a value becomes a map",
    base: "a: 1 # c\nz: 1\n",
    mine: "a: {b: 1} # c\nz: 1\n",
    theirs: "a: 1 # c\nz: 2\n",
    result: "a: {b: 1} # c\nz: 2\n",
  },
  {
    name: "a deletion against a change is a conflict, though the change only took something away",
    base: "c: {d: 1, e: 2}\nz: 1\n",
    mine: "c: {e: 2}\nz: 1\n",
    theirs: "z: 1\n",
    result: "conflict",
  },
  {
    name: "a change against a deletion is a conflict",
    base: "c: {d: 1, e: 2}\nz: 1\n",
    mine: "z: 1\n",
    theirs: "c: {e: 2}\nz: 1\n",
    result: "conflict",
  },
  {
    name: "the same key added with other values is a conflict",
    base: "z: 1\n",
    mine: "z: 1\nc: { a: 1 }\n",
    theirs: "z: 1\nc: { b: 1 }\n",
    result: "conflict",
  },
  {
    name: "what is near a word in quotes",
    base: 'a: "yes"\nb: 1\n',
    mine: 'a: "yes"\nb: 1\nc: "no"\n',
    theirs: 'a: "yes"\nb: 2\n',
    result: 'a: "yes"\nb: 2\nc: "no"\n',
  },
  {
    name: "what is near a word that readers disagree on, in a file that was edited by hand",
    base: "a: yes\nb: 1\nc: 1\n",
    mine: "a: yes\nb: 1\n",
    theirs: "a: yes\nb: 2\nc: 1\n",
    result: "a: yes\nb: 2\n",
  },
  {
    name: "a map that lost all of its keys, one to each",
    base: "m:\n  a: 1\n  # of b\n  b: 1\nz: 1\n",
    mine: "m:\n  a: 1\nz: 1\n",
    theirs: "m:\n  # of b\n  b: 1\nz: 1\n",
    result: "m: {}\nz: 1\n",
  },
  {
    name: "a text of several lines in the place of a value",
    base: "a: 1 # c\nz: 1\n",
    mine: "a: |-\n  one\n  two\nz: 1\n",
    theirs: "a: 1 # c\nz: 2\n",
    result: "a: |- # c\n  one\n  two\nz: 2\n",
  },
  {
    name: "a key without a value",
    base: "a: 1 # c\nb:\nz: 1\n",
    mine: "a: # c\nb: 1\nz: 1\n",
    theirs: "a: 1 # c\nb:\nz: 2",
    result: "a: # c\nb: 1\nz: 2",
  },
  {
    name: "a key that is added to a file without a line end at its end",
    base: "a: 1\n",
    mine: "a: 1\nb: 1\n",
    theirs: "a: 2",
    result: "a: 2\nb: 1",
  },
  {
    name: "a map between brackets that was empty",
    base: "a: {}\nz: 1\n",
    mine: "a:\n  b: 1 # c\nz: 1\n",
    theirs: "a: {}\nz: 2\n",
    result: "a:\n  b: 1 # c\nz: 2\n",
  },
  {
    name: "a key that is added where others put brackets",
    base: "a:\n  b: 1\n",
    mine: "a:\n  b: 1\n  c: [x, 'y'] # c\n  d: two, three\n",
    theirs: "a: { b: 2 }\n",
    result: "a: { b: 2, c: [x, 'y'], d: \"two, three\" }\n",
  },
  {
    name: "a change of what an alias stands for, made in both places by one edit",
    base: "d: &d { fee: 1 }\nx: *d\nz: 1\n",
    mine: "d: &d { fee: 2 }\nx: *d\nz: 1\n",
    theirs: "d: &d { fee: 1 }\nx: *d\nz: 2\n",
    result: "d: &d { fee: 2 }\nx: *d\nz: 2\n",
  },
  {
    name: "a change that an alias would carry elsewhere is not offered",
    base: "d: &d { fee: 1 }\nx: { fee: 1 }\n",
    mine: "d: &d { fee: 2 }\nx: { fee: 1 }\n",
    theirs: "d: &d { fee: 1 }\nx: *d\n",
    result: "impossible",
  },
  {
    name: "an anchor that others still use is not taken away",
    base: "d: &d { fee: 1 }\nx: 1\n",
    mine: "x: 1\n",
    theirs: "d: &d { fee: 1 }\nx: *d\n",
    result: "impossible",
  },
]) {
  test(name, () => {
    expect(merged(base, theirs, mine)).toBe(result);
  });
}
