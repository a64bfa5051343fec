// A text before anybody knows how long it may be: paragraphs, of which lists may be shortened by the front end that shows them.
import { andMore } from "./numbers.ts";

export interface List {
  readonly lines: readonly string[];
  /** How many there are, of which `lines` are the first. */
  readonly total: number;
}

export type Text = readonly (string | List)[];

/** Whole but for its lists, each of which gets no longer than this, with a count of the rest. */
export function textOf(text: Text, listCharsMax: number): string {
  return text
    .flatMap((part) => (typeof part === "string" ? [part] : fittingLines(part, listCharsMax)))
    .join("\n");
}

function fittingLines({ lines, total }: List, charsMax: number): readonly string[] {
  const fitting: string[] = [];
  let chars = 0;
  for (const line of lines) {
    chars += line.length + 1;
    if (chars > charsMax) break;
    fitting.push(line);
  }
  const rest = total - fitting.length;
  return rest === 0 ? fitting : [...fitting, `${andMore(rest)}.`];
}
