// One edit past Airlock: what is written down of it, which one it is, what it changed, and what became of it.
import { z } from "zod";
import type { Drift } from "../model/drift-event.ts";
import type { Inspector } from "../model/inspector.ts";
import { type Author, type Revision, sha256Schema } from "../model/revision.ts";
import type { ConfigStore } from "../store/port.ts";
import { never } from "../model/never.ts";

/** Of the hash, in a button. */
const tagChars = 16;

export const driftSchema = z.object({
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
export type DriftRecord = Readonly<z.infer<typeof driftSchema>>;

/** By it a button knows which edit it is about: bound to the bytes that were shown. */
export function driftTag({ sha256 }: Drift): string {
  return sha256 === null ? "gone" : sha256.slice(0, tagChars);
}

export function isSame(one: Drift, other: Drift): boolean {
  return one.sha256 === other.sha256 && one.before?.revision === other.before?.revision;
}

/**
 * What it changed, and what today's rules say against it.
 * @returns undefined where it is live no more
 */
export async function describeEdit(
  live: ConfigStore,
  { sha256, before }: Drift,
  inspector: Pick<Inspector, "check" | "compare">,
) {
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

/** The edit became a revision when the bot started, and nobody has decided. */
export function isTakenIn(newest: Revision, { sha256, before }: Drift): boolean {
  return newest.sha256 === sha256 && newest.revision === (before?.revision ?? 0) + 1;
}

/** By history, once the edit is not live any more. */
export function endOf(
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
