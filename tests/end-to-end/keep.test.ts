// A change that goes back by itself unless somebody presses Keep: through the real process. A keep of some seconds stands for one of ten
// minutes; what must not run out while a test looks at it lasts an hour.
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { airlockCommand } from "./command-line.ts";
import { feesFile, openStage, type Stage } from "./stage.ts";

type Message = ReturnType<Person["messages"]>[number];

const caption = "/set_fees";
const fees = { config_type: "fees" };

function catalog(keep: string): string {
  return `configs:
  fees: { file: fees.yml, schema: builtin:fees, keep: ${keep} }
  rates: { file: rates.yml, schema: builtin:rates }
people:
  1003: { name: Carol, may: { fees: read } }
`;
}

async function open(keep: string, options: Parameters<typeof openStage>[0] = {}): Promise<Stage> {
  const stage = await openStage({
    configFiles: { "fees.yml": feesFile(0) },
    rootFiles: { "airlock.yml": catalog(keep) },
    ...options,
  });
  // Only those who have talked to the bot can be written to.
  for (const person of [stage.anna, stage.boris, stage.carol]) {
    person.send("/whoami");
    await person.waitForText("Your");
  }
  return stage;
}

const buttonsOf = (message: Message | undefined): readonly string[] =>
  message?.reply_markup?.inline_keyboard.flat().map(({ text }) => text) ?? [];

async function liveFees({ airlock }: Stage): Promise<string> {
  return (await airlock.live("fees")).toString();
}

/** The newest line of history first. */
async function newest({ airlock }: Stage): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await airlock.history("fees")).at(-1);
}

/** How an asking message reads at last. */
function nowReads(person: Person, { message_id: id }: Message): Message | undefined {
  return person.messages().find(({ message_id }) => message_id === id);
}

/** Which messages ask outlives a kill once it is written, a moment after they were sent. */
async function noted({ airlock }: Stage, ids: readonly number[]): Promise<void> {
  const text = (): Promise<string> =>
    readFile(join(airlock.stateDir, "keep_messages.jsonl"), "utf8");
  for (const id of ids) {
    await expect.poll(text, { timeout: 20_000 }).toContain(`"chat_id":${id}`);
  }
}

async function upload({ anna, boris }: Stage): Promise<{ own: Message; notice: Message }> {
  anna.upload("fees.yml", feesFile(1), { caption });
  const own = await anna.waitForText("unless somebody presses Keep.");
  const notice = await boris.waitForText("unless somebody presses Keep.");
  return { own, notice };
}

test("a change that is kept stays: every message that asked says by whom, and loses its buttons", async () => {
  const stage = await open("1h");
  const { anna, boris, carol, airlock } = stage;
  boris.send("/mute");
  await boris.waitForText("Muted");
  const { own, notice } = await upload(stage);
  expect(own.text).toMatch(
    /^✅ fees\.yml updated successfully![\s\S]*\nIt goes back to revision 1 at \d\d:\d\d:\d\d UTC unless somebody presses Keep\.$/,
  );
  expect(buttonsOf(own)).toEqual(["Keep", "Revert now", "10 more minutes"]);
  expect(notice.text).toMatch(/^🔔 Anna changed fees\.yml\n/);
  expect(buttonsOf(notice)).toEqual(["Keep", "Revert now"]);
  const reader = await carol.waitForText("🔔 Anna changed fees.yml");
  expect(buttonsOf(reader)).toEqual([]);
  // It has no buttons and is not edited: what it says must stay true.
  expect(reader.text).toMatch(
    /\nIt goes back to revision 1 unless somebody keeps it; \/pending shows whether it is still waiting\.$/,
  );
  expect(await airlock.metric("config_pending", { ...fees, kind: "keep" })).toBe(1);

  boris.press(notice, "Keep");
  await anna.waitForText("Kept by Boris.");
  await boris.waitForText("Kept by Boris.");
  for (const [person, message] of [
    [anna, own],
    [boris, notice],
  ] as const) {
    const now = nowReads(person, message);
    expect(now?.text).toMatch(/\nKept by Boris\.$/);
    expect(now?.text).not.toContain("unless somebody");
    expect(buttonsOf(now)).toEqual([]);
  }
  const kept = await newest(stage);
  expect(Object.keys(kept ?? {}).toSorted()).toEqual(["at", "kept", "kept_by"]);
  expect(kept).toMatchObject({ kept: 2, kept_by: { id: 1002, name: "Boris" } });
  expect(await airlock.metric("config_pending", { ...fees, kind: "keep" })).toBe(0);
  expect(await liveFees(stage)).toBe(feesFile(1));
  // A press that was on its way when it was decided.
  const { answered } = boris.pressData(notice, "back:fees:2");
  expect((await answered).text).toBe("This button is out of date.");
  expect(await liveFees(stage)).toBe(feesFile(1));
  // Whoever reads history finds revisions only, and the next one follows without a gap.
  anna.send("/history_fees");
  expect((await anna.waitForText("History of fees.yml")).text).not.toContain("kept");
  anna.upload("fees.yml", feesFile(3), { caption });
  await anna.waitForText("Revision 3.");
  expect(await newest(stage)).toMatchObject({ revision: 3 });
});

