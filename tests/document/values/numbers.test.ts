import { expect, test } from "vitest";
import { listNumbers, numberAt, numbersAt } from "../../../src/document/values/numbers.ts";

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const fees = bytesOf(`currency: USD
maker_percent: 0.08
taker_percent: &t 0.10
tiers:
  - { from_volume: 0, maker_percent: 0.07 }
  - { from_volume: 10, maker_percent: *t }
withdrawal:
  "a key.with [all]": 1e400
  BTC: { fixed: 0.0002, minimum: "0.001" }
`);

for (const { written, found } of [
  { written: "maker_percent", found: { kind: "number", path: "maker_percent" } },
  { written: "tiers[1].maker_percent", found: { kind: "number", path: "tiers[1].maker_percent" } },
  { written: "tiers.0.from_volume", found: { kind: "number", path: "tiers[0].from_volume" } },
  {
    written: "currency",
    found: { kind: "no_number", path: "currency", shown: "USD", nearest: [] },
  },
  {
    written: "withdrawal.BTC.minimum",
    found: {
      kind: "no_number",
      path: "withdrawal.BTC.minimum",
      shown: '"0.001"',
      nearest: [],
    },
  },
  {
    written: "tiers",
    found: {
      kind: "no_number",
      path: "tiers",
      shown: null,
      nearest: [
        "tiers[0].from_volume",
        "tiers[0].maker_percent",
        "tiers[1].from_volume",
        "tiers[1].maker_percent",
      ],
    },
  },
  {
    written: "maker_percnt",
    found: {
      kind: "nowhere",
      path: "maker_percnt",
      nearest: ["maker_percent", "tiers[0].maker_percent", "tiers[1].maker_percent"],
    },
  },
  {
    written: "fixed",
    found: {
      kind: "nowhere",
      path: "fixed",
      nearest: expect.arrayContaining(["withdrawal.BTC.fixed"]),
    },
  },
  {
    written: "tiers[7].maker_percent",
    found: {
      kind: "nowhere",
      path: "tiers[7].maker_percent",
      nearest: expect.arrayContaining(["tiers[0].maker_percent"]),
    },
  },
  { written: "tiers[*]", found: { kind: "nowhere", path: null } },
  { written: "a b", found: { kind: "nowhere", path: null } },
]) {
  test(`what stands at ${written} is found, or what was meant`, () => {
    expect(numberAt(fees, written)).toMatchObject(found);
  });
}

test("a document that cannot be read has no numbers", () => {
  expect(numberAt(bytesOf("a: [1"), "a")).toEqual({ kind: "unreadable" });
  expect(listNumbers([bytesOf("a: [1")])).toEqual({ paths: [], changed: 0, total: 0 });
});

test("a number is read as it is written in each version, and is missing where it is none", () => {
  const versions = ["a: { b: 0.10 }", "a: { b: '1' }", "a: 5", "a: [", "a: { b: -1.5e+3 }"];
  expect(numbersAt(versions.map(bytesOf), "a.b")).toEqual(["0.10", null, null, null, "-1.5e+3"]);
});

test("numbers that changed are listed first, the most restless at the top", () => {
  const versions = ["a: 1\nb: 3\nc: 2\nd: x", "a: 1\nb: 2\nc: 2\nd: y", "a: 1\nb: 1\nc: 1\nd: z"];
  expect(listNumbers(versions.map(bytesOf))).toEqual({
    paths: ["b", "c", "a"],
    changed: 2,
    total: 3,
  });
});
