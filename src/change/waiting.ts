// What waits for a press of a button, over a restart: of each person no more than so many, and for no longer than so. The oldest is
// given up for a newer one, and whoever shows its buttons is told in which message that was. Several may ask for one decision, where the answer
// to a message is lost: they end as one.
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { createRecentMap } from "./recent.ts";
import type { GivenUpBecause } from "../model/outcome.ts";
import { type MessageReference, messageSchema } from "../model/revision.ts";
import type { Records } from "../store/records.ts";

const idBytes = 12;
const idPattern = /^[-0-9A-Za-z_]{16}$/;
/** So many are remembered that were given up before their message was shown. */
const unshownMax = 1000;

export interface WaitingOptions<Value> {
  readonly store: Records;
  readonly schema: z.ZodType<Value>;
  readonly perPersonMax: number;
  readonly ageMaxMs: number;
  /** Told of what is given up, at once and once. */
  readonly onGivenUp?: ((value: Value) => void) | undefined;
  /** Told where that can be said, once its message is known. */
  readonly tellGivenUp: (value: Value, shownIn: MessageReference, because: GivenUpBecause) => void;
  /** Called for each that waits no more, whatever the reason. */
  readonly onGone?: (id: string) => Promise<void>;
  /** Called for each that 0.1.0 left, with all that it wrote, before the value is taken over. */
  readonly onTakenOver?: (id: string, former: unknown) => Promise<void>;
  /** Told of what the disk refused, where nothing else depends on it. */
  readonly onTrouble: (what: string, error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Waiting<Value> {
  /**
   * @param id - from {@link waitingId}
   * @param inPlaceOf - one that ends for this: it does not count, and is not given up
   * @throws what the disk says
   */
  add(id: string, value: Value, inPlaceOf?: string): Promise<void>;
  /** Its buttons can be seen there now. */
  shownIn(id: string, message: MessageReference): Promise<void>;
  read(id: string): Promise<Value | undefined>;
  /**
   * Does what a button asks for, after which nothing waits any more. Where that throws, or could not begin, it waits as before.
   * @param act - resolves with false where it could not begin, which was said then
   * @returns false, without acting, where it does not wait, or another press of its buttons acts at this moment
   */
  act(id: string, act: () => Promise<boolean>): Promise<boolean>;
  remove(id: string): Promise<void>;
  /** Those that wait now. */
  ids(): Promise<ReadonlySet<string>>;
  /** The values of those that wait now. */
  values(): Promise<readonly Value[]>;
  /** What waits for this person, the newest first, and in which message: of what asks for one decision the newest; what was not shown yet is left out. */
  shownTo(userId: number): Promise<readonly Shown<Value>[]>;
  /** Gives up what has waited for too long. */
  giveUpOld(): Promise<void>;
}

export interface Shown<Value> {
  readonly id: string;
  readonly value: Value;
  readonly message: MessageReference;
}

/** Cannot be guessed: 16 letters, digits, `-` and `_`. */
export function waitingId(): string {
  return randomBytes(idBytes).toString("base64url");
}

export function isWaitingId(key: string): boolean {
  return idPattern.test(key);
}

interface Entry<Value> {
  /** For lists; who acts on it reads what was written, which is clean of secrets. */
  readonly value: Value;
  readonly sinceMs: number;
  shown: MessageReference | null;
  isHeld: boolean;
}

const recordSchema = z.object({
  at: z.iso.datetime(),
  /** The message that has the buttons. */
  shown: messageSchema.nullable(),
  value: z.unknown(),
});

interface GivenUp<Value> {
  readonly value: Value;
  readonly because: GivenUpBecause;
}

interface OfSomebody {
  readonly userId: number;
  /** What asks for the same decision of the same person: once one of them is acted on, or given up, none of them waits. */
  readonly decision?: string | undefined;
}

export function createWaiting<Value extends OfSomebody>({
  store,
  schema,
  perPersonMax,
  ageMaxMs,
  onGivenUp,
  tellGivenUp,
  onGone,
  onTakenOver,
  onTrouble,
  now,
}: WaitingOptions<Value>): Waiting<Value> {
  const unshown = createRecentMap<string, GivenUp<Value>>(unshownMax);
  let loading: Promise<Map<string, Entry<Value>>> | undefined;

  const isOld = (sinceMs: number): boolean => now() - sinceMs > ageMaxMs;

  /** Oldest first. What cannot be read any more is removed. */
  async function load(): Promise<Map<string, Entry<Value>>> {
    const found: (readonly [string, Entry<Value>])[] = [];
    for (const id of (await store.keys()).filter(isWaitingId)) {
      const written = await store.read(id);
      const record = recordSchema.safeParse(written).data;
      const value = schema.safeParse(record?.value).data;
      if (record !== undefined && value !== undefined) {
        const { at, shown } = record;
        found.push([id, { value, sinceMs: Date.parse(at), shown, isHeld: false }]);
        continue;
      }
      const former = schema.safeParse(written).data;
      if (former === undefined) await store.remove(id);
      else found.push([id, await takeOver(id, former, written)]);
    }
    return new Map(found.toSorted(([, one], [, other]) => one.sinceMs - other.sinceMs));
  }

  /** 0.1.0 wrote the value alone: not since when it waits, nor where it is shown. */
  async function takeOver(id: string, value: Value, written: unknown): Promise<Entry<Value>> {
    await onTakenOver?.(id, written);
    const entry: Entry<Value> = { value, sinceMs: now(), shown: null, isHeld: false };
    await write(id, entry, value);
    return entry;
  }

  /** Read from the disk when it is first needed; where that fails, again the next time. */
  function entries(): Promise<Map<string, Entry<Value>>> {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  async function valueOf(id: string): Promise<Value | undefined> {
    const record = recordSchema.safeParse(await store.read(id)).data;
    return schema.safeParse(record?.value).data;
  }

  const write = (id: string, { sinceMs, shown }: Entry<Value>, value: Value): Promise<void> =>
    store.write(id, { at: new Date(sinceMs).toISOString(), shown, value });

  async function forget(id: string): Promise<void> {
    await store.remove(id);
    await onGone?.(id);
  }

  function decisionOf([id, { value }]: readonly [string, Entry<Value>]): string {
    return JSON.stringify([value.userId, value.decision ?? id]);
  }

  /** Itself, and what ends with it. */
  function asOne(
    all: ReadonlyMap<string, Entry<Value>>,
    id: string,
    entry: Entry<Value>,
  ): ReadonlyMap<string, Entry<Value>> {
    const decision = decisionOf([id, entry]);
    return new Map([...all].filter((each) => decisionOf(each) === decision));
  }

  async function giveUp(all: Map<string, Entry<Value>>, id: string, because: GivenUpBecause) {
    const entry = all.get(id);
    if (entry === undefined) return;
    const ending = [...asOne(all, id, entry).keys()];
    // From here on their buttons are out of date.
    for (const each of ending) all.delete(each);
    onGivenUp?.(entry.value);
    try {
      const value = await valueOf(id);
      for (const each of ending) await forget(each);
      if (value === undefined) return;
      if (entry.shown !== null) tellGivenUp(value, entry.shown, because);
      else unshown.set(id, { value, because });
    } catch (error) {
      onTrouble("giving up what waits for a button", error);
    }
  }

  return {
    async add(id, value, inPlaceOf) {
      const all = await entries();
      const entry: Entry<Value> = { value, sinceMs: now(), shown: null, isHeld: false };
      await write(id, entry, value);
      all.set(id, entry);
      const theirs = [...all].filter(
        ([otherId, { value: other, isHeld }]) =>
          other.userId === value.userId && otherId !== inPlaceOf && !(isHeld && otherId !== id),
      );
      const tooMany = theirs.slice(0, Math.max(0, theirs.length - perPersonMax));
      await Promise.all(tooMany.map(([oldId]) => giveUp(all, oldId, "too_many")));
    },
    async shownIn(id, message) {
      const gone = unshown.get(id);
      unshown.delete(id);
      if (gone !== undefined) tellGivenUp(gone.value, message, gone.because);
      try {
        const all = await entries();
        const entry = all.get(id);
        if (entry === undefined) return;
        entry.shown = message;
        const value = await valueOf(id);
        if (value === undefined || !all.has(id)) return;
        await write(id, entry, value);
        // It may have been pressed meanwhile.
        if (!all.has(id)) await store.remove(id);
      } catch (error) {
        onTrouble("noting where buttons are shown", error);
      }
    },
    async read(id) {
      const entry = (await entries()).get(id);
      return entry === undefined || isOld(entry.sinceMs) ? undefined : valueOf(id);
    },
    async act(id, act) {
      const all = await entries();
      const entry = all.get(id);
      if (entry === undefined || entry.isHeld) return false;
      // Not what comes while it acts: that is asked in their place.
      const together = [...asOne(all, id, entry).keys()];
      entry.isHeld = true;
      let isDone = false;
      try {
        isDone = await act();
      } finally {
        entry.isHeld = isDone;
      }
      if (!isDone) return true;
      for (const each of together) all.delete(each);
      for (const each of together) await forget(each);
      return true;
    },
    async remove(id) {
      (await entries()).delete(id);
      await forget(id);
    },
    async ids() {
      return new Set((await entries()).keys());
    },
    async values() {
      return [...(await entries()).values()].map(({ value }) => value);
    },
    async shownTo(userId) {
      const shownNow = [...(await entries())].filter(
        ([, { value, sinceMs, shown }]) =>
          value.userId === userId && shown !== null && !isOld(sinceMs),
      );
      const newest = new Map(shownNow.map((each) => [decisionOf(each), each]));
      return [...newest.values()]
        .flatMap(([id, { value, shown }]) =>
          shown === null ? [] : [{ id, message: shown, value }],
        )
        .toReversed();
    },
    async giveUpOld() {
      const all = await entries();
      const old = [...all].filter(([, { sinceMs, isHeld }]) => isOld(sinceMs) && !isHeld);
      for (const [id] of old) await giveUp(all, id, "too_old");
    },
  };
}
