// What follows once a change is live, with the config's lock held: the service is to take it, or the version before goes live again and the
// service is to take that. Every step is safe to be made again by the next process.
import { randomUUID } from "node:crypto";
import type { Revision } from "../../model/revision.ts";
import type {
  ServiceEnd,
  ServiceEvent,
  ServiceFault,
  ServiceProof,
  Stays,
} from "../../model/service-proof.ts";
import { Refusal, refusedBecause } from "../../model/trouble.ts";
import type { Journal } from "../../store/journal.ts";
import type { ConfigStore, Head } from "../../store/port.ts";
import { never } from "../../model/never.ts";

export interface TakeContext {
  /** Tells the service of this config that this revision is live, and has it prove that it runs with it. */
  readonly prove: (live: ConfigStore, entry: Revision) => Promise<ServiceProof>;
  readonly journal: Pick<Journal, "began" | "ended">;
  readonly tell: (event: ServiceEvent) => void;
  /** Told of trouble that keeps a version from being put back. */
  readonly report: (what: string, error: unknown) => void;
}

export interface Taking {
  /** Why the service did not take it, where the process before this one found that. */
  readonly fault: ServiceFault | null;
  /** Durable when it resolves: from now on it is being put back. */
  readonly onFault: (fault: ServiceFault) => Promise<void>;
}

/** The line of history that took this revision back by rule. */
export function takenBackIn(
  live: Pick<ConfigStore, "since">,
  revision: number,
): Revision | undefined {
  return live.since(revision).find(({ reverts }) => reverts === revision);
}

/** @param held - with its lock held @param entry - of what went live, and still is, or was put back already */
export async function takeHoldingLock(
  held: ConfigStore,
  entry: Revision,
  taking: Taking,
  context: TakeContext,
): Promise<ServiceEnd> {
  const configId = held.config.id;
  const { revision } = entry;
  const fault = taking.fault ?? (await faultOf());
  if (typeof fault === "string") return { kind: "taken", as: fault };
  const stays = (because: Stays["because"]): Stays => ({ kind: "stays", fault, because });
  // A going back is never gone back on: that could go on for ever.
  if (entry.how === "reverted") return stays("going_back");
  if (entry.previous_sha256 === null) return stays("first");
  if (taking.fault === null) await taking.onFault(fault);
  const back = takenBackIn(held, revision) ?? (await putBackHoldingLock(held, entry, context));
  if (typeof back === "string") return stays(back);
  context.tell({ kind: "asked", configId, revision: back.revision });
  const proof = await context.prove(held, back);
  const again = proof.kind === "refused" ? proof.fault : null;
  return { kind: "put_back", fault, backTo: revision - 1, revision: back.revision, again };

  async function faultOf(): Promise<ServiceFault | "proven" | "told"> {
    context.tell({ kind: "asked", configId, revision });
    const proof = await context.prove(held, entry);
    if (proof.kind !== "refused") return proof.kind;
    context.tell({ kind: "refused", configId, revision, fault: proof.fault });
    return proof.fault;
  }
}

/** Makes the version before live again, only while what replaced it still is. @returns its new line of history, or why there is none */
async function putBackHoldingLock(
  held: ConfigStore,
  entry: Revision,
  { journal, report }: TakeContext,
): Promise<Revision | "moved" | "not_kept" | "failed"> {
  const { id, fileName } = held.config;
  const key = `revert:${id}:${entry.revision}:${randomUUID()}`;
  try {
    const version = await held.replacedBy(entry);
    if (version === undefined) return "not_kept";
    const change = { key, how: "reverted", author: null, reason: null, message: null } as const;
    const reverts = entry.revision;
    await journal.began({ ...change, reverts, config: id, file: fileName, place: null });
    const end = await held.commit<"moved">(
      { ...change, reverts, version },
      {
        signal: never,
        onProgress: () => {},
        admit: (head: Head | undefined) => (head?.sha256 === entry.sha256 ? undefined : "moved"),
      },
    );
    journal.ended(key);
    if (end.kind === "held" || end.kind === "unchanged") return "moved";
    if (end.kind === "failed") report(`putting back ${fileName}`, new Refusal(end.trouble));
    // Where what had to follow failed, it is live all the same.
    return takenBackIn(held, entry.revision) ?? "failed";
  } catch (error) {
    if (refusedBecause(error) === undefined) throw error;
    report(`putting back ${fileName}`, error);
    journal.ended(key);
    return "failed";
  }
}
