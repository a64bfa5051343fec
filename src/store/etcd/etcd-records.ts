// Small records in etcd: questions, choices, proposals, who was given what.
import { z } from "zod";
import { type Records, refuseOddKey } from "../records.ts";
import { type Cells, createCells } from "./cells.ts";
import type { Kv } from "./kv.ts";
import { jsonOf } from "../../model/json.ts";

/** What was removed is remembered for so long: no write of before reaches etcd later than that. */
const removedKeptMs = 24 * 60 * 60 * 1000;

const storedSchema = z.object({
  /** When it was written. */
  at: z.iso.datetime(),
  /** Missing in what was removed. */
  value: z.unknown(),
});

export type StoredRecord = Readonly<z.infer<typeof storedSchema>>;

/** @returns undefined for what is none */
function storedRecord(text: string): StoredRecord | undefined {
  return storedSchema.safeParse(jsonOf(text)).data;
}

export function recordText(at: string, value: unknown): string {
  return JSON.stringify({ at, value });
}

/** Every record that is not too old, and those of before that were removed; what is too old is forgotten. */
export async function* livingRecords(
  cells: Cells,
  ageMaxMs: number,
): AsyncGenerator<readonly [string, StoredRecord]> {
  for await (const [key, cell] of cells.all()) {
    const stored = storedRecord(cell.text);
    const keptMs = stored?.value === undefined ? removedKeptMs : ageMaxMs;
    if (stored === undefined || Date.parse(stored.at) < Date.now() - keptMs) {
      await cells.forget(key, cell);
    } else {
      yield [key, stored];
    }
  }
}

export interface EtcdRecordsOptions {
  /** What was not written for so long is forgotten. */
  readonly ageMaxMs: number;
  /** What every text passes on its way to the store, so that no secret is kept. */
  readonly clean: (text: string) => string;
}

/**
 * Opens the records below this prefix.
 * @throws Refusal
 */
export async function openEtcdRecords(
  kv: Kv,
  folder: string,
  { ageMaxMs, clean }: EtcdRecordsOptions,
): Promise<Records> {
  const cells = createCells(kv, folder);

  async function write(key: string, value: unknown): Promise<void> {
    refuseOddKey(key);
    await cells.write(key, clean(recordText(new Date().toISOString(), value)));
  }

  for await (const _ of livingRecords(cells, ageMaxMs)) {
    // What is too old is forgotten.
  }
  return {
    async keys() {
      const found: string[] = [];
      for await (const [key, { text }] of cells.all()) {
        if (storedRecord(text)?.value !== undefined) found.push(key);
      }
      return found;
    },
    async read(key) {
      refuseOddKey(key);
      const text = await cells.read(key);
      return text === undefined ? undefined : storedRecord(text)?.value;
    },
    write,
    remove: (key) => write(key, undefined),
  };
}
