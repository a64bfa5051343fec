// The store in etcd as a machine follows it: looks for what is newest, and reports below a lease of its own.
import { setTimeout as sleep } from "node:timers/promises";
import {
  type MachineConfig,
  type MachineEdit,
  machineReportSchema,
  type Rollout,
  rolloutSchema,
} from "../../model/machine.ts";
import type { Revision } from "../../model/revision.ts";
import { refusedBecause } from "../../model/trouble.ts";
import type { FollowedStore } from "../followed.ts";
import { createGateway, type GatewayOptions } from "./gateway.ts";
import { keptVersions } from "./kept-versions.ts";
import { storeKeys } from "./keys.ts";
import { createKv, isAt, type KeyValue, prefixEnd, put, read } from "./kv.ts";
import { type Lease, reportLeaseSeconds, takeLease } from "./lease.ts";
import { lookAgainAndAgain } from "./looks.ts";
import { storedHead, randomId } from "./stored-revision.ts";
import { jsonOf } from "../../model/json.ts";
import { pause } from "../../model/pause.ts";

/** Of an endpoint that hangs: a change must get through in 3 s. */
const firstTryMs = 500;
/** When a machine that has nothing new was last seen must be known after it fell silent, about. */
const seenEveryMs = 30_000;
const retryMs = 500;
/** Looks of both, and a lease that ends. */
const namesakeForMs = 10_000;
/** It ends by itself, too. */
const releaseWithinMs = 1000;

export interface FollowedOptions extends Omit<GatewayOptions, "firstTryMs"> {
  /** Ends in a slash. */
  readonly prefix: string;
  readonly machine: string;
  /** Whether this process is to be seen as a machine. */
  readonly isSeen: boolean;
  /** Told when another machine begins to report under the same name. */
  readonly onNameShared: () => void;
}

