// `airlock follow` as a process against a real etcd: what it writes and says, with and without the store, at a first boot, when it is
// killed and paused. The store is written as a bot writes it.
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { noRules } from "../../src/model/rules.ts";
import { parseConfigId } from "../../src/model/config-id.ts";
import { spreadOf } from "../../src/model/machine.ts";
import { versionOf } from "../../src/model/version.ts";
import { createEtcdStore, type EtcdStore } from "../../src/store/etcd/etcd-store.ts";
import type { Machines } from "../../src/store/machines.ts";
import type { ConfigStore } from "../../src/store/port.ts";
import { airlockCommand } from "./command-line.ts";
import { endMachine, eventually, type FollowingMachine, makeMachine } from "./follower-process.ts";
import { etcdIsMissing, useCluster } from "../store/etcd/cluster.ts";

const ids = ["fees", "rates"].map((name) => {
  const id = parseConfigId(name);
  if (id === undefined) throw new Error(name);
  return id;
});
const [fees] = ids;
if (fees === undefined) throw new Error("no config");

function text(percent: number): string {
  return `currency: USD\nmaker_percent: ${percent}\ntaker_percent: 0.1\n`;
}

describe.skipIf(etcdIsMissing)("a machine that follows", () => {
  const cluster = useCluster(1);
  let store: EtcdStore;
  let config: ConfigStore;
  let machines: Machines;
  let env: Readonly<Record<string, string>>;
  /** What the store has now. */
  let newest = text(1);

  beforeAll(async () => {
    const prefix = cluster.freshPrefix();
    const { endpoints } = cluster;
    env = { ETCD_ENDPOINTS: endpoints.join(","), ETCD_PREFIX: prefix };
    store = createEtcdStore({
      endpoints,
      prefix,
      backupsMax: 0,
      report: () => {},
    });
    const opened = await store.open(
      ids.map((id) => ({
        id,
        fileName: `${id}.yml`,
        path: `/nowhere/${id}.yml`,
        title: null,
        schema: `builtin:${id === fees ? "fees" : "rates"}` as const,
        rules: noRules,
      })),
    );
    const [first, second] = opened;
    if (first?.kind !== "opened" || second?.kind !== "opened") throw new Error("not opened");
    config = first.config;
    await commit(second.config, "base: USD\nrates:\n  EUR: 0.92\n");
    await commit(config, text(1));
    machines = store.machines();
  });
  afterAll(async () => {
    await machines.close();
    await store.close();
  });

  async function commit(live: ConfigStore, content: string): Promise<number> {
    const end = await live.commit(
      {
        version: versionOf(Buffer.from(content)),
        how: "upload",
        author: { id: 1001, name: "Anna" },
        reason: null,
        message: null,
        key: "test",
      },
      { signal: new AbortController().signal, onProgress: () => {}, admit: () => undefined },
    );
    if (end.kind !== "applied") throw new Error(JSON.stringify(end));
    if (live === config) newest = content;
    return end.entry.revision;
  }

  async function started(name: string, files?: Readonly<Record<string, string>>) {
    const machine = await makeMachine(name, env, files);
    onTestFinished(() => endMachine(machine));
    machine.start();
    return machine;
  }

  const has = (machine: FollowingMachine, content: string) =>
    eventually(`${machine.name} has it`, async () => (await machine.text("fees")) === content);

  function spread(revision: number) {
    return spreadOf(machines.all, fees as (typeof ids)[number], revision, Date.now());
  }

  test("writes what is newest, over a kill and a pause, keeps edits as backups, and reports it all", async () => {
    const machine = await started("web-1", { "fees.yml": text(0) });
    await has(machine, text(1));
    const { status } = await eventually("it is ready", async () => {
      const answer = await machine.ask("/readyz");
      return answer.status === 200 && answer;
    });
    expect(status).toBe(200);
    const written = 'config_follow_writes_total{config_type="fees"} 1\n';
    await eventually("it is counted", async () =>
      (await machine.ask("/metrics")).text.includes(written),
    );
    await eventually("it is live there", () => {
      const { live, all, others } = spread(1);
      return live === 1 && all === 1 && others.length === 0;
    });

    await machine.process.end("SIGKILL");
    const two = await commit(config, text(2));
    await writeFile(join(machine.configDir, "fees.yml"), text(9));
    machine.start();
    await has(machine, text(2));
    const edit = await eventually("the edit is reported", () => [...machines.edits.values()][0]);
    expect(edit).toMatchObject({ machine: "web-1", config: "fees" });
    expect(await readdir(machine.backupDir)).toContain(edit.backup);
    for (const key of machines.edits.keys()) await machines.forgetEdit(key);

    process.kill(machine.process.pid, "SIGSTOP");
    await eventually("it is unseen", () => {
      const { live, others } = spread(two);
      return live === 0 && others[0]?.state === "unseen";
    });
    const three = await commit(config, text(3));
    process.kill(machine.process.pid, "SIGCONT");
    await has(machine, text(3));
    await eventually("it is live there", () => spread(three).live === 1);
    expect(await machine.process.end("SIGTERM")).toEqual({ code: 0, signal: null });
    expect(machines.edits.size).toBe(0);
  });

  test("lists machines, and does not count one that was removed", async () => {
    const machine = await started("web-gone");
    await eventually("it is seen", () => machines.all.some(({ name }) => name === "web-gone"));
    await machine.process.end("SIGTERM");
    const folders = machine;
    await eventually("it is unseen", () =>
      machines.all.some(({ name, isSeen }) => name === "web-gone" && !isSeen),
    );
    expect((await airlockCommand(folders, ["machines"], { env })).out).toMatch(
      /^web-gone: not seen for \d+ seconds?$/m,
    );
    const odd = await airlockCommand(folders, ["machines", "remove", "web-odd"], { env });
    expect(odd).toMatchObject({
      code: 1,
      err: expect.stringContaining("no machine is called web-odd"),
    });
    const gone = await airlockCommand(folders, ["machines", "remove", "web-gone"], { env });
    expect(gone).toMatchObject({ code: 0, out: "web-gone was removed.\n" });
    await eventually(
      "it is forgotten",
      () => !machines.all.some(({ name }) => name === "web-gone"),
    );
  });

  test("once: ends with 0 when every file is written, and with 1 and the reason where one cannot be", async () => {
    const folders = await makeMachine("init", env);
    onTestFinished(() => endMachine(folders));
    const good = await airlockCommand(folders, ["follow", "--once"], { env });
    expect(good).toMatchObject({ code: 0, out: "", err: "" });
    expect(await folders.text("fees")).toBe(newest);
    expect(await folders.text("rates")).toContain("EUR");

    const fresh = await makeMachine("init", env);
    onTestFinished(() => endMachine(fresh));
    const away = { env: { ...env, ETCD_ENDPOINTS: "http://127.0.0.1:1" } };
    const [later, bad] = await Promise.all(
      [folders, fresh].map((each) => airlockCommand(each, ["follow", "--once"], away)),
    );
    expect(later).toMatchObject({ code: 0, err: expect.stringContaining("does not answer") });
    expect(bad).toMatchObject({
      code: 1,
      err: "fees.yml was not written: the store does not answer\nrates.yml was not written: the store does not answer\n",
    });
  });

  test("without the store it starts, serves what it has, and puts back an edit; /readyz says why it is not ready", async () => {
    const machine = await started("web-2");
    await has(machine, newest);
    await machine.process.end("SIGTERM");
    machine.env = { ...machine.env, ETCD_ENDPOINTS: "http://127.0.0.1:1" };
    await writeFile(join(machine.configDir, "fees.yml"), text(9));
    machine.start();
    await has(machine, newest);
    const since = machine.process.log.entries.length;
    expect(since).toBeGreaterThan(0);
    const second = await airlockCommand(machine, ["follow"], { env });
    expect(second).toMatchObject({
      code: 1,
      err: expect.stringContaining("in use by another airlock follow"),
    });
    await eventually("it is not ready", async () => {
      const lines = machine.process.log.entries.filter(({ msg }) => msg === "metrics_listening");
      const answer = await fetch(`http://127.0.0.1:${Number(lines.at(-1)?.["port"])}/readyz`).catch(
        () => undefined,
      );
      return answer?.status === 503 && (await answer.text()) === "the store has not answered yet\n";
    });
  });

  test("wrong settings are named, all at once", async () => {
    const folders = await makeMachine("x", {});
    onTestFinished(() => endMachine(folders));
    const run = await airlockCommand(folders, ["follow"], {
      env: { MACHINE_NAME: "web 1", METRICS_PORT: "x" },
    });
    expect(run.code).toBe(1);
    expect(run.err.trim().split("\n")).toEqual([
      expect.stringMatching(/^METRICS_PORT must be/),
      expect.stringMatching(/^ETCD_ENDPOINTS must be set/),
      expect.stringMatching(/^MACHINE_NAME must be 1 to 63/),
    ]);
  });
});
