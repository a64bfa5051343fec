// Uploads that a stop or a crash interrupted: what the store found of them, and what follows from it before anybody is told.
import type { Inspector } from "../model/inspector.ts";
import type { Revision } from "../model/revision.ts";
import { isMessageKey } from "../store/journal.ts";
import type { InterruptedUpload } from "../store/port.ts";
import type { Bases } from "./bases.ts";
import { type Replaced, replacedBy } from "./set-back.ts";

export interface InterruptedChange extends InterruptedUpload, Replaced {}

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
): Promise<Replaced> {
  const base = author === null ? undefined : await bases.read(author.id, live.config.id);
  if (author !== null) await bases.write(author.id, live.config.id, entry.sha256);
  try {
    const made = await live.find(entry.revision);
    if (made.kind !== "found") return nothing;
    // Whoever had taken the very version that they replaced has seen it. Where their own is noted already, that is not known any more.
    const isSeen = !isMessageKey(key, "apply") || base === entry.previous_sha256;
    const [, replaced = null] = await live.page(entry.revision, 2);
    return await replacedBy(live, entry, made.version, isSeen ? null : replaced, inspector);
  } catch (error) {
    report(`${live.config.path}: comparing a change with the version before`, error);
    return nothing;
  }
}
