// Plants what must not be and sees that the lint configuration finds it, in a copy of the folder tree.
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const files = "node:fs node:fs/promises fs fs/promises";
const telegram = "grammy grammy/types @grammyjs/runner";

/** Targets are separated by spaces. */
const rooms: readonly {
  readonly room: string;
  readonly file: string;
  readonly allowed: string;
  readonly forbidden: string;
}[] = [
  {
    room: "disk",
    file: "src/disk/planted.ts",
    allowed: "./read-file.ts node:fs/promises",
    forbidden: `../change/lock.ts ../telegram/bot.ts ../metrics/metrics.ts ../sandbox/api.ts ../app.ts ../main.ts
      ../settings/settings.ts ../catalog/rules.ts ../logger.ts ${telegram} prom-client async-mutex yaml`,
  },
  {
    room: "change",
    file: "src/change/planted.ts",
    allowed: "./lock.ts ../disk/read-file.ts async-mutex yaml",
    forbidden: `../telegram/bot.ts ../metrics/metrics.ts ../sandbox/api.ts ../app.ts ../main.ts
      ../settings/settings.ts ../catalog/rules.ts ../logger.ts ${telegram} prom-client ${files}`,
  },
  {
    room: "a folder within change",
    file: "src/change/validation/planted.ts",
    allowed: "../lock.ts ../../disk/read-file.ts yaml",
    forbidden: "../../telegram/bot.ts ../../metrics/metrics.ts ../../app.ts grammy node:fs",
  },
  {
    room: "catalog",
    file: "src/catalog/planted.ts",
    allowed: "./rules.ts ../change/lock.ts ../disk/read-file.ts node:fs zod",
    forbidden: `../settings/settings.ts ../logger.ts ../telegram/bot.ts ../metrics/metrics.ts ../sandbox/api.ts
      ../control/protocol.ts ../command-line/program.ts ../app.ts ../main.ts ${telegram} prom-client async-mutex yaml`,
  },
  {
    room: "settings",
    file: "src/settings/planted.ts",
    allowed:
      "./settings.ts ../catalog/rules.ts ../change/lock.ts ../disk/read-file.ts ../logger.ts node:fs zod",
    forbidden: `../telegram/bot.ts ../metrics/metrics.ts ../sandbox/api.ts ../control/protocol.ts
      ../command-line/program.ts ../app.ts ../main.ts ${telegram} prom-client async-mutex yaml`,
  },
  {
    room: "telegram",
    file: "src/telegram/planted.ts",
    allowed: `../change/lock.ts ${telegram}`,
    forbidden: `../disk/read-file.ts ../metrics/metrics.ts ../sandbox/api.ts ../app.ts ../main.ts
      ../settings/settings.ts ../catalog/rules.ts prom-client async-mutex yaml ${files}`,
  },
  {
    room: "control",
    file: "src/control/planted.ts",
    allowed: "../change/lock.ts ../disk/read-file.ts node:net node:fs/promises",
    forbidden: `../telegram/bot.ts ../metrics/metrics.ts ../sandbox/api.ts ../command-line/program.ts ../app.ts
      ../main.ts ../settings/settings.ts ../catalog/rules.ts ${telegram} prom-client async-mutex yaml`,
  },
  {
    room: "command-line",
    file: "src/command-line/planted.ts",
    allowed: `../change/lock.ts ../disk/read-file.ts ../control/protocol.ts ../settings/settings.ts
      ../telegram/outcome-phrases.ts ../telegram/change-phrases.ts commander`,
    forbidden: `../telegram/bot.ts ../telegram/phrases.ts ../metrics/metrics.ts ../sandbox/api.ts ../app.ts ../main.ts
      ${telegram} prom-client async-mutex yaml`,
  },
  {
    room: "metrics",
    file: "src/metrics/planted.ts",
    allowed: "../change/upload-event.ts prom-client node:http",
    forbidden: `../disk/read-file.ts ../telegram/bot.ts ../sandbox/api.ts ../app.ts ../main.ts
      ../settings/settings.ts ../catalog/rules.ts ${telegram} async-mutex yaml ${files}`,
  },
  {
    room: "sandbox",
    file: "src/sandbox/planted.ts",
    allowed: "grammy node:http",
    forbidden: `../disk/read-file.ts ../change/lock.ts ../telegram/bot.ts ../metrics/metrics.ts ../main.ts
      prom-client async-mutex`,
  },
  {
    room: "app.ts",
    file: "src/app.ts",
    allowed: `./disk/read-file.ts ./change/lock.ts ./telegram/bot.ts ./metrics/metrics.ts ./settings/settings.ts
      ./catalog/rules.ts ./logger.ts`,
    forbidden: `./sandbox/api.ts ./main.ts ${telegram} prom-client async-mutex yaml`,
  },
  {
    room: "main.ts",
    file: "src/main.ts",
    allowed: "./app.ts ./settings/settings.ts ./logger.ts",
    forbidden: `./disk/read-file.ts ./change/lock.ts ./telegram/bot.ts ./metrics/metrics.ts
      ./sandbox/api.ts ${telegram} prom-client async-mutex yaml`,
  },
  {
    room: "a file on top",
    file: "src/planted.ts",
    allowed: "./logger.ts pino",
    forbidden: `./app.ts ./main.ts ${telegram} prom-client async-mutex`,
  },
];

