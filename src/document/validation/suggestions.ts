// The known name that was probably meant, whichever schema does not know the one that stands there.
import { closestMatch } from "leven";
import { gotOf } from "../../model/excerpt.ts";
import type { Fault } from "../../model/problem.ts";
import type { Names } from "../../model/schema-fault.ts";

/** A name that differs in more is another word, not a typo. */
const typoDistanceMax = 3;
const namesShownMax = 12;

/** @returns the known name that is meant; undefined where none is near */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  return closestMatch(name, known, { maxDistance: typoDistanceMax });
}

/** Names compared in one document, in all: some tenths of a second. Whoever has more typos than that is helped by the first ones. */
const comparisonsMax = 300_000;
let comparisonsLeft = comparisonsMax;

/** Before each document: what the one before has used up does not count. */
export function beginSuggestions(): void {
  comparisonsLeft = comparisonsMax;
}

function suggestion(name: string, known: readonly string[]): string | undefined {
  if (known.length > comparisonsLeft) return undefined;
  comparisonsLeft -= known.length;
  // A key that is known elsewhere may be refused here: it is no typo.
  return known.includes(name) ? undefined : nearestName(name, known);
}

/** @param known - the keys that can stand there */
export function unknownKey(key: string, known: readonly string[]): Fault {
  const meant = suggestion(key, known) ?? null;
  return { code: "unknown_key", params: { ...firstOf(known), meant } };
}

/** @param got - what stands there */
export function notOneOf(known: readonly string[], got: unknown): Fault {
  const meant = (typeof got === "string" ? suggestion(got, known) : undefined) ?? null;
  return { code: "not_one_of", params: { ...firstOf(known), meant }, got: gotOf(got) };
}

/** So many are shown. */
export function firstOf(names: readonly string[]): Names {
  return { names: names.slice(0, namesShownMax), areMore: names.length > namesShownMax };
}