test("a change that nobody keeps goes back by itself, and all who may read are told", async () => {
  const stage = await open("2s");
  const { anna, boris, carol, airlock } = stage;
  const { own } = await upload(stage);
  const text = "↩️ fees.yml went back to revision 1: nobody pressed Keep.";
  for (const person of [anna, boris, carol]) {
    expect(buttonsOf(await person.waitForText(text))).toEqual(["Show changes"]);
  }
  await anna.waitForText("It went back to revision 1: nobody pressed Keep.");
  expect(buttonsOf(nowReads(anna, own))).toEqual([]);
  expect(await liveFees(stage)).toBe(feesFile(0));
  expect(await newest(stage)).toMatchObject({
    revision: 3,
    how: "reverted",
    author: null,
    reverts: 2,
  });
  expect(await airlock.backupTexts("fees")).toEqual([feesFile(0), feesFile(1)]);
  expect(await airlock.metric("config_reverts_total", { ...fees, cause: "keep" })).toBe(1);
  expect(await airlock.metric("config_reverts_total", { ...fees, cause: "person" })).toBe(0);
  expect(await airlock.metric("config_uploads_total", { ...fees, outcome: "reverted" })).toBe(1);
  expect(await airlock.metric("config_revision", fees)).toBe(3);
  const back = await anna.waitForText(text);
  anna.press(back, "Show changes");
  await anna.waitForText("maker_percent: 1 → 0");
});

test("while a change waits, nothing else changes that config, in whatever way; the others are free", async () => {
  const stage = await open("1h");
  const { anna, boris, airlock } = stage;
  await upload(stage);
  const refused =
    /^⏸ fees\.yml was not changed: the change by Anna waits for Keep until \d\d:\d\d:\d\d UTC\./;
  boris.upload("fees.yml", feesFile(5), { caption });
  expect((await boris.waitForText("⏸")).text).toMatch(refused);
  const since = anna.cursor();
  anna.send("/rollback_fees 1");
  anna.press(await anna.waitForText("Roll fees.yml back", { since }), "Roll back");
  expect((await anna.waitForText("⏸", { since })).text).toMatch(refused);
  await writeFile(join(airlock.root, "new.yml"), feesFile(6));
  const ran = await airlockCommand(airlock, ["apply", "fees", join(airlock.root, "new.yml")]);
  expect(ran.code).toBe(1);
  expect(ran.out).toMatch(refused);
  expect(await liveFees(stage)).toBe(feesFile(1));
  expect(await airlock.metric("config_uploads_total", { ...fees, outcome: "blocked" })).toBe(3);
  anna.upload("rates.yml", "base: USD\nrates:\n  EUR: 0.9\n", { caption: "/set_rates" });
  await anna.waitForText("✅ rates.yml updated successfully!");
});

test("Revert now takes it back at once, in the name of who pressed; it waits for no Keep itself", async () => {
  const stage = await open("1h");
  const { anna, boris, carol, airlock } = stage;
  const { own, notice } = await upload(stage);
  boris.press(notice, "Revert now");
  for (const person of [anna, boris, carol]) {
    await person.waitForText("↩️ fees.yml went back to revision 1: Boris took it back.");
  }
  await anna.waitForText("It went back to revision 1: Boris took it back.");
  expect(buttonsOf(nowReads(anna, own))).toEqual([]);
  expect(await liveFees(stage)).toBe(feesFile(0));
  expect(await newest(stage)).toMatchObject({
    revision: 3,
    how: "reverted",
    author: { id: 1002, name: "Boris" },
    reverts: 2,
  });
  expect(await airlock.metric("config_reverts_total", { ...fees, cause: "person" })).toBe(1);
  expect(await airlock.metric("config_pending", { ...fees, kind: "keep" })).toBe(0);
  boris.upload("fees.yml", feesFile(4), { caption });
  await boris.waitForText("It goes back to revision 3 at");
  // As from an Undo that was shown before the change's guard asked for Keep.
  const before = await anna.waitForText("🔔 Boris changed fees.yml");
  anna.pressData(before, "undo:fees:4");
  await boris.waitForText("↩️ fees.yml went back to revision 3: Anna took it back.");
  expect(await newest(stage)).toMatchObject({ how: "reverted", author: { id: 1001 }, reverts: 4 });
});

