// The proof of a change that goes to one machine first: that it is live there. Where the version before is put back, it goes to all of them
// at once, and is proven when it is live on all that are seen.
import { type Machine, spreadOf } from "../../model/machine.ts";
import type { Revision } from "../../model/revision.ts";
import type { ServiceFault, ServiceProof } from "../../model/service-proof.ts";
import type { Machines } from "../../store/machines.ts";
import type { ConfigStore } from "../../store/port.ts";

/** For a machine to notice the change and to fetch it, beside the time of its service. A silent one gives up its place after ten seconds. */
const graceMs = 60_000;
/** When a machine fell silent is noticed by looking. */
const lookEveryMs = 500;

/** @param waitMs - how long a machine has for noticing the change, beside the time of its service */
export async function proveOnMachines(
  machines: Pick<Machines, "all" | "rollout" | "watch">,
  live: ConfigStore,
  entry: Revision,
  waitMs = graceMs,
): Promise<ServiceProof> {
  const untilMs = performance.now() + waitMs + (live.config.rules.apply?.withinMs ?? 0);
  for (;;) {
    const proof =
      entry.how === "reverted" ? onAll(machines, live, entry) : onFirst(machines, live, entry);
    if (proof !== undefined) return proof;
    if (performance.now() >= untilMs) {
      // What goes back goes on doing so by itself.
      return entry.how === "reverted" ? { kind: "told" } : refused({ code: "no_machine" });
    }
    await changed(machines);
  }
}

function onFirst(
  machines: Pick<Machines, "all" | "rollout">,
  live: ConfigStore,
  { revision }: Revision,
): ServiceProof | undefined {
  const { id } = live.config;
  const rollout = machines.rollout(id);
  if (rollout?.revision !== revision) return undefined;
  const first = machines.all.find(({ name }) => name === rollout.first);
  const { name } = first ?? { name: rollout.first };
  switch (rollout.state) {
    case "live":
      return taken(live);
    case "failed":
      return refused({
        code: "on_machine",
        machine: name,
        problem: problemOf(first, id) ?? "not_taken",
      });
    case "written":
      // It may be the new file that silenced it.
      return first?.isSeen === true
        ? undefined
        : refused({ code: "machine_silent", machine: name });
    case "claimed":
      return undefined;
    default:
      return rollout.state satisfies never;
  }
}

function onAll(
  { all }: Pick<Machines, "all">,
  live: ConfigStore,
  { revision }: Revision,
): ServiceProof | undefined {
  const { others } = spreadOf(all, live.config.id, revision, Date.now());
  const failed = others.find(({ state }) => state === "failed");
  if (failed !== undefined) {
    const { name: machine, problem } = failed;
    const isOfService = problem !== null && problem !== "name_shared";
    const why = isOfService ? problem : "not_taken";
    return refused({ code: "on_machine", machine, problem: why });
  }
  return others.every(({ state }) => state === "unseen") ? taken(live) : undefined;
}

function problemOf(machine: Machine | undefined, id: ConfigStore["config"]["id"]) {
  return machine?.configs[id]?.problem;
}

function taken({ config }: ConfigStore): ServiceProof {
  return { kind: (config.rules.apply?.verify ?? null) === null ? "told" : "proven" };
}

function refused(why: ServiceFault["why"]): ServiceProof {
  return { kind: "refused", fault: { step: "verify", why, output: "" } };
}

function changed({ watch }: Pick<Machines, "watch">): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      unwatch();
      resolve();
    };
    const timer = setTimeout(over, lookEveryMs);
    const unwatch = watch(over);
  });
}
