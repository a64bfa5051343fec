// Holds the rule for imports that ARCHITECTURE.md tells: which room may import which, and which library belongs to whom. And that sentences are
// made in one of them, and that a long file says why it is. Looks at static imports, type-only ones, re-exports and dynamic imports alike, by a real parser. Long: most of it is the
// rule itself.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { parseSync } from "oxc-parser";
import { describe, expect, test } from "vitest";
import { sentencesIn } from "./words/sentences.ts";

/** Each stands on those before it. */
const chatRooms = [
  "telegram/api",
  "telegram/updates",
  "telegram/messages",
  "telegram/entrance",
  "telegram/uploads",
  "telegram/controls",
  "telegram",
];
const chatsUse = ["model", "change", "words", "store", "store/records.ts"];

const allButEntries = [
  "model",
  "file",
  "document",
  "chart",
  "words",
  "store",
  "store/records.ts",
  "store/local",
  "store/etcd",
  "service",
  "change",
  "catalog",
  "settings",
  ...chatRooms,
  "shell",
  "metrics",
  "log",
];

/** What each room may import of ours; its own files always. The most exact name wins: `store/local` before `store`. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  model: [],
  file: ["model"],
  document: ["model"],
  chart: ["model"],
  words: ["model"],
  store: ["model", "store/records.ts"],
  "store/records.ts": [],
  "store/local": ["model", "file", "store", "store/records.ts"],
  "store/etcd": ["model", "store", "store/records.ts"],
  service: ["model"],
  change: ["model", "document", "store", "store/records.ts"],
  catalog: ["model", "file", "document"],
  settings: ["model", "file", "words"],
  follow: ["model", "store", "store/records.ts"],
  ...Object.fromEntries(
    chatRooms.map((room, index) => [room, [...chatsUse, ...chatRooms.slice(0, index)]]),
  ),
  shell: ["model", "file", "change", "words", "store", "settings"],
  metrics: ["model", "words"],
  "own-version.ts": [],
  log: ["model", "words"],
  "core.ts": allButEntries,
  "counted.ts": ["model", "store", "change", "metrics"],
  "listeners.ts": allButEntries.concat("core.ts", "counted.ts"),
  "health.ts": allButEntries,
  "around.ts": allButEntries,
  "app.ts": allButEntries.concat("core.ts", "around.ts", "counted.ts", "listeners.ts"),
  "alone.ts": allButEntries.concat("app.ts", "health.ts", "around.ts"),
  "leading-term.ts": allButEntries.concat("app.ts", "around.ts", "health.ts"),
  "one-of-several.ts": allButEntries.concat("app.ts", "alone.ts", "around.ts", "leading-term.ts"),
  "shared-store-commands.ts": allButEntries,
  "open-here.ts": allButEntries.concat("core.ts", "shared-store-commands.ts"),
  "stop-on-signal.ts": [],
  "follow-app.ts": allButEntries.concat("follow", "stop-on-signal.ts"),
  "engine.ts": [],
  "main.ts": [
    "engine.ts",
    "own-version.ts",
    "stop-on-signal.ts",
    "alone.ts",
    "one-of-several.ts",
    "app.ts",
    "model",
    "words",
    "settings",
    "catalog",
    "log",
  ],
  "cli.ts": [
    "own-version.ts",
    "shared-store-commands.ts",
    "follow-app.ts",
    "open-here.ts",
    "words",
    "store/etcd",
    "model",
    "file",
    "document",
    "store/local",
    "settings",
    "catalog",
    "shell",
  ],
  "healthcheck.ts": ["settings", "words"],
  // It starts the bot as a process, as everybody does, and so needs only to read the same catalog. Nobody may import it.
  "../sandbox": ["catalog", "words"],
};

/** A library that is not listed may be imported anywhere. */
const owners: Readonly<Record<string, readonly string[]>> = {
  grammy: [...chatRooms, "../sandbox"],
  "@grammyjs": chatRooms,
  "prom-client": ["metrics"],
  "async-mutex": ["store"],
  yaml: ["document", "catalog"],
  "js-yaml": ["document"],
  "jsonc-parser": ["document"],
  "@hyperjump": ["document"],
  diff: ["document"],
  leven: ["document", "telegram/entrance"],
  echarts: ["chart"],
  "@resvg": ["chart"],
  "@napi-rs/xattr": ["file"],
  pino: [
    "log",
    "app.ts",
    "listeners.ts",
    "alone.ts",
    "one-of-several.ts",
    "main.ts",
    "follow-app.ts",
    "stop-on-signal.ts",
  ],
  commander: ["shell"],
  "node:child_process": ["service", "../sandbox"],
  "node:fs": [
    "own-version.ts",
    "file",
    "store/records.ts",
    "store/local",
    "settings",
    "catalog",
    "shell",
    "log",
    "main.ts",
    "cli.ts",
    "../sandbox",
  ],
};

