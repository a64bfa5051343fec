// What is wrong with a document, and where. Long: a row for each mistake that is told apart, with its line, column and words, in the order of
// the contract.
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { checkDocument } from "../../../src/document/validation/check-document.ts";
import { problemsListedMax } from "../../../src/document/validation/problem.ts";
import { problemText } from "../../../src/words/problem-words.ts";
import { english } from "../../../src/words/text.ts";
import { readDocument } from "../../../src/document/validation/read-document.ts";

const goodFees = "currency: USD\nmaker_percent: 0.08\ntaker_percent: 0.1\n";
const withdrawal = (fields: string): string => `${goodFees}withdrawal:\n  BTC: ${fields}\n`;
const tiers = (...rows: readonly string[]): string =>
  `${goodFees}tiers:\n${rows.map((row) => `  - ${row}\n`).join("")}`;
const rates = (text: string): string => `base: USD\nrates:\n${text}`;

async function problemsOf(
  text: string | Uint8Array,
  schema: "builtin:fees" | "builtin:rates" = "builtin:fees",
): Promise<readonly string[]> {
  const checked = await checkDocument(typeof text === "string" ? Buffer.from(text) : text, schema);
  // It crosses from the worker, and may be kept.
  expect(JSON.parse(JSON.stringify(checked))).toStrictEqual(checked);
  if (checked.kind !== "invalid") return [];
  expect(checked.total).toBeGreaterThanOrEqual(checked.problems.length);
  return checked.problems.map((problem) => english(problemText(problem)));
}

function withoutPlace(problem: string): string {
  return problem.replace(/^line \d+, column \d+: /, "");
}

describe("the files that come with Airlock are valid", () => {
  for (const name of ["fees", "rates"] as const) {
    test(name, async () => {
      expect(await problemsOf(readFileSync(`config/${name}.yml`), `builtin:${name}`)).toEqual([]);
    });
  }
});

describe("what is not a text document", () => {
  for (const { name, bytes, problem } of [
    {
      name: "bytes that are not UTF-8, nor anything else",
      bytes: [0x61, 0x01, 0xff, 0xfe],
      problem: "the file is not UTF-8 text",
    },
    {
      name: "a picture",
      bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0xff],
      problem: "the file is not UTF-8 text",
    },
    { name: "nothing", bytes: [], problem: "the file is empty, or has only comments" },
    {
      name: "only comments",
      bytes: Buffer.from("# a\n\n# b\n"),
      problem: "the file is empty, or has only comments",
    },
    {
      name: "only a document start",
      bytes: Buffer.from("---\n"),
      problem: "the file is empty, or has only comments",
    },
  ]) {
    test(`${name} is refused with one problem and no place`, async () => {
      expect(await problemsOf(Uint8Array.from(bytes))).toEqual([problem]);
    });
  }

  test("a byte order mark is accepted, and not counted as a column", async () => {
    expect(await problemsOf(`\uFEFF${goodFees}`)).toEqual([]);
    expect(await problemsOf(`\uFEFFcurrency: usd\nmaker_percent: 0\ntaker_percent: 0\n`)).toEqual([
      'line 1, column 11: currency: must be three capital letters, such as USD, got the text "usd"',
    ]);
  });

  for (const code of [0x00, 0x07, 0x0b, 0x1b, 0x7f, 0x80]) {
    test(`control character ${code} is refused, with its place`, async () => {
      const hex = code.toString(16).toUpperCase().padStart(4, "0");
      expect(await problemsOf(`a: 1\n# b${String.fromCharCode(code)}\n`)).toEqual([
        `line 2, column 4: there is an invisible control character here (U+${hex}): remove it`,
      ]);
    });
  }

  for (const [hex, character] of [
    ["000D", "\r"],
    ["0085", "\u0085"],
    ["2028", "\u2028"],
    ["2029", "\u2029"],
  ] as const) {
    test(`U+${hex}, behind which another reader finds a key that this one takes for a comment, is refused`, async () => {
      expect(await problemsOf(`${goodFees}# b${character}maker_percent: 99\n`)).toEqual([
        expect.stringMatching(
          new RegExp(
            `^line \\d+, column 4: there is an invisible line break here \\(U\\+${hex}\\)`,
          ),
        ),
      ]);
    });
  }

  test("tabs and line breaks of Windows are accepted", async () => {
    expect(await problemsOf(`${goodFees.replaceAll("\n", "\r\n")}# a\tb\r\n`)).toEqual([]);
  });

  test("a file of control characters is counted, not listed whole", async () => {
    const checked = await checkDocument(new Uint8Array(200_000), "builtin:fees");
    expect(checked).toMatchObject({ kind: "invalid", total: 200_000 });
    expect(checked.kind === "invalid" && checked.problems.length).toBe(problemsListedMax);
  });
});

