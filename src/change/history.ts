// A page of who changed a config, when, and whether the bytes of each revision can still be had.
import type { HistoryLine } from "../model/history-line.ts";
import type { ConfigReader } from "../store/port.ts";
import type { ChangeSummaries } from "./change-summaries.ts";
import { changedOnDiskAt } from "./read.ts";
import { restoredRevision } from "./versions.ts";

export interface HistoryPage {
  /** The newest first. */
  readonly lines: readonly HistoryLine[];
  /** The number of the first line; 0 without revisions. */
  readonly newest: number;
  /** The number of the newest revision there is. */
  readonly last: number;
  /** When what is live was changed past Airlock, ISO 8601; only on the first page. */
  readonly changedOnDiskAt: string | undefined;
}

/**
 * @param from - the newest revision of the page; the newest there is, where it is larger
 * @param summaries - null where nobody asks what each changed
 */
export async function historyPage(
  config: ConfigReader,
  from: number,
  count: number,
  summaries: ChangeSummaries | null,
): Promise<HistoryPage> {
  const last = config.newest?.revision ?? 0;
  const newest = Math.max(Math.min(1, last), Math.min(from, last));
  const entries = await config.page(newest, count);
  const changes = await summaries?.of(config, entries);
  const lines = await Promise.all(
    entries.map(async (entry) => ({
      entry,
      kept: await config.keeps(entry),
      restored: restoredRevision(config, entry),
      change: changes?.get(entry) ?? null,
    })),
  );
  const live = newest === last ? await config.readLive() : undefined;
  return { lines, newest, last, changedOnDiskAt: changedOnDiskAt(live) };
}
