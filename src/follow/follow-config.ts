// Keeps one config's file on this machine at the newest revision of the store: fetches it, checks it once more, lets one machine go first
// where its rules say so, writes it by the local write path, has the service prove it. Whatever it does can be done again after a kill.
import type { Config } from "../model/config.ts";
import type { MachineConfig, MachineProblem } from "../model/machine.ts";
import type { Problem } from "../model/problem.ts";
import type { Revision } from "../model/revision.ts";
import type { ServiceProof } from "../model/service-proof.ts";
import type { Version } from "../model/version.ts";
import type { Candidate, ConfigStore } from "../store/port.ts";
import { type FollowedRecord, readFollowed } from "./followed-record.ts";
import { takeTurns } from "./first-machine.ts";
import type { FollowContext } from "./follow-context.ts";

export interface ConfigFollower {
  readonly config: Config;
  /** What this machine has to report; undefined before the first revision. */
  readonly state: MachineConfig | undefined;
  /** The revision that the file had at the last look. */
  readonly inPlace: number | undefined;
  /** Looks at the newest revision and at the file, and does what is to be done. One at a time. @throws Refusal */
  readonly look: () => Promise<void>;
  /** Tells the store what must not be lost: edits by hand, how far the first machine has come. One at a time. @throws Refusal */
  readonly tell: () => Promise<void>;
}

/** A machine that is busy, or hung for a while, is not held up for long by trying again. */
const checkAgainMs = 30_000;

/** The bot found the same bytes valid: this machine had no time or no memory for them. */
function isOfTheMoment({ code }: Problem): boolean {
  return code === "too_slow_to_check" || code === "too_much_memory";
}

