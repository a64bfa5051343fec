// How far a revision has come over machines, from what they report.
import { expect, test } from "vitest";
import { parseConfigId } from "../../src/model/config-id.ts";
import { type Machine, type MachineConfig, spreadOf } from "../../src/model/machine.ts";
import { spreadLines } from "../../src/words/machine-words.ts";
import { english, renderLine } from "../../src/words/text.ts";

const id = parseConfigId("fees");
if (id === undefined) throw new Error("fees is no config id");
const fees = id;
const nowMs = Date.parse("2026-11-28T12:00:00Z");
const dayMs = 24 * 60 * 60 * 1000;

function machine(
  name: string,
  reported: Partial<MachineConfig> | null,
  silentMs?: number,
): Machine {
  const { revision = 12, sha256 = "a".repeat(64), stage = "live", problem = null } = reported ?? {};
  return {
    name,
    isSeen: silentMs === undefined,
    lastSeenMs: nowMs - (silentMs ?? 0),
    configs: reported === null ? {} : { fees: { revision, sha256, stage, problem } },
  };
}

function saidOf(machines: readonly Machine[], isEarly = false): readonly string[] {
  return spreadLines(spreadOf(machines, fees, 12, nowMs), isEarly).map(english);
}

test("a machine counts as live only where it says so of this very revision, and is seen", () => {
  const machines = [
    machine("web-1", {}),
    machine("web-2", { stage: "written" }),
    machine("web-3", { stage: "fetched" }),
    machine("web-4", { revision: 11 }),
    machine("web-5", { revision: 13 }),
    machine("web-6", null),
    machine("web-7", {}, 12_000),
    machine("web-8", { stage: "written", problem: "not_taken" }),
    machine("web-9", { problem: "store_behind" }),
  ];
  const { live, all, others } = spreadOf(machines, fees, 12, nowMs);
  expect({ live, all }).toEqual({ live: 1, all: 9 });
  expect(others.map(({ name, state }) => `${name} ${state}`)).toEqual([
    "web-2 written",
    "web-3 fetched",
    "web-4 behind",
    "web-5 behind",
    "web-6 behind",
    "web-7 unseen",
    "web-8 failed",
    "web-9 failed",
  ]);
});

test("one that is silent for seven days is not counted among all", () => {
  const machines = [
    machine("web-1", {}),
    machine("web-2", {}, 7 * dayMs - 1000),
    machine("web-3", {}, 7 * dayMs),
  ];
  expect(saidOf(machines)).toEqual(["Live on 1 of 2 machines.", "web-2: not seen for 6 days"]);
});

test("says what keeps each, and early nothing of those that are on their way", () => {
  const machines = [
    machine("web-1", {}),
    machine("web-2", { stage: "written", problem: "not_taken" }),
    machine("web-3", {}, 180_000),
    machine("web-4", { stage: "written" }),
  ];
  const early = [
    "Live on 1 of 4 machines.",
    "web-2: the service did not take it",
    "web-3: not seen for 3 minutes",
  ];
  expect(saidOf(machines, true)).toEqual(early);
  expect(saidOf(machines)).toEqual([...early, "web-4: not live there yet"]);
  const [first] = spreadLines(spreadOf(machines, fees, 12, nowMs), true);
  expect(first && renderLine(first, "ru").text).toBe("Действует на 1 из 4 машин.");
});

test("says nothing where no machine follows, and names ten at the most", () => {
  expect(saidOf([])).toEqual([]);
  const many = Array.from({ length: 12 }, (_, n) => machine(`web-${n + 10}`, null, 60_000));
  const said = saidOf(many);
  expect(said).toHaveLength(12);
  expect(said.at(-1)).toBe("… and 2 more");
});
