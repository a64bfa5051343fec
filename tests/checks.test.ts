// Plants bad habits and sees that the lint configuration finds each, and nothing else. Which room may import which is for rooms.test.ts.
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** Each is a file of its own, in which these rules must speak and no other may. */
const habits: readonly {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly rules: readonly string[];
}[] = [
  {
    name: "a promise that nobody awaits",
    file: "src/habit-1.ts",
    text: "export function f(): void {\n  Promise.resolve(1);\n}\n",
    rules: ["typescript(no-floating-promises)"],
  },
  {
    name: "a promise where a condition is wanted",
    file: "src/habit-2.ts",
    text: "export function f(p: Promise<boolean>): number {\n  return p ? 1 : 0;\n}\n",
    rules: ["typescript(no-misused-promises)"],
  },
  {
    name: "a promise returned from a try without await",
    file: "src/habit-3.ts",
    text: "export async function f(p: Promise<number>): Promise<number> {\n  try {\n    return p;\n  } catch {\n    return 0;\n  }\n}\n",
    rules: ["typescript(return-await)"],
  },
  {
    name: "an await of what is no promise",
    file: "src/habit-4.ts",
    text: "export async function f(n: number): Promise<number> {\n  await n;\n  return n;\n}\n",
    rules: ["typescript(await-thenable)"],
  },
  {
    name: "any",
    file: "src/habit-5.ts",
    text: "export function f(value: any): string {\n  return String(value);\n}\n",
    rules: ["typescript(no-explicit-any)"],
  },
  {
    name: "a default export",
    file: "src/habit-6.ts",
    text: "const x = 1;\nexport default x;\n",
    rules: ["import(no-default-export)"],
  },
  {
    name: "a switch that leaves out an arm of a union",
    file: "src/habit-7.ts",
    text: 'export function f(kind: "a" | "b"): number {\n  switch (kind) {\n    case "a":\n      return 1;\n  }\n  return 0;\n}\n',
    rules: ["typescript(switch-exhaustiveness-check)"],
  },
  {
    name: "a value said not to be null",
    file: "src/habit-8.ts",
    text: "export const f = (x: string | null): string => x!;\n",
    rules: ["typescript(no-non-null-assertion)"],
  },
  {
    name: "a thrown text",
    file: "src/habit-9.ts",
    text: 'export function f(): void {\n  throw "x";\n}\n',
    rules: ["typescript(only-throw-error)"],
  },
  {
    name: "a comparison that converts",
    file: "src/habit-10.ts",
    text: "export const f = (a: number, b: number): boolean => a == b;\n",
    rules: ["eslint(eqeqeq)"],
  },
  {
    name: "a line on the console",
    file: "src/habit-11.ts",
    text: 'export function f(): void {\n  console.log("x");\n}\n',
    rules: ["eslint(no-console)"],
  },
  {
    name: "a type written as an import in its place",
    file: "src/change/habit-12.ts",
    text: 'export type X = import("../telegram/bot.ts").Bot;\n',
    rules: ["typescript(consistent-type-imports)"],
  },
  {
    name: "one half of a ring of imports, by types alone",
    file: "src/ring-a.ts",
    text: 'import type { B } from "./ring-b.ts";\nexport type A = B[];\n',
    rules: ["import(no-cycle)"],
  },
  {
    name: "the other half of a ring of imports, by types alone",
    file: "src/ring-b.ts",
    text: 'import type { A } from "./ring-a.ts";\nexport type B = A[];\n',
    rules: ["import(no-cycle)"],
  },
  {
    name: "a default export in the tests",
    file: "tests/planted.test.ts",
    text: "const x = 1;\nexport default x;\n",
    rules: ["import(no-default-export)"],
  },
  {
    name: "nothing to complain about",
    file: "src/habit-13.ts",
    text: "export async function f(p: Promise<number>): Promise<number> {\n  return (await p) + 1;\n}\n",
    rules: [],
  },
];

interface Finding {
  readonly code: string;
  readonly filename: string;
}

let tree: string;
let findings: readonly Finding[];

beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), "checks-"));
  for (const file of [".oxlintrc.json", "tsconfig.json"]) copyFileSync(file, join(tree, file));
  symlinkSync(resolve("node_modules"), join(tree, "node_modules"));
  for (const { file, text } of habits) plant(file, text);
  findings = await lint();
});

afterAll(() => {
  rmSync(tree, { recursive: true });
});

function plant(file: string, text: string): void {
  const path = join(tree, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function lint(): Promise<readonly Finding[]> {
  const oxlint = resolve("node_modules/oxlint/bin/oxlint");
  const options = { cwd: tree, maxBuffer: 16 * 1024 * 1024 };
  const output = await new Promise<string>((done) => {
    // It exits with 1 where it finds something; that it found what it should is for the tests.
    execFile(
      process.execPath,
      [oxlint, "--disable-nested-config", "--format", "json"],
      options,
      (_error, stdout) => done(stdout),
    );
  });
  return JSON.parse(output).diagnostics;
}

describe("a file is searched for bad habits", () => {
  for (const { name, file, rules } of habits) {
    test(name, () => {
      const found = findings.filter(({ filename }) => filename === file).map(({ code }) => code);
      expect(found).toEqual(rules);
    });
  }
});
