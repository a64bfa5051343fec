// Changes that wait for a word of their admin: a stale upload, a merge, a rollback that was previewed. Kept with their bytes,
// over a restart, for a day. Each is bound to the live version that was shown: if another is live, it asks again.
import { z } from "zod";
import { authorSchema, sha256Schema } from "../model/revision.ts";
import { keptBytes } from "./kept-bytes.ts";
import { waitingChangeSchema, type WithBytes } from "./waiting-change.ts";
import { createWaiting, type Waiting, waitingId, type WaitingOptions } from "./waiting.ts";

/** Of one person. Each is as large as a config, on the disk. */
export const parkedPerPersonMax = 10;

const parkedSchema = waitingChangeSchema.extend({
  /** Only this person may go on with it. */
  userId: z.int(),
  /** The live version that was shown. */
  shownSha256: sha256Schema,
  /** Its author goes on with it by typing one of these answers. */
  confirmation: z
    .object({
      path: z.array(z.union([z.string(), z.number()])),
      isRemoved: z.boolean(),
      answers: z.array(z.string()),
    })
    .nullable()
    .default(null),
  /** Its author has only looked at what going back would change: nothing has begun, and nothing is counted where it does not. */
  isPreview: z.boolean().optional(),
  /** A word on it is one on all of its author's of this name: where an answer of Telegram's is lost, several can wait for one decision. */
  decision: z.string().optional(),
  /** Its guard fails, and its author was asked: those who had agreed to it by then, null for nobody was to. */
  guarded: z.object({ agreed: z.array(authorSchema).nullable() }).optional(),
});

/** 0.1.0 kept the bytes in the note. */
const formerSchema = z.object({ bytes: z.base64() });

/** All but the bytes. */
export type ParkedNote = Readonly<z.infer<typeof parkedSchema>>;

export type ParkedChange = ParkedNote & WithBytes;

/** What has a default may be missing. */
export type ParkedAnew = Readonly<z.input<typeof parkedSchema>> & WithBytes;

export interface ParkedChanges extends Pick<
  Waiting<ParkedNote>,
  "shownIn" | "act" | "remove" | "giveUpOld" | "shownTo" | "values"
> {
  /**
   * Of one person only the newest are kept.
   * @param inPlaceOf - one that this takes the place of: it does not count
   * @returns an id that cannot be guessed: 16 letters, digits, `-` and `_`
   */
  park(change: ParkedAnew, inPlaceOf?: string): Promise<string>;
  read(id: string): Promise<ParkedChange | undefined>;
}

export function createParkedChanges(
  options: Omit<WaitingOptions<ParkedNote>, "schema" | "perPersonMax" | "onGone" | "onTakenOver">,
): ParkedChanges {
  const kept = keptBytes(options.store);
  const waiting = createWaiting({
    ...options,
    schema: parkedSchema,
    perPersonMax: parkedPerPersonMax,
    onGone: (id) => kept.remove(id),
    async onTakenOver(id, former) {
      const { data } = formerSchema.safeParse(former);
      if (data !== undefined) await kept.write(id, Buffer.from(data.bytes, "base64"));
    },
  });

  /** Those whose bytes are written, and no note yet. */
  const arriving = new Set<string>();

  return {
    ...waiting,
    async park({ bytes, ...note }, inPlaceOf) {
      const id = waitingId();
      arriving.add(id);
      try {
        await kept.write(id, bytes);
        await waiting.add(id, parkedSchema.parse(note), inPlaceOf);
      } catch (error) {
        await kept.remove(id);
        throw error;
      } finally {
        arriving.delete(id);
      }
      return id;
    },
    async read(id) {
      const note = await waiting.read(id);
      if (note === undefined) return undefined;
      const bytes = await kept.read(id);
      return bytes === undefined ? undefined : { ...note, bytes };
    },
    async giveUpOld() {
      await waiting.giveUpOld();
      // What a crash left of one that waits no more.
      const ids = await waiting.ids();
      await kept.removeBut((id) => ids.has(id) || arriving.has(id));
    },
  };
}
