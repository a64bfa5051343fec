// What is said of repeated measurements: machines are noisy, so never one number alone.

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @param values - at least one */
export function spreadOf(values: readonly number[]): Spread {
  return {
    min: percentile(values, 0),
    median: percentile(values, 0.5),
    max: percentile(values, 1),
  };
}

/** @param fraction - 0 to 1 */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))];
  if (value === undefined) throw new Error("there is nothing to say of no measurements");
  return value;
}

/** `0.33 ms (0.28–1.20)`. */
export function spreadText({ min, median, max }: Spread, unit: string): string {
  return `${short(median)} ${unit} (${short(min)}–${short(max)})`;
}

/** Three significant digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Milliseconds that `act` takes. */
export async function timed(act: () => unknown): Promise<number> {
  const beganMs = performance.now();
  await act();
  return performance.now() - beganMs;
}
