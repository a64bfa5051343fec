// Which configs are frozen: until when, by whom and why. Kept over restarts; the gates ask here, so no way in passes by.
import { z } from "zod";
import type { ConfigId } from "../model/config-id.ts";
import { authorSchema } from "../model/revision.ts";
import { oneAtATime } from "../store/one-at-a-time.ts";
import type { Records } from "../store/records.ts";
import { type Clock, unsetFromNow } from "./deadlines.ts";

const freezeSchema = z.object({
  by: authorSchema,
  /** When it ends by itself, ISO 8601, UTC; null without an end. */
  until: z.iso.datetime().nullable(),
  reason: z.string().nullable(),
});

type Freeze = Readonly<z.infer<typeof freezeSchema>>;

export interface Freezes {
  /** The freeze that is in force at this moment. */
  of(configId: ConfigId): Freeze | undefined;
  /**
   * In force, and durable, when it resolves; in place of one that is there. What has the lock by then finishes.
   * @throws Refusal
   */
  freeze(configId: ConfigId, freeze: Freeze): Promise<void>;
  /** Over, durably, when it resolves. @returns the freeze that this ended; undefined where none was in force. @throws Refusal */
  unfreeze(configId: ConfigId): Promise<Freeze | undefined>;
}

/**
 * Each ends by the clock that does not go back, across starts by the wall clock.
 * @throws where one cannot be read: what it protects must not be open meanwhile
 */
export async function openFreezes(
  store: Records,
  clock: Pick<Clock, "wallMs" | "steadyMs">,
): Promise<Freezes> {
  const freezes = new Map<string, { readonly freeze: Freeze; readonly now: () => number }>();
  const note = (configId: string, freeze: Freeze): void => {
    freezes.set(configId, { freeze, now: unsetFromNow(clock) });
  };
  for (const configId of await store.keys()) {
    note(configId, freezeSchema.parse(await store.read(configId)));
  }

  // One after another: what was asked for last is what the disk has too.
  const inTurn = oneAtATime();

  function inForce(configId: ConfigId): Freeze | undefined {
    const noted = freezes.get(configId);
    if (noted === undefined) return undefined;
    const { freeze, now } = noted;
    const isOver = freeze.until !== null && Date.parse(freeze.until) <= now();
    return isOver ? undefined : freeze;
  }

  return {
    of: inForce,
    freeze: (configId, freeze) =>
      inTurn(configId, async () => {
        await store.write(configId, freeze);
        note(configId, freeze);
      }),
    unfreeze: (configId) =>
      inTurn(configId, async () => {
        const ended = inForce(configId);
        await store.remove(configId);
        freezes.delete(configId);
        return ended;
      }),
  };
}
