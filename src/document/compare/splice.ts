// Changes a text at known places and leaves every other character as it is.

export interface Splice {
  readonly start: number;
  /** Behind what is taken out; the same as `start` where text is only put in. */
  readonly end: number;
  readonly text: string;
}

/** Thrown where a merge cannot be written into the live text: it is not offered then. */
export class NotOffered extends Error {}

/** @throws NotOffered where two of them take out the same text */
export function spliced(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let done = 0;
  // What is put in comes before what is taken out behind it; otherwise the order stays.
  const sorted = splices.toSorted(
    (one, other) =>
      one.start - other.start || Number(one.end > one.start) - Number(other.end > other.start),
  );
  for (const splice of sorted) {
    if (splice.start < done) throw new NotOffered("two changes touch the same text");
    parts.push(text.slice(done, splice.start), splice.text);
    done = splice.end;
  }
  return [...parts, text.slice(done)].join("");
}
