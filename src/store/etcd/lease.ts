// A lease in etcd: what is put under it is gone soon after the process that holds it. Nothing that must be right leans on it: a process
// that hung for longer than that still believes in it.
import { z } from "zod";
import { refusedBecause } from "../../model/trouble.ts";
import type { CallOptions, Gateway } from "./gateway.ts";
import { pause } from "../../model/pause.ts";

/** Of a machine's report. Whoever is silent is unseen after 10 s; etcd takes half a second to notice, whoever looks up to two. */
export const reportLeaseSeconds = 7;
/** Of the time that a lease lasts, between two renewals. */
const renewals = 4;

const idText = z.string().regex(/^-?\d{1,20}$/);
const grantedSchema = z.object({ ID: idText, TTL: z.string() });
/** The gateway leaves out a time of 0, which is what is left of a lease that has ended. */
const renewedSchema = z.object({
  result: z.object({ ID: idText, TTL: z.string().default("0") }),
});

export interface Lease {
  /** For `put`. */
  readonly id: string;
  /** When it was last asked for with success, by the clock of performance.now(). */
  readonly heldAtMs: number;
  /** Aborted when etcd says that it has ended, or with {@link Lease.release}. That etcd does not answer says nothing. */
  readonly ended: AbortSignal;
  /** Asks etcd now, and renews it. @returns undefined where etcd does not answer in time */
  isHeld(options?: Pick<CallOptions, "withinMs">): Promise<boolean | undefined>;
  /** Ends it, and what is under it, where etcd answers. Harmless when called twice. */
  release(): Promise<void>;
}

/**
 * Takes a lease and renews it until it is released.
 * @param seconds - how long it lasts when it is not renewed
 * @param report - told where a renewal got no answer; it is tried again
 * @throws Refusal
 */
export async function takeLease(
  gateway: Gateway,
  seconds: number,
  report: (what: string, error: unknown) => void,
): Promise<Lease> {
  let heldAtMs = performance.now();
  const { ID: id } = await gateway.call("/v3/lease/grant", { TTL: String(seconds) }, grantedSchema);
  const ending = new AbortController();
  const { signal } = ending;

  async function renew(options: Pick<CallOptions, "withinMs">): Promise<boolean> {
    const askedAtMs = performance.now();
    const { result } = await gateway.call("/v3/lease/keepalive", { ID: id }, renewedSchema, {
      ...options,
      signal,
    });
    if (result.TTL === "0") ending.abort();
    else heldAtMs = askedAtMs;
    return result.TTL !== "0";
  }

  async function isHeld(options: Pick<CallOptions, "withinMs"> = {}): Promise<boolean | undefined> {
    if (signal.aborted) return false;
    try {
      return await renew(options);
    } catch (error) {
      if (refusedBecause(error) === undefined) throw error;
      if (signal.aborted) return false;
      report("renewing a lease in etcd", error);
      return undefined;
    }
  }

  async function renewAgainAndAgain(): Promise<void> {
    while (!signal.aborted) {
      await pause((seconds * 1000) / renewals, signal, false);
      await isHeld();
    }
  }

  const renewing = renewAgainAndAgain();
  return {
    id,
    get heldAtMs() {
      return heldAtMs;
    },
    ended: signal,
    isHeld,
    async release() {
      if (!signal.aborted) {
        ending.abort();
        try {
          await gateway.call("/v3/lease/revoke", { ID: id }, z.object({}));
        } catch (error) {
          // It ends by itself, or has ended.
          if (refusedBecause(error) === undefined) throw error;
        }
      }
      await renewing;
    },
  };
}
