// What is asked for: one change of one config, wherever its bytes come from, and who watches its way.
import type { Outcome } from "../model/outcome.ts";
import type { Fault } from "../model/problem.ts";
import type { Author, MessageReference } from "../model/revision.ts";
import type { Trouble } from "../model/trouble.ts";
import type { Work } from "../model/upload-event.ts";
import type { Place } from "../store/journal.ts";
import type { ConfigStore } from "../store/port.ts";

/** How a change that somebody asks for came about. */
export const requestHows = ["upload", "rollback", "undo", "value", "scheduled"] as const;

export type Received =
  | { readonly kind: "received"; readonly bytes: Uint8Array }
  /** The document itself is at fault: too large, say. Told as its one problem. */
  | { readonly kind: "refused"; readonly fault: Fault }
  /** The way to it is at fault. */
  | { readonly kind: "failed"; readonly trouble: Trouble }
  | { readonly kind: "aborted" };

export interface UploadRequest {
  readonly live: ConfigStore;
  readonly author: Author;
  readonly how: (typeof requestHows)[number];
  /** `check` only validates and compares; nothing is saved, counted or locked. */
  readonly purpose: "apply" | "check";
  readonly reason: string | null;
  /** The chat where it was asked for, so that /cancel there ends it, and where its way is shown; null for none. */
  readonly place: Place | null;
  /** Where it stands in the order in which things were asked for; what was asked for later has more. Only for a chat. */
  readonly arrival?: number;
  /** The message that it came in, for history; null for rollbacks and undos. */
  readonly message: MessageReference | null;
  /** A request with the same key is the same request, delivered again. */
  readonly key: string;
  /**
   * The version that the change was made from: `given` is the one that the author was last given, where that is known;
   * a hash is the one that they were shown. `madeFromSha256` is the one that the bytes were edited from, where that is another:
   * what others changed between the two is no edit of the author's.
   */
  readonly base: "given" | { readonly sha256: string; readonly madeFromSha256?: string | null };
  /** Its author was never given a version to make it from, and it has waited since; with `given` that is looked up. */
  readonly baseless?: boolean;
  /** When it is to be made, ISO 8601, UTC: until then it waits. Missing for one that is made now. */
  readonly dueAt?: string | null;
  /**
   * Called before its last word is told.
   * @returns whether it is to be told
   */
  readonly onOutcome?: (outcome: Outcome) => Promise<boolean>;
  /** Those who have approved it; with nobody in it, its author has confirmed it. What that counts for is the gates' to say. */
  readonly agreed?: readonly Author[];
  /** Its author knows that its guard fails. */
  readonly guardIsKnown?: boolean;
  /** A version that was live once may be wanted back though today's schema refuses it. */
  readonly unchecked: boolean;
  /**
   * Fetches the document; ends early with `aborted` when the signal is.
   * @param onWork - told how far a download is, as often as that changes
   */
  receive(signal: AbortSignal, onWork: (work: Work) => void): Promise<Received>;
}

/** Shows one upload's way. Nothing waits for its stages. */
export interface UploadWatcher {
  /** How far it is with what comes before the lock; undefined when that is over. Told often, and costs nothing. */
  working(work: Work | undefined): void;
  /** @param holder - who else holds the lock at this moment */
  saving(holder: Author | undefined): void;
  /** It is in place, and its service is to take it. */
  serving(): void;
  /** The upload's job ends when this resolves; it does not reject. */
  finished(outcome: Outcome): Promise<void>;
}
