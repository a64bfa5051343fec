// A change that waits for Keep, as it is written down, and what history says became of it.
import { z } from "zod";
import { guardDoubtSchema, guardFailureSchema } from "../../model/guard.ts";
import type { KeepEvent } from "../../model/keep-event.ts";
import type { KeepNote } from "../../model/outcome.ts";
import { authorSchema, type Revision } from "../../model/revision.ts";
import type { Candidate, ConfigStore, Head } from "../../store/port.ts";
import { takenBackIn } from "./take.ts";

/** How often it may be given more time. */
export const extensionsMax = 3;
/** What `10 more minutes` adds. */
const extensionMs = 10 * 60 * 1000;

const versionSchema = z.object({ revision: z.int().positive(), sha256: z.string() });

export const keepSchema = versionSchema.extend({
  configId: z.string(),
  /** What it goes back to. */
  previous: versionSchema,
  /** Whose change waits. */
  author: authorSchema,
  /** When it goes back by itself, ISO 8601. */
  until: z.iso.datetime(),
  /** How often it was given more time. */
  extended: z.int().nonnegative(),
  /** Its guard failed: it goes back at once. */
  failure: guardFailureSchema.optional(),
  /** Its guard could not tell, and people were or are to be asked for Keep. */
  doubt: guardDoubtSchema.extend({ isTold: z.boolean() }).optional(),
});

export type Keep = Readonly<z.infer<typeof keepSchema>>;

export function keyOf({ configId, revision }: Keep): string {
  return `${configId}-${revision}`;
}

/**
 * The record of a change that is about to go live; undefined where it does not wait.
 * @param head - what is live
 */
export function keepOf(
  { config: { id, rules }, newest }: ConfigStore,
  { version, author }: Candidate,
  head: Head | undefined,
  nowMs: number,
): Keep | undefined {
  if (rules.keepMs === null || head === undefined || author === null) return undefined;
  // An edit by hand gets its number as it is replaced.
  const revision = head.revision ?? (newest?.revision ?? 0) + 1;
  return {
    configId: id,
    revision: revision + 1,
    sha256: version.sha256,
    previous: { revision, sha256: head.sha256 },
    author,
    until: new Date(nowMs + rules.keepMs).toISOString(),
    extended: 0,
  };
}

/** @param leftMs - what is left of its time: where the wall clock was set meanwhile, `until` does not tell that */
export function longer(keep: Keep, nowMs: number, leftMs: number): Keep {
  const until = new Date(nowMs + Math.max(0, leftMs) + extensionMs).toISOString();
  return { ...keep, until, extended: keep.extended + 1 };
}

export function deadlineOf(keep: Keep): string {
  return `keep:${keyOf(keep)}`;
}

export function noteOf({ previous, until, extended }: Keep): KeepNote {
  return { backTo: previous.revision, until, mayExtend: extended < extensionsMax };
}

export function originOf(
  { config }: ConfigStore,
  keep: Keep,
): Pick<KeepEvent, "config" | "revision" | "note" | "failure"> {
  const { revision, failure = null } = keep;
  return { config, revision, note: noteOf(keep), failure };
}

export function isKept({ lastKept }: ConfigStore, { revision }: Keep): boolean {
  return lastKept?.kept === revision;
}

/** The line of history that took it back. */
export function revertedIn(live: ConfigStore, { revision }: Keep): Revision | undefined {
  return takenBackIn(live, revision);
}
