// What the page shows of the server's disk: the live files, the backups, the history, as they change.
import { type FSWatcher, watch } from "node:fs";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { PlayedConfig } from "./catalog.ts";

/** Several changes in a row are shown as one. */
const settleMs = 40;
/** The page lists no more. */
const backupsShownMax = 50;
const historyShownMax = 50;

interface FilesView {
  readonly live: readonly LiveFileView[];
  /** Newest first. */
  readonly backups: readonly { readonly name: string; readonly bytes: number }[];
  /** Newest first. */
  readonly history: readonly HistoryView[];
}

interface LiveFileView {
  readonly id: string;
  readonly fileName: string;
  readonly lines: readonly string[];
  /** Indexes into `lines` that the last change brought. */
  readonly changed: readonly number[];
}

interface HistoryView {
  readonly config: string;
  readonly revision: number;
  readonly at: string;
  readonly how: string;
  readonly who: string;
  readonly backup: string;
}

export interface WatchedFiles {
  view(): FilesView;
  close(): void;
}

/** Watches until it is closed; `onChange` is called when there is something new to see. */
export async function watchFiles(
  places: {
    readonly configs: readonly PlayedConfig[];
    readonly backups: string;
    readonly history: string;
  },
  onChange: () => void,
): Promise<WatchedFiles> {
  const { configs } = places;
  for (const folder of [places.backups, places.history]) await mkdir(folder, { recursive: true });
  const folders = new Set([
    ...configs.map(({ path }) => dirname(path)),
    places.backups,
    places.history,
  ]);
  let current: FilesView = { live: [], backups: [], history: [] };
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const live = await Promise.all(configs.map((config) => readLiveFile(config, current.live)));
    const backups = await readBackups(places.backups);
    const history = await readHistories(places.history);
    current = { live, backups, history };
    onChange();
  }

  const watchers: FSWatcher[] = [...folders].map((folder) =>
    watch(folder, () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void look();
      }, settleMs);
    }),
  );
  await look();
  return {
    view: () => current,
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** A file that is not there yet is shown empty. */
async function readLiveFile(
  { id, fileName, path }: PlayedConfig,
  before: readonly LiveFileView[],
): Promise<LiveFileView> {
  const lines = (await readFile(path, "utf8").catch(() => "")).split("\n");
  const old = before.find((view) => view.id === id);
  if (old === undefined) return { id, fileName, lines, changed: [] };
  const same = lines.length === old.lines.length && lines.every((l, i) => l === old.lines[i]);
  return { id, fileName, lines, changed: same ? old.changed : changedLines(old.lines, lines) };
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

async function readBackups(folder: string): Promise<FilesView["backups"]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yml"));
  const byTime = names.toSorted((one, other) => (timeOf(one) < timeOf(other) ? 1 : -1));
  return Promise.all(
    byTime
      .slice(0, backupsShownMax)
      .map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })),
  );
}

function timeOf(backupName: string): string {
  return backupName.split(".")[1] ?? "";
}

async function readHistories(folder: string): Promise<readonly HistoryView[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".jsonl"));
  const perConfig = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), "utf8");
      const config = name.slice(0, -".jsonl".length);
      return text
        .split("\n")
        .slice(-historyShownMax)
        .flatMap((line) => historyView(config, line));
    }),
  );
  return perConfig.flat().toSorted((one, other) => (one.at < other.at ? 1 : -1));
}

const entrySchema = z.object({
  revision: z.number(),
  at: z.string(),
  how: z.string(),
  author: z.object({ name: z.string() }).nullable(),
  backup: z.string().nullable(),
});

/** A line that is being written at this moment is shown at the next look. */
function historyView(config: string, line: string): readonly HistoryView[] {
  if (!line.endsWith("}")) return [];
  const { author, backup, ...entry } = entrySchema.parse(JSON.parse(line));
  return [{ ...entry, config, who: author?.name ?? "", backup: backup ?? "" }];
}
