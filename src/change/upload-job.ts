// One upload's way: received, checked, compared with what its admin knows, and handed to the write path. Rollbacks and
// undos go the same way; only their bytes come from elsewhere.
import { randomUUID } from "node:crypto";
import { refusedBecause, type Trouble } from "../model/trouble.ts";
import { type Version, versionOf } from "../model/version.ts";
import type { Keeps } from "./after/keep.ts";
import type { Bases } from "./bases.ts";
import { checkedOnly } from "./check.ts";
import type { Attempt, Gates } from "./gates/gates.ts";
import { guardGate, type ReadGuard } from "./gates/guard.ts";
import type { Config } from "../model/config.ts";
import type { Author, Revision } from "../model/revision.ts";
import type { Inspector } from "../model/inspector.ts";
import { wholeDocument } from "../model/problem.ts";
import type { Journal } from "../store/journal.ts";
import type { ConfigStore } from "../store/port.ts";
import { cancelledBy, type Outcome } from "../model/outcome.ts";
import type { ParkedChanges } from "./parked-changes.ts";
import type { Proposals } from "./proposals.ts";
import { parkGuarded } from "./propose.ts";
import type { Schedules } from "./schedules.ts";
import { scheduleChange } from "./schedule-change.ts";
import { type Replaced, replacedBy } from "./set-back.ts";
import { changeEvents, startClock } from "./upload-clock.ts";
import type { UploadRequest, UploadWatcher } from "./upload-request.ts";
import type { UploadEvent } from "../model/upload-event.ts";
import { restoredRevision } from "./versions.ts";
import { isBaseless } from "./waiting-change.ts";
import { attemptOf, endHeld, heldEarly } from "./held-change.ts";

export interface UploadContext {
  readonly inspector: Inspector;
  readonly gates: Gates;
  readonly readGuard: ReadGuard;
  readonly keeps: Pick<Keeps, "commit" | "waits">;
  readonly bases: Bases;
  readonly parked: Pick<ParkedChanges, "park">;
  readonly proposals: Pick<Proposals, "add">;
  readonly schedules: Pick<Schedules, "add" | "lastBefore" | "bytesOf">;
  readonly journal: Journal;
  /** Told of trouble that changes no outcome. */
  readonly report: (what: string, error: unknown) => void;
  readonly onEvent: (event: UploadEvent) => void;
  /**
   * Called when the author knows how it ended.
   * @returns whether the others are told of it too; where not, it stays in the journal, and whoever starts next tells them
   */
  readonly onEnded: (author: Author, config: Config, outcome: Outcome) => boolean;
  /** For bugs: the admin is told what is live, the operator why. */
  readonly onBug: (error: unknown, uploadId: string) => void;
}

/**
 * @param journaled - resolves when the journal has the upload's beginning
 * @param onSaving - called when the upload can no longer be stopped, with what resolves when it has ended on disk
 */
