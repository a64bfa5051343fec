// Commits, and has the config's service take what went live: the lock is held from before the rename until the service has proven that it
// runs with it, or the version before is back. Written down before the rename, so that the next process finishes what this one could not.
// Every commit of a use case goes through here. Where the store puts no file in place itself, nothing of this happens.
import type { ConfigId } from "../../model/config-id.ts";
import type { AppliedOutcome, FailedOutcome, RevertedOutcome } from "../../model/outcome.ts";
import type { Revision } from "../../model/revision.ts";
import {
  isServed,
  type ServiceEnd,
  type ServiceFault,
  type ServiceState,
  type Taken,
} from "../../model/service-proof.ts";
import type { Candidate, CommitEnd, CommitOptions, ConfigStore, Head } from "../../store/port.ts";
import type { Records } from "../../store/records.ts";
import { type Asking, openServiceRecords } from "./service-record.ts";
import { takeHoldingLock, type TakeContext, takenBackIn } from "./take.ts";
import { never } from "../../model/never.ts";

/** How a commit ended, its service included. */
export type ServedEnd<Held> =
  | Exclude<CommitEnd<Held>, AppliedOutcome>
  | (AppliedOutcome & { readonly service: Taken | null })
  | Pick<RevertedOutcome, "kind" | "entry" | "end">;

export interface ServedOptions<Held> extends CommitOptions<Held> {
  /** Called when it is in place and waits for its service; must not throw. */
  readonly onServing?: () => void;
}

export interface Applies {
  commit<Held>(
    live: ConfigStore,
    candidate: Candidate,
    options: ServedOptions<Held>,
  ): Promise<ServedEnd<Held>>;
  /** What is known of its service; undefined where it was never asked, or is not to be asked any more. */
  state(live: ConfigStore): ServiceState | undefined;
  /** 1 where the service took the last change or was never asked. */
  isOk(live: ConfigStore): boolean;
  /** Whether this revision was taken back, or is being taken back, because the service did not take it. */
  putsBack(configId: ConfigId, revision: number): boolean;
  /**
   * Goes on with what the process before this one left between rename and proof. The locks are taken before it returns, so that the next
   * change waits; {@link endOf} tells how each ended.
   */
  finish(lives: readonly ConfigStore[]): void;
  /** How the service took the change with this key in the journal, when that is known; undefined where it had not to, or that is not known. */
  endOf(configId: ConfigId, key: string): Promise<ServiceEnd | undefined>;
}

export interface AppliesOptions extends TakeContext {
  readonly store: Records;
  /** The version before is live again, in place of this revision. */
  readonly onPutBack: (live: ConfigStore, revision: number) => Promise<void>;
}

