// The port to the store: what any place that keeps configs promises, be it this machine's disk or a cluster. The use cases in
// change/ know nothing else of it; tests/store/contract.ts holds every adapter to it.
import type { Config } from "../model/config.ts";
import type { AppliedOutcome, CancelledOutcome, FailedOutcome } from "../model/outcome.ts";
import type { Author, Kept, MessageReference, Revision } from "../model/revision.ts";
import type { Trouble } from "../model/trouble.ts";
import type { Version } from "../model/version.ts";
import type { UnfinishedUpload } from "./journal.ts";

/** What is live at this moment. */
export interface LiveVersion extends Version {
  /** When it became live, as far as that can be told; ISO 8601. */
  readonly modifiedAt: string;
  /** Undefined where it was changed past Airlock and is not in history yet. */
  readonly revision: number | undefined;
  /** Only where the store does not answer now: when this was live for certain; ISO 8601. */
  readonly asOf?: string;
}

/** What a commit compares itself with, at a moment when nobody else can commit. */
export type Head = Pick<LiveVersion, "sha256" | "revision">;

export type FoundVersion =
  | { readonly kind: "found"; readonly entry: Revision; readonly version: Version }
  /** It was live once, and its bytes are not kept any more. */
  | { readonly kind: "pruned"; readonly entry: Revision }
  | { readonly kind: "unknown" };

/** Looks at one config, with no lock and changing nothing. What cannot be read is thrown, as a Refusal. */
export interface ConfigReader {
  readonly config: Config;
  /** The newest revision; undefined before the first. */
  readonly newest: Revision | undefined;
  /** The newest change that somebody said stays. */
  readonly lastKept: Kept | undefined;
  /** One complete version. @returns undefined where nothing is live */
  readLive(): Promise<LiveVersion | undefined>;
  /** The revision with this number, and its bytes. */
  find(revision: number): Promise<FoundVersion>;
  /** What this change replaced; undefined where that was nothing, or is no longer kept as it was. */
  replacedBy(entry: Revision): Promise<Version | undefined>;
  /** Up to `count` revisions, the newest first, from this one down. */
  page(newest: number, count: number): Promise<readonly Revision[]>;
  /** Whether the bytes of this revision can still be had. */
  keeps(entry: Revision): Promise<boolean>;
  /** The newest of the recent revisions with these bytes that is `sinceRevision` or later. */
  readonly recent: (sha256: string, sinceRevision: number) => Revision | undefined;
  /** The recent revisions after this one, oldest first. */
  readonly since: (revision: number) => readonly Revision[];
}

/** A new version on its way in, already validated. */
export interface Candidate {
  readonly version: Version;
  readonly how: Revision["how"];
  /** null where it goes back by rule: nobody asked for it. */
  readonly author: Author | null;
  readonly approvedBy?: readonly Author[];
  /** The revision that it takes back by rule. */
  readonly reverts?: number;
  readonly reason: string | null;
  readonly message: MessageReference | null;
  /** The attempt's key in the journal, where it has begun: by it the store tells after a crash what became of it. */
  readonly key: string;
}

export type CommitProgress =
  | "lock_wait_began"
  | "lock_wait_ended"
  | "lock_acquired"
  | "backup_ended"
  | "replace_ended"
  | "lock_released";

export interface CommitOptions<Held> {
  /** Ends the attempt until the lock is taken; after that it is ignored. */
  readonly signal: AbortSignal;
  /** Called as each thing happens; must not throw, and nothing waits for it. */
  readonly onProgress: (progress: CommitProgress) => void;
  /**
   * Asked under the lock, before anything is replaced, about what is live then; undefined where nothing is. Must not wait for a person
   * or for the network. May be asked more than once: where the store finds that somebody else committed first, about what is live then.
   * @returns why the candidate must not replace it; undefined lets it pass
   */
  readonly admit: (head: Head | undefined) => Held | undefined | Promise<Held | undefined>;
}

export type CommitEnd<Held> =
  | AppliedOutcome
  /** These very bytes are live already. */
  | { readonly kind: "unchanged" }
  | { readonly kind: "held"; readonly held: Held }
  | CancelledOutcome
  | FailedOutcome;

/** What is decided about the live version, without replacing it. */
export interface Decision<Held> {
  readonly by: Author;
  /** The revision that stays from now on: it gets its line in history. null where something else is decided, by `admit`. */
  readonly keeps: number | null;
  /** As for a commit. */
  readonly admit: CommitOptions<Held>["admit"];
}

export type DecisionEnd<Held> =
  | { readonly kind: "decided" }
  | { readonly kind: "held"; readonly held: Held }
  /** Nothing was decided. */
  | { readonly kind: "failed"; readonly trouble: Trouble };

export type AdoptEnd =
  /** Its line of history. */
  | { readonly kind: "adopted"; readonly entry: Revision }
  /** Something else is live. */
  | { readonly kind: "moved" }
  | { readonly kind: "failed"; readonly trouble: Trouble };

/** An upload that was in flight when the process before this one ended, and what became of it. */
export interface InterruptedUpload extends UnfinishedUpload {
  readonly live: ConfigStore;
  /** The line of history that it made; undefined where nothing was changed. */
  readonly entry: Revision | undefined;
}

/** One config in the store. */
export interface ConfigStore extends ConfigReader {
  /** Who holds the config's lock at this moment. */
  readonly holder: Author | undefined;
  /** Whether one of the recent revisions came in this message. */
  readonly hasMessage: (message: MessageReference) => boolean;
  /**
   * Makes the candidate live and keeps what it replaces. Readers get the old version or the new one, never a mix; `applied` is
   * returned when all of it is durable. The same candidate a second time is `unchanged`.
   */
  commit<Held>(candidate: Candidate, options: CommitOptions<Held>): Promise<CommitEnd<Held>>;
  /** Decides while nobody can commit: before or after each commit, never during one. Durable when it resolves. */
  decide<Held>(decision: Decision<Held>): Promise<DecisionEnd<Held>>;
  /**
   * Takes the version with this hash, which somebody made live past Airlock, into history: it is a revision from now on, and what it
   * replaced is kept. Durable when it resolves. Safe to call twice.
   */
  adopt(sha256: string, by: Author): Promise<AdoptEnd>;
  /**
   * Keeps everybody else from committing while `act` goes on, which may wait for whatever it likes: commits and decisions of the store that it
   * gets are made within the same hold. Only where this store itself puts the live file in place; elsewhere that is done on each machine
   * that follows it, which have nothing to hold.
   * @param holder - whom others see while they wait; undefined for nobody in particular
   * @param options - `signal` ends the waiting; `onProgress` is told of the lock alone
   */
  readonly holding?: <Result>(
    holder: Author | undefined,
    options: Pick<CommitOptions<never>, "signal" | "onProgress">,
    act: (held: ConfigStore) => Promise<Result>,
  ) => Promise<Result | CancelledOutcome>;
  /** Calls `listener` with each revision that becomes known from now on. @returns what ends that */
  watch(listener: (entry: Revision) => void): () => void;
  /** Calls `onTouched` where what is live may have been changed, by whomever: a hint, which may never come. @returns what ends that */
  watchLive(onTouched: () => void): () => void;
}
