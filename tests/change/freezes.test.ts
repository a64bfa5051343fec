import { join } from "node:path";
import { expect, test } from "vitest";
import { openFreezes } from "../../src/change/freezes.ts";
import { parseConfigId } from "../../src/model/config-id.ts";
import { openStateStore } from "../../src/store/local/state-store.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const fees = parseConfigId("fees");
const rates = parseConfigId("rates");
if (fees === undefined || rates === undefined) throw new Error("these are config ids");
const by = { id: 1001, name: "Anna" };

async function open(folder: string, clock: { nowMs: number }) {
  const store = await openStateStore(folder, { clean: (text) => text });
  return openFreezes(store, { wallMs: () => clock.nowMs, steadyMs: () => clock.nowMs });
}

test("a freeze is in force up to its end, over a restart, and for its own config alone", async () => {
  const folder = join(await temporaryFolder(), "freezes");
  const clock = { nowMs: Date.parse("2026-11-23T14:00:00.000Z") };
  const first = await open(folder, clock);
  const freeze = { by, until: "2026-11-23T16:00:00.000Z", reason: "the audit" };
  await first.freeze(fees, freeze);
  for (const freezes of [first, await open(folder, clock)]) {
    clock.nowMs = Date.parse("2026-11-23T15:59:59.999Z");
    expect(freezes.of(fees)).toEqual(freeze);
    expect(freezes.of(rates)).toBeUndefined();
    clock.nowMs = Date.parse("2026-11-23T16:00:00.000Z");
    expect(freezes.of(fees)).toBeUndefined();
  }
  expect(await first.unfreeze(fees)).toBeUndefined();
});

test("what is asked for last is what holds, in memory and on the disk", async () => {
  const folder = join(await temporaryFolder(), "freezes");
  const clock = { nowMs: Date.parse("2026-11-23T14:00:00.000Z") };
  const freezes = await open(folder, clock);
  const freeze = { by, until: null, reason: null };
  const [, ended, , endedAgain] = await Promise.all([
    freezes.freeze(fees, freeze),
    freezes.unfreeze(fees),
    freezes.freeze(rates, freeze),
    freezes.unfreeze(fees),
  ]);
  expect([ended, endedAgain]).toEqual([freeze, undefined]);
  for (const now of [freezes, await open(folder, clock)]) {
    expect(now.of(fees)).toBeUndefined();
    expect(now.of(rates)).toEqual(freeze);
  }
});
