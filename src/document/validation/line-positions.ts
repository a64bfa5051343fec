// From an offset in a text to its line and column, which only problems need: the lines are looked for when one is asked for first.

export interface Position {
  /** Both count from 1; the column in characters. */
  readonly line: number;
  readonly column: number;
}

export interface LinePositions {
  position(offset: number): Position;
}

export function linePositions(text: string): LinePositions {
  let starts: readonly number[] | undefined;
  return {
    position(offset) {
      starts ??= lineStarts(text);
      let [low, high] = [0, starts.length - 1];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
    },
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) {
    starts.push(end + 1);
  }
  return starts;
}