describe("what YAML itself refuses is told in plain words", () => {
  for (const { name, text, problem } of [
    {
      name: "a missing quote",
      text: 'currency: "USD\n',
      problem:
        'line 1, column 11: a double quote opens here and is never closed. The line: currency: "USD',
    },
    {
      name: "a tab as indentation",
      text: "rates:\n\tEUR: 1\n",
      problem: "line 2, column 1: there is a tab in the indentation: use spaces. The line: EUR: 1",
    },
    {
      name: "two colons",
      text: "a: b: c\n",
      problem:
        "line 1, column 4: there is a second colon on this line: if what follows the first one is one value, put it in quotes. The line: a: b: c",
    },
    {
      name: "a line that is indented below a value",
      text: "a: 1\n  b: 2\n",
      problem:
        "line 2, column 3: this line is indented as if it were part of the one above, which has a value already: begin both in the same column. The line: b: 2",
    },
    {
      name: "a quote inside quotes",
      text: "a: 'it's'\n",
      problem:
        "line 1, column 8: something follows the closing quote: put all of it in quotes, and write '' for each ' between them. The line: a: 'it's'",
    },
    {
      name: "a word behind quotes",
      text: 'a: "x" y\n',
      problem:
        'line 1, column 8: something follows the closing quote: put all of it in quotes, and write \\" for each " between them. The line: a: "x" y',
    },
    {
      name: "what a merge in Git left",
      text: "a:\r\n  b: 1\r\n<<<<<<< HEAD\r\n  c: 1\r\n",
      problem:
        "line 3, column 1: this line was left by a merge in Git: keep one of the two versions, and remove the lines with <<<<<<<, ======= and >>>>>>>. The line: <<<<<<< HEAD",
    },
    {
      name: "a list beside a key",
      text: "- a\nb: 1\n",
      problem:
        "line 2, column 1: this is not expected here: is a quote, a colon or a line break missing before it? The line: b: 1",
    },
    {
      name: "a value that begins with @",
      text: "a: @b\n",
      problem:
        "line 1, column 4: a value cannot begin with this character: put the value in quotes. The line: a: @b",
    },
    {
      name: "a second document",
      text: `${goodFees}---\n${goodFees}`,
      problem:
        "line 4, column 1: another document begins here, but a file holds one: remove the line --- or what follows it",
    },
  ]) {
    test(name, async () => {
      expect(await problemsOf(text)).toEqual([problem]);
    });
  }

  test("what else is wrong on other lines is told with it, and the schema is not asked", async () => {
    expect(await problemsOf("a: 1\na: 2\nb: [1\n")).toEqual([
      "line 2, column 1: a: is written on line 1 and again on line 2: keep one of them",
      "line 3, column 4: a [ opens here and is never closed: add a ], or indent what belongs to it. The line: b: [1",
    ]);
  });
});

describe("a key that is written twice is told with both lines", () => {
  for (const { name, text, problem } of [
    {
      name: "at the top",
      text: `${goodFees}currency: EUR\n`,
      problem:
        "line 4, column 1: currency: is written on line 1 and again on line 4: keep one of them",
    },
    {
      name: "inside",
      text: withdrawal("{ fixed: 1, minimum: 2, fixed: 1 }"),
      problem:
        "line 5, column 32: withdrawal.BTC.fixed: is written twice on line 5: keep one of them",
    },
    {
      name: "once quoted and once not",
      text: `${goodFees}"currency": USD\n`,
      problem:
        "line 4, column 1: currency: is written on line 1 and again on line 4: keep one of them",
    },
  ]) {
    test(name, async () => {
      expect(await problemsOf(text)).toEqual([problem]);
    });
  }

  test("a number and the same digits in quotes are one key", async () => {
    expect(await problemsOf(rates('  "12": 1\n  12: 2\n'), "builtin:rates")).toEqual([
      'line 4, column 3: rates["12"]: is written on line 3 and again on line 4: keep one of them',
    ]);
  });
});

