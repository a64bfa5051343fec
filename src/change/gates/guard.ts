// The last gate: where a config's guard fails already, its author is asked before anything changes. Only before the lock, since nothing
// under it waits for the network. What is unknown is no reason to ask.
import type { GuardFailure, GuardReading } from "../../model/guard.ts";
import type { Guard } from "../../model/rules.ts";
import type { ConfigReader } from "../../store/port.ts";

/** Asks Prometheus once, within its time limit. */
export type ReadGuard = (guard: Guard, signal: AbortSignal) => Promise<GuardReading>;

/** @returns why it must wait for its author's word; undefined lets it pass */
export async function guardGate(
  { config: { rules } }: ConfigReader,
  readGuard: ReadGuard,
  signal: AbortSignal,
): Promise<GuardFailure | undefined> {
  const { guard } = rules;
  if (guard === null) return undefined;
  const reading = await readGuard(guard, signal);
  if (reading.kind !== "fails") return undefined;
  const { query, fails } = guard;
  const { value, at } = reading;
  return { query, fails, answers: [{ value, at }] };
}
