// Notices where the live file was changed past Airlock: looks every few seconds, sooner after a hint, and twice before it says so, since a
// file may be half written. Each edit is told once, over restarts too, and stays open until somebody keeps it, has it put back, or another
// version takes its place. Nothing is put back unasked.
import { z } from "zod";
import type { Drift, DriftEvent } from "../model/drift-event.ts";
import type { Inspector } from "../model/inspector.ts";
import { type Author, type Revision, sha256Schema } from "../model/revision.ts";
import { refusedBecause, type Trouble } from "../model/trouble.ts";
import { liveSha256Of, type Version } from "../model/version.ts";
import { oneAtATime } from "../store/one-at-a-time.ts";
import type { ConfigStore } from "../store/port.ts";
import type { Records } from "../store/records.ts";
import type { Clock } from "./deadlines.ts";

/** With the two below, an edit is told within half a minute at the latest. */
const lookEveryMs = 15_000;
/** What stays the same for so long is no longer being written. */
const settleMs = 7000;
/** What touches a file touches it several times. */
const afterHintMs = 1000;
/** Of the hash, in a button. */
const tagChars = 16;

const never = new AbortController().signal;

const recordSchema = z.object({
  /** What is in history up to this revision was told, or needs no telling. */
  seen: z.int().nonnegative(),
  /** The edit that waits for somebody's word. */
  open: z
    .object({
      sha256: sha256Schema.nullable(),
      before: z.object({ revision: z.int().positive(), sha256: sha256Schema }).nullable(),
      told: z.boolean(),
    })
    .nullable(),
});
type Record = Readonly<z.infer<typeof recordSchema>>;

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

/** By it a button knows which edit it is about: bound to the bytes that were shown. */
export function driftTag({ sha256 }: Drift): string {
  return sha256 === null ? "gone" : sha256.slice(0, tagChars);
}

interface Watched {
  live: ConfigStore;
  isDrifting: boolean;
  /** Seen once. */
  unsettled: { readonly sha256: string | null; readonly sinceMs: number } | undefined;
  /** What is told at this moment. */
  telling: Drift | undefined;
  dueMs: number;
  endTimer: () => void;
  endWatching: () => void;
}

