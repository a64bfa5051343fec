// The command line where several machines share a store in etcd. Loaded only where ETCD_ENDPOINTS is set. Whatever changes something
// leads while it does, as a bot would: so nothing else can change what it goes by.
import { hostname } from "node:os";
import type { Config } from "./model/config.ts";
import { Refusal } from "./model/trouble.ts";
import type { EtcdSettings } from "./settings/etcd-settings.ts";
import type { Backing } from "./store/backing.ts";
import { openEtcdBacking } from "./store/etcd/etcd-backing.ts";
import { createEtcdStore } from "./store/etcd/etcd-store.ts";
import { createGateway } from "./store/etcd/gateway.ts";
import { storeKeys } from "./store/etcd/keys.ts";
import { createKv } from "./store/etcd/kv.ts";
import { tryToLead } from "./store/etcd/leadership.ts";
import type { ConfigReader } from "./store/port.ts";

const report = (): void => {};

export interface OpenedReader {
  readonly reader: ConfigReader;
  close(): Promise<void>;
}

/** To look only: any number of processes may. @throws Refusal */
export async function openSharedReader(config: Config, etcd: EtcdSettings): Promise<OpenedReader> {
  const store = createEtcdStore({ ...etcd, backupsMax: 0, report });
  const [opened] = await store.open([config]);
  if (opened?.kind === "opened") return { reader: opened.config, close: () => store.close() };
  await store.close();
  throw new Refusal(opened?.trouble ?? { code: "store_unreadable" });
}

/** @throws Refusal, also where a bot leads: it may be asked on its machine */
export async function openSharedBacking(etcd: EtcdSettings, backupsMax: number): Promise<Backing> {
  const gateway = createGateway({ ...etcd, report });
  const key = storeKeys(etcd.prefix).leader;
  const name = hostname();
  try {
    const campaign = await tryToLead({ gateway, kv: createKv(gateway), key, name, report });
    if (campaign.kind === "other") {
      throw new Refusal({ code: "store_led_elsewhere", params: { name: campaign.name } });
    }
    const { leading } = campaign;
    const options = { ...etcd, backupsMax, report, leading };
    const backing = await openEtcdBacking(options, (text) => text);
    return {
      ...backing,
      async close() {
        await backing.close();
        await leading.stepDown();
        gateway.close();
      },
    };
  } catch (error) {
    gateway.close();
    throw error;
  }
}
