// How far a change moves values: against what is live, and against what was live a day before, so that small steps add up.
import type { Excess } from "../../model/excess.ts";
import type { Inspector } from "../../model/inspector.ts";
import type { Revision } from "../../model/revision.ts";
import type { Version } from "../../model/version.ts";
import type { ConfigReader } from "../../store/port.ts";

const dayMs = 24 * 60 * 60 * 1000;
const pageLength = 100;

/** What a change moves beyond its limits: `hard` refuses it, the rest waits for somebody's answer. */
export interface BeyondLimits {
  readonly hard: boolean;
  /** The first ones of `total`; none where the versions cannot be compared. */
  readonly excesses: readonly Excess[];
  readonly total: number;
}

/**
 * @param candidate - already validated
 * @param live - what it is to replace; undefined where nothing is live
 * @param lastDay - as {@link revisionsOfLastDay} finds them
 * @returns undefined where nothing is beyond a limit
 */
export async function beyondLimits(
  config: ConfigReader,
  candidate: Uint8Array,
  live: Version | undefined,
  lastDay: readonly Revision[],
  inspector: Pick<Inspector, "limits">,
): Promise<BeyondLimits | undefined> {
  const { limits } = config.config.rules;
  if (limits.length === 0) return undefined;
  const dayAgo = await oldestKept(config, lastDay);
  const versions = { candidate, live: live?.bytes ?? null, dayAgo: dayAgo?.bytes ?? null };
  const judged = await inspector.limits(versions, limits);
  switch (judged.kind) {
    case "within":
      return undefined;
    case "unknown":
      return { hard: false, excesses: [], total: 0 };
    case "beyond":
    case "refused":
      return { hard: judged.kind === "refused", excesses: judged.excesses, total: judged.total };
    default:
      return judged satisfies never;
  }
}

/** Those that were live at some time within the last day, oldest first: the first one was made before it, if there is one that old. */
export async function revisionsOfLastDay(
  config: ConfigReader,
  nowMs: number,
): Promise<readonly Revision[]> {
  const sinceMs = nowMs - dayMs;
  const found: Revision[] = [];
  for (let newest = config.newest?.revision ?? 0; newest > 0; newest -= pageLength) {
    const page = await config.page(newest, pageLength);
    const before = page.findIndex(({ at }) => Date.parse(at) <= sinceMs);
    found.push(...(before === -1 ? page : page.slice(0, before + 1)));
    if (before !== -1) break;
  }
  return found.toReversed();
}

/** Where the bytes of a day ago are pruned, the oldest that are kept since. */
async function oldestKept(
  config: ConfigReader,
  revisions: readonly Revision[],
): Promise<Version | undefined> {
  for (const { revision } of revisions) {
    const found = await config.find(revision);
    if (found.kind === "found") return found.version;
  }
  return undefined;
}
