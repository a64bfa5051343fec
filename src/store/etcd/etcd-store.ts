// The store in etcd: opens configs, records and the journal below one prefix, and follows what others commit there.
import type { Config } from "../../model/config.ts";
import { Refusal, refusalOrThrow, type Trouble } from "../../model/trouble.ts";
import type { OpenedConfig, Store } from "../backing.ts";
import type { CopyEnd } from "../copy.ts";
import type { Journal } from "../journal.ts";
import { createLocks } from "../lock.ts";
import type { ConfigReader, ConfigStore, InterruptedUpload } from "../port.ts";
import type { Machines } from "../machines.ts";
import type { Records } from "../records.ts";
import type { EtcdParts } from "./commit.ts";
import { copyToEtcd } from "./copy-to-etcd.ts";
import { etcdConfig, readLive } from "./etcd-config.ts";
import { openEtcdJournal } from "./etcd-journal.ts";
import { type EtcdRecordsOptions, openEtcdRecords } from "./etcd-records.ts";
import { createGateway, type GatewayOptions } from "./gateway.ts";
import { openEtcdHistory } from "./history.ts";
import { keptVersions } from "./kept-versions.ts";
import { storeKeys } from "./keys.ts";
import type { Leading } from "./leadership.ts";
import { createKv, everything, fencedKv, isAbsent, isAt, put, remove } from "./kv.ts";
import { type OpenedSmallRecords, openSmallRecords } from "./small-records.ts";
import { watchMachines } from "./etcd-machines.ts";
import { lookAgainAndAgain } from "./looks.ts";

/** That an attempt must not commit any more is remembered for so long: two days, for clocks that differ. */
const settledKeptMs = 2 * 24 * 60 * 60 * 1000;
/** Of a kilobyte or two each. */
const headsPerPage = 500;
/** Of a hundred bytes each. */
const settledPerPage = 500;

export interface EtcdStoreOptions extends GatewayOptions {
  /** Of the process that leads; undefined for one that only looks. */
  readonly leading?: Pick<Leading, "fence" | "fenced"> | undefined;
  /** Where history and versions of a config come from that the store has nothing of; undefined where there is nothing either. */
  readonly firstFrom?: (config: Config) => Promise<ConfigReader | undefined>;
  /** Ends in a slash. */
  readonly prefix: string;
  /** Versions kept per config beside the one that is live; 0 keeps all. */
  readonly backupsMax: number;
}

export interface EtcdStore extends Store {
  /** One process at a time. @throws Refusal */
  journal(): Promise<Journal>;
  /** @throws Refusal */
  records(name: string, options: EtcdRecordsOptions): Promise<Records>;
  /** Only for a process that leads. @throws Refusal */
  smallRecords(name: string, options: EtcdRecordsOptions): Promise<OpenedSmallRecords>;
  /**
   * Takes in what another store has of this config beyond what is here.
   * @throws Refusal
   */
  takeIn(config: Config, source: ConfigReader): Promise<CopyEnd>;
  /** Why etcd lets this process do nothing with these settings; undefined where it did the last time. */
  readonly keptOut: Trouble | undefined;
  /** The machines that follow this store; looked for from now on. */
  machines(): Machines;
  close(): Promise<void>;
}

export function createEtcdStore(options: EtcdStoreOptions): EtcdStore {
  const { backupsMax, report, leading, firstFrom } = options;
  const gateway = createGateway(options);
  const plain = createKv(gateway);
  const kv = leading === undefined ? plain : fencedKv(plain, leading.fence, () => leading.fenced());
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
    const remembered = { live: undefined };
    return {
      id,
      kv,
      keys: configKeys,
      lock: lockOf(id),
      history,
      versions,
      remembered,
      report,
      later,
    };
  }

  /** What is live is read at once, and whenever it changes, so that it can be had while etcd does not answer. */
  function rememberLive(parts: EtcdParts): void {
    const remember = (): void => later(async () => void (await readLive(parts)));
    if (parts.history.head !== undefined) remember();
    parts.history.recent.watch(({ sha256 }) => {
      if (parts.remembered.live?.sha256 !== sha256) remember();
    });
  }

  async function openFirst(config: Config): Promise<EtcdParts> {
    const parts = await openParts(config.id);
    const source = parts.history.head === undefined ? await firstFrom?.(config) : undefined;
    if (source !== undefined) await copyToEtcd(parts, source, backupsMax);
    rememberLive(parts);
    return parts;
  }

  async function openOne(config: Config): Promise<OpenedConfig> {
    try {
      const parts = opened.get(config.id)?.parts ?? (await openFirst(config));
      const store = etcdConfig(config, parts, backupsMax);
      opened.set(config.id, { parts, config: store });
      return { kind: "opened", config: store };
    } catch (error) {
      return { kind: "refused", id: config.id, trouble: refusalOrThrow(error) };
    }
  }

  async function lookAtHeads(signal: AbortSignal): Promise<boolean> {
    let isNews = false;
    for await (const head of everything(kv, keys.heads, { limit: headsPerPage, signal })) {
      const id = head.key.slice(keys.heads.length);
      if (await opened.get(id)?.parts.history.noteHead([head])) isNews = true;
    }
    return isNews;
  }

  const prefixes = [keys.heads];
  const following = lookAgainAndAgain({ gateway, prefixes, look: lookAtHeads, report });

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
    smallRecords: (name, recordOptions) =>
      openSmallRecords(kv, keys.records(name), recordOptions, report),
    async takeIn({ id }, source) {
      return copyToEtcd(await openParts(id), source, backupsMax);
    },
    records: (name, recordOptions) => openEtcdRecords(kv, keys.records(name), recordOptions),
    async findInterrupted(unfinished) {
      const found: InterruptedUpload[] = [];
      for (const each of unfinished) {
        const { key, config } = each.upload;
        const live = opened.get(config);
        if (live === undefined) continue;
        const settled = live.parts.keys.settled(key);
        const { mayWrite } = await kv.transact({
          compare: [isAbsent(settled)],
          success: [put(settled, new Date().toISOString())],
        });
        if (!mayWrite) throw new Refusal({ code: "store_other_leads" });
        await live.parts.history.refresh();
        const entry = live.parts.history.ofAttempt(key);
        found.push({ ...each, live: live.config, entry });
      }
      return found;
    },
    get keptOut() {
      return gateway.keptOut;
    },
    machines: () => watchMachines({ gateway, kv, keys, report }),
    async close() {
      await following.close();
      await background;
      gateway.close();
    },
  };
}
