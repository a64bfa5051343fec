// Each claim of docs/reliability.md names the test that holds it: a test of that name must be there, and run.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const rows = readFileSync("docs/reliability.md", "utf8")
  .split("\n")
  .map((line) => /\| `(tests\/\S+\.ts)`: (.+) \|$/.exec(line))
  .filter((match) => match !== null);

/** Some names are made of a table's rows. */
const templates = new Map([
  ["before each fsync", "before each ${calls}"],
  ["with something odd", 'with ${mine.map(({ name }) => name).join(", or with ")}'],
]);

/** Whether the name stands in the file as one, of a test that is not left out. */
function declared(file: string, name: string): boolean {
  const written = [...templates].reduce((text, [said, code]) => text.replace(said, code), name);
  const text = readFileSync(file, "utf8");
  const before = ['"', "'", "`"]
    .map((quote) => text.indexOf(`${quote}${written}`))
    .filter((at) => at !== -1)
    .map((at) => text.slice(0, at).trimEnd());
  return before.some((lead) => /(?:\(|name:)$/.test(lead) && !/\.(?:skip|todo)\($/.test(lead));
}

test("there are claims", () => {
  expect(rows.length).toBeGreaterThan(10);
});

for (const [, file = "", name = ""] of rows) {
  test(`${file} has: ${name}`, () => {
    expect(declared(file, name)).toBe(true);
  });
}