export function followEtcd({
  prefix,
  machine,
  isSeen,
  onNameShared,
  ...options
}: FollowedOptions): FollowedStore {
  const { report } = options;
  const gateway = createGateway({ ...options, firstTryMs });
  const kv = createKv(gateway);
  const keys = storeKeys(prefix);
  const heads = new Map<string, Revision>();
  let rollouts = new Map<string, { readonly rollout: Rollout; readonly modRevision: string }>();
  const listeners = new Set<() => void>();
  /** The store's revision at the last look. */
  let known = 0n;
  let answeredMs: number | undefined;
  /** Names this process among all that report under the same name. */
  const thisProcess = randomId();
  /** The store's revision with the last report of this process. */
  let publishedAt = 0n;
  let isNameShared = false;
  /** When another process was last found to report under the same name. */
  let namesakeMs = Number.NEGATIVE_INFINITY;

  async function look(signal: AbortSignal): Promise<boolean> {
    const { revision, ranges } = await kv.transact(
      {
        compare: [],
        success: [
          read(keys.heads, { end: prefixEnd(keys.heads), sinceRevision: String(known + 1n) }),
          read(keys.rollouts, { end: prefixEnd(keys.rollouts) }),
          read(keys.reports + machine),
        ],
      },
      { signal },
    );
    const isFirst = answeredMs === undefined;
    answeredMs = performance.now();
    // A store that was restored from a snapshot counts on from there.
    if (BigInt(revision) < known) {
      known = 0n;
      heads.clear();
      return look(signal);
    }
    const [newHeads = [], newRollouts = [], reports = []] = ranges;
    lookForNamesake(reports);
    for (const head of newHeads)
      heads.set(head.key.slice(keys.heads.length), storedHead(head).entry);
    const before = rollouts;
    rollouts = new Map(newRollouts.flatMap(rolloutOf));
    known = BigInt(revision);
    const isNews =
      newHeads.length > 0 ||
      rollouts.size !== before.size ||
      [...rollouts].some(([id, { modRevision }]) => before.get(id)?.modRevision !== modRevision);
    if (isNews || isFirst) for (const listener of listeners) listener();
    return isNews;
  }

  /** Whoever reports under this name after this process did is another machine: one that was killed does not. */
  function lookForNamesake(reports: readonly KeyValue[]): void {
    const isOthers = reports.some(({ value, modRevision }) => {
      const found = machineReportSchema.safeParse(jsonOf(value.toString("utf8"))).data;
      return (
        found?.process !== thisProcess && publishedAt > 0n && BigInt(modRevision) > publishedAt
      );
    });
    const nowMs = performance.now();
    if (isOthers) namesakeMs = nowMs;
    const isShared = nowMs - namesakeMs < namesakeForMs;
    if (isShared && !isNameShared) onNameShared();
    const isNews = isShared !== isNameShared;
    isNameShared = isShared;
    // Each says so in turn, and so each hears of the other.
    if (isOthers || isNews) void publish();
  }

  function rolloutOf({ key, value, modRevision }: KeyValue) {
    const rollout = rolloutSchema.safeParse(jsonOf(value.toString("utf8"))).data;
    if (rollout === undefined) return [];
    return [[key.slice(keys.rollouts.length), { rollout, modRevision }] as const];
  }

  const looks = lookAgainAndAgain({
    gateway,
    prefixes: [keys.heads, keys.rollouts],
    look,
    report,
  });

  const closing = new AbortController();
  const { signal } = closing;
  let held: Promise<Lease> | undefined;
  let wanted: Readonly<Record<string, MachineConfig>> = {};
  let publishing: Promise<void> | undefined;
  let isDue = false;
  let seenMs = Number.NEGATIVE_INFINITY;
  /** Of trouble in a row the first is told. */
  let isRefused = false;

  /** The one that holds, as far as anybody knows; another where it has ended. */
  async function lease(): Promise<Lease> {
    const taking = (held ??= takeOne());
    try {
      const taken = await taking;
      if (!taken.ended.aborted) return taken;
    } catch (error) {
      if (held === taking) held = undefined;
      throw error;
    }
    if (held === taking) held = undefined;
    return lease();
  }

  async function takeOne(): Promise<Lease> {
    const taken = await takeLease(gateway, reportLeaseSeconds, report);
    // What was under it is gone.
    taken.ended.addEventListener("abort", () => void publish());
    return taken;
  }

  /** Who takes leave is known to have lived until now; who falls silent, only until its lease was last renewed. */
  async function leave(): Promise<void> {
    const taken = await held?.catch(() => undefined);
    if (taken === undefined) return;
    const seen = put(keys.seen + machine, new Date().toISOString());
    await kv.transact({ compare: [], success: [seen] }).catch((error: unknown) => {
      if (refusedBecause(error) === undefined) throw error;
    });
    await taken.release();
  }

  /** Writes under the lease. @returns the store's revision with it. Where that fails, etcd is asked whether the lease holds. */
  async function writeLeased(
    writes: (id: string) => Parameters<typeof kv.transact>[0],
  ): Promise<bigint> {
    const used = await lease();
    try {
      return BigInt((await kv.transact(writes(used.id), { signal })).revision);
    } catch (error) {
      await used.isHeld();
      throw error;
    }
  }

  /** One at a time; what is reported meanwhile is sent by the one that runs. */
  function publish(): Promise<void> {
    isDue = true;
    publishing ??= publishOnAndOn();
    return publishing;
  }

  async function publishOnAndOn(): Promise<void> {
    while (isDue && !signal.aborted) {
      isDue = false;
      const text = JSON.stringify({
        name: machine,
        configs: wanted,
        process: thisProcess,
        name_shared: isNameShared,
      });
      try {
        publishedAt = await writeLeased((id) => ({
          compare: [],
          success: [
            put(keys.reports + machine, text, id),
            put(keys.seen + machine, new Date().toISOString()),
          ],
        }));
        seenMs = performance.now();
        isRefused = false;
      } catch (error) {
        if (refusedBecause(error) === undefined) throw error;
        isDue = true;
        if (!signal.aborted && !isRefused) report("reporting to the store", error);
        isRefused = true;
        await pause(retryMs, signal, false);
      }
    }
    publishing = undefined;
  }

  const seeing = setInterval(() => {
    if (isSeen && performance.now() - seenMs >= seenEveryMs) void publish();
  }, seenEveryMs / 4);

  return {
    newest: (id) => heads.get(id),
    rollout: (id) => rollouts.get(id)?.rollout,
    get answeredMs() {
      return answeredMs;
    },
    get keptOut() {
      return gateway.keptOut;
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    version: (id, sha256) => keptVersions(kv, keys.of(id)).read(sha256),
    async claim(id, revision) {
      const rollout: Rollout = { revision, first: machine, state: "claimed" };
      const key = keys.rollouts + id;
      const compare = [isAt(key, rollouts.get(id)?.modRevision ?? "0")];
      const text = JSON.stringify(rollout);
      await writeLeased((lent) => ({ compare, success: [put(key, text, lent)] }));
      looks.hurry();
    },
    async advance(id, revision, state) {
      const found = rollouts.get(id);
      if (found?.rollout.revision !== revision || found.rollout.first !== machine) return;
      const rollout: Rollout = { revision, first: machine, state };
      const key = keys.rollouts + id;
      const compare = [isAt(key, found.modRevision)];
      const end = await kv.transact(
        { compare, success: [put(key, JSON.stringify(rollout))] },
        { signal },
      );
      if (end.succeeded) rollouts.set(id, { rollout, modRevision: end.revision });
    },
    report(configs) {
      wanted = configs;
      if (isSeen) void publish();
    },
    async reported() {
      await publishing;
    },
    async edited(key, edit: MachineEdit) {
      const path = `${keys.edits}${machine}/${key}`;
      await kv.transact({ compare: [], success: [put(path, JSON.stringify(edit))] }, { signal });
    },
    async close() {
      clearInterval(seeing);
      closing.abort();
      await looks.close();
      await publishing;
      await Promise.race([leave(), sleep(releaseWithinMs, undefined, { ref: false })]);
      gateway.close();
    },
  };
}