describe("plain scalars that readers of YAML 1.1 and 1.2 understand differently are refused", () => {
  const refused = [
    ...["yes", "no", "on", "off"].flatMap((word) => [
      word,
      word.toUpperCase(),
      `${word.charAt(0).toUpperCase()}${word.slice(1)}`,
    ]),
    "0777",
    "00",
    "-07",
    "0o17",
    "01.5",
    "08",
    "1_000",
    "1_000.5",
    "0x1_F",
    "-1_0",
    "12:30:00",
    "12:30",
    "-1:59",
    "1:30.5",
    "1e3",
    "-1E5",
    "1e-3",
  ];
  for (const source of refused) {
    test(`${source} as a value and as a key`, async () => {
      const asValue = await problemsOf(`${goodFees}x: ${source}\n`);
      expect(asValue).toContainEqual(expect.stringMatching(/^line 4, column 4: x: .*write/));
      const asKey = await problemsOf(`${goodFees}${source}: 1\n`);
      expect(asKey).toContainEqual(expect.stringMatching(/^line 4, column 1: .*write/));
    });
    test(`${source} in quotes is a text`, async () => {
      for (const text of [`"${source}"`, `'${source}'`]) {
        expect(await problemsOf(`${goodFees}x: ${text}\n`)).toEqual([
          expect.stringContaining("x: is not a known key"),
        ]);
      }
    });
  }

  const accepted = [
    "y",
    "n",
    "Y",
    "N",
    "~",
    "null",
    "true",
    "False",
    "nope",
    "noon",
    "2026-01-01",
    "2026-11-23T14:05:09Z",
    "0",
    "-0",
    "0.5",
    "-0.08",
    "+1",
    "1.5e+3",
    "1.5E-3",
    "0x1F",
    "_1",
    "a_b",
    "1:2:x",
    "12:3a",
    "1.2.3",
    "v0777",
    "7e",
    "e3",
  ];
  for (const source of accepted) {
    test(`${source} is fine`, async () => {
      expect(await problemsOf(`${goodFees}x: ${source}\n`)).toEqual([
        expect.stringContaining("x: is not a known key"),
      ]);
    });
  }

  test("the merge key is refused as a key and as a value, and in quotes where one reader merges all the same", async () => {
    expect(await problemsOf(`${goodFees}<<: { a: 1 }\n`)).toEqual([
      "line 4, column 1: <<: the key << is a merge to some programs and a plain key to others: write the keys out",
    ]);
    expect(await problemsOf(`${goodFees}"<<": 1\n`)).toEqual([
      expect.stringContaining("<<: is not a known key"),
    ]);
    expect(await problemsOf(`${goodFees}"<<": { a: 1 }\n`)).toContainEqual(
      "line 4, column 1: <<: the key << is a merge to some programs, also in quotes: write the keys out",
    );
    expect(await problemsOf(`${goodFees}x: <<\n`)).toContainEqual(
      'line 4, column 4: x: << is a merge to some programs: write "<<" for the text',
    );
  });

  test("a pair in a list whose key touches its value is refused, where JSON's own maps are not", async () => {
    const refused = "a space is missing after this key's colon";
    expect(await problemsOf(`${goodFees}x: ["a":1]\n`)).toContainEqual(
      `line 4, column 5: x[0].a: ${refused}`,
    );
    for (const value of [`["a": 1]`, `[{"a":1}]`, `{"a":1}`, `{"a":[{"b":1}]}`]) {
      expect(await problemsOf(`${goodFees}x: ${value}\n`)).toEqual([
        expect.stringContaining("x: is not a known key"),
      ]);
    }
  });

  test("a second line that ends the document is refused", async () => {
    expect(await problemsOf(`${goodFees}...\n# a\n`)).toEqual([]);
    expect(await problemsOf(`${goodFees}...\n# a\n...\n`)).toEqual([
      "line 6, column 1: a second line ... stands here, which programs read differently: remove it",
    ]);
    expect(await problemsOf(`${goodFees}x: |\n  ...\n  ...\n`)).toEqual([
      expect.stringContaining("x: is not a known key"),
    ]);
  });

  test("a line of directives is refused, but for the one that changes nothing", async () => {
    expect(await problemsOf(`%YAML 1.2\n---\n${goodFees}`)).toEqual([]);
    for (const line of ["%YAML 1.1", "%YAML 1.3", "%TAG ! tag:example.com,2026:", "%FOO bar"]) {
      expect(await problemsOf(`# a\n${line}\n---\n${goodFees}`)).toEqual([
        "line 2, column 1: this line that begins with % is not understood: remove it",
      ]);
    }
    expect(await problemsOf(`${goodFees}x: |\n  a\n  %YAML 1.1\n`)).toEqual([
      expect.stringContaining("x: is not a known key"),
    ]);
  });
});

