import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { readAirlockFile } from "../src/airlock-file.ts";
import { temporaryFolder } from "./temporary-folder.ts";

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
  return readAirlockFile(join(folder, "airlock.yml"), configDir);
}

function problemsOf(text: string): readonly string[] {
  const parsed = read(text);
  return parsed.ok ? [] : (parsed.problems ?? [parsed.unreadable]);
}

const limits = "limits: { file: limits.yml, schema: schemas/limits.schema.json }";

test("configs are read with their files, titles and schemas", () => {
  const parsed = read(
    "configs:\n  fees: { file: fees.yml, schema: builtin:fees }\n  limits:\n    file: limits.yml\n    schema: schemas/limits.schema.json\n    title: Risk limits\n",
  );
  expect(parsed).toMatchObject({
    ok: true,
    file: {
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
    },
  });
});

describe("what is wrong is told with its line", () => {
  for (const { name, text, problems } of [
    {
      name: "a bad id",
      text: `configs:\n  Limits: { file: a.yml, schema: builtin:fees }\n`,
      problems: [
        "line 2, column 3: configs.Limits: must be 1 to 20 small letters, digits and underscores, a letter first",
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
      problems: ["line 3, column 17: configs.more.file: is the file of fees already"],
    },
    {
      name: "a duplicate id",
      text: `configs:\n  ${limits}\n  ${limits}\n`,
      problems: [
        "line 3, column 3: configs.limits: is written on line 2 and again on line 3: keep one of them",
      ],
    },
    {
      name: "a syntax error",
      text: "configs: [\n",
      problems: [expect.stringContaining("line 2, column 1: ")],
    },
  ]) {
    test(name, () => {
      expect(problemsOf(text)).toEqual(problems);
    });
  }

  test("all at once", () => {
    expect(
      problemsOf(
        "configs:\n  a: { file: ../a.yml, schema: x.json }\n  b: { file: b.txt, schema: builtin:b }\n",
      ),
    ).toHaveLength(4);
  });

  test("a folder that is a link out of CONFIG_DIR, and one file by two links", () => {
    mkdirSync(join(folder, "outside"));
    symlinkSync(join(folder, "outside"), join(configDir, "linked"));
    writeFileSync(join(configDir, "fees.yml"), "a: 1\n");
    symlinkSync("fees.yml", join(configDir, "same.yml"));
    expect(
      problemsOf(
        "configs:\n  a: { file: linked/a.yml, schema: builtin:fees }\n  b: { file: fees.yml, schema: builtin:fees }\n  c: { file: same.yml, schema: builtin:fees }\n",
      ),
    ).toEqual([
      "line 2, column 14: configs.a.file: must be a file in CONFIG_DIR, and nowhere else",
      "line 4, column 14: configs.c.file: is the file of b already",
    ]);
  });
});

test("a schema that is refused stands at its place in the catalog, with each problem's place in the schema", () => {
  writeSchema("limits", { properties: { daily: { type: "numbr" }, single: { minimum: "1" } } });
  expect(
    problemsOf("configs:\n  limits: { file: limits.yml, schema: schemas/limits.schema.json }\n"),
  ).toEqual([
    'line 2, column 39: configs.limits.schema: schemas/limits.schema.json: line 1, column 32: properties.daily.type: fits none of the forms that are accepted here, got the text "numbr"',
    'line 2, column 39: configs.limits.schema: schemas/limits.schema.json: line 1, column 61: properties.single.minimum: must be a number, got the text "1"',
  ]);
});
