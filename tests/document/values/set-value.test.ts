// One value set by its path, with everything else as it was. Long: a row for each style in which a value can be written.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { setValue } from "../../../src/document/values/set-value.ts";
import type { ValueEdit } from "../../../src/model/one-value.ts";

async function set(
  text: string,
  path: string,
  value: string,
  syntax: "yaml" | "json" = "yaml",
): Promise<ValueEdit> {
  return setValue(Buffer.from(text), path, value, syntax);
}

const fees = `# fees of the exchange
currency: USD
maker_percent: 0.08 # for makers
taker_percent:   0.1
tiers:
  - { from_volume: 0, maker_percent: 0.08, taker_percent: 0.1 }
  - from_volume: 10
    name: 'it''s "big"'
note: "two words"
open: true
until: 2026-12-01
none: null
`;

for (const { name, path, value, from, to, line } of [
  { name: "a number", path: "maker_percent", value: "0.09", from: "0.08 #", to: "0.09 #", line: 3 },
  {
    name: "the digits that were typed",
    path: "taker_percent",
    value: "0.10",
    from: "0.1\n",
    to: "0.10\n",
    line: 4,
  },
  {
    name: "a number between brackets",
    path: "tiers[0].maker_percent",
    value: "-7",
    from: "maker_percent: 0.08,",
    to: "maker_percent: -7,",
    line: 6,
  },
  {
    name: "an item by a dot",
    path: "tiers.1.from_volume",
    value: "20",
    from: "volume: 10",
    to: "volume: 20",
    line: 7,
  },
  { name: "a word", path: "currency", value: "EUR", from: "USD", to: "EUR", line: 2 },
  {
    name: "a text that would be a number",
    path: "currency",
    value: "123",
    from: "USD",
    to: '"123"',
    line: 2,
  },
  {
    name: "a text that would be true",
    path: "currency",
    value: "yes",
    from: "USD",
    to: '"yes"',
    line: 2,
  },
  {
    name: "a text that would be a date",
    path: "currency",
    value: "2026-01-01",
    from: "USD",
    to: '"2026-01-01"',
    line: 2,
  },
  {
    name: "a text with a colon",
    path: "currency",
    value: "a: b",
    from: "USD",
    to: '"a: b"',
    line: 2,
  },
  {
    name: "a text in single quotes",
    path: "tiers[1].name",
    value: `"a" 'b'`,
    from: `it''s "big"`,
    to: `"a" ''b''`,
    line: 8,
  },
  {
    name: "a text in double quotes",
    path: "note",
    value: 'say "hi" \\',
    from: "two words",
    to: 'say \\"hi\\" \\\\',
    line: 9,
  },
  { name: "true or false", path: "open", value: "false", from: "true", to: "false", line: 10 },
  {
    name: "a date",
    path: "until",
    value: "2027-01-01",
    from: "2026-12-01",
    to: "2027-01-01",
    line: 11,
  },
]) {
  test(`set in place: ${name}`, async () => {
    expect(await set(fees, path, value)).toMatchObject({
      kind: "edited",
      text: fees.replace(from, () => to),
      line,
    });
  });
}

test("what is shown is what stands in the text before and behind", async () => {
  expect(await set(fees, "taker_percent", "0.10")).toMatchObject({ before: "0.1", after: "0.10" });
  expect(await set(fees, "currency", "123")).toMatchObject({ before: "USD", after: '"123"' });
});

for (const { name, text, path, value, fault } of [
  {
    name: "a decimal comma",
    text: fees,
    path: "maker_percent",
    value: "0,09",
    fault: { code: "wrong_type", type: "number", meant: ["0.09"] },
  },
  {
    name: "a comma of either kind",
    text: fees,
    path: "maker_percent",
    value: "1,000",
    fault: { code: "wrong_type", meant: ["1000", "1.000"] },
  },
  {
    name: "an exponent that some do not read",
    text: fees,
    path: "maker_percent",
    value: "1e3",
    fault: { code: "wrong_type", meant: ["1.0e+3"] },
  },
  {
    name: "a leading zero",
    text: fees,
    path: "maker_percent",
    value: "09",
    fault: { code: "wrong_type", meant: ["9"] },
  },
  {
    name: "a word for a number",
    text: fees,
    path: "maker_percent",
    value: "much",
    fault: { code: "wrong_type", meant: [] },
  },
  {
    name: "a number for true or false",
    text: fees,
    path: "open",
    value: "1",
    fault: { code: "wrong_type", type: "truth" },
  },
  {
    name: "yes for true",
    text: fees,
    path: "open",
    value: "yes",
    fault: { code: "wrong_type", meant: ["true"] },
  },
  {
    name: "something for nothing",
    text: fees,
    path: "none",
    value: "1",
    fault: { code: "wrong_type", type: "nothing" },
  },
  {
    name: "no day of the calendar",
    text: fees,
    path: "until",
    value: "2026-02-30",
    fault: { code: "wrong_type", type: "date" },
  },
  {
    name: "a list",
    text: fees,
    path: "tiers",
    value: "1",
    fault: { code: "not_single", inside: "tiers[0].from_volume" },
  },
  { name: "an alias", text: "a: &x 1\nb: *x\n", path: "b", value: "2", fault: { code: "aliased" } },
  {
    name: "what is inside of an alias",
    text: "a: &x { c: 1 }\nb: *x\n",
    path: "b.c",
    value: "2",
    fault: { code: "aliased" },
  },
  {
    name: "what an alias stands for elsewhere",
    text: "a: &x 1\nb: *x\n",
    path: "a",
    value: "2",
    fault: { code: "not_offered" },
  },
  {
    name: "what is inside of such a map",
    text: "a: &x { c: 1 }\nb: *x\n",
    path: "a.c",
    value: "2",
    fault: { code: "not_offered" },
  },
  {
    name: "a number with a tag",
    text: "a: !!int 1\n",
    path: "a",
    value: "2",
    fault: { code: "not_offered" },
  },
  {
    name: "a block with a comment in its first line",
    text: "a: | # c\n  x\n",
    path: "a",
    value: "y",
    fault: { code: "not_offered" },
  },
]) {
  test(`refused: ${name}`, async () => {
    expect(await set(text, path, value)).toMatchObject({ kind: "refused", fault });
  });
}

