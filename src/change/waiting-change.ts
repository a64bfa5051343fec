// A change that waits for a word, whoever's that is: what it is, and how it goes on when the word has come. Bound by its hash to the version
// that was live when it was shown. Who may say the word, and until when, is told by parked-changes.ts and proposals.ts.
import { z } from "zod";
import { messageSchema, sha256Schema } from "../model/revision.ts";
import type { ConfigStore } from "../store/port.ts";
import type { EditOrigin } from "./gates/stale.ts";
import { requestHows, type UploadRequest } from "./upload-request.ts";

export const waitingChangeSchema = z.object({
  configId: z.string(),
  how: z.enum(requestHows),
  reason: z.string().nullable(),
  /** The message that the file came in; null for a rollback, and from the command line. */
  message: messageSchema.nullable(),
  /** The version that the bytes were made from, where that is known and another than the one shown: a merge, a stale edit. */
  baseSha256: sha256Schema.nullable(),
  /** Its author was never given a version to make it from. */
  baseless: z.boolean().default(false),
  /** Today's schema refuses it, and its author was told. */
  unchecked: z.boolean(),
  /** When it is to be made, where that is later; ISO 8601, UTC. */
  dueAt: z.iso.datetime().nullable().default(null),
});

/** A version that waits, beside its note. */
export interface WithBytes {
  readonly bytes: Uint8Array;
}

type WaitingChange = Readonly<z.infer<typeof waitingChangeSchema>> & WithBytes;

/** @param edit - what it was compared with */
export function waitingOf(
  request: UploadRequest,
  edit: EditOrigin,
  bytes: Uint8Array,
): WaitingChange {
  const { live, how, reason, message, unchecked, base, dueAt = null } = request;
  return {
    configId: live.config.id,
    how,
    reason,
    message,
    baseSha256: base === "given" ? null : (base.madeFromSha256 ?? null),
    baseless: isBaseless(request, edit),
    unchecked,
    dueAt,
    bytes,
  };
}

/** @param edit - what it was compared with */
export function isBaseless(
  { how, base, baseless = false }: Pick<UploadRequest, "how" | "base" | "baseless">,
  { baseSha256 }: EditOrigin,
): boolean {
  return how === "upload" && (base === "given" ? baseSha256 === null : baseless);
}

/** A request that goes on with what has waited; whose it is, and where it is shown, is for who starts it. */
export type ContinuedRequest = Omit<UploadRequest, "author" | "place">;

/**
 * As it was shown, to be made now: where another version is live by then, it is stale for its author.
 * @param shownSha256 - what was live when it was shown
 */
export function goOn(
  live: ConfigStore,
  key: string,
  { how, reason, message, baseSha256, baseless, unchecked, dueAt, bytes }: WaitingChange,
  shownSha256: string,
): ContinuedRequest {
  return {
    live,
    how,
    purpose: "apply",
    reason,
    message,
    key,
    base: { sha256: shownSha256, madeFromSha256: baseSha256 },
    baseless,
    unchecked,
    dueAt,
    receive: () => Promise.resolve({ kind: "received", bytes }),
  };
}
