// That no file is longer than somebody can hold in their head, unless its first paragraph says why.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

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
        path: join(folder, path),
        text: readFileSync(join(folder, path), "utf8"),
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
