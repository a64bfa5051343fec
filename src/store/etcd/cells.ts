// Small values in etcd that are replaced whole, each under its key. A write that timed out may reach etcd later: each is a transaction
// that compares which write it follows, so that none ever undoes a later one.
import { Refusal } from "../../model/trouble.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import { everything, isAt, type Kv, put, read, remove, valuesPerPage } from "./kv.ts";

/** So many keys' last revisions are remembered; of others the first write asks twice. */
const rememberedMax = 10_000;

export interface Cell {
  readonly text: string;
  /** Of etcd, when it was written. */
  readonly modRevision: string;
}

export interface Cells {
  /** undefined where there is none. */
  read(key: string): Promise<string | undefined>;
  /**
   * Durable when it resolves; those of one key one after another. What is no longer needed is replaced, not removed: a key that is
   * absent again could be written by what was sent when it was absent before.
   * @throws Refusal
   */
  write(key: string, text: string): Promise<void>;
  all(): AsyncGenerator<readonly [string, Cell]>;
  /** Removes it, unless it was written since. Only for what was last written long ago. */
  forget(key: string, cell: Cell): Promise<void>;
}

/** @param folder - the prefix of their keys, ending in a slash */
export function createCells(kv: Kv, folder: string): Cells {
  const remembered = new Map<string, string>();
  const inTurn = oneAtATime();

  function remember(key: string, modRevision: string): void {
    remembered.delete(key);
    remembered.set(key, modRevision);
    const [oldest] = remembered.keys();
    if (remembered.size > rememberedMax && oldest !== undefined) remembered.delete(oldest);
  }

  async function writeInTurn(key: string, text: string): Promise<void> {
    const path = folder + key;
    for (let last = remembered.get(key) ?? "0"; ;) {
      const { succeeded, revision, ranges, mayWrite } = await kv.transact({
        compare: [isAt(path, last)],
        success: [put(path, text)],
        failure: [read(path, { keysOnly: true })],
      });
      if (succeeded) return remember(key, revision);
      if (!mayWrite) throw new Refusal({ code: "store_other_leads" });
      last = ranges[0]?.[0]?.modRevision ?? "0";
    }
  }

  return {
    async read(key) {
      const [found] = (await kv.range(folder + key)).kvs;
      if (found === undefined) return undefined;
      remember(key, found.modRevision);
      return found.value.toString("utf8");
    },
    write: (key, text) => inTurn(key, () => writeInTurn(key, text)),
    async *all() {
      for await (const { key, value, modRevision } of everything(kv, folder, {
        limit: valuesPerPage,
      })) {
        remember(key.slice(folder.length), modRevision);
        yield [key.slice(folder.length), { text: value.toString("utf8"), modRevision }];
      }
    },
    async forget(key, { modRevision }) {
      const path = folder + key;
      await kv.transact({ compare: [isAt(path, modRevision)], success: [remove(path)] });
      remembered.delete(key);
    },
  };
}
