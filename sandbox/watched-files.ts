// What the page shows of the server's disk: the live files, the backups, the history, as they change.
import { type FSWatcher, watch } from "node:fs";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { PlayedConfig } from "./catalog.ts";
import { type LiveExcerpt, liveExcerpt, type LiveText } from "./live-excerpt.ts";

/** Several changes in a row are shown as one. */
const settleMs = 40;
/** The page lists no more. */
const backupsShownMax = 50;
export const historyShownMax = 50;

export interface FilesView {
  readonly live: readonly LiveFileView[];
  readonly backups: Newest<BackupView>;
  readonly history: Newest<HistoryView>;
}

type LiveFileView = LiveExcerpt & { readonly id: string; readonly fileName: string };

/** Newest first. */
interface Newest<Item> {
  readonly shown: readonly Item[];
  /** How many older ones there are. */
  readonly older: number;
}

interface BackupView {
  readonly name: string;
  readonly bytes: number;
}

interface HistoryView {
  readonly config: string;
  readonly revision: number;
  readonly at: string;
  readonly how: string;
  readonly who: string;
}

export interface WatchedFiles {
  view(): FilesView;
  /** Looks anew, as if for the first time: nothing counts as changed. */
  startOver(): Promise<void>;
  close(): void;
}

/** Watches until it is closed; `onChange` is called when there is something new to see. */
export async function watchFiles(
  places: {
    readonly configs: readonly PlayedConfig[];
    /** What is left out is shown as empty. */
    readonly backups?: string;
    readonly history?: string;
  },
  onChange: () => void,
): Promise<WatchedFiles> {
  const { configs } = places;
  const kept = [places.backups, places.history].filter((folder) => folder !== undefined);
  for (const folder of kept) await mkdir(folder, { recursive: true });
  const folders = new Set([...configs.map(({ path }) => dirname(path)), ...kept]);
  const texts = new Map<string, LiveText>();
  let current: FilesView = {
    live: [],
    backups: { shown: [], older: 0 },
    history: { shown: [], older: 0 },
  };
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const live = await Promise.all(
      configs.map(async ({ id, fileName, path }) => {
        const text = await readLiveFile(path, texts.get(id));
        texts.set(id, text);
        return { id, fileName, ...liveExcerpt(text) };
      }),
    );
    const backups = await readBackups(places.backups);
    const history = await readHistories(places.history);
    current = { live, backups, history };
    onChange();
  }

  let looking = Promise.resolve();
  /** One look after the other: the later one must win. */
  function lookNext(isFirst = false): Promise<void> {
    looking = lookAfter(looking, isFirst);
    return looking;
  }
  async function lookAfter(last: Promise<void>, isFirst: boolean): Promise<void> {
    await last;
    if (isFirst) texts.clear();
    await look();
  }

  const watchers: FSWatcher[] = [...folders].map((folder) =>
    watch(folder, () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void lookNext();
      }, settleMs);
    }),
  );
  await lookNext();
  return {
    view: () => current,
    startOver: () => lookNext(true),
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** A file that is not there yet is shown empty. */
async function readLiveFile(path: string, before: LiveText | undefined): Promise<LiveText> {
  const lines = (await readFile(path, "utf8").catch(() => "")).split("\n");
  if (lines.at(-1) === "") lines.pop();
  if (before === undefined) return { lines, changed: [] };
  const old = before.lines;
  const same = lines.length === old.length && lines.every((line, index) => line === old[index]);
  return same ? before : { lines, changed: changedLines(old, lines) };
}

/** Lines that are not among the old ones, or fewer times: enough to see what a change brought. */
function changedLines(before: readonly string[], after: readonly string[]): readonly number[] {
  const left = new Map<string, number>();
  for (const line of before) left.set(line, (left.get(line) ?? 0) + 1);
  return after.flatMap((line, index) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count > 0 ? [] : [index];
  });
}

async function readBackups(folder: string | undefined): Promise<Newest<BackupView>> {
  if (folder === undefined) return { shown: [], older: 0 };
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yml"));
  const { shown, older } = newest(
    names.toSorted((one, other) => (timeOf(one) < timeOf(other) ? 1 : -1)),
    backupsShownMax,
  );
  const views = await Promise.all(
    shown.map(async (name) => {
      // One that was removed meanwhile is left out.
      const facts = await stat(join(folder, name)).catch(() => undefined);
      return facts === undefined ? [] : [{ name, bytes: facts.size }];
    }),
  );
  return { shown: views.flat(), older };
}

function newest<Item>(items: readonly Item[], shownMax: number): Newest<Item> {
  return { shown: items.slice(0, shownMax), older: Math.max(0, items.length - shownMax) };
}

function timeOf(backupName: string): string {
  return backupName.split(".")[1] ?? "";
}

async function readHistories(folder: string | undefined): Promise<Newest<HistoryView>> {
  if (folder === undefined) return { shown: [], older: 0 };
  const names = (await readdir(folder)).filter((name) => name.endsWith(".jsonl"));
  const perConfig = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), "utf8").catch(() => "");
      // A line that is being written at this moment is shown at the next look.
      const lines = text.split("\n").filter((line) => line.endsWith("}"));
      const { shown, older } = newest(lines.toReversed(), historyShownMax);
      const entries = shown.map((line): unknown => JSON.parse(line));
      return { config: name.slice(0, -".jsonl".length), entries, older };
    }),
  );
  return mergeHistories(perConfig);
}

/** @param perConfig - lines of history as they are kept, the newest first, and how many older ones there are */
export function mergeHistories(
  perConfig: readonly {
    readonly config: string;
    readonly entries: readonly unknown[];
    readonly older: number;
  }[],
): Newest<HistoryView> {
  const views = perConfig.flatMap(({ config, entries }) =>
    entries.map((entry) => historyView(config, entry)),
  );
  const { shown, older } = newest(
    views.toSorted((one, other) => (one.at < other.at ? 1 : -1)),
    historyShownMax,
  );
  return { shown, older: perConfig.reduce((sum, one) => sum + one.older, older) };
}

const entrySchema = z.object({
  revision: z.number(),
  at: z.string(),
  how: z.string(),
  author: z.object({ name: z.string() }).nullable(),
});

function historyView(config: string, line: unknown): HistoryView {
  const { author, ...entry } = entrySchema.parse(line);
  return { ...entry, config, who: author?.name ?? "" };
}
