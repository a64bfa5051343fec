// Fewer points for the same picture: of the changes that share a column of pixels, the first, the lowest, the highest and the last are seen.
import type { ChartPoint } from "../model/chart.ts";

/** @param columnMs - how long the time is that shares a column */
export function thinned(points: readonly ChartPoint[], columnMs: number): readonly ChartPoint[] {
  const seen: ChartPoint[] = [];
  let column: ChartPoint[] = [];
  let number = -1;
  for (const point of points) {
    const its = Math.floor(point.atMs / columnMs);
    if (its !== number) {
      seen.push(...seenOf(column));
      column = [];
      number = its;
    }
    column.push(point);
  }
  return [...seen, ...seenOf(column)];
}

/** At most five, in their order. */
function seenOf(column: readonly ChartPoint[]): readonly ChartPoint[] {
  const lowest = column.toSorted(byValue)[0];
  const highest = column.toSorted((one, other) => byValue(other, one))[0];
  const gap = column.find(({ value }) => value === null);
  const seen = new Set([column[0], column.at(-1), lowest, highest, gap]);
  return column.filter((point) => seen.has(point));
}

function byValue(one: ChartPoint, other: ChartPoint): number {
  return (one.value ?? 0) - (other.value ?? 0);
}
