// Moving between one machine's disk and etcd. What is compared are the bytes that the test committed.
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Config } from "../../../src/model/config.ts";
import { type ConfigId, parseConfigId } from "../../../src/model/config-id.ts";
import { noRules } from "../../../src/model/rules.ts";
import { versionOf } from "../../../src/model/version.ts";
import { copyStore, openSharedBacking } from "../../../src/shared-store-commands.ts";
import type { Backing } from "../../../src/store/backing.ts";
import { openLocalBacking } from "../../../src/store/local/local-backing.ts";
import type { ConfigStore } from "../../../src/store/port.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { etcdIsMissing, useCluster } from "./cluster.ts";

const id = idOf("fees");

function idOf(name: string): ConfigId {
  const parsed = parseConfigId(name);
  if (parsed === undefined) throw new Error(`${name} is no config id`);
  return parsed;
}

describe.skipIf(etcdIsMissing)("one node", () => {
  const cluster = useCluster(1);

  async function openPlaces(backupsMax: number) {
    const folder = await temporaryFolder();
    for (const name of ["config", "backups", "state"]) await mkdir(join(folder, name));
    const path = join(folder, "config", "fees.yml");
    const { endpoints } = cluster;
    return {
      configs: [
        { id, fileName: "fees.yml", path, title: null, schema: "builtin:fees", rules: noRules },
      ] satisfies readonly Config[],
      etcd: { endpoints, prefix: cluster.freshPrefix(), user: undefined, ca: undefined },
      backupDir: join(folder, "backups"),
      stateDir: join(folder, "state"),
      backupsMax,
      uploadBytesMax: 1024,
      validationTimeoutMs: 1000,
    };
  }
  type Places = Awaited<ReturnType<typeof openPlaces>>;

  const openLocal = (places: Places): Promise<Backing> =>
    openLocalBacking(
      places,
      (text) => text,
      () => {},
    );

  async function configIn(backing: Backing, { configs }: Places): Promise<ConfigStore> {
    const [opened] = await backing.store.open(configs);
    if (opened?.kind !== "opened") throw new Error(JSON.stringify(opened));
    return opened.config;
  }

  async function commitAll(
    open: () => Promise<Backing>,
    places: Places,
    texts: readonly string[],
  ): Promise<void> {
    const backing = await open();
    const config = await configIn(backing, places);
    for (const text of texts) {
      const version = versionOf(Buffer.from(text));
      const author = { id: 1001, name: "Anna" };
      const candidate = { version, how: "upload", author, reason: text, message: null } as const;
      const end = await config.commit(
        { ...candidate, key: text },
        { signal: new AbortController().signal, onProgress: () => {}, admit: () => undefined },
      );
      expect(end.kind).toBe("applied");
    }
    await backing.close();
  }

  /** What can be had of each revision, oldest first; null where it is not kept. */
  async function textsIn(open: () => Promise<Backing>, places: Places) {
    const backing = await open();
    const config = await configIn(backing, places);
    const texts: (string | null)[] = [];
    for (let revision = 1; ; revision += 1) {
      const found = await config.find(revision);
      if (found.kind === "unknown") break;
      texts.push(found.kind === "found" ? Buffer.from(found.version.bytes).toString() : null);
    }
    await backing.close();
    return texts;
  }

  test("there and back: each line of history and each kept version is in the other store, byte for byte", async () => {
    const places = await openPlaces(0);
    const local = () => openLocal(places);
    const etcd = () => openSharedBacking(places);
    const [config] = places.configs;
    if (config === undefined) throw new Error("no config");
    await commitAll(local, places, ["a\n", "b\n", "a\n", "c\n"]);
    expect(await copyStore(places, "etcd")).toEqual([
      { config, end: { kind: "copied", revisions: 4, versions: 3 }, isWhole: true },
    ]);
    expect(await copyStore(places, "etcd")).toMatchObject([
      { end: { kind: "same" }, isWhole: true },
    ]);
    expect(await textsIn(etcd, places)).toEqual(["a\n", "b\n", "a\n", "c\n"]);
    await commitAll(etcd, places, ["d\n", "e\n"]);
    // What is on the disk is an older file, and would be taken for an edit.
    expect(await copyStore(places, "local")).toMatchObject([
      { end: { kind: "not_live", newest: 6 }, isWhole: false },
    ]);
    await writeFile(config.path, "e\n");
    expect(await copyStore(places, "local")).toMatchObject([
      { end: { kind: "copied", revisions: 2, versions: 2 }, isWhole: true },
    ]);
    expect(await textsIn(local, places)).toEqual(["a\n", "b\n", "a\n", "c\n", "d\n", "e\n"]);
    // And the disk's own way goes on from there.
    await commitAll(local, places, ["f\n"]);
    expect((await readdir(places.backupDir)).filter((name) => name.endsWith(".yml"))).toHaveLength(
      6,
    );
    expect(await copyStore(places, "etcd")).toMatchObject([
      { end: { kind: "copied", revisions: 1 }, isWhole: true },
    ]);
  });

  test("only what BACKUP_KEEP keeps is taken along", async () => {
    const places = await openPlaces(2);
    await commitAll(() => openLocal(places), places, ["a\n", "b\n", "c\n", "d\n", "e\n"]);
    expect(await copyStore(places, "etcd")).toMatchObject([
      { end: { kind: "copied", revisions: 5, versions: 3 }, isWhole: true },
    ]);
    expect(await textsIn(() => openSharedBacking(places), places)).toEqual([
      null,
      null,
      "c\n",
      "d\n",
      "e\n",
    ]);
  });

  test("a store that has another history is left as it is", async () => {
    const places = await openPlaces(0);
    const others = { ...(await openPlaces(0)), etcd: places.etcd };
    await commitAll(() => openLocal(places), places, ["a\n", "b\n"]);
    await commitAll(() => openSharedBacking(others), others, ["x\n"]);
    for (const to of ["etcd", "local"] as const) {
      expect(await copyStore(places, to)).toMatchObject([
        { end: { kind: "different" }, isWhole: false },
      ]);
    }
    expect(await textsIn(() => openSharedBacking(others), others)).toEqual(["x\n"]);
    expect(await textsIn(() => openLocal(places), places)).toEqual(["a\n", "b\n"]);
  });

  test("while another leads nothing is copied, and a copy that was cut short is begun anew", async () => {
    const places = await openPlaces(0);
    await commitAll(() => openLocal(places), places, ["a\n", "b\n"]);
    const leader = await openSharedBacking({ ...places, configs: [] });
    await expect(copyStore(places, "etcd")).rejects.toMatchObject({
      trouble: { code: "store_led_elsewhere" },
    });
    await leader.close();
    // Revisions without a head: what a copy of a longer history left.
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error("no node");
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    for (const revision of ["0000000001", "0000000003"]) {
      const key = `${places.etcd.prefix}revisions/fees/${revision}`;
      await cluster.ask(node, "/v3/kv/put", { key: base64(key), value: base64("{}") });
    }
    expect(await copyStore(places, "etcd")).toMatchObject([{ isWhole: true }]);
    await commitAll(() => openSharedBacking(places), places, ["c\n"]);
    expect(await textsIn(() => openSharedBacking(places), places)).toEqual(["a\n", "b\n", "c\n"]);
  });
});
