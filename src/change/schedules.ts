// Changes that wait for their time, with their bytes, over restarts. Each is bound to one version, which must be live when it is due: the one
// that is live when it is scheduled, or what another that is due earlier will have made of it by then. What is done when one is due is
// due-schedules.ts.
import { z } from "zod";
import type { ConfigId } from "../model/config-id.ts";
import {
  authorSchema,
  type MessageReference,
  messageSchema,
  sha256Schema,
} from "../model/revision.ts";
import type { Version } from "../model/version.ts";
import type { Records } from "../store/records.ts";
import type { Acted, Deadlines } from "./deadlines.ts";
import { openKeptChanges } from "./kept-changes.ts";

/** Each is as large as a config, on the disk. */
export const schedulesPerConfigMax = 10;

const noteSchema = z.object({
  configId: z.string(),
  author: authorSchema,
  reason: z.string().nullable(),
  /** The message that the file came in. */
  message: messageSchema.nullable(),
  /** Of the request that scheduled it, in the journal. */
  key: z.string(),
  /** ISO 8601, UTC. */
  dueAt: z.iso.datetime(),
  since: z.iso.datetime(),
  /** Of its bytes. */
  sha256: sha256Schema,
  /** Those who have approved it; with nobody in it, its author has confirmed it. null where nobody was asked. */
  agreed: z.array(authorSchema).nullable().default(null),
  /** What must be live when it is due. */
  baseSha256: sha256Schema,
  /** The message that shows it, with its buttons. */
  shown: messageSchema.nullable(),
});

type Note = Readonly<z.infer<typeof noteSchema>>;
export type Schedule = Note & { readonly id: string };
type NewSchedule = Omit<Note, "since" | "shown" | "sha256"> & { readonly version: Version };

export interface Schedules {
  /** Those that wait, the earliest first. */
  readonly waiting: readonly Schedule[];
  find(id: string): Schedule | undefined;
  /** The last of a config's that is due by then. */
  lastBefore(configId: ConfigId, dueAt: string): Schedule | undefined;
  /** undefined where they are gone, or not what was scheduled. */
  bytesOf(schedule: Schedule): Promise<Uint8Array | undefined>;
  /** Durable when it resolves. @returns undefined where as many wait for this config as may. @throws Refusal */
  add(schedule: NewSchedule): Promise<Schedule | undefined>;
  /** Its buttons can be seen there now. @throws Refusal */
  shownIn(id: string, message: MessageReference): Promise<void>;
  /** Takes it back, unless it is being acted on. @returns what waited until then @throws Refusal */
  withdraw(id: string): Promise<Schedule | undefined>;
  /** From now on it waits no more. @throws Refusal */
  ended(id: string): Promise<void>;
  /** Has each acted on when it is due, or `lateMs` after that: those that wait, and those to come. */
  follow(act: ActOnSchedule): void;
}

type ActOnSchedule = (schedule: Schedule, lateMs: number) => Promise<Acted>;

export async function openSchedules(
  store: Records,
  deadlines: Pick<Deadlines, "set" | "clear" | "leftMs">,
  now: () => number,
): Promise<Schedules> {
  const kept = await openKeptChanges<Note>(store, noteSchema);
  const find = (id: string): Schedule | undefined => {
    const note = kept.notes.get(id);
    return note && { id, ...note };
  };
  /** Being acted on, or withdrawn: exactly one of the two is done. */
  const claimed = new Set<string>();
  let acting: ActOnSchedule | undefined;

  const inOrder = (): readonly Schedule[] =>
    [...kept.notes]
      .map(([id, note]) => ({ id, ...note }))
      .toSorted(
        (one, other) =>
          Date.parse(one.dueAt) - Date.parse(other.dueAt) ||
          Date.parse(one.since) - Date.parse(other.since),
      );
  const ofConfig = (configId: string): readonly Schedule[] =>
    inOrder().filter((schedule) => schedule.configId === configId);

  function arm({ id, dueAt }: Schedule): void {
    const act = acting;
    if (act === undefined) return;
    deadlines.set(deadlineKey(id), Date.parse(dueAt), async () => {
      const schedule = find(id);
      if (schedule === undefined || claimed.has(id)) return "done";
      claimed.add(id);
      try {
        return await act(schedule, 0 - (deadlines.leftMs(deadlineKey(id)) ?? 0));
      } finally {
        claimed.delete(id);
      }
    });
  }

  return {
    get waiting() {
      return inOrder();
    },
    find,
    lastBefore: (configId, dueAt) =>
      ofConfig(configId).findLast((each) => Date.parse(each.dueAt) <= Date.parse(dueAt)),
    bytesOf: ({ id }) => kept.bytesOf(id),
    async add({ version: { bytes, sha256 }, ...rest }) {
      if (ofConfig(rest.configId).length >= schedulesPerConfigMax) return undefined;
      const note = { ...rest, sha256, since: new Date(now()).toISOString(), shown: null };
      const schedule = { id: await kept.add(note, bytes), ...note };
      arm(schedule);
      return schedule;
    },
    shownIn: (id, shown) => kept.change(id, (note) => ({ ...note, shown })),
    async withdraw(id) {
      const schedule = find(id);
      if (schedule === undefined || claimed.has(id)) return undefined;
      claimed.add(id);
      try {
        await kept.remove(id);
      } catch (error) {
        // Its time may have come meanwhile.
        if (find(id) !== undefined) arm(schedule);
        throw error;
      } finally {
        claimed.delete(id);
      }
      deadlines.clear(deadlineKey(id));
      return schedule;
    },
    async ended(id) {
      deadlines.clear(deadlineKey(id));
      kept.forget(id);
      await kept.remove(id);
    },
    follow(act) {
      acting = act;
      for (const schedule of inOrder()) arm(schedule);
    },
  };
}

function deadlineKey(id: string): string {
  return `schedule:${id}`;
}
