// A document that is only checked: what it would change, and what would hold it.
import type { Inspector } from "../model/inspector.ts";
import type { CheckedOutcome, Outcome } from "../model/outcome.ts";
import type { Attempt, Gates, Held } from "./gates/gates.ts";
import { invalidBeyond } from "./propose.ts";
import { changesAgainst } from "./versions.ts";

export async function checkedOnly(
  attempt: Attempt,
  gates: Gates,
  inspector: Inspector,
): Promise<Outcome> {
  const held = await gates.ask(attempt, undefined);
  if (held?.kind === "refused") return invalidBeyond(held.beyond);
  const changes = await changesAgainst(
    await attempt.live.readLive(),
    attempt.candidate.bytes,
    inspector,
  );
  return { kind: "checked", changes, held: held === undefined ? null : holdOf(held) };
}

function holdOf(held: Exclude<Held, { readonly kind: "refused" }>): CheckedOutcome["held"] {
  switch (held.kind) {
    case "blocked":
      return held;
    case "stale":
      // Nobody has edited anything yet.
      return null;
    case "unconfirmed":
    case "unapproved": {
      const { excesses = [], total = 0 } = held.beyond ?? {};
      const needed = held.kind === "unapproved" ? held.approval.approvals : 0;
      return { kind: "pending", needed, excesses, excessesTotal: total };
    }
    default:
      return held satisfies never;
  }
}
