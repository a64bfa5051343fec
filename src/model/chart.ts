// A chart of one number over time, as values: what is drawn, and what draws it.

/** Whoever changed the number; `key` tells them apart. */
export interface ChartAuthor {
  readonly key: string;
  readonly name: string;
}

export interface ChartPoint {
  /** Since 1970. */
  readonly atMs: number;
  /** From then on; null where there is none. */
  readonly value: number | null;
  /** null for the first point of a line whose author is not known. */
  readonly by: ChartAuthor | null;
}

export interface Chart {
  readonly title: string;
  /** The value now, as it is written. */
  readonly now: string;
  readonly subtitle: string;
  /** Oldest first; at least one. */
  readonly points: readonly ChartPoint[];
  /** Where the line ends. */
  readonly untilMs: number;
  /** For those beyond the first few. */
  readonly others: string;
  /** Of dates: a language tag. */
  readonly language: string;
}

export interface ChartDrawer {
  /** Gets ready, since somebody will soon want a chart. Returns at once. */
  prepare(): void;
  /**
   * One after another, each as a PNG.
   * @returns undefined where drawing takes too long
   */
  draw(chart: Chart): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}
