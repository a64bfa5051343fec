// The machines that follow the store in etcd, as the bot sees them. Whoever is silent is told by the end of its lease, not by a clock
// of another machine.
import {
  type Machine,
  type MachineConfig,
  type MachineEdit,
  machineEditSchema,
  machineNameSchema,
  type MachineReport,
  machineReportSchema,
  type Rollout,
  isCounted,
  rolloutSchema,
} from "../../model/machine.ts";
import { Refusal } from "../../model/trouble.ts";
import type { Machines } from "../machines.ts";
import { createGateway, type Gateway, type GatewayOptions } from "./gateway.ts";
import { type StoreKeys, storeKeys } from "./keys.ts";
import { createKv, everything, isAt, type Kv, remove } from "./kv.ts";
import { reportLeaseSeconds } from "./lease.ts";
import { lookAgainAndAgain } from "./looks.ts";
import { jsonOf } from "../../model/json.ts";

/** Reports of some hundred bytes a config. */
const keysPerPage = 200;
/** Many machines report a change at about the same time. */
const lookApartMs = 200;
/** Of edits that are not announced yet; more wait in the store. */
const editsMax = 100;

interface MachinesOptions {
  readonly gateway: Gateway;
  readonly kv: Kv;
  readonly keys: StoreKeys;
  readonly report: (what: string, error: unknown) => void;
}

export function watchMachines({ gateway, kv, keys, report }: MachinesOptions): Machines {
  /** What each reported last, as long as this process remembers; and when a look last found it. */
  const remembered = new Map<string, { readonly configs: Configs; readonly seenMs: number }>();
  const listeners = new Set<() => void>();
  let all: readonly Machine[] = [];
  let edits: ReadonlyMap<string, MachineEdit> = new Map();
  let rollouts: ReadonlyMap<string, Rollout> = new Map();
  let told = "";

  async function look(signal: AbortSignal): Promise<boolean> {
    const nowMs = Date.now();
    const found = await readAll(kv, keys, signal);
    for (const { name, configs } of found.reports) remembered.set(name, { configs, seenMs: nowMs });
    for (const name of remembered.keys()) {
      // It was removed, or forgotten.
      if (!found.seen.has(name)) remembered.delete(name);
    }
    all = machinesIn(found, nowMs).map((machine) => {
      const last = remembered.get(machine.name);
      if (last === undefined) return machine;
      // A report outlives its machine by its lease.
      const livedMs = machine.isSeen ? nowMs : last.seenMs - reportLeaseSeconds * 1000;
      const lastSeenMs = Math.min(nowMs, Math.max(livedMs, machine.lastSeenMs));
      return { ...machine, lastSeenMs, configs: last.configs };
    });
    edits = found.edits;
    rollouts = found.rollouts;
    await forgetSilent(found, nowMs);
    return tellNews();
  }

  /** Those that do not count any more. */
  async function forgetSilent({ seen, reports }: Found, nowMs: number): Promise<void> {
    for (const [machine, { key, modRevision, lastSeenMs }] of seen) {
      // By its own clock, which may be days behind: one that reports is not silent, whatever that says.
      const isSeen = reports.some(({ name }) => name === machine);
      if (isCounted({ isSeen, lastSeenMs }, nowMs)) continue;
      await kv.transact({ compare: [isAt(key, modRevision)], success: [remove(key)] });
    }
  }

  function tellNews(): boolean {
    const seen = all.map(({ name, isSeen, isNameShared, configs }) => [
      name,
      isSeen,
      isNameShared,
      configs,
    ]);
    const now = JSON.stringify([seen, [...rollouts], [...edits.keys()]]);
    if (now === told) return false;
    told = now;
    for (const listener of listeners) listener();
    return true;
  }

  const looks = lookAgainAndAgain({
    gateway,
    prefixes: [keys.machines],
    apartMs: lookApartMs,
    look,
    report,
  });
  return {
    get all() {
      return all;
    },
    get edits() {
      return edits;
    },
    rollout: (id) => rollouts.get(id),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async forgetEdit(key) {
      // Who does not know whether it is gone could not announce it.
      const forgetting = { compare: [], success: [remove(key)] };
      const { mayWrite } = await kv.transact(forgetting, { settles: true });
      if (!mayWrite) throw new Refusal({ code: "store_other_leads" });
    },
    close: () => looks.close(),
  };
}

/** For a command: asks once. */
export function askMachines(options: GatewayOptions & { readonly prefix: string }) {
  const gateway = createGateway(options);
  const kv = createKv(gateway);
  const keys = storeKeys(options.prefix);
  return {
    /** Those that count. @throws Refusal */
    async list(): Promise<readonly Machine[]> {
      const nowMs = Date.now();
      return machinesIn(await readAll(kv, keys), nowMs).filter((each) => isCounted(each, nowMs));
    },
    /** One that still reports comes back with its next word. @throws Refusal */
    async remove(name: string): Promise<void> {
      const success = [remove(keys.seen + name), remove(keys.reports + name)];
      await kv.transact({ compare: [], success });
    },
    close: () => gateway.close(),
  };
}

interface Found {
  readonly reports: readonly MachineReport[];
  readonly seen: ReadonlyMap<
    string,
    { readonly key: string; readonly modRevision: string; readonly lastSeenMs: number }
  >;
  readonly edits: ReadonlyMap<string, MachineEdit>;
  readonly rollouts: ReadonlyMap<string, Rollout>;
}

/** What cannot be read is left out. */
async function readAll(kv: Kv, keys: StoreKeys, signal?: AbortSignal): Promise<Found> {
  const reports: MachineReport[] = [];
  const seen = new Map<string, { key: string; modRevision: string; lastSeenMs: number }>();
  const edits = new Map<string, MachineEdit>();
  const rollouts = new Map<string, Rollout>();
  const limits = { limit: keysPerPage, signal };
  for await (const { key, value, modRevision } of everything(kv, keys.machines, limits)) {
    const text = value.toString("utf8");
    const after = (prefix: string): string | undefined =>
      key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
    const [name, id] = [after(keys.seen), after(keys.rollouts)];
    const json = jsonOf(text);
    if (name !== undefined) {
      const lastSeenMs = Date.parse(text);
      const isMachine = machineNameSchema.safeParse(name).success && !Number.isNaN(lastSeenMs);
      if (isMachine) seen.set(name, { key, modRevision, lastSeenMs });
    } else if (id !== undefined) {
      const rollout = rolloutSchema.safeParse(json).data;
      if (rollout !== undefined) rollouts.set(id, rollout);
    } else if (after(keys.reports) !== undefined) {
      const report = machineReportSchema.safeParse(json).data;
      if (report !== undefined) reports.push(report);
    } else if (after(keys.edits) !== undefined && edits.size < editsMax) {
      const edit = machineEditSchema.safeParse(json).data;
      if (edit !== undefined) edits.set(key, edit);
    }
  }
  return { reports, seen, edits, rollouts };
}

function machinesIn({ reports, seen }: Found, nowMs: number): readonly Machine[] {
  return [...seen].map(([name, { lastSeenMs }]) => {
    const report = reports.find((each) => each.name === name);
    const isSeen = report !== undefined;
    const silentSinceMs = isSeen ? nowMs : Math.min(nowMs, lastSeenMs);
    const isNameShared = report?.name_shared ?? false;
    const configs = report?.configs ?? {};
    return { name, isSeen, isNameShared, lastSeenMs: silentSinceMs, configs };
  });
}

type Configs = Readonly<Record<string, MachineConfig>>;
