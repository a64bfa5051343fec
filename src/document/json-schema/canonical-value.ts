// Values as JSON Schema compares them.
import { isSchemaObject } from "./schema-registry.ts";

/** Two values are equal exactly where these texts are: the order of keys does not count, and 1.0 is 1. It is JSON. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (!isSchemaObject(value)) return JSON.stringify(value) ?? "";
  const pairs = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key])}`);
  return `{${pairs.join(",")}}`;
}

/** Exact in decimal, as the numbers are written: 0.15 is a multiple of 0.05, though its binary neighbour is not. */
export function isMultipleOf(value: number, divisor: number): boolean {
  // That it is no finite number is told where it is read.
  if (!Number.isFinite(value)) return true;
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return value % divisor === 0;
  const one = decimal(value);
  const other = decimal(divisor);
  const exponent = Math.min(one.exponent, other.exponent);
  const scaled = ({ digits, exponent: own }: Decimal): bigint =>
    digits * 10n ** BigInt(own - exponent);
  return scaled(one) % scaled(other) === 0n;
}

/** `digits * 10 ** exponent`; JavaScript's numbers keep the exponent between -324 and 308. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function decimal(value: number): Decimal {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}