/** @throws what the store refuses */
export async function createApplies(options: AppliesOptions): Promise<Applies> {
  const { tell, report, onPutBack } = options;
  const records = await openServiceRecords(options.store);
  const finishing = new Map<string, Promise<void>>();

  /** Under the lock, with nothing replaced yet. */
  async function begin(
    live: ConfigStore,
    { key, how, version: { sha256 } }: Candidate,
    head: Head | undefined,
  ): Promise<Asking> {
    // An edit by hand gets its number as it is replaced.
    const newest = live.newest?.revision ?? 0;
    const isEdited = head !== undefined && head.revision === undefined;
    const revision = newest + (isEdited ? 2 : 1);
    const asking: Asking = { key, revision, sha256, how, fault: null };
    await records.write(live.config.id, { ...records.of(live.config.id), asking });
    return asking;
  }

  async function forget({ config: { id } }: ConfigStore): Promise<void> {
    await records.write(id, { ...records.of(id), asking: null });
  }

  async function serve(held: ConfigStore, entry: Revision, asking: Asking): Promise<ServiceEnd> {
    const { id } = held.config;
    const onFault = (fault: ServiceFault): Promise<void> =>
      records.write(id, { ...records.of(id), asking: { ...asking, fault } });
    const end = await takeHoldingLock(held, entry, { fault: asking.fault, onFault }, options);
    const ended = { key: asking.key, revision: entry.revision, end };
    await reporting("noting how a service took a change", () =>
      records.write(id, { asking: null, ended }),
    );
    tell({ kind: "ended", configId: id, revision: entry.revision, end });
    if (end.kind === "put_back") await onPutBack(held, entry.revision);
    return end;
  }

  /** What fails here changes nothing of what happened: the next start would ask the service once more. */
  async function reporting(what: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      report(what, error);
    }
  }

  async function commitHoldingLock<Held>(
    held: ConfigStore,
    candidate: Candidate,
    { admit, onProgress, onServing = () => {} }: ServedOptions<Held>,
  ): Promise<ServedEnd<Held>> {
    let asking: Asking | undefined;
    const end = await held.commit<Held>(candidate, {
      signal: never,
      onProgress(progress) {
        if (progress === "backup_ended" || progress === "replace_ended") onProgress(progress);
      },
      async admit(head) {
        const why = await admit(head);
        if (why === undefined) asking = await begin(held, candidate, head);
        return why;
      },
    });
    const isLive = end.kind === "applied" || (end.kind === "failed" && end.live === "new");
    const entry = isLive ? held.newest : undefined;
    if (asking === undefined) return unserved(end);
    if (entry === undefined) {
      await reporting("forgetting a change that was not made", () => forget(held));
      return unserved(end);
    }
    const hasService = held.config.rules.apply !== null;
    if (hasService) onServing();
    return servedEnd(end, entry, await serve(held, entry, asking), hasService);
  }

  /** What the process before this one left; under the lock, before anybody else has it. */
  async function finishHoldingLock(held: ConfigStore, asking: Asking): Promise<void> {
    const entry = held
      .since(asking.revision - 1)
      .find(({ sha256, how }) => sha256 === asking.sha256 && how === asking.how);
    // A crash came before it, or its config has no service any more.
    if (entry === undefined || !isAsked(held)) return forget(held);
    const isLive = (await held.readLive())?.sha256 === entry.sha256;
    const isPutBack = asking.fault !== null && takenBackIn(held, entry.revision) !== undefined;
    // Somebody changed it on the server meanwhile.
    if (!isLive && !isPutBack) return forget(held);
    await serve(held, entry, asking);
    return undefined;
  }

  async function finishOne(live: ConfigStore, asking: Asking): Promise<void> {
    const alone = { signal: never, onProgress: () => {} };
    await reporting("finishing what a service had to take", async () => {
      await live.holding?.(live.newest?.author ?? undefined, alone, (held) =>
        finishHoldingLock(held, asking),
      );
    });
  }

  return {
    async commit(live, candidate, options) {
      if (!isAsked(live) || live.holding === undefined)
        return unserved(await live.commit(candidate, options));
      return live.holding(candidate.author ?? undefined, options, (held) =>
        commitHoldingLock(held, candidate, options),
      );
    },
    state({ config }) {
      const { asking, ended } = records.of(config.id);
      if (config.rules.apply === null) return undefined;
      if (asking !== null) return { kind: "asking", revision: asking.revision };
      return ended === null
        ? undefined
        : { kind: "ended", revision: ended.revision, end: ended.end };
    },
    isOk({ config }) {
      const { ended } = records.of(config.id);
      return config.rules.apply === null || ended === null || isServed(ended.end);
    },
    putsBack(configId, revision) {
      const { asking, ended } = records.of(configId);
      return (
        (asking?.revision === revision && asking.fault !== null) ||
        (ended?.revision === revision && ended.end.kind === "put_back")
      );
    },
    finish(lives) {
      for (const live of lives) {
        const { id } = live.config;
        const { asking } = records.of(id);
        if (asking === null || finishing.has(id)) continue;
        finishing.set(id, finishOne(live, asking));
      }
    },
    async endOf(configId, key) {
      await finishing.get(configId);
      const { ended } = records.of(configId);
      return ended?.key === key ? ended.end : undefined;
    },
  };
}

/** Whether its rules ask for a proof, of the service here or of one machine of several. */
function isAsked({ config: { rules }, holding }: ConfigStore): boolean {
  return holding !== undefined && (rules.apply !== null || rules.rollout !== null);
}

function unserved<Held>(end: CommitEnd<Held>): ServedEnd<Held> {
  return end.kind === "applied" ? { ...end, service: null } : end;
}

function servedEnd<Held>(
  committed: CommitEnd<Held>,
  entry: Revision,
  end: ServiceEnd,
  hasService: boolean,
): ServedEnd<Held> {
  switch (end.kind) {
    case "put_back":
      return { kind: "reverted", entry, end };
    case "stays": {
      const { fault, because } = end;
      const failed: FailedOutcome = {
        kind: "failed",
        live: "new",
        trouble: { code: "service_refused", params: { fault, because } },
      };
      return failed;
    }
    case "taken":
      return committed.kind === "applied" && hasService
        ? { ...committed, service: end.as }
        : unserved(committed);
    default:
      return end satisfies never;
  }
}
