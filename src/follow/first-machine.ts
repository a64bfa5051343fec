// Whose turn it is where a config has `rollout`: one machine goes first, the others when the new revision is live there.
import type { Config } from "../model/config.ts";
import type { MachineConfig, Rollout } from "../model/machine.ts";
import type { Revision } from "../model/revision.ts";
import type { FollowContext } from "./follow-context.ts";

interface Turns {
  /**
   * Takes the first place where nobody has it. What goes back goes everywhere at once.
   * @param hasOlder - without, there is nothing to go on with: it does not wait
   */
  isItsTurn(newest: Revision, hasOlder: boolean): Promise<boolean>;
  /** Says how far the first machine has come, if this is it. @throws Refusal */
  tell(revision: number, state: MachineConfig | undefined): Promise<void>;
}

export function takeTurns(
  { id, rules: { rollout } }: Config,
  {
    store,
    machine,
    prove,
    lookAgainIn,
  }: Pick<FollowContext, "store" | "machine" | "prove" | "lookAgainIn">,
): Turns {
  /** When this machine may write it, by `performance.now()`. */
  let turn: { readonly revision: number; readonly atMs: number } | undefined;

  /** So that not all machines restart their services at once. */
  function isPastJitter(revision: number, jitterMs: number): boolean {
    if (turn?.revision !== revision) {
      const waitMs = Math.random() * jitterMs;
      turn = { revision, atMs: performance.now() + waitMs };
      lookAgainIn(id, waitMs);
    }
    return performance.now() >= turn.atMs;
  }

  return {
    async isItsTurn({ revision, how }, hasOlder) {
      if (rollout === null || how === "reverted") return true;
      const now = store.rollout(id);
      if (!hasOlder) return !(now?.revision === revision && now.state === "failed");
      if (now === undefined || now.revision < revision) {
        // Who runs no service proves nothing to others.
        if (prove !== undefined) await store.claim(id, revision);
        return false;
      }
      if (now.revision > revision || now.state === "failed") return false;
      if (now.first === machine) return true;
      return now.state === "live" && isPastJitter(revision, rollout.jitterMs);
    },
    async tell(revision, state) {
      const now = store.rollout(id);
      if (now?.revision !== revision || now.first !== machine) return;
      const reached = state?.revision === revision ? reachedIn(state) : undefined;
      if (reached !== undefined && steps[reached] > steps[now.state]) {
        await store.advance(id, revision, reached);
      }
    },
  };
}

function reachedIn({ stage, problem }: MachineConfig): "written" | "live" | "failed" | undefined {
  if (problem === "not_taken" || problem === "not_valid" || problem === "not_written") {
    return "failed";
  }
  return stage === "fetched" || stage === null ? undefined : stage;
}

const steps: Readonly<Record<Rollout["state"], number>> = {
  claimed: 0,
  written: 1,
  failed: 2,
  live: 2,
};
