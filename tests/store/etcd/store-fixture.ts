// One config in the store in etcd, on a cluster that a test file has.
import { onTestFinished } from "vitest";
import type { Config } from "../../../src/model/config.ts";
import { parseConfigId } from "../../../src/model/config-id.ts";
import { noRules } from "../../../src/model/rules.ts";
import {
  createEtcdStore,
  type EtcdStore,
  type EtcdStoreOptions,
} from "../../../src/store/etcd/etcd-store.ts";
import type { ConfigStore } from "../../../src/store/port.ts";

const id = parseConfigId("fees");
if (id === undefined) throw new Error("fees is no config id");
const fees: Config = {
  id,
  fileName: "fees.yml",
  path: "/nowhere/fees.yml",
  title: null,
  schema: "builtin:fees",
  rules: noRules,
};

export interface EtcdFixture {
  readonly store: EtcdStore;
  readonly config: ConfigStore;
  readonly troubles: readonly string[];
}

/** A process of its own, as far as etcd can tell. */
export async function openEtcdFixture(
  options: Pick<EtcdStoreOptions, "endpoints" | "prefix"> & Partial<EtcdStoreOptions>,
): Promise<EtcdFixture> {
  const troubles: string[] = [];
  const store = createEtcdStore({
    backupsMax: 0,
    report: (what) => troubles.push(what),
    ...options,
  });
  onTestFinished(() => store.close());
  const [opened] = await store.open([fees]);
  if (opened?.kind !== "opened") throw new Error(JSON.stringify(opened));
  return { store, config: opened.config, troubles };
}
