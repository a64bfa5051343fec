// Follows the store until every file of this machine is written, and no longer: for a first boot, before the service starts.
import { setTimeout as sleep } from "node:timers/promises";
import type { FollowEvent } from "../model/follow-event.ts";
import type { FollowedStore } from "../store/followed.ts";
import type { ConfigFollower } from "./follow-config.ts";

/** The store is asked for so long before it counts as away: each endpoint is tried some times by then. */
const answerWithinMs = 10_000;
/** And so long for what it has. */
const writtenWithinMs = 60_000;
const lookEveryMs = 100;

interface NotWritten {
  readonly config: ConfigFollower["config"];
  readonly because:
    | { readonly kind: "no_answer" }
    | { readonly kind: "not_in_store" }
    | { readonly kind: "not_yet" }
    /** Of one that tried. */
    | Extract<FollowEvent, { readonly kind: "not_valid" | "not_written" }>;
}

export interface OnceEnd {
  /** Whether the store answered: else the files that are there are those of before. */
  readonly isFresh: boolean;
  readonly notWritten: readonly NotWritten[];
}

/** @param lastEvent - the newest refusal of a config */
export async function untilWritten(
  configs: readonly ConfigFollower[],
  store: Pick<FollowedStore, "answeredMs" | "keptOut" | "newest">,
  lastRefusal: (config: ConfigFollower) => FollowEvent | undefined,
): Promise<OnceEnd> {
  const beganMs = performance.now();
  const passedMs = (): number => performance.now() - beganMs;
  while (
    store.answeredMs === undefined &&
    store.keptOut === undefined &&
    passedMs() < answerWithinMs
  ) {
    await sleep(lookEveryMs);
  }
  const isFresh = store.answeredMs !== undefined;
  for (;;) {
    const notWritten = configs.flatMap((each) => {
      const because = whyNot(each, store, isFresh, lastRefusal(each));
      return because === undefined ? [] : [{ config: each.config, because }];
    });
    const isOver = notWritten.every(({ because }) => because.kind !== "not_yet");
    if (isOver || passedMs() > writtenWithinMs) return { isFresh, notWritten };
    await sleep(lookEveryMs);
  }
}

function whyNot(
  { config, inPlace, state }: ConfigFollower,
  store: Pick<FollowedStore, "newest">,
  isFresh: boolean,
  refusal: FollowEvent | undefined,
): NotWritten["because"] | undefined {
  const newest = store.newest(config.id)?.revision;
  if (!isFresh) return inPlace === undefined ? { kind: "no_answer" } : undefined;
  if (newest === undefined) return { kind: "not_in_store" };
  if (refusal?.kind === "not_valid" || refusal?.kind === "not_written") return refusal;
  // Where another machine goes first, what was written before is what this one has for now.
  const isWaiting = state?.revision === newest && state.stage === "fetched";
  return inPlace === newest || (inPlace !== undefined && isWaiting)
    ? undefined
    : { kind: "not_yet" };
}
