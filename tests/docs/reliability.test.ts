import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const rows = readFileSync("docs/reliability.md", "utf8")
  .split("\n")
  .map((line) => /\| `(tests\/\S+\.ts)`: (.+) \|$/.exec(line))
  .filter((match) => match !== null);

test("there are claims", () => {
  expect(rows.length).toBeGreaterThan(10);
});

for (const [, file = "", name = ""] of rows) {
  test(`${file} has: ${name}`, () => {
    // One name is made of a table's row.
    const written = name.replace("before each fsync", "before each ${calls}");
    expect(readFileSync(file, "utf8")).toContain(written);
  });
}