test("ten more minutes can be had three times", async () => {
  const stage = await open("1h");
  const { anna, boris } = stage;
  const { own, notice } = await upload(stage);
  const timeIn = ({ text }: Message): string => / at (\S+) UTC/.exec(text ?? "")?.[1] ?? "";
  let before = own;
  for (const buttons of [3, 3, 2]) {
    const since = anna.cursor();
    anna.press(before, "10 more minutes");
    const longer = await anna.waitForText("unless somebody presses Keep.", { since });
    const minutes =
      (Date.parse(`1970-01-01T${timeIn(longer)}Z`) - Date.parse(`1970-01-01T${timeIn(before)}Z`)) /
      60_000;
    // It may be past midnight by then.
    expect([10, 10 - 24 * 60]).toContain(minutes);
    expect(buttonsOf(longer)).toHaveLength(buttons);
    before = longer;
  }
  expect(buttonsOf(nowReads(anna, own))).toEqual(["Keep", "Revert now"]);
  await boris.waitForText(timeIn(before));
  expect(buttonsOf(nowReads(boris, notice))).toEqual(["Keep", "Revert now"]);
});

test("killed and started before the deadline, it still waits: its buttons work, and the deadline is the same", async () => {
  const stage = await open("1h");
  const { anna, boris, airlock } = stage;
  const { own, notice } = await upload(stage);
  await noted(stage, [1001, 1002]);
  await airlock.kill();
  await airlock.restart();
  expect(await airlock.metric("config_pending", { ...fees, kind: "keep" })).toBe(1);
  boris.upload("fees.yml", feesFile(5), { caption });
  await boris.waitForText("⏸ fees.yml was not changed");
  anna.press(own, "Keep");
  await boris.waitForText("Kept by Anna.");
  expect(buttonsOf(nowReads(boris, notice))).toEqual([]);
  await airlock.kill();
  await airlock.restart();
  expect(await liveFees(stage)).toBe(feesFile(1));
  expect(await airlock.metric("config_pending", { ...fees, kind: "keep" })).toBe(0);
});

test("where the deadline passed while the bot was down, it goes back before anybody's update is fetched", async () => {
  const stage = await open("6s");
  const { anna, boris, airlock, server } = stage;
  const { own, notice } = await upload(stage);
  await noted(stage, [1001, 1002]);
  await airlock.kill();
  expect(await liveFees(stage)).toBe(feesFile(1));
  boris.press(notice, "Keep");
  // There is nothing to wait for: the time passes, and no bot runs.
  await sleep(6000);
  const since = server.requestCursor();
  let liveAtFirstPoll: Promise<string> | undefined;
  const polled = server.waitForRequest(({ method }) => method === "getUpdates", { since });
  const looking = polled.then(() => (liveAtFirstPoll = liveFees(stage)));
  await airlock.restart();
  await looking;
  expect(await liveAtFirstPoll).toBe(feesFile(0));
  await anna.waitForText("↩️ fees.yml went back to revision 1: nobody pressed Keep.");
  await anna.waitForText("It went back to revision 1: nobody pressed Keep.");
  expect(buttonsOf(nowReads(anna, own))).toEqual([]);
  expect(await newest(stage)).toMatchObject({ revision: 3, how: "reverted", author: null });
});

test("without a running bot the command line refuses a change of a config with keep", async () => {
  const stage = await open("1h");
  const { airlock } = stage;
  await airlock.stop();
  const before = await liveFees(stage);
  await writeFile(join(airlock.root, "new.yml"), feesFile(6));
  const ran = await airlockCommand(airlock, ["apply", "fees", join(airlock.root, "new.yml")]);
  expect(ran.code).toBe(1);
  expect(ran.err).toContain("no bot is running");
  expect(await liveFees(stage)).toBe(before);
});

test("a first version has nothing to go back to, and stays", async () => {
  const stage = await open("1s", {
    prepare: ({ configDir }) => rm(join(configDir, "fees.yml")),
  });
  const { anna, airlock } = stage;
  anna.upload("fees.yml", feesFile(1), { caption });
  expect((await anna.waitForText("✅ fees.yml updated successfully!")).text).not.toContain("Keep");
  expect(await airlock.metric("config_pending", { ...fees, kind: "keep" })).toBe(0);
});