export async function runUpload(
  request: UploadRequest,
  journaled: Promise<void>,
  signal: AbortSignal,
  onSaving: (ended: Promise<unknown>) => void,
  watcher: UploadWatcher,
  context: UploadContext,
): Promise<void> {
  const { live, author, purpose } = request;
  const { inspector, gates, keeps, journal, onBug } = context;
  const report = (what: string, error: unknown): void =>
    context.report(`${live.config.path}: ${what}`, error);
  const uploadId = randomUUID();
  const origin = { configId: live.config.id, userId: author.id, uploadId };
  const onEvent = purpose === "apply" ? context.onEvent : () => {};
  const beganAt = performance.now();
  let version: Version | undefined;
  onEvent({ kind: "began", ...origin });
  const steps = startClock((step, durationMs) => {
    onEvent({ kind: "step_ended", step, durationMs, ...origin });
  });

  /** With no lock held. @returns the bytes, or how the upload ended without them */
  async function receiveAndCheck(): Promise<Uint8Array | Outcome> {
    const received = await request.receive(signal, (work) => watcher.working(work));
    steps.ended("download");
    switch (received.kind) {
      case "received": {
        if (request.unchecked) return received.bytes;
        watcher.working({ kind: "check" });
        const validation = await inspector.check(received.bytes, live.config, signal);
        steps.ended("check");
        if (validation.kind === "aborted") return cancelledBy(signal);
        return validation.kind === "invalid" ? validation : received.bytes;
      }
      case "aborted":
        return cancelledBy(signal);
      case "failed":
        return { kind: "failed", live: "old", trouble: received.trouble };
      case "refused":
        return { kind: "invalid", problems: [wholeDocument(received.fault)], total: 1 };
      default:
        return received satisfies never;
    }
  }

  async function attempt(): Promise<Outcome> {
    const checked = await receiveAndCheck().finally(() => watcher.working(undefined));
    const durationMs = performance.now() - beganAt;
    onEvent({ kind: "stage_ended", stage: "validation", durationMs, ...origin });
    if ("kind" in checked) return checked;
    version = versionOf(checked);
    if (purpose === "check")
      return checkedOnly(attemptOf(request, version, null), gates, inspector);
    const baseSha256 = await baseOf(request, context.bases);
    const attempted = attemptOf(request, version, baseSha256);
    const held = await heldEarly(request, attempted, gates);
    if (held !== undefined) return endHeld(request, attempted, held, context);
    const { dueAt } = attempted;
    if (dueAt === null) return (await heldByGuard(attempted)) ?? save(attempted);
    await journaled;
    return scheduleChange(request, version, dueAt, context);
  }

  async function heldByGuard(attempted: Attempt): Promise<Outcome | undefined> {
    if (request.guardIsKnown === true || live.config.rules.guard === null) return undefined;
    // What changes nothing needs no question.
    if ((await live.readLive())?.sha256 === attempted.candidate.sha256) return undefined;
    const failure = await guardGate(live, context.readGuard, signal);
    return failure && parkGuarded(request, attempted, failure, context);
  }

  async function save(attempted: Attempt): Promise<Outcome> {
    const { candidate } = attempted;
    const others = (): Author | undefined =>
      live.holder?.id === author.id ? undefined : live.holder;
    watcher.saving(others());
    // Written while the document was on its way: nothing of it is on disk before that is durable.
    await journaled;
    const tellEvents = changeEvents(origin, steps, onEvent);
    const { how, reason, message, agreed } = request;
    const changing = keeps.commit(
      live,
      {
        version: candidate,
        key: request.key,
        how,
        author,
        ...(agreed !== undefined && agreed.length > 0 && { approvedBy: agreed }),
        reason,
        message,
      },
      {
        signal,
        admit: (head) => gates.ask(attempted, head),
        onServing: () => watcher.serving(),
        onProgress: (progress) => {
          if (progress === "lock_wait_began" && others() !== undefined) watcher.saving(others());
          if (progress === "lock_acquired") onSaving(changing);
          tellEvents(progress);
        },
      },
    );
    const outcome = await changing;
    switch (outcome.kind) {
      case "applied": {
        const [found] = await Promise.all([
          replacedIn(attempted, outcome.entry, outcome.replaced),
          rememberBase(candidate),
        ]);
        return {
          ...outcome,
          ...found,
          restored: restoredRevision(live, outcome.entry),
          merged: isMerge(request),
          keep: keeps.waits(live.config.id, outcome.entry.revision),
        };
      }
      case "reverted":
        return { ...outcome, changes: (await replacedIn(attempted, outcome.entry)).changes };
      case "unchanged":
        await rememberBase(candidate);
        return outcome;
      case "held":
        return endHeld(request, attempted, outcome.held, context);
      case "failed":
        if (outcome.live === "new") await rememberBase(candidate);
        return outcome;
      case "cancelled":
        return outcome;
      default:
        return outcome satisfies never;
    }
  }

  /** The file is saved: that what it replaced cannot be read or compared changes nothing, and is reported. */
  async function replacedIn(
    { candidate, edit }: Attempt,
    entry: Revision,
    replaced: Revision | null = null,
  ): Promise<Replaced> {
    const unseen = isBaseless(request, edit) ? replaced : null;
    try {
      return await replacedBy(live, entry, candidate, unseen, inspector);
    } catch (error) {
      report("comparing a change with the version before", error);
      return { changes: null, setBack: null };
    }
  }

  /** Their own change is what the author has seen last. */
  async function rememberBase({ sha256 }: Version): Promise<void> {
    try {
      await context.bases.write(author.id, live.config.id, sha256);
    } catch (error) {
      report("remembering what an admin has seen", error);
    }
  }

  let outcome: Outcome;
  try {
    outcome = await attempt();
  } catch (error) {
    const trouble = refusedBecause(error);
    if (trouble === undefined) onBug(error, uploadId);
    else report("an upload outside the write path", error);
    outcome = await afterError(live, version, trouble ?? { code: "unexpected" });
  }
  if (outcome.kind !== "checked") {
    const durationMs = performance.now() - beganAt;
    const counted = outcome.kind === "scheduled" ? "pending" : outcome.kind;
    onEvent({ kind: "finished", outcome: counted, durationMs, ...origin });
  }
  if ((await request.onOutcome?.(outcome)) !== false) await watcher.finished(outcome);
  if (context.onEnded(author, live.config, outcome)) journal.ended(request.key);
}

async function baseOf({ base, author, live }: UploadRequest, bases: Bases): Promise<string | null> {
  return base === "given" ? ((await bases.read(author.id, live.config.id)) ?? null) : base.sha256;
}

/** Made from the very version that it was to replace, which is not the one that its author took: two edits were joined. */
function isMerge({ base }: UploadRequest): boolean {
  return base !== "given" && base.madeFromSha256 === base.sha256;
}

/** Whatever happened, what the admin is told is what is true on disk. */
async function afterError(
  live: ConfigStore,
  candidate: Version | undefined,
  trouble: Trouble,
): Promise<Outcome> {
  const now = await live.readLive().catch(() => undefined);
  const replaced = candidate !== undefined && now?.sha256 === candidate.sha256;
  return replaced
    ? { kind: "failed", live: "new", trouble: { code: "finishing_failed", cause: trouble } }
    : { kind: "failed", live: "old", trouble };
}
