// The airlock.yml that is taken, and what is said of each mistake in one. Long: it is one table of mistakes.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { readAirlockFile } from "../../src/catalog/airlock-file.ts";
import { catalogRefusalLines } from "../../src/words/catalog-refusal-words.ts";
import { temporaryFolder } from "../temporary-folder.ts";

let folder: string;
let configDir: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  configDir = join(folder, "config");
  mkdirSync(configDir);
  mkdirSync(join(folder, "schemas"));
  writeSchema("limits", { type: "object", properties: { daily: { type: "integer" } } });
});

function writeSchema(name: string, schema: unknown): void {
  writeFileSync(join(folder, "schemas", `${name}.schema.json`), JSON.stringify(schema));
}

function read(text: string): ReturnType<typeof readAirlockFile> {
  writeFileSync(join(folder, "airlock.yml"), text);
  return readAirlockFile(join(folder, "airlock.yml"), configDir, [1001]);
}

async function problemsOf(text: string): Promise<readonly string[]> {
  const parsed = await read(text);
  if (parsed.ok) return [];
  const place = { path: join(folder, "airlock.yml"), shownAs: "airlock.yml", named: undefined };
  return catalogRefusalLines(place, parsed.refusal).map((line) =>
    line.replace(/^airlock.yml: /, ""),
  );
}

const limits = "limits: { file: limits.yml, schema: schemas/limits.schema.json }";

test("configs are read with their files, titles and schemas", async () => {
  const parsed = await read(
    "configs:\n  fees: { file: fees.yml, schema: builtin:fees }\n  limits:\n    file: limits.yml\n    schema: schemas/limits.schema.json\n    title: Risk limits\n",
  );
  expect(parsed).toMatchObject({
    ok: true,
    configs: [
      {
        id: "fees",
        fileName: "fees.yml",
        path: join(configDir, "fees.yml"),
        title: null,
        schema: "builtin:fees",
      },
      {
        id: "limits",
        fileName: "limits.yml",
        title: "Risk limits",
        schema: { main: "airlock:///limits.schema.json" },
      },
    ],
  });
});

test("people are read with their names and roles", async () => {
  const parsed = await read("people:\n  1002: { name: Boris, may: { fees: read, '*': write } }\n");
  expect(parsed).toEqual({
    ok: true,
    configs: [],
    people: [
      {
        id: 1002,
        name: "Boris",
        may: new Map([
          ["fees", "read"],
          ["*", "write"],
        ]),
      },
    ],
  });
});

