import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import {
  compareDecimals,
  distance,
  exactDecimal,
  signOf,
  timesDecimal,
  withoutSign,
} from "../../../src/document/limits/exact-decimal.ts";

function read(text: string) {
  const number = exactDecimal(text);
  if (number === undefined) throw new Error(`${text} was not read`);
  return number;
}

describe("numbers are read as they are written", () => {
  for (const [one, other] of [
    ["0.1", "0.10"],
    ["0.1", "1.0e-1"],
    ["0.1", "+.1"],
    ["1", "1."],
    ["100", "1E2"],
    ["100", "1.0e+2"],
    ["-5", "-5.000"],
    ["31", "0x1F"],
    ["0", "-0"],
    ["0", "0.000"],
    ["0", "0e999999999"],
    ["0.00000001", "1e-8"],
    ["9007199254740993", "9007199254740993.0"],
  ] as const) {
    test(`${one} is ${other}`, () => {
      expect(compareDecimals(read(one), read(other))).toBe(0);
    });
  }

  for (const [less, more] of [
    ["0", "1e-8"],
    ["0.3", "0.30000000000000000001"],
    ["9007199254740992", "9007199254740993"],
    ["-2", "-1"],
    ["-1e300", "1e-300"],
    ["0", "1e-400"],
  ] as const) {
    test(`${less} is less than ${more}`, () => {
      expect(compareDecimals(read(less), read(more))).toBeLessThan(0);
      expect(compareDecimals(read(more), read(less))).toBeGreaterThan(0);
    });
  }
});

test("0.1 + 0.2 is 0.3", () => {
  expect(compareDecimals(distance(read("0.3"), read("0.1")), read("0.2"))).toBe(0);
});

describe("what is no number, or too much of one, is not read", () => {
  for (const text of [
    "",
    " 1",
    "1 ",
    "abc",
    "0,5",
    "1_000",
    "--1",
    ".",
    "e5",
    "1e",
    "0x",
    "-0x1F",
    "0o17",
    "Infinity",
    "NaN",
    ".inf",
    "12:30",
    "1e1.5",
    "٣",
    "1e999999",
    "1e-999999",
    `1e${"9".repeat(400)}`,
    "1e401",
    "1e-401",
    "9".repeat(401),
    `0.${"1".repeat(401)}`,
    "1".repeat(1_000_000),
  ]) {
    test(
      text.length > 40
        ? `${text.slice(0, 10)}… of ${text.length} characters`
        : JSON.stringify(text),
      () => {
        expect(exactDecimal(text)).toBeUndefined();
      },
    );
  }
});

/** A count of 1e-30ths, by padding with zeros: shares nothing with what it is compared with. */
function counted(whole: number, decimals: string, isNegative: boolean): bigint {
  const units = BigInt(`${whole}${decimals.padEnd(30, "0")}`);
  return isNegative ? -units : units;
}

const written = fc.record({
  whole: fc.nat(1_000_000),
  decimals: fc.stringMatching(/^[0-9]{0,20}$/),
  isNegative: fc.boolean(),
});

test("comparing, distances, products and signs are those of whole numbers", () => {
  const textOf = ({
    whole,
    decimals,
    isNegative,
  }: {
    whole: number;
    decimals: string;
    isNegative: boolean;
  }) => `${isNegative ? "-" : ""}${whole}${decimals === "" ? "" : `.${decimals}`}`;
  fc.assert(
    fc.property(written, written, (a, b) => {
      const [one, other] = [read(textOf(a)), read(textOf(b))];
      const [left, right] = [a, b].map((each) =>
        counted(each.whole, each.decimals, each.isNegative),
      );
      if (left === undefined || right === undefined) throw new Error("there are two");
      expect(Math.sign(compareDecimals(one, other))).toBe(left < right ? -1 : left > right ? 1 : 0);
      expect(signOf(one)).toBe(left < 0n ? -1 : left > 0n ? 1 : 0);
      const apart = left < right ? right - left : left - right;
      const apartText = apart
        .toString()
        .padStart(31, "0")
        .replace(/(.{30})$/, ".$1");
      expect(compareDecimals(distance(one, other), read(apartText))).toBe(0);
      const product = (left * right).toString();
      const size = product
        .replace("-", "")
        .padStart(61, "0")
        .replace(/(.{60})$/, ".$1");
      expect(compareDecimals(withoutSign(timesDecimal(one, other)), read(size))).toBe(0);
    }),
    { numRuns: 1000 },
  );
});