/** @param live - this machine's own file, history and backups */
export async function followConfig(
  live: ConfigStore & { readonly path: string },
  context: FollowContext,
): Promise<ConfigFollower> {
  const { config } = live;
  const { id, rules } = config;
  const { store, records, inspector, onEvent, signal, machine } = context;
  let record = await readFollowed(records, id);
  let state: MachineConfig | undefined;
  /** The newest revision, once its bytes are here and valid. */
  let fetched: { readonly revision: number; readonly version: Version } | undefined;
  /** The revision that is not tried again on this machine: not valid, or not taken by the service. */
  let givenUp: number | undefined;
  /** The revision that could not be checked here, and when that was tried; by performance.now(). */
  let postponed: { readonly revision: number; readonly atMs: number } | undefined;
  let inPlace: number | undefined;
  let isStoreBehind = false;
  let remembering: Promise<void> = Promise.resolve();

  const turns = takeTurns(config, context);

  function stage(
    { revision, sha256 }: Pick<Revision, "revision" | "sha256">,
    reached: MachineConfig["stage"],
    problem: MachineProblem | null = null,
  ): void {
    // What it works on is what it reports; not what it has until then.
    if (state !== undefined && revision < state.revision) return;
    const next: MachineConfig = {
      revision,
      sha256,
      stage: reached,
      problem: isStoreBehind ? "store_behind" : problem,
    };
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    context.onState();
  }

  /** Durable when it resolves. */
  function remember(
    changeOf: (before: FollowedRecord | undefined) => FollowedRecord,
  ): Promise<void> {
    const write = async (): Promise<void> => {
      const next = changeOf(record);
      await records.write(id, next);
      record = next;
    };
    const writing = remembering.then(write);
    remembering = writing.catch(() => {
      // Told to whoever waits for it.
    });
    return writing;
  }

  async function noteProof(held: FollowedRecord, isProven: boolean): Promise<void> {
    await remember((before) => ({ ...(before ?? held), isProven }));
  }

  function isPostponed(revision: number): boolean {
    return postponed?.revision === revision && performance.now() - postponed.atMs < checkAgainMs;
  }

  /** The newest one, where this machine may write it now. */
  async function toWrite(): Promise<Revision | undefined> {
    const newest = store.newest(id);
    if (newest === undefined) return undefined;
    const { revision, sha256 } = newest;
    if (record !== undefined && revision <= record.revision) {
      // It was restored from an old snapshot.
      const isBehind = revision < record.revision || sha256 !== record.sha256;
      if (isBehind && !isStoreBehind) {
        const held = { configId: id, revision: record.revision };
        onEvent({ ...held, kind: "store_behind", storeRevision: revision });
      }
      isStoreBehind = isBehind;
      return undefined;
    }
    isStoreBehind = false;
    if (givenUp === revision || isPostponed(revision)) return undefined;
    if (fetched?.revision !== revision && !(await fetch(newest))) return undefined;
    if (!(await turns.isItsTurn(newest, record !== undefined))) return undefined;
    // What is no longer the newest is not written.
    return store.newest(id)?.revision === revision ? newest : undefined;
  }

  /** Remembered before the file is written: whatever happens, nothing older is written from now on. */
  async function take({ revision, sha256 }: Revision): Promise<void> {
    await remember((before) => ({
      revision,
      sha256,
      isProven: before?.isProven === true && before.sha256 === sha256,
      reportedUpTo: before?.reportedUpTo ?? live.newest?.revision ?? 0,
    }));
  }

  async function fetch(newest: Revision): Promise<boolean> {
    const { revision, sha256 } = newest;
    const version = await store.version(id, sha256);
    // It was replaced and pruned meanwhile: the next look finds what is newest now.
    if (version === undefined) return false;
    const checked = await inspector.check(version.bytes, config, signal);
    if (checked.kind === "aborted") return false;
    if (checked.kind === "invalid") {
      if (checked.problems.some(isOfTheMoment)) postponed = { revision, atMs: performance.now() };
      else givenUp = revision;
      stage(newest, "fetched", "not_valid");
      onEvent({ configId: id, revision, kind: "not_valid", problems: checked.problems });
      return false;
    }
    fetched = { revision, version };
    stage(newest, "fetched");
    return true;
  }

  /** The file has what is remembered, or gets it: after a new revision, a kill, or an edit by hand. @returns whether it is there */
  async function keepInPlace(held: FollowedRecord): Promise<boolean> {
    const { revision } = held;
    const now = await live.readLive();
    if (now?.sha256 === held.sha256) return true;
    const version = await bytesOf(held);
    // Neither the store nor this disk has it at the moment.
    if (version === undefined) return false;
    const candidate = candidateOf(held, version);
    const { key, how, author, reason, message } = candidate;
    const begun = { key, how, author, reason, message, config: id, file: config.fileName };
    await context.journal.began({ ...begun, place: null });
    const end = await live.commit(candidate, {
      signal,
      onProgress: () => {},
      admit: () => undefined,
    });
    context.journal.ended(candidate.key);
    switch (end.kind) {
      case "applied":
        onEvent({ configId: id, revision, kind: "written" });
        await noteProof(held, false);
        return true;
      case "unchanged":
        return true;
      case "failed":
        if (state?.problem !== "not_written") {
          onEvent({ configId: id, revision, kind: "not_written", trouble: end.trouble });
        }
        stage(held, state?.revision === revision ? state.stage : null, "not_written");
        return false;
      case "cancelled":
      case "held":
        return false;
      default:
        return end satisfies never;
    }
  }

  async function keep(held: FollowedRecord): Promise<void> {
    const { revision } = held;
    const isThere = await keepInPlace(held);
    if (isThere && inPlace !== revision) onEvent({ configId: id, revision, kind: "in_place" });
    inPlace = isThere ? revision : undefined;
    if (isThere) await prove(record ?? held);
  }

  async function bytesOf({ revision, sha256 }: FollowedRecord): Promise<Version | undefined> {
    if (fetched?.revision === revision) return fetched.version;
    const own = live.recent(sha256, 0);
    const found = own && (await live.find(own.revision));
    return found?.kind === "found" ? found.version : store.version(id, sha256);
  }

  /** As the store has it; where that does not say, it went back by itself. */
  function candidateOf({ revision, sha256 }: FollowedRecord, version: Version): Candidate {
    const entry = store.newest(id);
    const isNewest = entry?.revision === revision && entry.sha256 === sha256;
    return {
      version,
      how: isNewest ? entry.how : "reverted",
      author: isNewest ? entry.author : null,
      reason: isNewest ? entry.reason : null,
      message: null,
      key: `follow:${id}:${revision}`,
    };
  }

  async function prove(held: FollowedRecord): Promise<void> {
    const { revision, sha256 } = held;
    const { apply } = rules;
    if (held.isProven) return stage(held, "live");
    stage(held, "written", givenUp === revision ? "not_taken" : null);
    if (givenUp === revision || context.prove === undefined) return;
    const proof: ServiceProof | { readonly kind: "stopped" } =
      apply === null
        ? { kind: "told" }
        : await context.prove(
            apply,
            { configId: id, filePath: live.path, revision, sha256 },
            signal,
          );
    switch (proof.kind) {
      case "stopped":
        return;
      case "refused":
        givenUp = revision;
        stage(held, "written", "not_taken");
        onEvent({ configId: id, revision, kind: "not_taken", fault: proof.fault });
        return;
      case "proven":
      case "told":
        await noteProof(held, true);
        stage(held, "live");
        onEvent({ configId: id, revision, kind: "live", isProven: proof.kind === "proven" });
        return;
      default:
        proof satisfies never;
    }
  }

  /** @returns edits by hand that were replaced and not reported yet */
  function unreported({ reportedUpTo }: FollowedRecord): readonly Revision[] {
    // What replaced the edit tells where it is kept.
    const newest = live.newest?.revision ?? 0;
    return live
      .since(reportedUpTo)
      .filter(({ how, revision }) => how === "edited" && revision < newest);
  }

  async function tellEdits(held: FollowedRecord): Promise<void> {
    for (const edit of unreported(held)) {
      const backup = live.since(edit.revision)[0]?.backup ?? null;
      const key = `${id}-${edit.revision}-${edit.sha256.slice(0, 12)}`;
      await store.edited(key, { machine, config: id, backup });
      onEvent({ configId: id, revision: held.revision, kind: "edited", backup });
      await remember((before) => ({ ...(before ?? held), reportedUpTo: edit.revision }));
    }
  }

  return {
    config,
    get state() {
      return state;
    },
    get inPlace() {
      return inPlace;
    },
    async look() {
      try {
        const next = await toWrite();
        if (next !== undefined) await take(next);
      } finally {
        // Whatever the store does, the file is kept as it is.
        if (record !== undefined) await keep(record);
      }
    },
    async tell() {
      if (record === undefined) return;
      await turns.tell(record.revision, state);
      await tellEdits(record);
    },
  };
}
