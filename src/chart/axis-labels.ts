// What stands at a chart's axes: numbers as a config has them, times in UTC as a language writes them.

const dayMs = 24 * 60 * 60_000;
/** From here on down: so long a time has labels of this form. */
const timeForms: readonly { readonly fromMs: number; readonly form: Intl.DateTimeFormatOptions }[] =
  [
    { fromMs: 4 * 365 * dayMs, form: { year: "numeric" } },
    { fromMs: 320 * dayMs, form: { month: "short", year: "numeric" } },
    { fromMs: 4 * dayMs, form: { day: "numeric", month: "short" } },
    { fromMs: dayMs, form: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } },
    { fromMs: 10 * 60_000, form: { hour: "2-digit", minute: "2-digit" } },
    { fromMs: 0, form: { hour: "2-digit", minute: "2-digit", second: "2-digit" } },
  ];
const shortRangeMs = 2 * dayMs;

/** Behind a year, in Russian: too long for what stands everywhere. */
const yearWord = /\s+г\./gu;

/** The day before the month. */
function localeOf(language: string): string {
  return language === "en" ? "en-GB" : language;
}

/** @returns what writes a moment, in milliseconds since 1970, on an axis of this length */
export function timeLabels(language: string, spanMs: number): (atMs: number) => string {
  const form = timeForms.find(({ fromMs }) => spanMs >= fromMs)?.form ?? {};
  const format = new Intl.DateTimeFormat(localeOf(language), { ...form, timeZone: "UTC" });
  return (atMs) => format.format(atMs).replace(yearWord, "");
}

/** `1 Oct – 28 Nov 2026, UTC`. */
export function rangeText(language: string, fromMs: number, untilMs: number): string {
  const isShort = untilMs - fromMs < shortRangeMs;
  const format = new Intl.DateTimeFormat(localeOf(language), {
    dateStyle: "medium",
    ...(isShort ? { timeStyle: "short" as const } : {}),
    timeZone: "UTC",
  });
  const range = format.formatRange(fromMs, untilMs).replaceAll(yearWord, "");
  return `${range}, UTC`;
}

/** Beyond, a number is read more easily with its power of ten. */
const plainMax = 1e12;
const plainMin = 1e-6;

/** `1,200,000`, `0.08`, `1e-9`. */
export function numberLabel(value: number): string {
  // Steps of an axis are sums of what has no end in binary.
  const rounded = Number(value.toPrecision(12));
  const size = Math.abs(rounded);
  if (size !== 0 && (size >= plainMax || size < plainMin)) return rounded.toExponential();
  return new Intl.NumberFormat("en", { maximumFractionDigits: 12 }).format(rounded);
}

/** Round numbers around these, from below the lowest to above the highest, the same distance apart. */
export function roundSteps(lowest: number, highest: number): readonly number[] {
  const middle = lowest / 2 + highest / 2;
  // A line that never moves lies in the middle.
  const isFlat = highest - lowest <= Math.abs(middle) * flatPart;
  const reach = isFlat ? Math.abs(middle) / 2 || 1 : ((highest - lowest) / 2) * aroundPart;
  const rough = reach / (stepsWanted / 2);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((each) => power * each >= rough * 0.999) ?? 10);
  const [first, last] = [Math.floor((middle - reach) / step), Math.ceil((middle + reach) / step)];
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

const stepsWanted = 4;
/** So that no mark lies on the edge. */
const aroundPart = 1.06;
/** Numbers of 64 bits hold no smaller differences well. */
const flatPart = 1e-12;
