// Places in a document, and whether one is another, around it or inside it.
import type { PathStep } from "../validation/problem-path.ts";

export type Path = readonly PathStep[];

/** Where a change is. What was renamed or moved is at two. */
export function placesOf({
  path,
  what,
}: {
  readonly path: Path;
  readonly what: { readonly kind: string; readonly from?: Path };
}): readonly Path[] {
  return what.from === undefined ? [path] : [path, what.from];
}

export interface PlaceSet {
  /** Whether one of them is this place, around it or inside it. */
  overlaps(path: Path): boolean;
  /** Whether one of them is this place, or around it. */
  holds(path: Path): boolean;
}

export function placeSet(paths: readonly Path[]): PlaceSet {
  const exact = new Set(paths.map((path) => JSON.stringify(path)));
  const around = new Set(paths.flatMap(placesAround));
  const holds = (path: Path): boolean => placesAround(path).some((place) => exact.has(place));
  return { holds, overlaps: (path) => holds(path) || around.has(JSON.stringify(path)) };
}

/** The place itself, and every place around it. */
function placesAround(path: Path): readonly string[] {
  return [...path.keys(), path.length].map((length) => JSON.stringify(path.slice(0, length)));
}