interface Source {
  /** From `src/`: `document/inspector.ts`, `../sandbox/main.ts`. */
  readonly path: string;
  readonly text: string;
}

function roomOf(path: string): string | undefined {
  return Object.keys(rooms)
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .toSorted((one, other) => other.length - one.length)[0];
}

function importsOf({ path, text }: Source): readonly string[] {
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed`);
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) =>
    text.slice(start, end).replaceAll(/["'`]/g, ""),
  );
  const reExported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
  );
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...reExported,
    ...dynamic,
  ];
}

/** @returns a line for each import that the rule forbids */
function wrongArrows(sources: readonly Source[]): readonly string[] {
  return sources.flatMap((source) => {
    const from = roomOf(source.path);
    if (from === undefined) return [`${source.path} is in no room`];
    return importsOf(source).flatMap((specifier) => {
      if (!specifier.startsWith(".")) {
        const owned = Object.entries(owners).find(
          ([name]) => specifier === name || specifier.startsWith(`${name}/`),
        );
        const allowed = owned === undefined || owned[1].includes(from);
        return allowed ? [] : [`${source.path} -> ${specifier}`];
      }
      const target = posix.join(posix.dirname(source.path), specifier).replace(/^\.\.\/src\//, "");
      const to = roomOf(target);
      const allowed = to !== undefined && (to === from || rooms[from]?.includes(to));
      return allowed ? [] : [`${from} -> ${to ?? target} (${source.path})`];
    });
  });
}

/** @param folder - from the project's root */
function sourcesBelow(folder: string): readonly Source[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => posix.join(folder, path))
    .map((path) => ({
      path: posix.relative("src", path),
      text: readFileSync(path, "utf8"),
    }));
}

test("no room imports what the rule keeps from it", () => {
  const sources = [...sourcesBelow("src"), ...sourcesBelow("sandbox")];
  for (const path of ["store/local/history.ts", "../sandbox/main.ts"]) {
    expect(sources.map((source) => source.path)).toContain(path);
  }
  expect(wrongArrows(sources)).toEqual([]);
});

