// Sets machines onto the stage and takes them off again. Their etcd is started when it is needed for the first time, and stays.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type EtcdCluster, startEtcdCluster } from "./etcd-cluster.ts";
import { type Machines, type MachinesOptions, stageMachines } from "./machines.ts";

/** What to install, in one sentence, where etcd is missing. */
export const etcdMissing: string | undefined =
  spawnSync("etcd", ["--version"], { stdio: "ignore" }).status === 0
    ? undefined
    : "Several machines share a store in etcd, which is not installed here (Debian: apt-get install etcd-server; macOS: brew install etcd).";

export interface MachineStage {
  /** Those that follow a store; undefined where the bot keeps everything on its own disk. */
  readonly machines: Machines | undefined;
  /** They do not run yet, and their store is empty. @param count - 0 for none */
  set(count: number): Promise<void>;
  clear(): Promise<void>;
  /** Nothing is set any more. */
  close(): Promise<void>;
}

/** @param folder - absolute; the store and the machines get theirs in it */
export function createMachineStage(
  folder: string,
  options: Omit<MachinesOptions, "count" | "store" | "folder">,
): MachineStage {
  let machines: Machines | undefined;
  let etcd: Promise<EtcdCluster> | undefined;
  let stages = 0;
  let closed = false;

  async function clear(): Promise<void> {
    const cleared = machines;
    machines = undefined;
    await cleared?.close();
    options.onChange();
  }

  return {
    get machines() {
      return machines;
    },
    async set(count) {
      if (count === 0 || closed) return;
      etcd ??= startEtcdCluster(1, [], true);
      const { endpoints } = await etcd;
      stages += 1;
      machines = await stageMachines({
        ...options,
        count,
        // Nothing that an earlier stage left is below it.
        store: { endpoints, prefix: `/stage-${stages}/` },
        folder: join(folder, "machines"),
      });
      if (closed) await clear();
    },
    clear,
    async close() {
      closed = true;
      await clear();
      await etcd?.then(
        (started) => started.stop(),
        () => {
          // It never started, and has said so.
        },
      );
    },
  };
}
