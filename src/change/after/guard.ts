// Watches a change by a query of Prometheus for a while after it went live: what fails twice, with no pass between, goes back; what was not
// found good by the end waits for Keep. Which change is guarded, and until when, is what history says: its newest line, by its time and the
// rules in force. What came of the query so far is kept over restarts.
import { z } from "zod";
import { type GuardAnswer, type GuardReading, guardUnknowns } from "../../model/guard.ts";
import type { Revision } from "../../model/revision.ts";
import type { Guard } from "../../model/rules.ts";
import { oneAtATime } from "../../store/one-at-a-time.ts";
import type { ConfigStore } from "../../store/port.ts";
import type { Records } from "../../store/records.ts";
import { type Clock, type Deadlines, unsetFromNow } from "../deadlines.ts";
import type { Keeps } from "./keep.ts";
import { createUnderWay } from "../../store/under-way.ts";

/** After a start, questions that were due before it are asked so late, behind what must be decided before the first update. */
const afterStartMs = 1000;

const recordSchema = z.object({
  revision: z.int().positive(),
  isOver: z.boolean(),
  passes: z.int().nonnegative(),
  unknowns: z.int().nonnegative(),
  /** It failed, and has not passed since. */
  failed: z.object({ value: z.string(), at: z.iso.datetime() }).nullable(),
  because: z.enum(guardUnknowns).nullable(),
});
type Record = Readonly<z.infer<typeof recordSchema>>;

export interface Guards {
  /**
   * Guards what goes live in these configs from now on, and goes on with what the process before this one guarded. Safe to call again.
   */
  follow(lives: readonly ConfigStore[]): Promise<void>;
  /** No more is asked. */
  stop(): void;
  /** Resolves when what is being asked, and what follows from it, has ended. */
  idle(): Promise<void>;
}

export interface GuardsOptions {
  readonly store: Records;
  readonly deadlines: Pick<Deadlines, "set" | "clear">;
  readonly keeps: Pick<Keeps, "ask" | "waits">;
  readonly ask: (guard: Guard, signal: AbortSignal) => Promise<GuardReading>;
  /** Whether the newest change still waits for its service to take it. */
  readonly isServing: (live: ConfigStore) => boolean;
  readonly clock: Pick<Clock, "wallMs" | "steadyMs">;
  readonly report: (what: string, error: unknown) => void;
}

interface Watched {
  live: ConfigStore;
  readonly endWatching: () => void;
  /** The time by which its newest change is guarded: what is set at the wall clock meanwhile does not count. */
  now: () => number;
}

