// The official test suite of JSON Schema 2020-12, every test of it. What fails is listed here with the reason; a test that begins to
// pass must be taken off the list.
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { compileJsonSchema, issuesOf } from "../../../src/document/json-schema/json-schema.ts";

const suite = join(import.meta.dirname, "official-suite");
const remotesAddress = "http://localhost:1234/draft2020-12/";
const main = "http://localhost:1234/main.json";

const groups = z.array(
  z.object({
    description: z.string(),
    schema: z.unknown(),
    tests: z.array(z.object({ description: z.string(), data: z.unknown(), valid: z.boolean() })),
  }),
);

function jsonFiles(folder: string): readonly string[] {
  return readdirSync(join(suite, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.split(sep).join("/"))
    .toSorted();
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(suite, path), "utf8"));
}

const remotes = Object.fromEntries(
  jsonFiles("remotes").map((name) => [remotesAddress + name, readJson(`remotes/${name}`)]),
);

/** What fails, as `file: group: test`. */
function failuresIn(
  files: readonly string[],
  assertsFormat: boolean,
): { readonly passed: number; readonly failed: readonly string[] } {
  let passed = 0;
  const failed: string[] = [];
  for (const file of files) {
    for (const { description, schema, tests } of groups.parse(readJson(`tests/${file}`))) {
      const documents = { ...remotes, [main]: schema };
      const node = compileJsonSchema({ main, documents }, { assertsFormat });
      for (const each of tests) {
        const name = `${file}: ${description}: ${each.description}`;
        const issues = answer(() => issuesOf(node, each.data));
        if (issues !== undefined && (issues.length === 0) === each.valid) passed += 1;
        else failed.push(name);
      }
    }
  }
  return { passed, failed };
}

function answer<Value>(ask: () => Value): Value | undefined {
  try {
    return ask();
  } catch {
    // Counted as a failure, whatever it is.
    return undefined;
  }
}

const files = jsonFiles("tests");
const isOptional = (name: string): boolean => name.startsWith("optional/");
const isFormat = (name: string): boolean => name.startsWith("optional/format/");

/** How many fail in each file. */
function countByFile(failed: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of failed) {
    const [file = ""] = name.split(": ", 1);
    counts[file] = (counts[file] ?? 0) + 1;
  }
  return counts;
}

test("every required test passes, but one that brings a meta-schema of its own", () => {
  const required = files.filter((name) => !isOptional(name));
  const { passed, failed } = failuresIn(required, false);
  expect(failed).toEqual([
    // A schema that switches keywords off by a meta-schema of its own. Airlock refuses every `$schema` but 2020-12's at the start.
    "vocabulary.json: schema that uses custom metaschema with with no validation vocabulary: no validation: invalid number, but it still validates",
  ]);
  expect(passed).toBe(1300);
});

test("every optional test of the keywords passes, but three that bring another meta-schema", () => {
  const optional = files.filter((name) => isOptional(name) && !isFormat(name));
  const { passed, failed } = failuresIn(optional, false);
  expect(countByFile(failed)).toEqual({
    "optional/cross-draft.json": 1,
    "optional/format-assertion.json": 2,
  });
  expect(passed).toBe(159);
});

test("formats are checked as the suite asks, but for fine print", () => {
  // Which Unicode characters a name may have depends on Node's own tables (IDNA 2008): only that most are right is held here.
  const idn = "optional/format/idn-hostname.json";
  const { passed, failed } = failuresIn(
    files.filter((name) => isFormat(name) && name !== idn),
    true,
  );
  expect(countByFile(failed)).toEqual({
    // Patterns that are only correct without full Unicode are accepted: people write them.
    "optional/format/ecmascript-regex.json": 1,
    // Punycode that stands for characters that may not stand beside one another is accepted.
    "optional/format/hostname.json": 23,
    // A leap second in a time without a date is refused, as nobody can tell whether there was one.
    "optional/format/time.json": 6,
  });
  expect(passed).toBe(757);
  expect(failuresIn([idn], true).failed.length).toBeLessThan(30);
});