export function createDrifts({ store, inspector, clock, report, tell }: DriftsOptions): Drifts {
  const watched = new Map<string, Watched>();
  const inTurn = oneAtATime();
  const running = new Set<Promise<void>>();
  let isStopped = false;

  function track(act: Promise<void>): void {
    const tracked = act.finally(() => running.delete(tracked));
    running.add(tracked);
  }

  // ---- when to look

  function lookIn(each: Watched, ms: number): void {
    const dueMs = clock.steadyMs() + ms;
    if (isStopped || dueMs >= each.dueMs) return;
    each.endTimer();
    each.dueMs = dueMs;
    each.endTimer = clock.wakeAfter(ms, () => {
      each.dueMs = Infinity;
      track(look(each));
    });
  }

  async function look(each: Watched): Promise<void> {
    const { live } = each;
    try {
      await inTurn(live.config.id, () => lookAt(each));
    } catch (error) {
      // What cannot be read is told by /status and /readyz.
      if (refusedBecause(error) === undefined) {
        report(`${live.config.path}: looking for edits on the server`, error);
      }
    }
    if (watched.get(live.config.id) === each) lookIn(each, lookEveryMs);
  }

  // ---- what is seen

  async function lookAt(each: Watched): Promise<void> {
    const { live } = each;
    const record = await recordOf(live);
    const now = await live.readLive();
    const isKnown = now === undefined ? live.newest === undefined : now.revision !== undefined;
    each.isDrifting = !isKnown;
    if (isKnown) {
      each.unsettled = undefined;
      await lookAtHistory(each, record);
      return;
    }
    const sha256 = now?.sha256 ?? null;
    if (record.open?.sha256 === sha256) {
      each.unsettled = undefined;
      tellAgain(each, record);
      return;
    }
    const nowMs = clock.steadyMs();
    if (each.unsettled?.sha256 !== sha256) {
      each.unsettled = { sha256, sinceMs: nowMs };
      lookIn(each, settleMs);
      return;
    }
    const leftMs = each.unsettled.sinceMs + settleMs - nowMs;
    if (leftMs > 0) lookIn(each, leftMs);
    else await notice(each, record, { sha256, before: live.newest ?? null });
  }

  /** The live file is in history: what became of the edit that waits, and whether one was taken in at the start that nobody was told of. */
  async function lookAtHistory(each: Watched, record: Record): Promise<void> {
    const { live } = each;
    const { newest } = live;
    const { open } = record;
    if (newest === undefined) return;
    if (open !== null && isTakenIn(newest, open)) {
      tellAgain(each, record);
      return;
    }
    if (newest.how === "edited" && newest.revision > record.seen) {
      const [before = null] = await live.page(newest.revision - 1, 1);
      await notice(each, record, { sha256: newest.sha256, before });
      return;
    }
    if (open === null) return;
    await store.write(live.config.id, { seen: newest.revision, open: null } satisfies Record);
    say({ config: live.config, drift: open, ...endOf(live, open) });
  }

  async function recordOf(live: ConfigStore): Promise<Record> {
    const known = recordSchema.safeParse(await store.read(live.config.id)).data;
    if (known !== undefined) return known;
    const first: Record = { seen: live.newest?.revision ?? 0, open: null };
    await store.write(live.config.id, first);
    return first;
  }

  async function notice(each: Watched, record: Record, found: Drift): Promise<void> {
    const { live } = each;
    const { id } = live.config;
    const before = found.before && {
      revision: found.before.revision,
      sha256: found.before.sha256,
    };
    const open = { sha256: found.sha256, before, told: false };
    const seen = live.newest?.revision ?? 0;
    each.unsettled = undefined;
    await store.write(id, { seen, open } satisfies Record);
    if (record.open !== null) {
      say({ config: live.config, drift: record.open, kind: "edited_again" });
    }
    tellOf(each, { seen, open });
  }

  /** Where a crash or a stop came before it was told. */
  function tellAgain(each: Watched, record: Record): void {
    if (record.open !== null && !record.open.told) tellOf(each, record);
  }

  // ---- what is told

  function tellOf(each: Watched, { seen, open }: Record): void {
    const { live } = each;
    if (open === null || (each.telling !== undefined && isSame(each.telling, open))) return;
    each.telling = open;
    const telling = async (): Promise<void> => {
      const described = await describe(live, open);
      if (described === undefined) return;
      await tell({ config: live.config, drift: open, kind: "noticed", ...described });
      await inTurn(live.config.id, async () => {
        const record = await recordOf(live);
        if (record.open === null || !isSame(record.open, open)) return;
        await store.write(live.config.id, { seen, open: { ...open, told: true } } satisfies Record);
      });
    };
    track(
      telling()
        .catch((error: unknown) => report("telling of an edit on the server", error))
        .finally(() => {
          if (each.telling === open) each.telling = undefined;
        }),
    );
  }

  function say(event: DriftEvent): void {
    track(tell(event).catch((error: unknown) => report("telling of an edit on the server", error)));
  }

  /** undefined where it is live no more. */
  async function describe(live: ConfigStore, { sha256, before }: Drift) {
    if (sha256 === null) return { changes: null, problems: [], problemsTotal: 0 };
    const now = await live.readLive();
    if (now?.sha256 !== sha256) return undefined;
    const found = before === null ? undefined : await live.find(before.revision);
    const [validation, changes] = await Promise.all([
      inspector.check(now.bytes, live.config, never),
      found?.kind === "found" ? inspector.compare(found.version.bytes, now.bytes) : null,
    ]);
    return validation.kind === "invalid"
      ? { changes, problems: validation.problems, problemsTotal: validation.total }
      : { changes, problems: [], problemsTotal: 0 };
  }

  // ---- which ones

  function begin(live: ConfigStore): Watched {
    const each: Watched = {
      live,
      isDrifting: false,
      unsettled: undefined,
      telling: undefined,
      dueMs: Infinity,
      endTimer: () => {},
      endWatching: () => {},
    };
    const endWatchingLive = live.watchLive(() => lookIn(each, afterHintMs));
    // Of most changes nothing is to be told: only an edit that waits for somebody's word makes it urgent.
    const endWatchingHistory = live.watch(() => lookIn(each, each.isDrifting ? 0 : afterHintMs));
    each.endWatching = () => {
      endWatchingLive();
      endWatchingHistory();
    };
    lookIn(each, 0);
    return each;
  }

  function end(each: Watched): void {
    each.endTimer();
    each.endWatching();
  }

  return {
    follow(lives) {
      for (const [id, each] of watched) {
        if (lives.some(({ config }) => config.id === id)) continue;
        end(each);
        watched.delete(id);
      }
      for (const live of lives) {
        const each = watched.get(live.config.id);
        if (each === undefined) watched.set(live.config.id, begin(live));
        else each.live = live;
      }
    },
    isDrifting: (configId) => watched.get(configId)?.isDrifting ?? false,
    keep: (live, tag, by) =>
      inTurn(live.config.id, async (): Promise<DriftAnswer> => {
        const { open } = await recordOf(live);
        if (open === null || open.sha256 === null || driftTag(open) !== tag) {
          return { kind: "decided" };
        }
        const adopted = await live.adopt(open.sha256, by);
        const each = watched.get(live.config.id);
        if (adopted.kind !== "adopted") {
          if (each !== undefined) lookIn(each, 0);
          return adopted;
        }
        const { entry } = adopted;
        await store.write(live.config.id, { seen: entry.revision, open: null } satisfies Record);
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
          const each = watched.get(live.config.id);
          if (each !== undefined) lookIn(each, 0);
          return { kind: "moved" };
        }
        const { revision, sha256 } = open.before;
        const found = await live.find(revision);
        return found.kind === "found" && found.entry.sha256 === sha256
          ? { kind: "ready", version: found.version, base: { sha256: liveSha256Of(now) } }
          : { kind: "pruned", revision };
      }),
    stop() {
      isStopped = true;
      for (const each of watched.values()) end(each);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function isSame(one: Drift, other: Drift): boolean {
  return one.sha256 === other.sha256 && one.before?.revision === other.before?.revision;
}

/** The edit became a revision when the bot started, and nobody has decided. */
function isTakenIn(newest: Revision, { sha256, before }: Drift): boolean {
  return newest.sha256 === sha256 && newest.revision === (before?.revision ?? 0) + 1;
}

/** By history, once the edit is not live any more. */
function endOf(
  live: ConfigStore,
  { sha256, before }: Drift,
):
  | { readonly kind: "put_back"; readonly by: Author; readonly entry: Revision }
  | { readonly kind: "replaced"; readonly entry: Revision }
  | { readonly kind: "edited_again" | "gone" } {
  const since = live.since(before?.revision ?? 0);
  const takenIn = since.findIndex((entry) => entry.sha256 === sha256 && entry.author === null);
  const entry = takenIn === -1 && sha256 !== null ? undefined : since[takenIn + 1];
  if (entry === undefined) return { kind: since.length === 0 ? "gone" : "edited_again" };
  if (entry.author === null && entry.how === "edited") return { kind: "edited_again" };
  if (entry.author !== null && entry.how === "rollback" && entry.sha256 === before?.sha256) {
    return { kind: "put_back", by: entry.author, entry };
  }
  return { kind: "replaced", entry };
}
