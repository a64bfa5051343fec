// Places in a document, and whether one is another, around it or inside it.
import type { PathStep } from "../../model/comparison.ts";

type Path = readonly PathStep[];

export interface PlaceSet {
  /** Whether one of them is this place, around it or inside it. */
  overlaps(path: Path): boolean;
}

export function placeSet(paths: readonly Path[]): PlaceSet {
  const exact = new Set(paths.map((path) => JSON.stringify(path)));
  const around = new Set(paths.flatMap(placesAround));
  return {
    overlaps: (path) =>
      placesAround(path).some((place) => exact.has(place)) || around.has(JSON.stringify(path)),
  };
}

/** The place itself, and every place around it. */
function placesAround(path: Path): readonly string[] {
  return [...path.keys(), path.length].map((length) => JSON.stringify(path.slice(0, length)));
}
