// The command line where several machines share a store in etcd. Loaded only where ETCD_ENDPOINTS is set. Whatever changes something
// leads while it does, as a bot would: so nothing else can change what it goes by.
import { hostname } from "node:os";
import type { Config } from "./model/config.ts";
import { Refusal } from "./model/trouble.ts";
import type { ChangeSettings } from "./settings/command-settings.ts";
import type { EtcdSettings } from "./settings/etcd-settings.ts";
import type { CopiedConfig } from "./shell/terminal.ts";
import type { Backing } from "./store/backing.ts";
import { type CopyEnd, isWholeCopy } from "./store/copy.ts";
import { openEtcdBacking } from "./store/etcd/etcd-backing.ts";
import { createEtcdStore, type EtcdStore } from "./store/etcd/etcd-store.ts";
import { createGateway } from "./store/etcd/gateway.ts";
import { storeKeys } from "./store/etcd/keys.ts";
import { createKv } from "./store/etcd/kv.ts";
import { type Leading, tryToLead } from "./store/etcd/leadership.ts";
import { copyToLocal } from "./store/local/copy-to-local.ts";
import { readWhatIsHere } from "./store/local/local-backing.ts";
import { openReadOnly } from "./store/local/read-only-config.ts";
import type { ConfigReader } from "./store/port.ts";

type SharedSettings = Omit<ChangeSettings, "etcd"> & { readonly etcd: EtcdSettings };

const report = (): void => {};

interface OpenedReader {
  readonly reader: ConfigReader;
  close(): Promise<void>;
}

/** To look only: any number of processes may. @throws Refusal */
export async function openSharedReader(config: Config, etcd: EtcdSettings): Promise<OpenedReader> {
  const store = createEtcdStore({ ...etcd, backupsMax: 0, report });
  try {
    return { reader: await readerIn(store, config), close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function readerIn(store: EtcdStore, config: Config): Promise<ConfigReader> {
  const [opened] = await store.open([config]);
  if (opened?.kind === "opened") return opened.config;
  throw new Refusal(opened?.trouble ?? { code: "store_unreadable" });
}

/** @throws Refusal, also where a bot leads: it may be asked on its machine */
export async function openSharedBacking(settings: SharedSettings): Promise<Backing> {
  const { etcd, backupsMax } = settings;
  const { leading, stepDown } = await leadForCommand(etcd);
  try {
    const firstFrom = (config: Config) => readWhatIsHere(settings, config, report);
    const options = { ...etcd, backupsMax, report, leading, firstFrom };
    const backing = await openEtcdBacking(options, (text) => text);
    return {
      ...backing,
      async close() {
        await backing.close();
        await stepDown();
      },
    };
  } catch (error) {
    await stepDown();
    throw error;
  }
}

async function leadForCommand(
  etcd: EtcdSettings,
): Promise<{ readonly leading: Leading; readonly stepDown: () => Promise<void> }> {
  const gateway = createGateway({ ...etcd, report });
  const key = storeKeys(etcd.prefix).leader;
  const name = hostname();
  try {
    const campaign = await tryToLead({ gateway, kv: createKv(gateway), key, name, report });
    if (campaign.kind === "other") {
      throw new Refusal({ code: "store_led_elsewhere", params: { name: campaign.name } });
    }
    const { leading } = campaign;
    const stepDown = async (): Promise<void> => {
      await leading.stepDown();
      gateway.close();
    };
    return { leading, stepDown };
  } catch (error) {
    gateway.close();
    throw error;
  }
}

/** Whoever calls it holds STATE_DIR. @throws Refusal, and what the disk refuses */
export async function copyStore(
  settings: SharedSettings,
  to: "local" | "etcd",
): Promise<readonly CopiedConfig[]> {
  const { etcd, backupsMax, configs } = settings;
  const { leading, stepDown } = await leadForCommand(etcd);
  const store = createEtcdStore({ ...etcd, backupsMax, report, leading });
  try {
    const copied: CopiedConfig[] = [];
    for (const config of configs) {
      const end = await copyConfig(settings, store, config, to);
      copied.push({ config, end, isWhole: await isWhole(settings, config, to, end) });
    }
    return copied;
  } finally {
    await store.close();
    await stepDown();
  }
}

async function copyConfig(
  settings: SharedSettings,
  store: EtcdStore,
  config: Config,
  to: "local" | "etcd",
): Promise<CopyEnd> {
  if (to === "local") return copyToLocal(config, settings, await readerIn(store, config));
  const source = await readWhatIsHere(settings, config, report);
  return source === undefined ? { kind: "same" } : store.takeIn(config, source);
}

async function isWhole(
  settings: SharedSettings,
  config: Config,
  to: "local" | "etcd",
  { kind }: CopyEnd,
): Promise<boolean> {
  if (kind !== "copied" && kind !== "same") return false;
  const here = await openReadOnly(config, settings);
  const there = await openSharedReader(config, settings.etcd);
  try {
    const [source, copy] = to === "local" ? [there.reader, here] : [here, there.reader];
    // Where this disk has nothing, nothing was to be copied.
    return (
      (to === "etcd" && source.newest === undefined) ||
      (await isWholeCopy(source, copy, settings.backupsMax))
    );
  } finally {
    await there.close();
  }
}
