// What the pages point to is there: files, folders and headings. And a page is short enough to be read.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

/** Two screens. */
const linesMax = 100;
const columnsMax = 120;

const pages = [
  "README.md",
  "README.ru.md",
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

/** As GitHub makes them from headings. */
function anchorsOf(page: string): readonly string[] {
  const text = readFileSync(page, "utf8").replaceAll(/^```.*?^```$/gms, "");
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
      .replaceAll(" ", "-"),
  );
}

for (const page of pages) {
  test(`what ${page} links to is there`, () => {
    const text = readFileSync(page, "utf8");
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [path = "", anchor] = target.split("#");
        const file = path === "" ? page : join(dirname(page), path);
        if (!existsSync(file)) return true;
        return anchor !== undefined && !anchorsOf(file).includes(anchor);
      });
    expect(broken).toEqual([]);
  });
}

for (const name of readdirSync("docs").filter((each) => each.endsWith(".md"))) {
  test(`docs/${name} is under two screens, and its prose fits one`, () => {
    const lines = readFileSync(join("docs", name), "utf8").trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(linesMax);
    const { prose } = lines.reduce(
      ({ isCode, prose: before }, line) => {
        const isFence = line.trimStart().startsWith("```");
        const isTable = line.startsWith("|");
        return {
          isCode: isFence ? !isCode : isCode,
          prose: isCode || isFence || isTable ? before : [...before, line],
        };
      },
      { isCode: false, prose: [] as readonly string[] },
    );
    expect(prose.filter((line) => line.length > columnsMax)).toEqual([]);
  });

  test(`docs/README.md leads to docs/${name}, or to a page that does`, () => {
    const linked = ["README.md", "operating.md", "several-machines.md"]
      .map((each) => readFileSync(join("docs", each), "utf8"))
      .join("\n");
    expect(name === "README.md" || linked.includes(`](${name}`)).toBe(true);
  });
}
