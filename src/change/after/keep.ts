// A change that goes back by itself unless somebody keeps it. It is written down, durably, under the lock before it goes live; then exactly
// one of Keep, Revert now and the deadline wins, under the lock again. After a crash history and the live file say which did. Knows
// nothing of chats: what happens is told as events.
import type { ConfigId } from "../../model/config-id.ts";
import type { BlockedOutcome, KeepNote } from "../../model/outcome.ts";
import type { Author, Revision } from "../../model/revision.ts";
import type { Candidate, ConfigStore, Head } from "../../store/port.ts";
import type { Acted } from "../deadlines.ts";
import type { Frozen } from "../gates/gates.ts";
import type { Applies, ServedEnd, ServedOptions } from "./apply.ts";
import {
  deadlineOf,
  extensionsMax,
  isKept,
  type Keep,
  keepOf,
  keepSchema,
  keyOf,
  longer,
  noteOf,
  revertedIn,
} from "./keep-record.ts";
import { createGoingBack, type KeepAnswer, type Refused } from "./go-back.ts";
import { createWaitingKeeps, type WaitingKeepsOptions } from "./waiting-keeps.ts";

type Decide = (live: ConfigStore, revision: number, by: Author) => Promise<KeepAnswer>;

export interface Keeps {
  /** The change of this config that waits now, as the gates are told of it. */
  pending(
    configId: ConfigId,
  ): Extract<BlockedOutcome["why"], { readonly kind: "keep_pending" }> | undefined;
  /** How long this change waits; null where it does not. */
  waits(configId: ConfigId, revision: number): KeepNote | null;
  /** Commits; where the config's rules say so, what goes live waits for Keep from then on. Written down before that, synced. */
  commit<Held>(
    live: ConfigStore,
    candidate: Candidate,
    options: ServedOptions<Held>,
  ): Promise<ServedEnd<Held>>;
  readonly keep: Decide;
  /** The old bytes go back at once. */
  readonly takeBack: Decide;
  readonly extend: Decide;
  /** The service did not take this revision, and it was taken back: nobody is asked about it any more. */
  forget(live: ConfigStore, revision: number): Promise<void>;
  /**
   * From now on this revision, which is live, waits for Keep until this instant, in place of any other: it goes back at once where its guard
   * failed, and people are asked where that could not tell.
   */
  ask(
    live: ConfigStore,
    revision: Revision,
    until: string,
    why: Pick<Keep, "failure" | "doubt">,
  ): Promise<KeepAnswer>;
  /** Takes up what waited in these configs when the process before this one ended, or has been decided since. Safe to call again. */
  load(lives: readonly ConfigStore[]): Promise<void>;
  /** Resolves when everything decided so far was told. */
  idle(): Promise<void>;
}

