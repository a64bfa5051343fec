// Somebody, or the network's time, sets the wall clock while the bot runs: what was to last two hours still lasts two hours.
import { join } from "node:path";
import { expect, test } from "vitest";
import { longer } from "../../src/change/after/keep-record.ts";
import { createDeadlines } from "../../src/change/deadlines.ts";
import { openFreezes } from "../../src/change/freezes.ts";
import { openProposals } from "../../src/change/proposals.ts";
import { openSchedules } from "../../src/change/schedules.ts";
import { parseConfigId } from "../../src/model/config-id.ts";
import { versionOf } from "../../src/model/version.ts";
import { openStateStore } from "../../src/store/local/state-store.ts";
import type { Records } from "../../src/store/records.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { createTime } from "./two-clocks.ts";

const hourMs = 3_600_000;
const anna = { id: 1001, name: "Anna" };
const version = versionOf(Buffer.from("1\n"));
const jumps = [
  { name: "back", jumpMs: -5 * hourMs },
  { name: "forward", jumpMs: 5 * hourMs },
];

async function records(): Promise<Records> {
  return openStateStore(join(await temporaryFolder(), "state"), { clean: (text) => text });
}

async function setUp() {
  const time = createTime(Date.now());
  const deadlines = createDeadlines(time.clock, (error) => {
    throw error;
  });
  await deadlines.start();
  const inTwoHours = new Date(time.clock.wallMs() + 2 * hourMs).toISOString();
  return { time, deadlines, inTwoHours };
}

for (const { name, jumpMs } of jumps) {
  test(`a freeze lasts as long as was said where the clock is set ${name}`, async () => {
    const { time, inTwoHours } = await setUp();
    const fees = parseConfigId("fees");
    if (fees === undefined) throw new Error("this is a config id");
    const freezes = await openFreezes(await records(), time.clock);
    await freezes.freeze(fees, { by: anna, until: inTwoHours, reason: null });
    time.setWallBy(jumpMs);
    await time.pass(2 * hourMs - 1);
    expect(freezes.of(fees)).toMatchObject({ by: anna });
    await time.pass(1);
    expect(freezes.of(fees)).toBeUndefined();
  });

  test(`an approval counts until its time has passed where the clock is set ${name}`, async () => {
    const { time, deadlines, inTwoHours } = await setUp();
    const proposals = await openProposals(await records(), deadlines);
    const id = await proposals.add({
      configId: "fees",
      author: anna,
      reason: null,
      message: null,
      place: null,
      isTold: true,
      at: new Date(time.clock.wallMs()).toISOString(),
      liveSha256: version.sha256,
      how: "upload",
      baseSha256: null,
      baseless: false,
      unchecked: false,
      dueAt: null,
      approval: { needed: 1, by: null, expiresMs: 2 * hourMs, until: inTwoHours, given: [] },
      messages: [],
      bytes: version.bytes,
    });
    if (id === undefined) throw new Error("there are none before it");
    time.setWallBy(jumpMs);
    await time.pass(2 * hourMs - 1);
    expect(proposals.hasExpired(id)).toBe(false);
    await time.pass(1);
    expect(proposals.hasExpired(id)).toBe(true);
  });

  test(`a scheduled change is not late where the clock is set ${name}`, async () => {
    const { time, deadlines, inTwoHours: dueAt } = await setUp();
    const schedules = await openSchedules(await records(), deadlines, () => time.clock.wallMs());
    const late: number[] = [];
    schedules.follow((_, lateMs) => {
      late.push(lateMs);
      return Promise.resolve("done");
    });
    await schedules.add({
      configId: "fees",
      author: anna,
      reason: null,
      message: null,
      key: "a",
      dueAt,
      version,
      agreed: null,
      baseSha256: version.sha256,
    });
    time.setWallBy(jumpMs);
    await time.pass(2 * hourMs);
    expect(late).toEqual([0]);
  });

  test(`ten more minutes are added to what is left where the clock is set ${name}`, async () => {
    const { time, inTwoHours: until } = await setUp();
    const sha256 = version.sha256;
    const previous = { revision: 1, sha256 };
    const keep = { configId: "fees", revision: 2, sha256, previous, author: anna, extended: 0 };
    time.setWallBy(jumpMs);
    const nowMs = time.clock.wallMs();
    const extended = longer({ ...keep, until }, nowMs, 60_000);
    expect(Date.parse(extended.until) - nowMs).toBe(60_000 + 600_000);
    expect(extended.extended).toBe(1);
  });
}

test("how much is left of a deadline is told by the clock that does not go back, also after it was tried in vain", async () => {
  const { time, deadlines } = await setUp();
  deadlines.set("fees", time.clock.wallMs() + 5000, () => Promise.resolve("again"));
  time.setWallBy(hourMs);
  expect(deadlines.leftMs("fees")).toBe(5000);
  await time.pass(5500);
  expect(deadlines.leftMs("fees")).toBe(-500);
  deadlines.clear("fees");
  expect(deadlines.leftMs("fees")).toBeUndefined();
});
