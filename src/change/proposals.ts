// Changes that wait for other people: kept with their bytes over a restart, each bound to the live version that it was made
// for and to the rules that it was proposed under. What waits for its own author only is in parked-changes.ts.
import { z } from "zod";
import { authorSchema, messageSchema, sha256Schema } from "../model/revision.ts";
import { placeSchema } from "../store/journal.ts";
import { type OneAtATime, oneAtATime } from "../store/one-at-a-time.ts";
import type { Records } from "../store/records.ts";
import type { Deadlines } from "./deadlines.ts";
import { openKeptChanges } from "./kept-changes.ts";
import { waitingChangeSchema, type WithBytes } from "./waiting-change.ts";

/** Of one person. Each is as large as a config, on the disk. */
export const proposalsPerPersonMax = 20;

const approvalSchema = z.object({
  /** How many people must approve. */
  needed: z.int().positive(),
  /** Who may; null for everybody who may write. */
  by: z.array(z.int()).nullable(),
  /** From `at` to `until`. */
  expiresMs: z.number().positive(),
  /** ISO 8601; never after what it is for is to be made. */
  until: z.iso.datetime(),
  given: z.array(authorSchema),
});

const proposalSchema = waitingChangeSchema.extend({
  author: authorSchema,
  /** The author's message that tells its way; null for the command line. */
  place: placeSchema.nullable(),
  /** Its author was told that it waits, in that message. */
  isTold: z.boolean(),
  /** ISO 8601. */
  at: z.iso.datetime(),
  /** The live version that it was proposed for: only while that one is live it is applied. */
  liveSha256: sha256Schema,
  approval: approvalSchema,
  /** The messages with buttons for it, beside the author's. */
  messages: z.array(messageSchema),
});

export type ProposalNote = Readonly<z.infer<typeof proposalSchema>>;
export type Proposal = ProposalNote & WithBytes;

export interface Proposals {
  /** @returns an id that cannot be guessed; undefined where this person has too many already */
  add(proposal: Proposal): Promise<string | undefined>;
  /** What waits now, oldest first. */
  all(): ReadonlyMap<string, ProposalNote>;
  read(id: string): Promise<Proposal | undefined>;
  /** Its time has passed: its deadline ends it a moment later, and a press that comes before that must not count. */
  hasExpired(id: string): boolean;
  /** Replaces what is known of it, where it still waits. */
  change(id: string, change: (note: ProposalNote) => ProposalNote): Promise<void>;
  /** One after another for each proposal, so that two presses never count as one. */
  readonly inTurn: OneAtATime;
  remove(id: string): Promise<void>;
  /** Tells of those that wait and of those to come. */
  follow(listener: ProposalListener): void;
}

interface ProposalListener {
  /** Its time has passed, and it waits no more. */
  readonly expired: (id: string, note: ProposalNote) => void;
  /** Half of its time has passed. */
  readonly halfTime: (id: string) => void;
}

/** Reads what waits. @throws what the store refuses */
export async function openProposals(
  store: Records,
  deadlines: Pick<Deadlines, "set" | "clear" | "leftMs">,
): Promise<Proposals> {
  // One that its author was not told of is told as not changed, like every upload in flight.
  const kept = await openKeptChanges<ProposalNote>(
    store,
    proposalSchema,
    ({ isTold }, hasBytes) => isTold && hasBytes,
  );
  const { notes } = kept;
  const inTurn = oneAtATime();
  let listener: ProposalListener | undefined;

  function arm(id: string, { approval: { until, expiresMs } }: ProposalNote): void {
    const untilMs = Date.parse(until);
    deadlines.set(`approval:${id}`, untilMs, async () => {
      const note = await inTurn(id, async () => {
        const expired = notes.get(id);
        if (expired !== undefined) await remove(id);
        return expired;
      });
      if (note !== undefined) listener?.expired(id, note);
      return "done";
    });
    const halfTimeMs = untilMs - expiresMs / 2;
    if (halfTimeMs < Date.now()) return;
    deadlines.set(`reminder:${id}`, halfTimeMs, () => {
      listener?.halfTime(id);
      return Promise.resolve("done");
    });
  }

  async function remove(id: string): Promise<void> {
    await kept.remove(id);
    deadlines.clear(`approval:${id}`);
    deadlines.clear(`reminder:${id}`);
  }

  return {
    inTurn,
    remove,
    follow(follower) {
      listener = follower;
      for (const [id, note] of notes) arm(id, note);
    },
    async add({ bytes, ...note }) {
      const theirs = [...notes.values()].filter(({ author }) => author.id === note.author.id);
      if (theirs.length >= proposalsPerPersonMax) return undefined;
      const id = await kept.add(note, bytes);
      arm(id, note);
      return id;
    },
    all: () => new Map([...notes].toSorted(([, one], [, other]) => (one.at < other.at ? -1 : 1))),
    async read(id) {
      const note = notes.get(id);
      if (note === undefined) return undefined;
      const bytes = await kept.bytesOf(id);
      return bytes === undefined ? undefined : { ...note, bytes };
    },
    hasExpired: (id) => (deadlines.leftMs(`approval:${id}`) ?? 0) <= 0,
    change: (id, change) => kept.change(id, change),
  };
}