export interface KeepsOptions extends WaitingKeepsOptions {
  readonly applies: Pick<Applies, "commit" | "putsBack">;
  readonly frozen: (configId: ConfigId) => Frozen | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createKeeps(options: KeepsOptions): Keeps {
  const { store, deadlines, journal, applies, frozen, report, now } = options;
  const waitingKeeps = createWaitingKeeps(options);
  const { refusedFor, answerTo, revert } = createGoingBack({
    waitingKeeps,
    journal,
    applies,
    frozen,
  });
  const waiting = waitingKeeps.byConfig;

  function waitingOf({ config }: ConfigStore, revision: number): Keep | undefined {
    const keep = waiting.get(config.id);
    return keep?.revision === revision ? keep : undefined;
  }

  function arm(live: ConfigStore, keep: Keep): void {
    waiting.set(keep.configId, keep);
    deadlines.set(deadlineOf(keep), Date.parse(keep.until), () => goBack(live, keep));
  }

  // ---- going back

  async function goBack(live: ConfigStore, keep: Keep): Promise<Acted> {
    const answer = await revert(live, keep, null);
    if (answer.kind !== "failed") return "done";
    waitingKeeps.stuck(live, keep, answer.trouble);
    return "again";
  }

  // ---- going live

  /** Under the lock, with nothing replaced yet. */
  async function begin(
    live: ConfigStore,
    candidate: Candidate,
    head: Head | undefined,
  ): Promise<Keep | undefined> {
    const keep = keepOf(live, candidate, head, now());
    if (keep === undefined) return undefined;
    await store.write(keyOf(keep), keep);
    waiting.set(keep.configId, keep);
    return keep;
  }

  async function settle(live: ConfigStore, begun: Keep, end: ServedEnd<unknown>): Promise<void> {
    const isLive = end.kind === "applied" || (end.kind === "failed" && end.live === "new");
    if (!isLive) {
      waiting.delete(begun.configId);
      await store.remove(keyOf(begun));
      return;
    }
    const { revision, previous_sha256: sha256 } =
      end.kind === "applied" ? end.entry : { revision: begun.revision, previous_sha256: null };
    if (revision === begun.revision || sha256 === null) {
      arm(live, begun);
      return;
    }
    // An edit by hand came in the last instant and has a number of its own.
    const keep = { ...begun, revision, previous: { revision: revision - 1, sha256 } };
    arm(live, keep);
    await store.write(keyOf(keep), keep);
    await store.remove(keyOf(begun));
  }

  async function forget(live: ConfigStore, keep: Keep): Promise<void> {
    if (waitingOf(live, keep.revision) !== undefined) waiting.delete(keep.configId);
    deadlines.clear(deadlineOf(keep));
    await store.remove(keyOf(keep));
  }

  /** What history and the live file say of one that waited when this was written down last. */
  async function takeUp(live: ConfigStore, keep: Keep): Promise<void> {
    const [entry] = await live.page(keep.revision, 1);
    if (entry?.revision !== keep.revision || entry.sha256 !== keep.sha256) {
      // A crash, or a bug, came between its record and the change, which never was.
      await forget(live, keep);
      return;
    }
    const reverted = revertedIn(live, keep);
    if (reverted !== undefined && applies.putsBack(live.config.id, keep.revision)) {
      await forget(live, keep);
      return;
    }
    waiting.set(keep.configId, keep);
    const { lastKept } = live;
    if (reverted !== undefined) await waitingKeeps.reverted(live, keep, reverted);
    else if (lastKept !== undefined && keep.failure === undefined && isKept(live, keep))
      waitingKeeps.kept(live, keep, lastKept.kept_by);
    else if ((await live.readLive())?.sha256 === keep.sha256) {
      arm(live, keep);
      waitingKeeps.asked(live, keep);
    } else waitingKeeps.moved(live, keep);
  }

  return {
    pending(configId) {
      const keep = waiting.get(configId);
      if (keep === undefined) return undefined;
      const { author: by, revision, until } = keep;
      return { kind: "keep_pending", by, revision, until };
    },
    waits(configId, revision) {
      const keep = waiting.get(configId);
      return keep?.revision === revision ? noteOf(keep) : null;
    },
    async commit<Held>(live: ConfigStore, candidate: Candidate, options: ServedOptions<Held>) {
      const begun: { keep?: Keep | undefined } = {};
      let end: ServedEnd<Held>;
      try {
        end = await applies.commit(live, candidate, {
          ...options,
          async admit(head) {
            const held = await options.admit(head);
            if (held === undefined) begun.keep = await begin(live, candidate, head);
            return held;
          },
        });
      } catch (error) {
        if (begun.keep !== undefined) await takeUp(live, begun.keep);
        throw error;
      }
      try {
        if (begun.keep !== undefined) await settle(live, begun.keep, end);
      } catch (error) {
        report("noting whether a change waits for Keep", error);
      }
      return end;
    },
    async keep(live, revision, by) {
      const keep = waitingOf(live, revision);
      if (keep === undefined) return { kind: "not_pending" };
      const end = await live.decide<Refused>({
        by,
        keeps: revision,
        admit: (head) => refusedFor(live, keep, head),
      });
      switch (end.kind) {
        case "decided":
          waitingKeeps.kept(live, keep, by);
          return { kind: "done" };
        case "held":
          return answerTo(live, keep, end);
        case "failed":
          return end;
        default:
          return end satisfies never;
      }
    },
    async takeBack(live, revision, by) {
      const keep = waitingOf(live, revision);
      return keep === undefined ? { kind: "not_pending" } : revert(live, keep, by);
    },
    async extend(live, revision, by) {
      const keep = waitingOf(live, revision);
      if (keep === undefined) return { kind: "not_pending" };
      if (keep.extended >= extensionsMax) return { kind: "no_more_time" };
      const extended = longer(keep, now(), deadlines.leftMs(deadlineOf(keep)) ?? 0);
      const end = await live.decide<Refused>({
        by,
        keeps: null,
        async admit(head) {
          const refused = refusedFor(live, keep, head);
          if (refused !== undefined) return refused;
          await store.write(keyOf(extended), extended);
          waiting.set(keep.configId, extended);
          return undefined;
        },
      });
      if (end.kind === "held") return answerTo(live, keep, end);
      if (end.kind === "failed") return end;
      arm(live, extended);
      waitingKeeps.extended(live, extended);
      return { kind: "done" };
    },
    async forget(live, revision) {
      const keep = waitingOf(live, revision);
      if (keep !== undefined) await forget(live, keep);
    },
    async ask(live, { revision, sha256, previous_sha256: before, author }, until, why) {
      const { id } = live.config;
      const waits = waitingOf(live, revision);
      if (before === null || author === null) return { kind: "not_pending" };
      const previous = { revision: revision - 1, sha256: before };
      const first: Keep = { configId: id, revision, sha256, previous, author, until, extended: 0 };
      const keep: Keep = { ...first, ...waits, until, ...why };
      const end = await live.decide<Refused>({
        by: author,
        keeps: null,
        async admit(head) {
          if (live.newest?.revision !== revision || waiting.get(id) !== waits) return "not_pending";
          if (head?.sha256 !== sha256) return "moved";
          await store.write(keyOf(keep), keep);
          waiting.set(id, keep);
          return undefined;
        },
      });
      switch (end.kind) {
        case "decided":
          arm(live, keep);
          waitingKeeps.asked(live, keep);
          return { kind: "done" };
        case "held":
          if (end.held === "moved" && why.failure !== undefined) {
            waiting.set(id, keep);
            waitingKeeps.moved(live, keep);
          }
          return typeof end.held === "object" ? { kind: "not_pending" } : { kind: end.held };
        case "failed":
          return end;
        default:
          return end satisfies never;
      }
    },
    async load(lives) {
      for (const key of await store.keys()) {
        const keep = keepSchema.safeParse(await store.read(key)).data;
        const live = lives.find(({ config }) => config.id === keep?.configId);
        if (keep === undefined || live === undefined || waitingKeeps.isConcluding(key)) continue;
        if (waitingOf(live, keep.revision) === undefined) await takeUp(live, keep);
      }
    },
    idle: () => waitingKeeps.idle(),
  };
}