test("ARCHITECTURE.md names whatever is at the top of src/, and no file that is not there", () => {
  const text = readFileSync("ARCHITECTURE.md", "utf8");
  const unnamed = readdirSync("src", { withFileTypes: true })
    .map((entry) => `src/${entry.name}${entry.isDirectory() ? "/" : ""}`)
    .filter((name) => !text.includes(`\`${name}\``));
  expect(unnamed).toEqual([]);
  const files = sourcesBelow("src").map(({ path }) => path);
  const named = [...text.matchAll(/`(?:src\/)?([a-z/-]+\.ts)`/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(20);
  const gone = named.filter(
    (name) => !name.startsWith("tests/") && !files.some((path) => `/${path}`.endsWith(`/${name}`)),
  );
  expect(gone).toEqual([]);
});

test("no room but words/ makes a sentence", () => {
  const others = sourcesBelow("src").filter(({ path }) => !path.startsWith("words/"));
  expect(others.flatMap(({ path, text }) => sentencesIn(path, text))).toEqual([]);
});

/** Whatever is loaded with these, whether or not it is needed; types alone load nothing. */
function loadedWith(entries: readonly string[]): ReadonlySet<string> {
  const loaded = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    const { module } = parseSync(path, readFileSync(posix.join("src", path), "utf8"));
    const specifiers = [
      ...module.staticImports
        .filter(({ entries: names }) => names.length === 0 || names.some(({ isType }) => !isType))
        .map(({ moduleRequest }) => moduleRequest.value),
      ...module.staticExports.flatMap(({ entries: names }) =>
        names.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
      ),
    ];
    for (const specifier of specifiers) {
      if (specifier.startsWith(".")) waiting.push(posix.join(posix.dirname(path), specifier));
    }
  }
  return loaded;
}

test("nothing of the store in etcd is loaded where nobody asks for it", () => {
  const loaded = [...loadedWith(["main.ts", "alone.ts", "cli.ts", "open-here.ts"])];
  expect(loaded).toContain("store/local/history.ts");
  expect(loaded.filter((path) => path.includes("etcd/") || path.startsWith("shared"))).toEqual([]);
});

describe("a planted import is found", () => {
  for (const { form, text } of [
    { form: "an import", text: 'import { x } from "../telegram/bot.ts";' },
    { form: "an import of a type", text: 'import type { X } from "../telegram/bot.ts";' },
    { form: "an inline import of a type", text: 'import { type X } from "../telegram/bot.ts";' },
    { form: "an import for its effects", text: 'import "../telegram/bot.ts";' },
    { form: "a re-export", text: 'export { x } from "../telegram/bot.ts";' },
    { form: "a re-export of a type", text: 'export type { X } from "../telegram/bot.ts";' },
    { form: "a re-export of all", text: 'export * from "../telegram/bot.ts";' },
    { form: "an import at run time", text: 'export const x = import("../telegram/bot.ts");' },
  ]) {
    test(form, () => {
      expect(wrongArrows([{ path: "document/planted.ts", text }])).toEqual([
        "document -> telegram (document/planted.ts)",
      ]);
    });
  }

  for (const { name, path, text, found } of [
    {
      name: "a library in a room that does not own it",
      path: "change/planted.ts",
      text: 'import type { Api } from "grammy/types";',
      found: "change/planted.ts -> grammy/types",
    },
    {
      name: "the file system beside the rooms that own it",
      path: "change/planted.ts",
      text: 'import { readFile } from "node:fs/promises";',
      found: "change/planted.ts -> node:fs/promises",
    },
    {
      name: "an adapter where only its port may be known",
      path: "change/planted.ts",
      text: 'import type { History } from "../store/local/history.ts";',
      found: "change -> store/local (change/planted.ts)",
    },
    {
      name: "one front end in the other",
      path: "shell/planted.ts",
      text: 'import type { X } from "../telegram/bot.ts";',
      found: "shell -> telegram (shell/planted.ts)",
    },
    {
      name: "what is said in the way to Telegram",
      path: "telegram/api/planted.ts",
      text: 'import { say } from "../messages/say.ts";',
      found: "telegram/api -> telegram/messages (telegram/api/planted.ts)",
    },
    {
      name: "the sandbox in the product",
      path: "app.ts",
      text: 'import type { Sandbox } from "../sandbox/sandbox.ts";',
      found: "app.ts -> ../sandbox (app.ts)",
    },
    {
      name: "the product's own work in the sandbox",
      path: "../sandbox/planted.ts",
      text: 'export { x } from "../src/store/local/history.ts";',
      found: "../sandbox -> store/local (../sandbox/planted.ts)",
    },
    {
      name: "the bot in the sandbox's Telegram",
      path: "../sandbox/bot-api/planted.ts",
      text: 'import { x } from "../../src/telegram/bot.ts";',
      found: "../sandbox -> telegram (../sandbox/bot-api/planted.ts)",
    },
    {
      name: "a file that belongs to no room",
      path: "stray.ts",
      text: "",
      found: "stray.ts is in no room",
    },
  ]) {
    test(name, () => {
      expect(wrongArrows([{ path, text }])).toEqual([found]);
    });
  }

  test("and what is allowed is not", () => {
    const text = 'import { x } from "../store/port.ts";\nimport { y } from "./other.ts";';
    expect(wrongArrows([{ path: "change/fine.ts", text }])).toEqual([]);
    const catalog = 'import { readAirlockFile } from "../src/catalog/airlock-file.ts";';
    expect(wrongArrows([{ path: "../sandbox/fine.ts", text: catalog }])).toEqual([]);
  });
});

// ---- how long a file may be

const linesMax = 300;
/** What the first comment says where it is longer: `Long: it is one table of mistakes.` */
const reason = /\bLong: \S/;
/** Golden chats and other records are as long as what happened. */
const written = /\.(?:ts|js|css)$/;

interface Written {
  readonly path: string;
  readonly text: string;
}

function tooLong(files: readonly Written[]): readonly string[] {
  return files
    .filter(({ text }) => text.split("\n").length - 1 > linesMax)
    .filter(({ text }) => !reason.test(firstComment(text)))
    .map(({ path }) => path);
}

/** The lines from the first on that are a comment. */
function firstComment(text: string): string {
  return /^(?:\/\/.*\n)+|^\/\*[^]*?\*\//.exec(text)?.[0] ?? "";
}

test("a file of more than 300 lines says in its first paragraph why", () => {
  const files = ["src", "sandbox", "bench", "tests"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => written.test(path))
      .map((path) => ({
        path: posix.join(folder, path),
        text: readFileSync(posix.join(folder, path), "utf8"),
      })),
  );
  expect(files.map(({ path }) => path)).toContain("tests/settings/settings.test.ts");
  expect(tooLong(files)).toEqual([]);
});

test("one that does not is found; one that is shorter, or says so, is not", () => {
  const lines = (count: number): string => "const x = 1;\n".repeat(count);
  const files = [
    { path: "silent.ts", text: `// What it is for.\n${lines(linesMax)}` },
    {
      path: "later.ts",
      text: `// What it is for.\n\n// Long: not the first paragraph.\n${lines(linesMax)}`,
    },
    { path: "short.ts", text: `// What it is for.\n${lines(linesMax - 1)}` },
    { path: "table.ts", text: `// What it is for.\n// Long: one table.\n${lines(linesMax)}` },
    { path: "page.css", text: `/* What it is for.\n   Long: one page. */\n${lines(linesMax)}` },
  ];
  expect(tooLong(files)).toEqual(["silent.ts", "later.ts"]);
});
