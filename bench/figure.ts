// What a benchmark is: one figure, measured within one run against what it is compared with, and told as a table.

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One value for each label on the axis below. */
interface ChartLine {
  readonly name: string;
  readonly values: readonly number[];
}

export interface Chart {
  readonly title: string;
  /** The axis below, and its name. */
  readonly labels: readonly string[];
  readonly labelName: string;
  readonly valueName: string;
  readonly lines: readonly ChartLine[];
}

export interface FigureResult {
  readonly table: Table;
  readonly chart?: Chart;
  /** What must hold, and whether it did in this run. */
  readonly verdicts: readonly { readonly text: string; readonly holds: boolean }[];
}

interface FigureOptions {
  /** How often each thing is measured, at least 1. */
  readonly repeats: number;
  /** A fresh folder, on the disk that is measured. */
  readonly folder: string;
}

export interface Figure {
  /** As it is asked for: `locked-section`. */
  readonly id: string;
  /** Measured when it is asked for by this name too, and told on a page of its own: `bench/machines.md`. Without, on bench/results.md. */
  readonly group?: string;
  readonly title: string;
  /** What was compared with what, in a sentence or two. */
  readonly about: string;
  /** Measured only when asked for by name; as is what has a group. */
  readonly isLong?: true;
  measure(options: FigureOptions): Promise<FigureResult>;
}
