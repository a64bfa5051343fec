// Uploads that a stop or a crash interrupted: what the store found of them, and what follows from it before anybody is told.
import type { Comparison } from "../model/comparison.ts";
import type { Inspector } from "../model/inspector.ts";
import type { InterruptedUpload } from "../store/port.ts";
import type { Bases } from "./bases.ts";
import { changesOf } from "./versions.ts";

export interface InterruptedChange extends InterruptedUpload {
  /** What it changed; null where nothing was, or there is nothing to compare with. */
  readonly changes: Comparison | null;
}

/** Their own change is what these admins have seen last. A comparison that fails changes nothing, and is reported. */
export async function takeUpInterrupted(
  interrupted: readonly InterruptedUpload[],
  {
    inspector,
    bases,
    report,
  }: {
    readonly inspector: Inspector;
    readonly bases: Bases;
    readonly report: (what: string, error: unknown) => void;
  },
): Promise<readonly InterruptedChange[]> {
  const taken: InterruptedChange[] = [];
  for (const each of interrupted) {
    const { entry, live, upload } = each;
    let changes: Comparison | null = null;
    if (entry !== undefined) {
      if (upload.author !== null) {
        await bases.write(upload.author.id, live.config.id, entry.sha256);
      }
      try {
        changes = await changesOf(live, entry, inspector);
      } catch (error) {
        report(`${live.config.path}: comparing a change with the version before`, error);
      }
    }
    taken.push({ ...each, changes });
  }
  return taken;
}
