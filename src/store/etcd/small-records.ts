// Small values in etcd, held in memory, so that reading one costs nothing and works while etcd does not answer. Only for a process that
// leads: nobody else writes them meanwhile.
import { refusedBecause } from "../../model/trouble.ts";
import type { ReportTrouble, SmallRecords } from "../backing.ts";
import { refuseOddKey } from "../records.ts";
import { createCells } from "./cells.ts";
import { type EtcdRecordsOptions, livingRecords, recordText } from "./etcd-records.ts";
import type { Kv } from "./kv.ts";
import { keepTrying } from "./retries.ts";

export interface OpenedSmallRecords extends SmallRecords {
  close(): Promise<void>;
}

/**
 * Opens the records below this prefix. A write resolves when etcd has it, or refused it for now: then it is tried again until it has.
 * @throws Refusal
 */
export async function openSmallRecords(
  kv: Kv,
  folder: string,
  { ageMaxMs, clean }: EtcdRecordsOptions,
  report: ReportTrouble,
): Promise<OpenedSmallRecords> {
  const cells = createCells(kv, folder);
  /** As JSON, what etcd has or is to have: whoever reads one gets a value of their own. What was removed stays until etcd knows. */
  const texts = new Map<string, { readonly at: string; readonly text: string | undefined }>();
  for await (const [key, { at, value }] of livingRecords(cells, ageMaxMs)) {
    if (value !== undefined) texts.set(key, { at, text: JSON.stringify(value) });
  }
  const retries = keepTrying(flush);

  async function flush(key: string): Promise<void> {
    const entry = texts.get(key);
    retries.remove(key);
    if (entry === undefined) return;
    const { at, text } = entry;
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    try {
      await cells.write(key, recordText(at, value));
    } catch (error) {
      retries.add(key);
      throw error;
    }
    if (text === undefined && texts.get(key) === entry) texts.delete(key);
  }

  async function write(key: string, text: string | undefined): Promise<void> {
    texts.set(key, { at: new Date().toISOString(), text: text && clean(text) });
    try {
      await flush(key);
    } catch (error) {
      if (refusedBecause(error) === undefined) throw error;
      report(`writing ${folder}`, error);
    }
  }

  return {
    async keys() {
      return [...texts].flatMap(([key, { text }]) => (text === undefined ? [] : [key]));
    },
    async read(key) {
      refuseOddKey(key);
      const text = texts.get(key)?.text;
      return text === undefined ? undefined : JSON.parse(text);
    },
    async write(key, value) {
      refuseOddKey(key);
      await write(key, JSON.stringify(value));
    },
    async remove(key) {
      refuseOddKey(key);
      if (texts.get(key)?.text !== undefined) await write(key, undefined);
    },
    removeOld() {
      const sinceMs = Date.now() - ageMaxMs;
      for (const [key, { at, text }] of texts) {
        if (text !== undefined && Date.parse(at) < sinceMs) void write(key, undefined);
      }
    },
    close: () => retries.close(),
  };
}
