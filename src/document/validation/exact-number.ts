// Numbers that JavaScript's cannot hold as they are written: 9007199254740993, or a decimal of twenty digits. Two versions are compared
// by what is written, not by what is left of it.

/** As many significant digits survive in a double, whatever they are. */
const digitsKept = 15;

export class ExactNumber {
  /** As it stands in the document. */
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  /** Equal for equal numbers, and for nothing else. */
  toJSON(): { readonly "exact number": string } {
    return { "exact number": normal(this.source) };
  }
}

/** @returns the value itself where it is exactly what is written */
export function exactNumber(value: number, source: string): number | ExactNumber {
  if (!/^[-+]?[\d.]+(?:[eE][-+]?\d+)?$/.test(source)) return value;
  const digits = source
    .replace(/[eE].*$/, "")
    .replace(/^[-+0.]*/, "")
    .replace(".", "").length;
  if (digits <= digitsKept || !Number.isFinite(value)) return value;
  return normal(String(value)) === normal(source) ? value : new ExactNumber(source);
}

/** Sign, digits without zeros around them, and the power of ten of the last one. */
function normal(text: string): string {
  const [mantissa = "", power = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.replace(/^[-+]/, "").split(".");
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const short = digits.replace(/0+$/, "");
  const exponent = Number(power) - fraction.length + (digits.length - short.length);
  return `${mantissa.startsWith("-") ? "-" : ""}${short}e${exponent}`;
}
