// The store in etcd: opens configs, records and the journal below one prefix, and follows what others commit there.
import type { Config } from "../../model/config.ts";
import { refusedBecause, type Trouble } from "../../model/trouble.ts";
import type { Journal, UnfinishedUpload } from "../journal.ts";
import { createLocks } from "../lock.ts";
import type { ConfigStore, InterruptedUpload } from "../port.ts";
import type { Records } from "../records.ts";
import type { EtcdParts } from "./commit.ts";
import { etcdConfig } from "./etcd-config.ts";
import { openEtcdJournal } from "./etcd-journal.ts";
import { type EtcdRecordsOptions, openEtcdRecords } from "./etcd-records.ts";
import { followHeads } from "./follow-heads.ts";
import { createGateway, type GatewayOptions } from "./gateway.ts";
import { openEtcdHistory } from "./history.ts";
import { keptVersions } from "./kept-versions.ts";
import { storeKeys } from "./keys.ts";
import { createKv, everything, isAbsent, isAt, put, remove } from "./kv.ts";

/** That an attempt must not commit any more is remembered for so long: two days, for clocks that differ. */
const settledKeptMs = 2 * 24 * 60 * 60 * 1000;
/** Of a hundred bytes each. */
const settledPerPage = 500;

export interface EtcdStoreOptions extends GatewayOptions {
  /** Ends in a slash. */
  readonly prefix: string;
  /** Versions kept per config beside the one that is live; 0 keeps all. */
  readonly backupsMax: number;
}

type OpenedEtcdConfig =
  | { readonly kind: "opened"; readonly config: ConfigStore }
  | { readonly kind: "refused"; readonly id: Config["id"]; readonly trouble: Trouble };

export interface EtcdStore {
  /** Opens these configs, all at once; one that was open before keeps its lock and history, under what is said of it now. */
  open(configs: readonly Config[]): Promise<readonly OpenedEtcdConfig[]>;
  /** One process at a time. @throws Refusal */
  journal(): Promise<Journal>;
  /** @throws Refusal */
  records(name: string, options: EtcdRecordsOptions): Promise<Records>;
  /**
   * What became of these; configs that are not open are left out. From then on none of them changes anything, also where the process
   * that began it still runs.
   * @throws Refusal
   */
  findInterrupted(unfinished: readonly UnfinishedUpload[]): Promise<readonly InterruptedUpload[]>;
  close(): Promise<void>;
}

export function createEtcdStore(options: EtcdStoreOptions): EtcdStore {
  const { backupsMax, report } = options;
  const gateway = createGateway(options);
  const kv = createKv(gateway);
  const keys = storeKeys(options.prefix);
  const lockOf = createLocks();
  const opened = new Map<string, { readonly parts: EtcdParts; config: ConfigStore }>();
  let background: Promise<void> = Promise.resolve();

  function later(act: () => Promise<void>): void {
    background = background
      .then(act)
      .catch((error: unknown) => report("removing what etcd need not keep", error));
  }

  async function openParts(id: Config["id"]): Promise<EtcdParts> {
    const configKeys = keys.of(id);
    const history = await openEtcdHistory(kv, configKeys);
    const versions = keptVersions(kv, configKeys);
    return { id, kv, keys: configKeys, lock: lockOf(id), history, versions, report, later };
  }

  async function openOne(config: Config): Promise<OpenedEtcdConfig> {
    try {
      const parts = opened.get(config.id)?.parts ?? (await openParts(config.id));
      const store = etcdConfig(config, parts, backupsMax);
      opened.set(config.id, { parts, config: store });
      return { kind: "opened", config: store };
    } catch (error) {
      const trouble = refusedBecause(error);
      if (trouble === undefined) throw error;
      return { kind: "refused", id: config.id, trouble };
    }
  }

  const following = followHeads(
    { gateway, kv, heads: keys.heads },
    async (head) => {
      const id = head.key.slice(keys.heads.length);
      return (await opened.get(id)?.parts.history.noteHead([head])) ?? false;
    },
    report,
  );

  async function forgetSettled(): Promise<void> {
    const since = Date.now() - settledKeptMs;
    for await (const { key, value, modRevision } of everything(kv, keys.settled, {
      limit: settledPerPage,
    })) {
      if (Date.parse(value.toString("utf8")) >= since) continue;
      await kv.transact({ compare: [isAt(key, modRevision)], success: [remove(key)] });
    }
  }

  return {
    open: (configs) => Promise.all(configs.map(openOne)),
    journal() {
      later(forgetSettled);
      return openEtcdJournal(kv, keys.journal, report);
    },
    records: (name, recordOptions) => openEtcdRecords(kv, keys.records(name), recordOptions),
    async findInterrupted(unfinished) {
      const found: InterruptedUpload[] = [];
      for (const each of unfinished) {
        const { key, config } = each.upload;
        const live = opened.get(config);
        if (live === undefined) continue;
        const settled = live.parts.keys.settled(key);
        await kv.transact({
          compare: [isAbsent(settled)],
          success: [put(settled, new Date().toISOString())],
        });
        await live.parts.history.refresh();
        const entry = live.parts.history.ofAttempt(key);
        found.push({ ...each, live: live.config, entry });
      }
      return found;
    },
    async close() {
      await following.close();
      await background;
      gateway.close();
    },
  };
}
