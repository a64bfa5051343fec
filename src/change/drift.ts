// Notices where the live file was changed past Airlock: looks every few seconds, sooner after a hint, and twice before it says so, since a
// file may be half written. Each edit is told once, over restarts too, and stays open until somebody keeps it, has it put back, or another
// version takes its place. Nothing is put back unasked.
import type { Drift, DriftEvent } from "../model/drift-event.ts";
import type { Inspector } from "../model/inspector.ts";
import type { Author } from "../model/revision.ts";
import { refusedBecause, type Trouble } from "../model/trouble.ts";
import { liveSha256Of, type Version } from "../model/version.ts";
import { createLooks } from "./looks.ts";
import { oneAtATime } from "../store/one-at-a-time.ts";
import type { ConfigStore } from "../store/port.ts";
import type { Records } from "../store/records.ts";
import type { Clock } from "./deadlines.ts";
import {
  describeEdit,
  type DriftRecord,
  driftSchema,
  driftTag,
  endOf,
  isSame,
  isTakenIn,
} from "./edit-on-server.ts";
import { createUnderWay } from "../store/under-way.ts";

/** With the two below, an edit is told within half a minute at the latest. */
const lookEveryMs = 15_000;
/** What stays the same for so long is no longer being written. */
const settleMs = 7000;
const afterHintMs = 1000;

type DriftAnswer =
  | { readonly kind: "kept" }
  /** It is decided already. */
  | { readonly kind: "decided" }
  /** Something else is live than what was shown. */
  | { readonly kind: "moved" }
  | { readonly kind: "failed"; readonly trouble: Trouble };

type PutBack =
  | {
      readonly kind: "ready";
      readonly version: Version;
      /** The change is bound to this being live. */
      readonly base: { readonly sha256: string };
    }
  | { readonly kind: "pruned"; readonly revision: number }
  | Extract<DriftAnswer, { readonly kind: "decided" | "moved" }>;

export interface Drifts {
  /** Looks at these from now on, and at no others. Safe to call again. */
  follow(lives: readonly ConfigStore[]): void;
  /** Whether the live file differed from the newest revision at the last look. */
  isDrifting(configId: string): boolean;
  /** The edit that waits for somebody's word. */
  asked(live: ConfigStore): Promise<Drift | undefined>;
  /** The edit that was shown under this tag becomes a revision. */
  keep(live: ConfigStore, tag: string, by: Author): Promise<DriftAnswer>;
  /** What is to be put back in place of the edit that was shown under this tag. */
  putBack(live: ConfigStore, tag: string): Promise<PutBack>;
  /** Looks no more. */
  stop(): void;
  /** Resolves when what is being looked at and told has ended. */
  idle(): Promise<void>;
}

export interface DriftsOptions {
  readonly store: Records;
  readonly inspector: Pick<Inspector, "check" | "compare">;
  readonly clock: Pick<Clock, "steadyMs" | "wakeAfter">;
  readonly report: (what: string, error: unknown) => void;
  /** Resolves when people were told. */
  readonly tell: (event: DriftEvent) => Promise<void>;
}

/** What is known of a live file that is looked at. */
interface LookedAt {
  isDrifting: boolean;
  /** Seen once. */
  unsettled: { readonly sha256: string | null; readonly sinceMs: number } | undefined;
  /** What is told at this moment. */
  telling: Drift | undefined;
}

