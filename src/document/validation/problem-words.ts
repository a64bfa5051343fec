// The words that problems share, whichever schema finds them.
import { closestMatch } from "leven";

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

export const missingKeyText = "is missing";

const didYouMean = "is not a known key: did you mean ";

/** `is not a known key: did you mean daily?` */
export function unknownKeyText(key: string, known: readonly string[]): string {
  const nearest = suggestion(key, known);
  if (nearest !== undefined) return `${didYouMean}${nearest}?`;
  return known.length === 0
    ? "is not a known key"
    : `is not a known key (known are ${namesText(known)})`;
}

/** @returns the key that {@link unknownKeyText} suggests in `message`; undefined for any other message */
export function suggestedKey(message: string): string | undefined {
  return message.startsWith(didYouMean) ? message.slice(didYouMean.length, -1) : undefined;
}

/** `must be one of open, closed (did you mean open?)`. */
export function oneOfText(names: readonly string[], got: unknown): string {
  const nearest = typeof got === "string" ? suggestion(got, names) : undefined;
  const hint = nearest === undefined ? "" : ` (did you mean ${nearest}?)`;
  return `must be one of ${namesText(names)}${hint}`;
}

export function namesText(names: readonly string[]): string {
  return `${names.slice(0, namesShownMax).join(", ")}${names.length > namesShownMax ? ", …" : ""}`;
}

/** A type's name, as zod or JSON Schema has it, after "must be". */
export function typeText(type: string): string {
  switch (type) {
    case "object":
    case "record":
    case "map":
      return "a map of keys and values";
    case "array":
      return "a list";
    case "string":
      return "a text";
    case "boolean":
      return "true or false";
    case "integer":
    case "int":
      return "a whole number";
    case "null":
      return "nothing";
    default:
      return `a ${type}`;
  }
}

/** `must be at least 3`. */
export function limitText(limit: "min" | "max", inclusive: boolean, bound: unknown): string {
  if (limit === "min") return `must be ${inclusive ? "at least" : "greater than"} ${String(bound)}`;
  return `must be ${inclusive ? "at most" : "less than"} ${String(bound)}`;
}

/** `must have at least 3 items, got 1`. */
export function countText(
  limit: "min" | "max",
  bound: number,
  noun: "character" | "item" | "key",
  got: string,
): string {
  const what = `${bound} ${noun}${bound === 1 ? "" : "s"}`;
  return `must have ${limit === "min" ? "at least" : "at most"} ${what}, got ${got}`;
}