export function createGuards({
  store,
  deadlines,
  keeps,
  ask,
  isServing,
  clock,
  report,
}: GuardsOptions): Guards {
  const watched = new Map<string, Watched>();
  const inTurn = oneAtATime();
  const running = createUnderWay();
  const stopping = new AbortController();

  function track(configId: string, act: () => Promise<void>): void {
    void running.add(
      inTurn(configId, act).catch((error: unknown) => report("guarding a change", error)),
    );
  }

  async function recordOf(live: ConfigStore): Promise<Record | undefined> {
    return recordSchema.safeParse(await store.read(live.config.id)).data;
  }

  const write = (live: ConfigStore, record: Record): Promise<void> =>
    store.write(live.config.id, record);

  // ---- when to ask

  const nowOf = ({ config }: ConfigStore): number =>
    watched.get(config.id)?.now() ?? clock.wallMs();

  function askAt(live: ConfigStore, entry: Revision, atMs: number): void {
    const { id } = live.config;
    deadlines.set(`guard:${id}`, clock.wallMs() + (atMs - nowOf(live)), () => {
      // What waits for Prometheus must not keep other deadlines waiting.
      if (!stopping.signal.aborted) track(id, () => askOnce(id, entry));
      return Promise.resolve("done");
    });
  }

  /** It is asked at whole multiples of `every` since the change. */
  function nextMs(live: ConfigStore, { at }: Revision, { everyMs }: Guard): number {
    const next = Math.max(1, Math.floor((nowOf(live) - Date.parse(at)) / everyMs) + 1);
    return Date.parse(at) + next * everyMs;
  }

  function askNext(live: ConfigStore, entry: Revision, guard: Guard): void {
    askAt(live, entry, nextMs(live, entry, guard));
  }

  async function begin(live: ConfigStore, entry: Revision): Promise<void> {
    const { guard } = live.config.rules;
    // A later change ends the guard of the one before it.
    deadlines.clear(`guard:${live.config.id}`);
    const each = watched.get(live.config.id);
    if (each !== undefined) each.now = unsetFromNow(clock);
    if (guard === null || !isGuarded(entry)) return;
    await write(live, { ...fresh, revision: entry.revision });
    askNext(live, entry, guard);
  }

  /** What the process before this one guarded, or had no time to. */
  async function takeUp(live: ConfigStore): Promise<void> {
    const { newest: entry, config } = live;
    const { guard } = config.rules;
    if (guard === null || entry === undefined || !isGuarded(entry)) return;
    const record = await recordOf(live);
    const isOver = nowOf(live) > Date.parse(entry.at) + guard.duringMs;
    if (record?.revision === entry.revision) {
      if (!record.isOver) askAt(live, entry, nowOf(live) + Math.min(afterStartMs, guard.everyMs));
    } else if (!isOver) await begin(live, entry);
  }

  // ---- what comes of it

  async function askOnce(configId: string, entry: Revision): Promise<void> {
    const live = watched.get(configId)?.live;
    const guard = live?.config.rules.guard ?? null;
    if (live === undefined || guard === null || !isNewest(live, entry)) return;
    if (isServing(live)) {
      askNext(live, entry, guard);
      return;
    }
    const reading = await ask(guard, stopping.signal);
    // What a stop cut short is no answer.
    if (stopping.signal.aborted) return;
    const record = await recordOf(live);
    if (record?.revision !== entry.revision || !isNewest(live, entry)) return;
    const { failed } = record;
    if (reading.kind === "fails" && failed !== null) {
      await goBack(live, entry, guard, [failed, answerOf(reading)]);
      return;
    }
    const counted = count(record, reading);
    if (nextMs(live, entry, guard) <= Date.parse(entry.at) + guard.duringMs) {
      await write(live, counted);
      askNext(live, entry, guard);
    } else await end(live, entry, guard, counted);
  }

  async function goBack(
    live: ConfigStore,
    entry: Revision,
    guard: Guard,
    answers: readonly GuardAnswer[],
  ): Promise<void> {
    const { query, fails } = guard;
    const failure = { query, fails, answers: [...answers] };
    const until = new Date(clock.wallMs()).toISOString();
    const asked = await keeps.ask(live, entry, until, { failure });
    // Where the disk refused, the next question asks for it again.
    if (asked.kind === "failed") askNext(live, entry, guard);
    else await over(live, entry);
  }

  async function end(
    live: ConfigStore,
    entry: Revision,
    guard: Guard,
    counted: Record,
  ): Promise<void> {
    const { passes, unknowns, failed, because } = counted;
    const others = unknowns + (failed === null ? 0 : 1);
    const { id } = live.config;
    const isAsked = keeps.waits(id, entry.revision) !== null;
    const isKept = live.lastKept?.kept === entry.revision;
    if (others > passes && !isAsked && !isKept) {
      const { query, fails, duringMs } = guard;
      const until = new Date(clock.wallMs() + duringMs).toISOString();
      const doubt = { query, fails, passes, others, because, isTold: false };
      const asked = await keeps.ask(live, entry, until, { doubt });
      if (asked.kind === "failed") {
        await write(live, counted);
        askNext(live, entry, guard);
        return;
      }
    }
    await over(live, entry);
  }

  const over = (live: ConfigStore, { revision }: Revision): Promise<void> =>
    write(live, { ...fresh, revision, isOver: true });

  function watch(live: ConfigStore): Watched {
    const { id } = live.config;
    const endWatching = live.watch((entry) => {
      const now = watched.get(id)?.live;
      if (now !== undefined) track(id, () => begin(now, entry));
    });
    return { live, endWatching, now: unsetFromNow(clock) };
  }

  return {
    async follow(lives) {
      for (const [id, each] of watched) {
        if (lives.some(({ config }) => config.id === id)) continue;
        each.endWatching();
        deadlines.clear(`guard:${id}`);
        watched.delete(id);
      }
      for (const live of lives) {
        const { id } = live.config;
        const each = watched.get(id);
        if (each !== undefined) {
          each.live = live;
          continue;
        }
        watched.set(id, watch(live));
        await takeUp(live);
      }
    },
    stop() {
      stopping.abort();
      for (const each of watched.values()) each.endWatching();
    },
    idle: () => running.idle(),
  };
}

const fresh = { isOver: false, passes: 0, unknowns: 0, failed: null, because: null };

/** Somebody's change, with a version before it to go back to. */
function isGuarded({ how, author, previous_sha256: before }: Revision): boolean {
  return how !== "reverted" && author !== null && before !== null;
}

function isNewest({ newest }: ConfigStore, { revision }: Revision): boolean {
  return newest?.revision === revision;
}

function count(record: Record, reading: GuardReading): Record {
  switch (reading.kind) {
    case "passes":
      return { ...record, passes: record.passes + 1, failed: null, because: null };
    case "fails":
      return { ...record, failed: answerOf(reading), because: null };
    case "unknown":
      return { ...record, unknowns: record.unknowns + 1, because: reading.because };
    default:
      return reading satisfies never;
  }
}

function answerOf({ value, at }: GuardAnswer): GuardAnswer {
  return { value, at };
}
