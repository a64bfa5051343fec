// What each revision changed, in short, for lists of them. Two versions that are known by their hashes never differ otherwise later, so what was
// found is remembered.
import type { ChangeSummary, Comparison } from "../model/comparison.ts";
import type { Inspector } from "../model/inspector.ts";
import type { Revision } from "../model/revision.ts";
import type { ConfigReader } from "../store/port.ts";
import { createRecentMap } from "./recent.ts";
import { changesOf } from "./versions.ts";

const rememberedMax = 1000;
/** What takes longer is left out of the list this time, and is there when the list is looked at again. */
const listTimeoutMsMax = 3000;

export interface ChangeSummaries {
  /**
   * One after another, so that large files take no more than one thread.
   * @param entries - whose changes are wanted; of those that are not there in time, or whose bytes are no longer kept, nothing is said
   */
  of(
    config: ConfigReader,
    entries: readonly Revision[],
  ): Promise<ReadonlyMap<Revision, ChangeSummary>>;
}

/** @param report - told of what could not be compared */
export function createChangeSummaries(
  inspector: Pick<Inspector, "compare">,
  report: (what: string, error: unknown) => void,
  listTimeoutMs = listTimeoutMsMax,
): ChangeSummaries {
  const known = createRecentMap<string, Promise<ChangeSummary | null>>(rememberedMax);

  function summaryOf(config: ConfigReader, entry: Revision): Promise<ChangeSummary | null> {
    const key = `${entry.previous_sha256 ?? ""} ${entry.sha256}`;
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const found = compare(config, entry).catch((error: unknown) => {
      report("comparing a revision with the one before", error);
      return null;
    });
    const summary = found.then((comparison) => {
      // It may be there again, as where a folder was not mounted.
      if (comparison === null) known.delete(key);
      return comparison && summarized(comparison);
    });
    known.set(key, summary);
    return summary;
  }

  async function compare(config: ConfigReader, entry: Revision): Promise<Comparison | null> {
    return entry.previous_sha256 === null ? null : changesOf(config, entry, inspector);
  }

  return {
    async of(config, entries) {
      const found = new Map<Revision, ChangeSummary>();
      let isOver = false;
      const collect = async (): Promise<void> => {
        for (const entry of entries) {
          if (isOver) return;
          const summary = await summaryOf(config, entry);
          if (summary !== null && !isOver) found.set(entry, summary);
        }
      };
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, listTimeoutMs);
      });
      await Promise.race([collect(), limit]);
      clearTimeout(timer);
      isOver = true;
      return found;
    },
  };
}

function summarized(comparison: Comparison): ChangeSummary | null {
  switch (comparison.kind) {
    case "keys": {
      const [first] = comparison.changes;
      return first === undefined ? null : { kind: "keys", first, total: comparison.total };
    }
    case "formatting":
      return comparison;
    case "same":
    case "text":
      return null;
    default:
      return comparison satisfies never;
  }
}
