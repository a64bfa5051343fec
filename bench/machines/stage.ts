// Several bots, machines that follow and nodes of etcd, all real processes, and a Telegram for them to answer in.
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type EtcdCluster, startEtcdCluster } from "../../sandbox/etcd-cluster.ts";
import { startTelegramServer, type TelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { ratesFile } from "../bot.ts";
import { type AirlockProcess, airlockProcess, eventually } from "./airlock-process.ts";
import { createUploads, type Uploads } from "./uploads.ts";

export interface Stage {
  readonly server: TelegramServer;
  readonly cluster: EtcdCluster;
  readonly prefix: string;
  readonly configIds: readonly string[];
  readonly bots: readonly AirlockProcess[];
  readonly machines: readonly AirlockProcess[];
  readonly uploads: Uploads;
  /** The one that says so. */
  leader(): Promise<AirlockProcess>;
  stop(): Promise<void>;
}

interface StageOptions {
  readonly folder: string;
  /** Each has an admin of its own, who alone changes it. */
  readonly configs: number;
  readonly bots: number;
  readonly machines: number;
  /** A process for each machine, or for every ten of them. */
  readonly machinesPerProcess?: 1 | 10;
  readonly etcdOptions?: readonly string[];
}

const prefix = "/airlock/";

/** Resolves when a bot leads and every machine is ready. */
export async function openStage({
  folder,
  configs,
  bots: botCount,
  machines: machineCount,
  machinesPerProcess = 1,
  etcdOptions,
}: StageOptions): Promise<Stage> {
  const configIds = Array.from({ length: configs }, (_, index) => `rates${index + 1}`);
  const adminIds = configIds.map((_, index) => index + 1);
  const [cluster, server] = await Promise.all([
    startEtcdCluster(3, etcdOptions),
    startTelegramServer(),
  ]);
  const env = {
    ETCD_ENDPOINTS: cluster.endpoints.map(({ origin }) => origin).join(","),
    ETCD_PREFIX: prefix,
    // Notices to others would go on for as long as they are paced.
    SHUTDOWN_SECONDS: "1",
  };

  async function process(name: string, script: string, more: Partial<ProcessMore>) {
    const path = join(folder, name);
    await mkdir(join(path, "config"), { recursive: true });
    const lines = configIds.map((id) => `  ${id}: { file: ${id}.yml, schema: builtin:rates }\n`);
    await writeFile(join(path, "airlock.yml"), `configs:\n${lines.join("")}`);
    const { args = [], env: moreEnv = {} } = more;
    return airlockProcess({
      name,
      folder: path,
      script: resolve(script),
      args,
      env: { ...env, ...moreEnv },
    });
  }

  const bots = await Promise.all(
    Array.from({ length: botCount }, async (_, index) => {
      const botEnv = {
        BOT_TOKEN: server.token,
        ADMIN_IDS: adminIds.join(","),
        TELEGRAM_API_ROOT: server.root,
      };
      const bot = await process(`bot-${index + 1}`, "dist/main.js", { env: botEnv });
      for (const id of configIds) {
        await writeFile(join(bot.folder, "config", `${id}.yml`), ratesFile(1));
      }
      return bot;
    }),
  );
  const machines = await Promise.all(
    Array.from({ length: machineCount / machinesPerProcess }, (_, index) => {
      const name = `web-${index + 1}`;
      return machinesPerProcess === 1
        ? process(name, "bin/airlock.js", { args: ["follow"], env: { MACHINE_NAME: name } })
        : process(name, "dist/dev/bench/machines/many-machines.js", {
            args: [String(machinesPerProcess)],
            env: { MACHINE_NAME: name },
          });
    }),
  );
  const stage: Stage = {
    server,
    cluster,
    prefix,
    configIds,
    bots,
    machines,
    uploads: createUploads(server, configIds),
    leader: () =>
      eventually("a bot leads", async () => {
        for (const bot of bots) {
          if ((await bot.readiness())?.text === "ready: leader") return bot;
        }
        return undefined;
      }),
    async stop() {
      await Promise.all([...bots, ...machines].map((each) => each.kill()));
      await Promise.all([cluster.stop(), server.close()]);
    },
  };
  try {
    await Promise.all(bots.map((bot) => bot.start()));
    await stage.leader();
    await Promise.all(machines.map((machine) => machine.start()));
    await Promise.all(
      machines.map((machine) =>
        eventually(`${machine.name} is ready`, async () => {
          return (await machine.readiness())?.status === 200;
        }),
      ),
    );
    return stage;
  } catch (error) {
    await stage.stop();
    throw error;
  }
}

interface ProcessMore {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}