/** Each on one line, so that a finding's line tells which plant it is about. */
const forms: readonly {
  readonly form: string;
  readonly line: (from: string, n: number) => string;
}[] = [
  { form: "imports", line: (from, n) => `import { x as x${n} } from "${from}";` },
  {
    form: "imports a type of",
    line: (from, n) => `import type { X as X${n} } from "${from}";`,
  },
  { form: "re-exports from", line: (from, n) => `export { x as y${n} } from "${from}";` },
  {
    form: "re-exports a type of",
    line: (from, n) => `export type { X as Y${n} } from "${from}";`,
  },
  { form: "re-exports all of", line: (from) => `export * from "${from}";` },
  { form: "loads at run time", line: (from, n) => `export const z${n} = import("${from}");` },
];

function arrowsOf({ allowed, forbidden }: (typeof rooms)[number]) {
  const targets = [
    ...forbidden.split(/\s+/).map((from) => ({ from, refused: true })),
    ...allowed.split(/\s+/).map((from) => ({ from, refused: false })),
  ];
  return targets
    .flatMap((target) => forms.map(({ form, line }) => ({ ...target, form, line })))
    .map(({ from, refused, form, line }, n) => ({ from, refused, form, text: line(from, n) }));
}

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
    name: "one half of a ring of imports",
    file: "src/ring-a.ts",
    text: 'import { b } from "./ring-b.ts";\nexport const a = (): unknown => b;\n',
    rules: ["import(no-cycle)"],
  },
  {
    name: "the other half of a ring of imports",
    file: "src/ring-b.ts",
    text: 'import { a } from "./ring-a.ts";\nexport const b = (): unknown => a;\n',
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
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

let tree: string;
let findings: readonly Finding[];

beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), "checks-"));
  for (const file of [".oxlintrc.json", "tsconfig.json"]) copyFileSync(file, join(tree, file));
  symlinkSync(resolve("node_modules"), join(tree, "node_modules"));
  for (const room of rooms)
    plant(
      room.file,
      arrowsOf(room)
        .map(({ text }) => text)
        .join("\n"),
    );
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

for (const room of rooms) {
  describe(`in ${room.room} (${room.file})`, () => {
    const arrows = arrowsOf(room);
    for (const from of new Set(arrows.map((arrow) => arrow.from))) {
      const { refused } = arrows.find((arrow) => arrow.from === from) ?? {};
      test(`${from} is ${refused ? "refused" : "fine"}, however it is imported`, () => {
        const found = findings.filter(
          ({ code, filename }) =>
            code === "eslint(no-restricted-imports)" && filename === room.file,
        );
        const lines = new Set(found.map(({ labels }) => labels[0]?.span.line));
        const formsFound = arrows
          .filter((arrow, index) => arrow.from === from && lines.has(index + 1))
          .map(({ form }) => form);
        expect(formsFound).toEqual(refused ? forms.map(({ form }) => form) : []);
      });
    }
  });
}

describe("a file is searched for bad habits", () => {
  for (const { name, file, rules } of habits) {
    test(name, () => {
      const found = findings.filter(({ filename }) => filename === file).map(({ code }) => code);
      expect(found).toEqual(rules);
    });
  }
});
