// Which of several processes acts for all of them: one at a time, under a lease. The others wait. Whoever leads compares what it put there
// in each of its transactions (the fence), so that one that hung, and believes in its lease still, changes nothing.
import { z } from "zod";
import { refusedBecause, refusalOrThrow } from "../../model/trouble.ts";
import type { ReportTrouble } from "../backing.ts";
import type { Gateway } from "./gateway.ts";
import { type Fence, isAbsent, type Kv, type KeyValue, put, read } from "./kv.ts";
import { type Lease, takeLease } from "./lease.ts";
import { jsonOf } from "../../model/json.ts";
import { randomId } from "./stored-revision.ts";
import { pause } from "../../model/pause.ts";

/** Another takes over so long after the one that led was killed, at the latest, and the second or two that it takes to notice. */
const leaseSeconds = 8;
/** By then a lease that was not renewed is nearly over: whether it is held has to be asked. */
const trustedMs = leaseSeconds * 1000 - 2000;
const lookEveryMs = 1000;
/** Admins wait for it. */
const askedWithinMs = 3000;

const leaderSchema = z.object({ name: z.string().max(300), attempt: z.string().max(64) });

export interface Leading {
  readonly fence: Fence;
  /** Aborted when this process learns that another may lead. */
  readonly lost: AbortSignal;
  /** A transaction found that another leads. */
  fenced(): void;
  /** Asks etcd where this process has not heard of its lease for too long: it may have hung. True while nobody answers. */
  isStill(): Promise<boolean>;
  /** Lets others lead at once. */
  stepDown(): Promise<void>;
}

export interface Candidacy {
  readonly gateway: Gateway;
  readonly kv: Kv;
  readonly key: string;
  /** By which others know this process: the machine's name. */
  readonly name: string;
  readonly report: ReportTrouble;
}

export type Campaign =
  | { readonly kind: "leads"; readonly leading: Leading }
  | { readonly kind: "other"; readonly name: string };

/** Waits until this process leads. @returns undefined where `signal` was aborted first */
export async function waitToLead(
  candidacy: Candidacy,
  signal: AbortSignal,
): Promise<Leading | undefined> {
  /** Told once, and not every second. */
  let told: string | undefined;
  while (!signal.aborted) {
    try {
      const campaign = await tryToLead(candidacy);
      if (campaign.kind === "leads") {
        if (!signal.aborted) return campaign.leading;
        await campaign.leading.stepDown();
        return undefined;
      }
    } catch (error) {
      const trouble = refusalOrThrow(error);
      if (told !== trouble.code) candidacy.report("asking which bot leads", error);
      told = trouble.code;
    }
    await pause(lookEveryMs, signal);
  }
  return undefined;
}

/** @returns the name of the one that leads; undefined where none does, or etcd does not answer */
export async function leaderName({ kv, key }: Candidacy): Promise<string | undefined> {
  try {
    const [leader] = (await kv.range(key)).kvs;
    return leader && nameIn(leader);
  } catch (error) {
    if (refusedBecause(error) === undefined) throw error;
    return undefined;
  }
}

/** @throws Refusal */
export async function tryToLead(candidacy: Candidacy): Promise<Campaign> {
  const { gateway, kv, key, name, report } = candidacy;
  const [leader] = (await kv.range(key)).kvs;
  if (leader !== undefined) return { kind: "other", name: nameIn(leader) };
  const lease = await takeLease(gateway, leaseSeconds, report);
  try {
    const attempt = randomId();
    const { succeeded, revision, ranges } = await kv.transact({
      compare: [isAbsent(key)],
      success: [put(key, JSON.stringify({ name, attempt }), lease.id)],
      failure: [read(key)],
    });
    if (succeeded)
      return { kind: "leads", leading: leadingBy(lease, { key, modRevision: revision }) };
    const found = ranges[0]?.[0];
    // Sent before, and its answer was lost.
    if (found !== undefined && leaderIn(found)?.attempt === attempt) {
      const { modRevision } = found;
      return { kind: "leads", leading: leadingBy(lease, { key, modRevision }) };
    }
    await lease.release();
    return { kind: "other", name: found === undefined ? "" : nameIn(found) };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

function leadingBy(lease: Lease, fence: Fence): Leading {
  const fenced = new AbortController();
  const lost = AbortSignal.any([lease.ended, fenced.signal]);
  return {
    fence,
    lost,
    fenced: () => fenced.abort(),
    async isStill() {
      if (lost.aborted) return false;
      if (performance.now() - lease.heldAtMs < trustedMs) return true;
      return (await lease.isHeld({ withinMs: askedWithinMs })) !== false && !lost.aborted;
    },
    stepDown: () => lease.release(),
  };
}

function leaderIn({ value }: KeyValue): z.infer<typeof leaderSchema> | undefined {
  return leaderSchema.safeParse(jsonOf(value.toString("utf8"))).data;
}

function nameIn(found: KeyValue): string {
  return leaderIn(found)?.name ?? "";
}