describe("what is wrong is told with its line", () => {
  for (const { name, text, problems } of [
    {
      name: "a key twice, a word that readers read differently, and mistakes of other kinds",
      text: `configs:\n  fees: { file: caps.txt, schema: builtin:fees }\n  Rates: { file: rates.yml, schema: builtin:rates }\n  fees: { file: ../fees.yml, schema: builtin:fees, title: yes }\npeople:\n  boris: { may: { fees: wirte } }\n`,
      problems: [
        "line 3, column 3: configs.Rates: must be 1 to 20 lower-case letters, digits and underscores, starting with a letter",
        "line 4, column 3: configs.fees: is written on line 2 and again on line 4: keep one of them",
        "line 4, column 17: configs.fees.file: must be a file in CONFIG_DIR, and nowhere else",
        expect.stringMatching(/^line 4, column 59: configs\.fees\.title: .*yes/),
        "line 6, column 3: people.boris: must be a numeric Telegram user id",
        'line 6, column 25: people.boris.may.fees: must be one of read, write (did you mean write?), got the text "wirte"',
      ],
    },
    {
      name: "a mistake of syntax, with mistakes of other kinds before and after it",
      text: `configs:\n  Limits: { file: a.yml, schema: builtin:fees }\n  rates: { file: rates.yml schema: builtin:rates }\n  fees: { file: fees.txt, schema: builtin:fees }\npeople:\n  boris: { may: { "*": read } }\n`,
      problems: [
        "line 2, column 3: configs.Limits: must be 1 to 20 lower-case letters, digits and underscores, starting with a letter",
        expect.stringMatching(/^line 3, column \d+: /),
        "line 4, column 17: configs.fees.file: must end in .yml, .yaml or .json",
        "line 6, column 3: people.boris: must be a numeric Telegram user id",
      ],
    },
    {
      name: "a tab in the indentation, after which its line is not guessed about",
      text: `configs:\n\tfees: { file: fees.yml, schema: builtin:fees }\npeople:\n  boris: { may: { "*": read } }\n`,
      problems: [
        expect.stringMatching(/^line 2, column 1: there is a tab/),
        "line 4, column 3: people.boris: must be a numeric Telegram user id",
      ],
    },
    {
      name: "a character that nobody sees, with mistakes of other kinds",
      text: `configs:\n  fees: { file: fees.yml, schema: builtin:fees, title: "a\u0001b" }\n  caps: { file: caps.txt, schema: builtin:fees }\n`,
      problems: [
        "line 2, column 58: there is an invisible control character here (U+0001): remove it",
        "line 3, column 17: configs.caps.file: must end in .yml, .yaml or .json",
      ],
    },
    {
      name: "a second document, with mistakes of other kinds before it",
      text: `configs:\n  caps: { file: caps.txt, schema: builtin:fees }\n---\nconfigs: {}\n`,
      problems: [
        "line 2, column 17: configs.caps.file: must end in .yml, .yaml or .json",
        expect.stringMatching(/^line 3, column 1: another document begins here/),
      ],
    },
    {
      name: "a quote that is not closed, and what it swallows",
      text: `config: 1\nconfigs:\n  fees: { file: "fees.yml, schema: builtin:fees }\n  rates: { file: rates.yml, schema: builtin:rates }\n`,
      problems: [
        "line 1, column 1: config: is not a known key: did you mean configs?",
        expect.stringMatching(/^line \d+, column \d+: /),
      ],
    },
    {
      name: "people of a config that a mistake of syntax may hide",
      text: `configs:\n  fees: [ file: fees.yml, schema: builtin:fees }\npeople:\n  1002: { may: { fees: read } }\n`,
      problems: [expect.stringMatching(/^line 2, column \d+: /)],
    },
    {
      name: "a file with an ending that is not taken",
      text: `configs:\n  caps: { file: caps.txt, schema: builtin:fees }\n`,
      problems: ["line 2, column 17: configs.caps.file: must end in .yml, .yaml or .json"],
    },
    {
      name: "a file whose name begins with a dot",
      text: `configs:\n  caps: { file: .caps.yml, schema: builtin:fees }\n`,
      problems: [
        "line 2, column 17: configs.caps.file: must not begin with a dot: such names are for temporary files",
      ],
    },
    {
      name: "a file in a folder that is not there",
      text: `configs:\n  caps: { file: sub/caps.yml, schema: builtin:fees }\n`,
      problems: [
        "line 2, column 17: configs.caps.file: must be in a folder that exists: there is no sub in CONFIG_DIR",
      ],
    },
    {
      name: "a bad id",
      text: `configs:\n  Limits: { file: a.yml, schema: builtin:fees }\n`,
      problems: [
        "line 2, column 3: configs.Limits: must be 1 to 20 lower-case letters, digits and underscores, starting with a letter",
      ],
    },
    {
      name: "an unknown key",
      text: `configs:\n  fees: { fil: fees.yml, file: fees.yml, schema: builtin:fees }\n`,
      problems: ["line 2, column 11: configs.fees.fil: is not a known key: did you mean file?"],
    },
    {
      name: "a missing schema",
      text: `configs:\n  fees: { file: fees.yml }\n`,
      problems: ["line 2, column 9: configs.fees.schema: is missing"],
    },
    {
      name: "an unknown built-in schema",
      text: `configs:\n  fees: { file: fees.yml, schema: builtin:fee }\n`,
      problems: [
        "line 2, column 35: configs.fees.schema: must be a file, or one of builtin:fees, builtin:rates",
      ],
    },
    {
      name: "a schema file that is not there",
      text: `configs:\n  fees: { file: fees.yml, schema: nowhere.json }\n`,
      problems: [
        "line 2, column 35: configs.fees.schema: nowhere.json: must be a file that can be read (no such file)",
      ],
    },
    {
      name: "a file above the folder",
      text: `configs:\n  fees: { file: ../fees.yml, schema: builtin:fees }\n`,
      problems: [
        "line 2, column 17: configs.fees.file: must be a file in CONFIG_DIR, and nowhere else",
      ],
    },
    {
      name: "an absolute file",
      text: `configs:\n  fees: { file: /etc/fees.yml, schema: builtin:fees }\n`,
      problems: [
        "line 2, column 17: configs.fees.file: must be a file in CONFIG_DIR, and nowhere else",
      ],
    },
    {
      name: "one file for two configs",
      text: `configs:\n  fees: { file: fees.yml, schema: builtin:fees }\n  more: { file: ./fees.yml, schema: builtin:fees }\n`,
      problems: ["line 3, column 17: configs.more.file: is already the file of fees"],
    },
    {
      name: "a duplicate id",
      text: `configs:\n  ${limits}\n  ${limits}\n`,
      problems: [
        "line 3, column 3: configs.limits: is written on line 2 and again on line 3: keep one of them",
      ],
    },
    {
      name: "a person who is no id",
      text: `people:\n  Boris: { may: { fees: read } }\n`,
      problems: ["line 2, column 3: people.Boris: must be a numeric Telegram user id"],
    },
    {
      name: "a person who may nothing",
      text: `people:\n  1002: { may: {} }\n  1003: { name: Carol }\n`,
      problems: [
        'line 2, column 16: people["1002"].may: must name at least one config',
        'line 3, column 9: people["1003"].may: is missing',
      ],
    },
    {
      name: "an unknown role",
      text: `people:\n  1002: { may: { fees: wirte, '*': 1 } }\n`,
      problems: [
        'line 2, column 24: people["1002"].may.fees: must be one of read, write (did you mean write?), got the text "wirte"',
        'line 2, column 36: people["1002"].may["*"]: must be one of read, write, got 1',
      ],
    },
    {
      name: "a person's config that there is not",
      text: `configs:\n  ${limits}\npeople:\n  1002: { may: { limit: read, fees: write } }\n`,
      problems: [
        'line 4, column 18: people["1002"].may.limit: is not a config in this file: did you mean limits?',
        'line 4, column 31: people["1002"].may.fees: is not a config in this file',
      ],
    },
    {
      name: "a key that a person has not",
      text: `people:\n  1002: { nam: Boris, may: { '*': read } }\n`,
      problems: ['line 2, column 11: people["1002"].nam: is not a known key: did you mean name?'],
    },
    {
      name: "the same person twice",
      text: `people:\n  1002: { may: { '*': read } }\n  "1002": { may: { '*': write } }\n`,
      problems: [
        'line 3, column 3: people["1002"]: is written on line 2 and again on line 3: keep one of them',
      ],
    },
    {
      name: "mistakes of every kind",
      text: `config: 1\nconfigs:\n  a: { file: ../a.yml, schema: 5 }\npeople:\n  x: { may: { b: read } }\n`,
      problems: [
        "line 1, column 1: config: is not a known key: did you mean configs?",
        "line 3, column 14: configs.a.file: must be a file in CONFIG_DIR, and nowhere else",
        "line 3, column 32: configs.a.schema: must be text, got 5",
        "line 5, column 3: people.x: must be a numeric Telegram user id",
        "line 5, column 15: people.x.may.b: is not a config in this file: did you mean a?",
      ],
    },
    {
      name: "a syntax error",
      text: "configs: [\n",
      problems: [expect.stringContaining("line 1, column 10: a [ opens here and is never closed")],
    },
  ]) {
    test(name, async () => {
      expect(await problemsOf(text)).toEqual(problems);
    });
  }

  test("all at once", async () => {
    expect(
      await problemsOf(
        "configs:\n  a: { file: ../a.yml, schema: x.json }\n  b: { file: b.txt, schema: builtin:b }\n",
      ),
    ).toHaveLength(4);
  });

  test("a folder that is a link out of CONFIG_DIR, and one file by two links", async () => {
    mkdirSync(join(folder, "outside"));
    symlinkSync(join(folder, "outside"), join(configDir, "linked"));
    writeFileSync(join(configDir, "fees.yml"), "a: 1\n");
    symlinkSync("fees.yml", join(configDir, "same.yml"));
    expect(
      await problemsOf(
        "configs:\n  a: { file: linked/a.yml, schema: builtin:fees }\n  b: { file: fees.yml, schema: builtin:fees }\n  c: { file: same.yml, schema: builtin:fees }\n",
      ),
    ).toEqual([
      "line 2, column 14: configs.a.file: must be in CONFIG_DIR, but linked is a link that leads out of it",
      "line 4, column 14: configs.c.file: is already the file of b",
    ]);
  });

  test("a folder in place of a file", async () => {
    mkdirSync(join(configDir, "caps.yml"));
    expect(await problemsOf("configs:\n  a: { file: caps.yml, schema: builtin:fees }\n")).toEqual([
      "line 2, column 14: configs.a.file: must be a file, but is a folder",
    ]);
  });

  test("also many more than are listed for an upload", async () => {
    const people = Array.from({ length: 30 }, (_, index) => `  ${index + 1}: { name: yes }\n`);
    // Each has a word that readers read differently, and may nothing.
    expect(await problemsOf(`people:\n${people.join("")}`)).toHaveLength(60);
  });

  test("where CONFIG_DIR is not there, that alone: nothing of the files in it", async () => {
    configDir = join(folder, "gone");
    expect(await problemsOf("configs:\n  a: { file: a.yml, schema: builtin:fees }\n")).toEqual([]);
  });
});

