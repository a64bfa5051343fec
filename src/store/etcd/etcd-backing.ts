// What a bot keeps in etcd, while it leads.
import type { Backing, Clean } from "../backing.ts";
import { createEtcdStore, type EtcdStore, type EtcdStoreOptions } from "./etcd-store.ts";
import type { OpenedSmallRecords } from "./small-records.ts";

export interface EtcdBacking extends Backing {
  readonly store: EtcdStore;
}

/** @throws Refusal */
export async function openEtcdBacking(
  options: EtcdStoreOptions,
  clean: Clean,
): Promise<EtcdBacking> {
  const store = createEtcdStore(options);
  const small: OpenedSmallRecords[] = [];
  try {
    const journal = await store.journal();
    return {
      store,
      journal,
      async small(name, ageMaxMs) {
        const opened = await store.smallRecords(name, { ageMaxMs, clean });
        small.push(opened);
        return opened;
      },
      machines: () => store.machines(),
      large: (name) => store.records(name, { ageMaxMs: Number.POSITIVE_INFINITY, clean }),
      async close() {
        await Promise.all([journal.close(), ...small.map((each) => each.close())]);
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