describe("values that are no values", () => {
  for (const source of [".nan", ".NaN", ".inf", "-.INF", "1.0e+999"]) {
    test(`${source} is not a finite number`, async () => {
      expect(
        await problemsOf(`currency: USD\nmaker_percent: ${source}\ntaker_percent: 0\n`),
      ).toEqual([
        expect.stringMatching(/^line 2, column \d+: maker_percent: must be a finite number, got "/),
      ]);
    });
  }

  for (const key of [".nan", "-.inf"]) {
    test(`${key} is no finite number as a key either`, async () => {
      expect(await problemsOf(`base: USD\nrates:\n  ${key}: 1\n`, "builtin:rates")).toContainEqual(
        expect.stringContaining(`must be a finite number, got "${key}"`),
      );
    });
  }

  for (const tag of ["!foo", "!!python/object:os.system", "!!merge", "!"]) {
    test(`the tag ${tag} is refused`, async () => {
      expect(await problemsOf(`${goodFees}x: ${tag} abc\n`)).toContainEqual(
        expect.stringContaining("custom tags are not accepted"),
      );
    });
  }

  for (const [written, instead] of [
    ['!!int "012"', "write the number alone"],
    ["!!int 12", "write 12"],
    ["!!float 1", "write 1"],
    ["!!str 012", 'write "012"'],
    ["!!str a", 'write "a"'],
    ["!!bool yes", "write true or false"],
    ["!!bool true", "write true"],
    ["!!null ''", "write null"],
    ["!!timestamp 2026-01-01", "write the date alone, or in quotes"],
    ["!!binary aGk=", "write the text in quotes"],
    ["!!map {}", "remove it, the value is the same without it"],
    ["!!seq []", "remove it, the value is the same without it"],
    ["!!set { a }", "write a list or a map without it"],
    ["!!omap []", "write a list or a map without it"],
    ["!<tag:yaml.org,2002:int> 1", "write 1"],
  ] as const) {
    test(`${written} is refused, with what to write instead`, async () => {
      const tag = JSON.stringify(written.split(" ", 1)[0]);
      const message = `x: has the tag ${tag}, and tags are not accepted: ${instead}`;
      expect((await problemsOf(`${goodFees}x: ${written}\n`)).map(withoutPlace)).toContainEqual(
        message,
      );
    });
  }

  test("a tag on a key, and one on the whole document, are refused", async () => {
    expect(await problemsOf(`${goodFees}!!str x: 1\n`)).toContainEqual(
      'line 4, column 7: has the tag "!!str", and tags are not accepted: write "x"',
    );
    expect(await problemsOf(`!!map\n${goodFees}`)).toEqual([
      'line 2, column 1: has the tag "!!map", and tags are not accepted: remove it, the value is the same without it',
    ]);
  });

  test("a map or a list as a key, and __proto__, are refused", async () => {
    expect(await problemsOf(`${goodFees}? { a: 1 }\n: 1\n`)).toEqual([
      "line 4, column 3: has a key that is not plain text: write the key out",
    ]);
    expect(await problemsOf(`${goodFees}__proto__: { polluted: 1 }\n`)).toEqual([
      "line 4, column 1: the key __proto__ is not accepted: choose another name",
    ]);
  });
});

describe("aliases and depth have limits", () => {
  test("an alias is accepted, and problems behind it are told at its target", async () => {
    expect(
      await problemsOf(tiers("&t { from_volume: 0, maker_percent: 1, taker_percent: 1 }")),
    ).toEqual([]);
    expect(
      await problemsOf(`${withdrawal("&b { fixed: 1, minimum: 0 }")}  ETH: *b\n`),
    ).toContainEqual(
      "line 5, column 32: withdrawal.ETH.minimum: must be at least the fixed fee 1, got 0",
    );
  });

  test("an alias of nothing, and of what contains it, are refused", async () => {
    expect(await problemsOf(`${goodFees}tiers: *none\n`)).toEqual([
      'line 4, column 8: tiers: is an alias of "none", which no anchor before it names',
    ]);
    expect(await problemsOf(`${goodFees}tiers: &a [ *a ]\n`)).toEqual([
      'line 4, column 13: tiers[0]: is an alias of "a", which contains this very alias',
    ]);
  });

  test("100 aliases are accepted, one more is refused", async () => {
    const list = (count: number): string => `${goodFees}x: &a 1\ny: [${"*a, ".repeat(count)}]\n`;
    expect((await problemsOf(list(100))).join("\n")).not.toContain("aliases");
    expect(await problemsOf(list(101))).toContainEqual(
      "line 5, column 405: y[100]: is one of more than 100 aliases",
    );
  });

  test("aliases that expand to more than 100,000 values are refused, quickly", async () => {
    const line = (name: string, of: string): string =>
      `${name}: &${name} [${`${of}, `.repeat(10)}]\n`;
    const text = `${line("a", "x")}${line("b", "*a")}${line("c", "*b")}${line("d", "*c")}${line("e", "*d")}`;
    expect((await problemsOf(text)).filter((problem) => problem.includes("expand"))).toHaveLength(
      1,
    );
  });

  for (const { name, open, close, tooDeep } of [
    { name: "in brackets", open: "[", close: "]", tooDeep: "line 1, column 103" },
    { name: "in braces", open: "{a: ", close: "}", tooDeep: "line 1, column 400" },
  ]) {
    test(`100 levels ${name} are accepted, one more is refused where it begins`, async () => {
      const nested = (levels: number): string =>
        `x: ${open.repeat(levels - 1)}1${close.repeat(levels - 1)}\n`;
      expect((await problemsOf(nested(100))).join("\n")).not.toContain("nested");
      expect(await problemsOf(nested(101))).toContainEqual(
        `${tooDeep}: is nested deeper than 100 levels`,
      );
      for (const levels of [102, 103, 104, 200]) {
        expect(await problemsOf(nested(levels))).toContainEqual(
          expect.stringMatching(/^line \d+, column \d+: is nested deeper than 100 levels$/),
        );
      }
    });
  }

  for (const { name, start, tooDeep } of [
    { name: "lists beside each other", start: () => "- ", tooDeep: "line 1, column 201" },
    {
      name: "maps below each other",
      start: (level: number) => `a:\n${" ".repeat(level)}`,
      tooDeep: "line 101, column 101",
    },
  ]) {
    test(`100 levels of ${name} are accepted, one more is refused where it begins`, async () => {
      const nested = (levels: number): string =>
        `${Array.from({ length: levels }, (_, index) => start(index + 1)).join("")}1\n`;
      expect((await problemsOf(nested(100))).join("\n")).not.toContain("nested");
      expect(await problemsOf(nested(101))).toContainEqual(
        `${tooDeep}: is nested deeper than 100 levels`,
      );
      for (const levels of [102, 103, 104, 200]) {
        expect(await problemsOf(nested(levels))).toContainEqual(
          expect.stringMatching(/^line \d+, column \d+: is nested deeper than 100 levels$/),
        );
      }
    });
  }

  for (const [name, text] of [
    ["lists in brackets", "[".repeat(100_000)],
    ["lists in lines", "- ".repeat(5000)],
    ["maps in braces", "{a: ".repeat(50_000)],
  ] as const) {
    test(`a very deep document of ${name} is refused, not a crash`, async () => {
      expect(await problemsOf(text)).toContainEqual(
        expect.stringMatching(/^line 1, column \d+: is nested deeper than 100 levels$/),
      );
    });
  }
});

describe("the schemas", () => {
  for (const { name, text, problems } of [
    {
      name: "a number that is too large",
      text: "currency: USD\nmaker_percent: 150\ntaker_percent: 0\n",
      problems: ["line 2, column 16: maker_percent: must be at most 100, got 150"],
    },
    {
      name: "a number that is too small",
      text: "currency: USD\nmaker_percent: -1\ntaker_percent: 0\n",
      problems: ["line 2, column 16: maker_percent: must be at least 0, got -1"],
    },
    {
      name: "a text for a number",
      text: 'currency: USD\nmaker_percent: "0.1"\ntaker_percent: 0\n',
      problems: ['line 2, column 16: maker_percent: must be a number, got the text "0.1"'],
    },
    {
      name: "nothing for a number",
      text: "currency: USD\nmaker_percent:\ntaker_percent: 0\n",
      problems: ["line 2, column 15: maker_percent: must be a number, got nothing"],
    },
    {
      name: "a missing key",
      text: "currency: USD\nmaker_percent: 0\n",
      problems: ["line 1, column 1: taker_percent: is missing"],
    },
    {
      name: "a key with a typo",
      text: `${goodFees}teirs: []\n`,
      problems: ["line 4, column 1: teirs: is not a known key: did you mean tiers?"],
    },
    {
      name: "a key like no other",
      text: `${goodFees}color: red\n`,
      problems: [
        "line 4, column 1: color: is not a known key (known are currency, maker_percent, taker_percent, tiers, withdrawal)",
      ],
    },
    {
      name: "a typo deep inside",
      text: withdrawal("{ fixed: 1, minimun: 1 }"),
      problems: [
        "line 5, column 20: withdrawal.BTC.minimun: is not a known key: did you mean minimum?",
      ],
    },
    {
      name: "a misspelt key and a missing one",
      text: "curency: USD\nmaker_percent: 0\n",
      problems: [
        "line 1, column 1: taker_percent: is missing",
        "line 1, column 1: curency: is not a known key: did you mean currency?",
      ],
    },
    {
      name: "a list for the whole",
      text: "- 1\n",
      problems: ["line 1, column 1: must be a map of keys and values, got a list"],
    },
    {
      name: "an asset code in small letters",
      text: `${goodFees}withdrawal:\n  btc: { fixed: 1, minimum: 1 }\n`,
      problems: [
        "line 5, column 3: withdrawal.btc: must be 2 to 10 capital letters and digits, such as BTC",
      ],
    },
    {
      name: "a minimum below the fixed fee",
      text: withdrawal("{ fixed: 2, minimum: 1 }"),
      problems: [
        "line 5, column 29: withdrawal.BTC.minimum: must be at least the fixed fee 2, got 1",
      ],
    },
    {
      name: "a first tier that does not begin at 0",
      text: tiers("{ from_volume: 5, maker_percent: 1, taker_percent: 1 }"),
      problems: ["line 5, column 20: tiers[0].from_volume: must be 0 in the first tier, got 5"],
    },
    {
      name: "tiers that do not rise",
      text: tiers(
        "{ from_volume: 0, maker_percent: 1, taker_percent: 1 }",
        "{ from_volume: 0, maker_percent: 1, taker_percent: 1 }",
      ),
      problems: [
        "line 6, column 20: tiers[1].from_volume: must be greater than the previous tier's 0, got 0",
      ],
    },
    {
      name: "no rates at all",
      text: "base: USD\nrates: {}\n",
      problems: ["line 2, column 8: rates: must have at least one rate"],
    },
    {
      name: "the base among the rates",
      text: rates("  USD: 1\n"),
      problems: ["line 3, column 8: rates.USD: must not be listed, because it is the base itself"],
    },
    {
      name: "a rate of 0",
      text: rates("  EUR: 0\n"),
      problems: ["line 3, column 8: rates.EUR: must be greater than 0, got 0"],
    },
    {
      name: "a code in small letters among rates that are all fine",
      text: rates("  EUR: 0.92\n  gbp: 0.79\n"),
      problems: [
        "line 4, column 3: rates.gbp: must be 2 to 10 capital letters and digits, such as BTC",
      ],
    },
  ] as const) {
    test(`${name} is told at its place`, async () => {
      const schema = text.startsWith("base") ? "builtin:rates" : "builtin:fees";
      expect(await problemsOf(text, schema)).toEqual(problems);
    });
  }

  test("no tiers and an empty list of tiers are both fine, and so are the limits themselves", async () => {
    expect(await problemsOf(`${goodFees}tiers: []\n`)).toEqual([]);
    expect(await problemsOf("currency: USD\nmaker_percent: 0\ntaker_percent: 100\n")).toEqual([]);
    expect(await problemsOf(withdrawal("{ fixed: 0, minimum: 0, percent: 100 }"))).toEqual([]);
  });

  test("all problems are told at once, sorted by their place", async () => {
    const text = [
      "currency: usd",
      "maker_percent: 150",
      "taker_precent: 0.1",
      "tiers:",
      "  - { from_volume: 1, maker_percent: yes, taker_percent: 0.1 }",
      "  - { from_volume: 0, maker_percent: -1, taker_percent: 0.1 }",
      "withdrawal:",
      "  BTC: { fixed: 2, minimum: 1, x: 1 }",
      "",
    ].join("\n");
    expect((await problemsOf(text)).map((problem) => problem.split(": ", 2).join(": "))).toEqual([
      "line 1, column 11: currency",
      "line 2, column 16: maker_percent",
      "line 3, column 1: taker_precent",
      "line 5, column 20: tiers[0].from_volume",
      "line 5, column 38: tiers[0].maker_percent",
      "line 6, column 20: tiers[1].from_volume",
      "line 6, column 38: tiers[1].maker_percent",
      "line 8, column 29: withdrawal.BTC.minimum",
      "line 8, column 32: withdrawal.BTC.x",
    ]);
  });

  test("at most twenty problems are listed, and all are counted", async () => {
    const rows = Array.from(
      { length: 30 },
      (_, index) => `  A${String.fromCharCode(65 + (index % 26))}${index}: -1\n`,
    );
    const checked = await checkDocument(Buffer.from(rates(rows.join(""))), "builtin:rates");
    expect(checked).toMatchObject({ kind: "invalid", total: 30 });
    expect(checked.kind === "invalid" && checked.problems.length).toBe(20);
  });

  test("what a hostile file holds stays on one line of limited length", async () => {
    const nasty = `${"\\n".repeat(50)}${"x".repeat(5000)}\\u202E`;
    for (const text of [`"${nasty}": 1\n`, `currency: "${nasty}"\n`, `${"a".repeat(900)}: 1\n`]) {
      for (const problem of await problemsOf(text)) {
        expect(problem).not.toMatch(/[\n\u202E]/);
        expect(problem.length).toBeLessThan(300);
      }
    }
  });
});

describe("for any document", () => {
  test("what the schema sees is what the document says", async () => {
    const key = fc.stringMatching(/^[a-z]{1,8}$/);
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(key, tie("value"), { maxKeys: 4 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(value, async (json) => {
        // Quotes everywhere, so that no text can be misread.
        const text = stringify(json, {
          defaultStringType: "QUOTE_DOUBLE",
          defaultKeyType: "PLAIN",
        });
        const { document, total } = await readDocument(Buffer.from(text), "yaml");
        if (total === 0) expect(document?.value).toEqual(json);
      }),
    );
  });

  test("bytes at random are refused or accepted, never a crash", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await checkDocument(bytes, "builtin:fees");
      }),
    );
    const yamlish = fc.string({
      unit: fc.constantFrom(..."ab1:-[]{}&*!|>%@`\"'#,? \n\t~<".split("")),
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(yamlish, async (text) => {
        await checkDocument(Buffer.from(text), "builtin:rates");
      }),
      { numRuns: 2000 },
    );
  });
});
