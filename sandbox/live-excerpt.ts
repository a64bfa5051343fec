// The part of a live file that the page shows: a file of 900 kB as 43,000 nodes, drawn at each change, stops a browser.

/** At most; where a file has more, those around the first change. */
const linesShownMax = 200;
const linesBeforeChange = 3;
const lineCharsMax = 300;

/** A live file, whole: its lines, without the empty one after the last line break. */
export interface LiveText {
  readonly lines: readonly string[];
  /** Indexes into `lines` that the last change brought, rising. */
  readonly changed: readonly number[];
}

export interface LiveExcerpt {
  /** How many lines the file has. */
  readonly lineCount: number;
  /** How many of them stand above the ones shown. */
  readonly linesAbove: number;
  /** At most 200, each cut after 300 characters. */
  readonly lines: readonly string[];
  /** Indexes into the lines shown. */
  readonly changed: readonly number[];
  /** How many changed lines are not shown. */
  readonly changedUnseen: number;
}

/** The whole file where it is short, else the lines around the first change. */
export function liveExcerpt({ lines, changed }: LiveText): LiveExcerpt {
  const first = (changed[0] ?? 0) - linesBeforeChange;
  const from = Math.max(0, Math.min(first, lines.length - linesShownMax));
  const shown = lines.slice(from, from + linesShownMax);
  const marks = changed
    .map((index) => index - from)
    .filter((index) => index >= 0 && index < shown.length);
  return {
    lineCount: lines.length,
    linesAbove: from,
    lines: shown.map(cutLine),
    changed: marks,
    changedUnseen: changed.length - marks.length,
  };
}

function cutLine(line: string): string {
  const rest = line.length - lineCharsMax;
  return rest <= 0 ? line : `${line.slice(0, lineCharsMax)}… (${rest} more characters)`;
}
