// Uploads that a stop or a crash interrupted: what the store found of them, and what follows from it before anybody is told.
import type { Comparison } from "../model/comparison.ts";
import type { Inspector } from "../model/inspector.ts";
import type { SetBack } from "../model/outcome.ts";
import type { Revision } from "../model/revision.ts";
import { isMessageKey } from "../store/journal.ts";
import type { InterruptedUpload } from "../store/port.ts";
import type { Bases } from "./bases.ts";
import { setBackBy } from "./set-back.ts";

export interface InterruptedChange extends InterruptedUpload {
  /** What it changed; null where nothing was, or there is nothing to compare with. */
  readonly changes: Comparison | null;
  /** What it took back, unseen, of somebody else's change. */
  readonly setBack: SetBack | null;
}

interface TakeUpOptions {
  readonly inspector: Inspector;
  readonly bases: Bases;
  readonly report: (what: string, error: unknown) => void;
}

/** Their own change is what these admins have seen last. A comparison that fails changes nothing, and is reported. */
export async function takeUpInterrupted(
  interrupted: readonly InterruptedUpload[],
  options: TakeUpOptions,
): Promise<readonly InterruptedChange[]> {
  const taken: InterruptedChange[] = [];
  for (const each of interrupted) {
    const done = each.entry === undefined ? nothing : await takeUp(each, each.entry, options);
    taken.push({ ...each, ...done });
  }
  return taken;
}

const nothing = { changes: null, setBack: null };

async function takeUp(
  { live, upload: { author, key } }: InterruptedUpload,
  entry: Revision,
  { inspector, bases, report }: TakeUpOptions,
): Promise<Pick<InterruptedChange, "changes" | "setBack">> {
  const base = author === null ? undefined : await bases.read(author.id, live.config.id);
  if (author !== null) await bases.write(author.id, live.config.id, entry.sha256);
  try {
    const before = await live.replacedBy(entry);
    const made = await live.find(entry.revision);
    if (before === undefined || made.kind !== "found") return nothing;
    const changes = await inspector.compare(before.bytes, made.version.bytes);
    // Whoever had taken the very version that they replaced has seen it. Where their own is noted already, that is not known any more.
    const isSeen = !isMessageKey(key, "apply") || base === entry.previous_sha256;
    if (isSeen) return { changes, setBack: null };
    const [, replaced = null] = await live.page(entry.revision, 2);
    const versions = { before, made: made.version };
    return { changes, setBack: await setBackBy(live, entry, versions, replaced, inspector) };
  } catch (error) {
    report(`${live.config.path}: comparing a change with the version before`, error);
    return nothing;
  }
}