export function createDrifts({ store, inspector, clock, report, tell }: DriftsOptions): Drifts {
  const states = new Map<string, LookedAt>();
  const inTurn = oneAtATime();
  const running = createUnderWay();
  const looks = createLooks({
    clock,
    everyMs: lookEveryMs,
    afterHintMs,
    // Of most changes nothing is to be told: only an edit that waits for somebody's word makes it urgent.
    afterChangeMs: (id) => (states.get(id)?.isDrifting === true ? 0 : afterHintMs),
    look: (live) => running.add(look(live)),
  });

  async function look(live: ConfigStore): Promise<void> {
    try {
      await inTurn(live.config.id, () => lookAt(live));
    } catch (error) {
      // What cannot be read is told by /status and /readyz.
      if (refusedBecause(error) === undefined) {
        report(`${live.config.path}: looking for edits on the server`, error);
      }
    }
  }

  // ---- what is seen

  async function lookAt(live: ConfigStore): Promise<void> {
    const each = states.get(live.config.id);
    // It is followed no more.
    if (each === undefined) return;
    const record = await recordOf(live);
    const now = await live.readLive();
    const isKnown = now === undefined ? live.newest === undefined : now.revision !== undefined;
    each.isDrifting = !isKnown;
    if (isKnown) {
      each.unsettled = undefined;
      await lookAtHistory(live, each, record);
      return;
    }
    const sha256 = now?.sha256 ?? null;
    if (record.open?.sha256 === sha256) {
      each.unsettled = undefined;
      tellAgain(live, each, record);
      return;
    }
    const nowMs = clock.steadyMs();
    if (each.unsettled?.sha256 !== sha256) {
      each.unsettled = { sha256, sinceMs: nowMs };
      looks.lookIn(live.config.id, settleMs);
      return;
    }
    const leftMs = each.unsettled.sinceMs + settleMs - nowMs;
    if (leftMs > 0) looks.lookIn(live.config.id, leftMs);
    else await notice(live, each, record, { sha256, before: live.newest ?? null });
  }

  /** The live file is in history: what became of the edit that waits, and whether one was taken in at the start that nobody was told of. */
  async function lookAtHistory(
    live: ConfigStore,
    each: LookedAt,
    record: DriftRecord,
  ): Promise<void> {
    const { newest } = live;
    const { open } = record;
    if (newest === undefined) return;
    if (open !== null && isTakenIn(newest, open)) {
      tellAgain(live, each, record);
      return;
    }
    if (newest.how === "edited" && newest.revision > record.seen) {
      const [before = null] = await live.page(newest.revision - 1, 1);
      await notice(live, each, record, { sha256: newest.sha256, before });
      return;
    }
    if (open === null) return;
    await write(live, { seen: newest.revision, open: null });
    say({ config: live.config, drift: open, ...endOf(live, open) });
  }

  const write = (live: ConfigStore, record: DriftRecord): Promise<void> =>
    store.write(live.config.id, record);

  async function recordOf(live: ConfigStore): Promise<DriftRecord> {
    const known = driftSchema.safeParse(await store.read(live.config.id)).data;
    if (known !== undefined) return known;
    const first: DriftRecord = { seen: live.newest?.revision ?? 0, open: null };
    await write(live, first);
    return first;
  }

  async function notice(
    live: ConfigStore,
    each: LookedAt,
    record: DriftRecord,
    found: Drift,
  ): Promise<void> {
    const before = found.before && {
      revision: found.before.revision,
      sha256: found.before.sha256,
    };
    const open = { sha256: found.sha256, before, told: false };
    const seen = live.newest?.revision ?? 0;
    each.unsettled = undefined;
    await write(live, { seen, open });
    if (record.open !== null) {
      say({ config: live.config, drift: record.open, kind: "edited_again" });
    }
    tellOf(live, each, { seen, open });
  }

  /** Where a crash or a stop came before it was told. */
  function tellAgain(live: ConfigStore, each: LookedAt, record: DriftRecord): void {
    if (record.open !== null && !record.open.told) tellOf(live, each, record);
  }

  // ---- what is told

  function tellOf(live: ConfigStore, each: LookedAt, { seen, open }: DriftRecord): void {
    if (open === null || (each.telling !== undefined && isSame(each.telling, open))) return;
    each.telling = open;
    const telling = async (): Promise<void> => {
      const described = await describeEdit(live, open, inspector);
      if (described === undefined) return;
      await tell({ config: live.config, drift: open, kind: "noticed", ...described });
      await inTurn(live.config.id, async () => {
        const record = await recordOf(live);
        if (record.open === null || !isSame(record.open, open)) return;
        await write(live, { seen, open: { ...open, told: true } });
      });
    };
    void running.add(
      telling()
        .catch((error: unknown) => report("telling of an edit on the server", error))
        .finally(() => {
          if (each.telling === open) each.telling = undefined;
        }),
    );
  }

  function say(event: DriftEvent): void {
    void running.add(
      tell(event).catch((error: unknown) => report("telling of an edit on the server", error)),
    );
  }

  return {
    follow(lives) {
      const ids = lives.map(({ config }) => config.id as string);
      for (const id of states.keys()) if (!ids.includes(id)) states.delete(id);
      for (const id of ids) {
        if (states.has(id)) continue;
        states.set(id, { isDrifting: false, unsettled: undefined, telling: undefined });
      }
      looks.follow(lives);
    },
    isDrifting: (configId) => states.get(configId)?.isDrifting ?? false,
    asked: async (live) => (await recordOf(live)).open ?? undefined,
    keep: (live, tag, by) =>
      inTurn(live.config.id, async (): Promise<DriftAnswer> => {
        const { open } = await recordOf(live);
        if (open === null || open.sha256 === null || driftTag(open) !== tag) {
          return { kind: "decided" };
        }
        const adopted = await live.adopt(open.sha256, by);
        if (adopted.kind !== "adopted") {
          looks.lookIn(live.config.id, 0);
          return adopted;
        }
        const { entry } = adopted;
        await write(live, { seen: entry.revision, open: null });
        const each = states.get(live.config.id);
        if (each !== undefined) each.isDrifting = false;
        say({ config: live.config, drift: open, kind: "kept", by, entry });
        return { kind: "kept" };
      }),
    putBack: (live, tag) =>
      inTurn(live.config.id, async (): Promise<PutBack> => {
        const { open } = await recordOf(live);
        if (open === null || open.before === null || driftTag(open) !== tag) {
          return { kind: "decided" };
        }
        const now = await live.readLive();
        if ((now?.sha256 ?? null) !== open.sha256) {
          looks.lookIn(live.config.id, 0);
          return { kind: "moved" };
        }
        const { revision, sha256 } = open.before;
        const found = await live.find(revision);
        return found.kind === "found" && found.entry.sha256 === sha256
          ? { kind: "ready", version: found.version, base: { sha256: liveSha256Of(now) } }
          : { kind: "pruned", revision };
      }),
    stop: () => looks.stop(),
    idle: () => running.idle(),
  };
}
