// Numbers exactly as they are written, without floats: 0.1 + 0.2 is 0.3, and 1e-8 is not nothing. Only what limits need: reading and comparing.

/** `digits` times ten to the power of `power`. */
export interface ExactDecimal {
  readonly digits: bigint;
  readonly power: number;
}

/** Beyond these no service holds the number, and working it out would take memory for nothing: 1e999999 has a million digits. */
const digitsMax = 400;
const powerMax = 400;

const decimal = /^([-+]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([-+]?\d+))?$/;
const hexadecimal = /^0x[0-9a-fA-F]+$/;

/**
 * @param text - as YAML or JSON has it: `0.05`, `1.0e-8`, `+5`, `0x1F`
 * @returns undefined for what is no number, and for one of more than 400 digits or beyond ten to the power of 400
 */
export function exactDecimal(text: string): ExactDecimal | undefined {
  if (text.length > 3 * digitsMax) return undefined;
  if (hexadecimal.test(text)) return { digits: BigInt(text), power: 0 };
  const parts = decimal.exec(text);
  if (parts === null) return undefined;
  const [, sign, whole = "", decimals = "", onlyDecimals = "", exponent = "0"] = parts;
  const fraction = decimals + onlyDecimals;
  const written = (whole + fraction).replace(/^0+/, "");
  if (written === "") return { digits: 0n, power: 0 };
  const power = Number(exponent) - fraction.length;
  if (written.length > digitsMax || Math.abs(power) > powerMax) return undefined;
  const digits = BigInt(written);
  return { digits: sign === "-" ? -digits : digits, power };
}

/** @returns less than 0, 0, or more, as `one` is less than, equal to or more than `other` */
export function compareDecimals(one: ExactDecimal, other: ExactDecimal): number {
  const [left, right] = aligned(one, other);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function timesDecimal(one: ExactDecimal, other: ExactDecimal): ExactDecimal {
  return { digits: one.digits * other.digits, power: one.power + other.power };
}

/** How far apart two numbers are. */
export function distance(one: ExactDecimal, other: ExactDecimal): ExactDecimal {
  const [left, right] = aligned(one, other);
  return { digits: magnitude(left - right), power: Math.min(one.power, other.power) };
}

export function withoutSign({ digits, power }: ExactDecimal): ExactDecimal {
  return { digits: magnitude(digits), power };
}

/** -1, 0 or 1. */
export function signOf({ digits }: ExactDecimal): number {
  return digits < 0n ? -1 : digits > 0n ? 1 : 0;
}

/** Both as a count of the smaller of their two units. */
function aligned(one: ExactDecimal, other: ExactDecimal): readonly [bigint, bigint] {
  const power = Math.min(one.power, other.power);
  const scaled = (number: ExactDecimal): bigint =>
    number.digits * 10n ** BigInt(number.power - power);
  return [scaled(one), scaled(other)];
}

function magnitude(digits: bigint): bigint {
  return digits < 0n ? -digits : digits;
}
