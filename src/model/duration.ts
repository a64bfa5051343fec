// Times as operators and admins write them: 30s, 10m, 24h, 7d.

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const dayMs = unitMs.d;
/** The longest time that a rule or a command may name: 30 days. */
export const durationMsMax = 30 * dayMs;
const durationPattern = /^(\d{1,9})([smhd])$/;

/** @returns milliseconds, of whatever length; undefined for what is no time */
export function durationMs(text: string): number | undefined {
  const [, count, unit] = durationPattern.exec(text) ?? [];
  return count === undefined || !isUnit(unit) ? undefined : Number(count) * unitMs[unit];
}

function isUnit(text: string | undefined): text is keyof typeof unitMs {
  return text !== undefined && Object.hasOwn(unitMs, text);
}
