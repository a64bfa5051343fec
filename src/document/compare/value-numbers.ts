// Numbers for values: equal ones have the same number, and no others do. So two parts of a document, whatever their size, are compared at once, and nothing
// that only looks like another value passes for it.
import { plainValue } from "./plain-value.ts";

/** The documents that are compared with each other share one. */
export interface ValueNumbers {
  /** What stands in quotes or in a block, and each key. */
  text(text: string): number;
  /** @param source - a plain scalar, its lines folded */
  plain(source: string): number;
  list(items: readonly number[]): number;
  /** @param entries - the numbers of a key and its value in turn, each key once; their order does not matter */
  map(entries: readonly number[]): number;
  tagged(tag: string, value: number): number;
}

/** Two numbers below this fit into one that JavaScript holds exactly; there is no memory for more of them. */
const numbersMax = 2 ** 26;

export function createValueNumbers(): ValueNumbers {
  const texts = new Map<string, number>();
  /** By what is written: one value may be written in several ways. */
  const plains = new Map<string, number>();
  const others = new Map<string, number>();
  let count = 0;

  function numberIn(numbers: Map<string, number>, value: string): number {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    if (count >= numbersMax) throw new Error("there are more values than can be numbered");
    count += 1;
    numbers.set(value, count);
    return count;
  }

  return {
    text: (text) => numberIn(texts, text),
    plain(source) {
      const known = plains.get(source);
      if (known !== undefined) return known;
      const value = plainValue(source);
      const number =
        value.kind === "text" ? numberIn(texts, source) : numberIn(others, value.value);
      plains.set(source, number);
      return number;
    },
    list: (items) => numberIn(others, `[${items.join(",")}`),
    map(entries) {
      const pairs = new Float64Array(entries.length / 2);
      for (let index = 0; index < pairs.length; index += 1) {
        pairs[index] = (entries[2 * index] ?? 0) * numbersMax + (entries[2 * index + 1] ?? 0);
      }
      // By their bytes: to write such numbers out takes longer than reading the map.
      return numberIn(others, `{${Buffer.from(pairs.toSorted().buffer).toString("latin1")}`);
    },
    tagged: (tag, value) => numberIn(others, `!${value} ${tag}`),
  };
}