test("an anchor that nobody uses does not matter, and stays", async () => {
  expect(await set("a: &x 1 # c\n", "a", "2")).toMatchObject({
    kind: "edited",
    text: "a: &x 2 # c\n",
  });
});

test("a text of several lines becomes one in quotes", async () => {
  expect(await set("a: |\n  x\n  y\nb: 1\n", "a", "z z")).toMatchObject({
    kind: "edited",
    text: 'a: "z z"\nb: 1\n'.replace('"z z"', "z z"),
  });
});

test("a byte order mark and the ends of lines stay", async () => {
  expect(await set("\uFEFFa: 1\r\nb: 2\r\n", "b", "3")).toMatchObject({
    text: "\uFEFFa: 1\r\nb: 3\r\n",
  });
});

test("what is there already is said so", async () => {
  expect(await set(fees, "maker_percent", "0.08")).toMatchObject({
    kind: "same",
    shown: "0.08",
    line: 3,
  });
  expect(await set(fees, "note", "two words")).toMatchObject({ kind: "same" });
});

test("JSON stays JSON, with its own numbers", async () => {
  const json = '{ "a": 1, "b": "x", "c": [true] }\n';
  expect(await set(json, "a", "1e3", "json")).toMatchObject({ text: json.replace("1,", "1e3,") });
  expect(await set(json, "a", "+2", "json")).toMatchObject({
    fault: { code: "wrong_type", meant: ["2"] },
  });
  expect(await set(json, "a", "0x10", "json")).toMatchObject({ fault: { code: "wrong_type" } });
  expect(await set(json, "b", "y y", "json")).toMatchObject({ text: json.replace('"x"', '"y y"') });
  expect(await set(json, "c[0]", "false", "json")).toMatchObject({
    text: json.replace("true", "false"),
  });
  expect(await set(json, "c[0]", "False", "json")).toMatchObject({ fault: { code: "wrong_type" } });
});

for (const { asked, isNear, first } of [
  { asked: "maker_precent", isNear: true, first: "maker_percent" },
  { asked: "winter", isNear: false, first: undefined },
  { asked: "tiers[0].maker", isNear: false, first: "tiers[0].maker_percent" },
  { asked: "tiers[9].from_volume", isNear: true, first: "tiers[0].from_volume" },
  { asked: "*", isNear: false, first: undefined },
]) {
  test(`a path that leads nowhere is answered with the nearest: ${asked}`, async () => {
    const found = await set(fees, asked, "1");
    expect(found).toMatchObject({ kind: "missing", isNear });
    const nearest = found.kind === "missing" ? found.nearest : [];
    expect(nearest).toHaveLength(3);
    if (first !== undefined) expect(nearest[0]).toBe(first);
  });
}

test.each([
  ["0,09", "0.09"],
  ["−5", "-5"],
  ["0.5%", "0.5"],
  ["007", "7"],
])("the right form of a number: %s", async (typed, meant) => {
  expect(await set(fees, "maker_percent", typed)).toMatchObject({ fault: { meant: [meant] } });
});

test("whatever text is set, a reader of YAML reads that very text there, and the rest as before", async () => {
  const texts = ["a: x\nb: 1\n", "a: 'x'\nb: 1\n", 'a: "x"\nb: 1\n', "{ a: x, b: 1 }\n"];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...texts),
      fc.string({ unit: "binary" }),
      async (text, value) => {
        const done = await set(text, "a", value);
        if (done.kind !== "edited") return;
        expect(parse(done.text)).toEqual({ a: value, b: 1 });
      },
    ),
  );
});
