// Small values that outlive a restart, many of one kind in one file of lines: open questions, choices, what an admin has seen, who has
// talked to the bot. All of them are held in memory, so that reading one costs nothing; those that wait to be written share one sync.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { troubleOf } from "../../file/disk-error.ts";
import { namesIn, removeIfEmpty } from "../../file/folder.ts";
import { type Records, refuseOddKey } from "../records.ts";
import { readLastLines } from "./append-line.ts";
import { removeFile } from "./back-up-file.ts";
import { openLineLog } from "./line-log.ts";
import { jsonOf } from "../../model/json.ts";

const lineSchema = z.object({
  key: z.string(),
  at: z.iso.datetime(),
  /** Missing where the value was removed. */
  value: z.unknown().optional(),
});

type Line = z.infer<typeof lineSchema>;

interface Entry {
  readonly at: string;
  /** As JSON: whoever reads it gets a value of their own. */
  readonly text: string;
}

export interface RecordLog extends Records {
  /** Forgets what was not written for as long as was said when it was opened. */
  removeOld(): void;
}

export interface RecordLogOptions {
  readonly ageMaxMs: number;
  /** What every text passes on its way to the disk, so that no secret is kept. */
  readonly clean: (text: string) => string;
  /** Told of what the disk refused, where nothing depends on it. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Opens the values in `<folder>.jsonl`. Those that an earlier version kept in files of their own, in `folder`, are taken over.
 * A key is 1 to 80 letters, digits, `-` and `_`.
 */
export async function openRecordLog(
  folder: string,
  { ageMaxMs, clean, onTrouble }: RecordLogOptions,
): Promise<RecordLog> {
  const path = `${folder}.jsonl`;
  const entries = new Map<string, Entry>();
  const lines = await readLastLines(path, Number.POSITIVE_INFINITY, parseLine);
  for (const line of lines) note(line);
  const removeOld = (): void => {
    const sinceMs = Date.now() - ageMaxMs;
    for (const [key, { at }] of entries) {
      if (Date.parse(at) < sinceMs) entries.delete(key);
    }
  };
  const log = await openLineLog<Line>(path, {
    lineCount: lines.length,
    lines: () =>
      [...entries].map(([key, { at, text }]) => ({ key, at, value: JSON.parse(text) as unknown })),
    textOf: (line) => JSON.stringify(line),
    onTrouble,
  });

  function note({ key, at, value }: Line): void {
    if (value === undefined) entries.delete(key);
    else entries.set(key, { at, text: JSON.stringify(value) });
  }

  async function write(line: Line): Promise<void> {
    const { key } = line;
    const before = entries.get(key);
    note(line);
    const noted = entries.get(key);
    try {
      await log.write(line, true);
    } catch (error) {
      if (entries.get(key) === noted) {
        if (before === undefined) entries.delete(key);
        else entries.set(key, before);
      }
      throw error;
    }
  }

  /** Ends with nothing of them left, so that what is removed from now on does not come back. */
  async function takeOver(): Promise<void> {
    const missing = (await readFiles(folder)).filter(({ key }) => !entries.has(key));
    for (const line of missing) note(line);
    removeOld();
    const kept = missing.filter(({ key }) => entries.has(key));
    await Promise.all(kept.map((line) => log.write(line, true)));
    await removeFiles(folder);
  }

  try {
    await takeOver();
  } catch (error) {
    if (troubleOf(error) === undefined) throw error;
    // They are in memory; the next start tries again.
    onTrouble(error);
  }
  return {
    async keys() {
      return [...entries.keys()];
    },
    async read(key) {
      refuseOddKey(key);
      const text = entries.get(key)?.text;
      return text === undefined ? undefined : JSON.parse(text);
    },
    async write(key, value) {
      refuseOddKey(key);
      const text = clean(JSON.stringify(value));
      await write({ key, at: new Date().toISOString(), value: JSON.parse(text) });
    },
    async remove(key) {
      refuseOddKey(key);
      if (entries.has(key)) await write({ key, at: new Date().toISOString() });
    },
    removeOld,
  };
}

function parseLine(text: string): Line | undefined {
  return lineSchema.safeParse(jsonOf(text)).data;
}

/** The file of one value, or what a crash left of writing it. */
const fileName = /^([-0-9A-Za-z_]{1,80})\.json(\.[0-9a-f]{8})?$/;

async function readFiles(folder: string): Promise<readonly Line[]> {
  const found: Line[] = [];
  for (const name of await namesIn(folder)) {
    const [, key, isHalf] = fileName.exec(name) ?? [];
    if (key === undefined || isHalf !== undefined) continue;
    const path = join(folder, name);
    const value = jsonOf(await readFile(path, "utf8"));
    if (value !== undefined) found.push({ key, at: (await stat(path)).mtime.toISOString(), value });
  }
  return found;
}

/** What others put there stays, and the folder with it. */
async function removeFiles(folder: string): Promise<void> {
  const names = await namesIn(folder);
  for (const name of names.filter((each) => fileName.test(each))) {
    await removeFile(join(folder, name));
  }
  await removeIfEmpty(folder);
}