test("one file by two links whose target is not there yet", async () => {
  for (const name of ["one.yml", "two.yml"]) symlinkSync("target.yml", join(configDir, name));
  expect(
    await problemsOf(
      "configs:\n  a: { file: one.yml, schema: builtin:fees }\n  b: { file: two.yml, schema: builtin:fees }\n  c: { file: target.yml, schema: builtin:fees }\n",
    ),
  ).toEqual([
    "line 3, column 14: configs.b.file: is already the file of a",
    "line 4, column 14: configs.c.file: is already the file of b",
  ]);
});

test("a schema that is refused stands at its place in the catalog, with each problem's place in the schema", async () => {
  writeSchema("limits", { properties: { daily: { type: "numbr" }, single: { minimum: "1" } } });
  expect(
    await problemsOf(
      "configs:\n  limits: { file: limits.yml, schema: schemas/limits.schema.json }\n",
    ),
  ).toEqual([
    'line 2, column 39: configs.limits.schema: schemas/limits.schema.json: line 1, column 32: properties.daily.type: fits none of the forms accepted here: by the nearest one, it must be one of array, boolean, integer, null, number, object, string (did you mean number?), got the text "numbr"',
    'line 2, column 39: configs.limits.schema: schemas/limits.schema.json: line 1, column 61: properties.single.minimum: must be a number, got the text "1"',
  ]);
});
