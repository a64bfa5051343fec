// What the first machine's word makes of a change, with machines that the test plays.
import { expect, test } from "vitest";
import { proveOnMachines } from "../../src/change/after/prove-on-machines.ts";
import { parseConfigId } from "../../src/model/config-id.ts";
import type { Machine, MachineConfig, Rollout } from "../../src/model/machine.ts";
import { noRules } from "../../src/model/rules.ts";
import type { Revision } from "../../src/model/revision.ts";
import type { ServiceProof } from "../../src/model/service-proof.ts";
import type { ConfigStore } from "../../src/store/port.ts";

const fees = parseConfigId("fees");
if (fees === undefined) throw new Error("fees is no config id");
const config = {
  id: fees,
  fileName: "fees.yml",
  path: "/nowhere",
  title: null,
  schema: "builtin:fees",
  rules: {
    ...noRules,
    apply: { run: ["true"], verify: { kind: "url", url: "http://x/" }, withinMs: 1 },
  },
} as const;

function play(state: { machines: readonly Machine[]; rollout?: Rollout }) {
  const listeners = new Set<() => void>();
  return {
    machines: {
      get all() {
        return state.machines;
      },
      rollout: () => state.rollout,
      watch: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    change(next: typeof state) {
      state = next;
      for (const listener of listeners) listener();
    },
  };
}

function machine(name: string, reported: Partial<MachineConfig>, isSeen = true): Machine {
  const full = { revision: 12, sha256: "a".repeat(64), stage: null, problem: null, ...reported };
  return { name, isSeen, lastSeenMs: Date.now(), configs: { fees: full } };
}

function prove(
  played: ReturnType<typeof play>,
  how: Revision["how"] = "upload",
  waitMs = 60_000,
): Promise<ServiceProof> {
  const live: Pick<ConfigStore, "config"> = { config };
  const entry = { revision: 12, how } as Revision;
  return proveOnMachines(played.machines, live as ConfigStore, entry, waitMs);
}

const first = (state: Rollout["state"], revision = 12): Rollout => ({
  revision,
  first: "web-1",
  state,
});

test("is proven when the first machine says that it is live there, and not before", async () => {
  const played = play({ machines: [machine("web-1", {})], rollout: first("live", 11) });
  const proof = prove(played);
  played.change({ machines: [machine("web-1", {})], rollout: first("claimed") });
  played.change({ machines: [machine("web-1", {})], rollout: first("written") });
  played.change({ machines: [machine("web-1", { stage: "live" })], rollout: first("live") });
  expect(await proof).toEqual({ kind: "proven" });
});

test("is refused with the machine's own problem, and for one that falls silent once it wrote the file", async () => {
  const failed = machine("web-1", { stage: "fetched", problem: "not_valid" });
  expect(await prove(play({ machines: [failed], rollout: first("failed") }))).toMatchObject({
    kind: "refused",
    fault: { why: { code: "on_machine", machine: "web-1", problem: "not_valid" } },
  });
  const silent = machine("web-1", { stage: "written" }, false);
  expect(await prove(play({ machines: [silent], rollout: first("written") }))).toMatchObject({
    fault: { why: { code: "machine_silent", machine: "web-1" } },
  });
});

test("is refused where no machine takes it in time, whatever one said of an older revision", async () => {
  const before = { machines: [machine("web-1", {})], rollout: first("live", 11) };
  for (const state of [{ machines: [] }, before]) {
    expect(await prove(play(state), "upload", 0)).toMatchObject({
      fault: { why: { code: "no_machine" } },
    });
  }
});

test("what goes back is proven when it is live on all that are seen, and refused by any that does not take it", async () => {
  const silent = machine("web-3", {}, false);
  const played = play({ machines: [machine("web-1", {}), silent] });
  const proof = prove(played, "reverted");
  played.change({ machines: [machine("web-1", { stage: "live" }), silent] });
  expect(await proof).toEqual({ kind: "proven" });
  const refusing = machine("web-2", { stage: "written", problem: "not_taken" });
  expect(
    await prove(play({ machines: [machine("web-1", { stage: "live" }), refusing] }), "reverted"),
  ).toMatchObject({ fault: { why: { machine: "web-2" } } });
});
