// Changes that wait, each a note and its bytes: the notes in memory and in the small records, the bytes in these alone.
import type { z } from "zod";
import type { Records } from "../store/records.ts";
import { keptBytes } from "./kept-bytes.ts";
import { isWaitingId, waitingId } from "./waiting.ts";

export interface KeptChanges<Note> {
  /** Those that wait now. */
  readonly notes: ReadonlyMap<string, Note>;
  /** Durable when it resolves. @returns an id that cannot be guessed @throws what the store refuses */
  add(note: Note, bytes: Uint8Array): Promise<string>;
  /** undefined where they are gone. */
  bytesOf(id: string): Promise<Uint8Array | undefined>;
  /** Replaces what is known of it, where it still waits. @throws what the store refuses */
  change(id: string, change: (note: Note) => Note): Promise<void>;
  /** It waits no more, though it may still be written down. */
  forget(id: string): void;
  /** It waits no more. @throws what the store refuses: it waits as before then, unless only its bytes are left */
  remove(id: string): Promise<void>;
}

/**
 * Reads what waits, and clears away what a crash left of others.
 * @param isWanted - where not, it is cleared away too
 * @throws what the store refuses
 */
export async function openKeptChanges<Note>(
  store: Records,
  schema: z.ZodType<Note>,
  isWanted: (note: Note, hasBytes: boolean) => boolean = () => true,
): Promise<KeptChanges<Note>> {
  const notes = new Map<string, Note>();
  const bytes = keptBytes(store);
  const keys = await store.keys();
  for (const id of keys.filter(isWaitingId)) {
    const note = schema.safeParse(await store.read(id)).data;
    const isKept = note !== undefined && isWanted(note, keys.includes(bytes.keyOf(id)));
    if (isKept) notes.set(id, note);
    else await store.remove(id);
  }
  await bytes.removeBut((id) => notes.has(id));

  return {
    notes,
    async add(note, added) {
      const id = waitingId();
      await bytes.write(id, added);
      await store.write(id, note);
      notes.set(id, note);
      return id;
    },
    bytesOf: (id) => bytes.read(id),
    async change(id, change) {
      const note = notes.get(id);
      if (note === undefined) return;
      const changed = change(note);
      notes.set(id, changed);
      await store.write(id, changed);
      // It may have ended meanwhile.
      if (!notes.has(id)) await store.remove(id);
    },
    forget: (id) => void notes.delete(id),
    async remove(id) {
      await store.remove(id);
      notes.delete(id);
      await bytes.remove(id);
    },
  };
}
