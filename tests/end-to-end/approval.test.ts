// Changes beyond their limits that others approve. Golden chats of it, and of what their author confirms, are in rule-chats.test.ts.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import type { Press } from "../../sandbox/bot-api/presses.ts";
import { airlockCommand } from "./command-line.ts";
import { openStage, type Stage } from "./stage.ts";

const fees = (makerPercent: string): string =>
  `currency: USD\nmaker_percent: ${makerPercent}\ntaker_percent: 0.1\n`;

const people = `people:
  1001: { may: { fees: write } }
  1002: { may: { fees: write } }
  1003: { may: { fees: read } }
`;
const limits = "limits: [{ path: '**.*_percent', at_most: 50% }]";
const catalog = (rules: string): string =>
  `configs:\n  fees:\n    file: fees.yml\n    schema: builtin:fees\n    ${rules}\n${people}`;

async function stageWith(rules: string, live = fees("0.08")): Promise<Stage> {
  return openStage({
    adminIds: [],
    rootFiles: { "airlock.yml": catalog(rules) },
    configFiles: { "fees.yml": live },
  });
}

const asks = (name: string): string => `🕓 ${name} wants to change fees.yml.`;

/** The newest message that says so and has the button. */
function press(person: Person, text: string, button: string): Press {
  const message = person
    .messages()
    .findLast((each) => each.text?.startsWith(text) === true && each.reply_markup !== undefined);
  if (message === undefined) throw new Error(`no message says ${text}`);
  return person.press(message, button);
}

const byOne = `${limits}\n    approval: { when: over_limits, by: [1001, 1002, 1003] }`;
const caption = "/set_fees";
const waits = "🕓 fees.yml waits for approval. Nothing was changed yet.";
const done = "✅ fees.yml updated successfully!";

test("a proposal outlives a kill, and a change in between makes it stale for its author, who may merge", async () => {
  const { airlock, anna, boris, carol } = await stageWith(byOne);
  for (const person of [boris, carol]) person.send("/whoami");
  await carol.waitForText("Your id is 1003.");
  anna.upload("fees.yml", fees("8"), { caption });
  await anna.waitForText(waits);
  await boris.waitForText(asks("Anna"));
  await carol.waitForText(asks("Anna"));
  const pending = { config_type: "fees", kind: "approval" };
  expect(await airlock.metric("config_pending", pending)).toBe(1);
  await airlock.kill();
  await airlock.restart();
  // Nobody is asked twice.
  boris.upload("fees.yml", fees("0.08").replace("0.1", "0.11"), { caption });
  await boris.waitForText(done);
  expect(boris.transcript().split(asks("Anna"))).toHaveLength(2);
  press(carol, asks("Anna"), "Approve");
  await anna.waitForText("⚠️ fees.yml has changed since you took it. Nothing was changed yet.");
  expect(
    await airlock.metric("config_uploads_total", { config_type: "fees", outcome: "stale" }),
  ).toBe(1);
  press(anna, "⚠️ fees.yml has changed", "Merge both");
  await anna.waitForText("Both edits of fees.yml can be merged.");
  const since = boris.cursor();
  press(anna, "Both edits of fees.yml can be merged.", "Apply merge");
  // A merge is a new proposal.
  await boris.waitForText(asks("Anna"), { since });
  press(boris, asks("Anna"), "Approve");
  await anna.waitForText(done);
  expect((await airlock.live("fees")).toString()).toBe(fees("8").replace("0.1", "0.11"));
  expect((await airlock.history("fees")).at(-1)).toMatchObject({
    author: { id: 1001, name: "Anna" },
    approved_by: [{ id: 1002, name: "Boris" }],
  });
  // Whoever may not change the file any more can have nothing approved.
  boris.send("/get_fees");
  await boris.waitForText("fees.yml, revision 3");
  boris.upload("fees.yml", fees("80"), { caption });
  await boris.waitForText(waits);
  await carol.waitForText(asks("Boris"));
  const edited = fees("8").replace("0.1", "0.12");
  await writeFile(join(airlock.root, "config", "fees.yml"), edited);
  press(carol, asks("Boris"), "Approve");
  await carol.waitForText("fees.yml has changed in the meantime, so this can no longer be");
  const sinceStale = carol.cursor();
  await boris.waitForText("⚠️ fees.yml has changed since you took it. Nothing was changed yet.");
  press(boris, "⚠️ fees.yml has changed", "Apply anyway");
  await carol.waitForText(`${asks("Boris")}\nmaker_percent: 8 → 80`, { since: sinceStale });
  const reader = catalog(byOne).replace(
    "1002: { may: { fees: write } }",
    "1002: { may: { fees: read } }",
  );
  await writeFile(join(airlock.root, "airlock.yml"), reader);
  process.kill(airlock.pid(), "SIGHUP");
  await airlock.waitForLog((line) => line["msg"] === "catalog_taken");
  press(carol, asks("Boris"), "Approve");
  const gone = "🚫 Cancelled. fees.yml was not changed.\nBoris may no longer change fees.yml.";
  await boris.waitForText(gone);
  await carol.waitForText(gone);
  expect(await airlock.metric("config_pending", pending)).toBe(0);
  expect((await airlock.live("fees")).toString()).toBe(edited);
});

test("nobody approves: reminded at half time, then it ends, also where the time passed while the bot was down", async () => {
  const { airlock, anna, boris } = await stageWith(
    `${limits}\n    approval: { when: over_limits, expires: 4s }`,
  );
  boris.send("/whoami");
  await boris.waitForText("Your id is 1002.");
  anna.upload("fees.yml", fees("8"), { caption });
  await boris.waitForText("Reminder: this is still waiting.");
  const ended = "⌛ Nobody approved in 4 seconds. fees.yml was not changed.";
  await anna.waitForText(ended);
  await boris.waitForText(ended);
  anna.upload("fees.yml", fees("9"), { caption });
  const since = boris.cursor();
  const waiting = await anna.waitForText(waits, { since: anna.cursor() - 1 });
  await boris.waitForText(asks("Anna"), { since });
  await airlock.stop();
  const [until] = /(?<=until )[-0-9]+ [:0-9]+/.exec(waiting.text ?? "") ?? [];
  while (Date.now() < Date.parse(`${until?.replace(" ", "T")}Z`) + 1000) await sleep(100);
  const sinceRestart = anna.cursor();
  await airlock.restart();
  await anna.waitForText(ended, { since: sinceRestart });
  expect(await airlock.history("fees")).toHaveLength(1);
});

test("in a group it is asked there, answered by whoever may, and confirmed by a reply", async () => {
  const { server, airlock, anna, boris, carol } = await stageWith(byOne);
  const group = server.group({ title: "Ops", privacy: false });
  for (const person of [anna, boris]) person.send("hello", { in: group });
  carol.send("/whoami");
  await carol.waitForText("Your id is 1003.");
  anna.upload("fees.yml", fees("8"), { caption: "/set_fees", in: group });
  await group.waitForText(waits);
  const asked = await group.waitForText(asks("Anna"));
  expect((await anna.press(asked, "Approve").answered).text).toBe(
    "This is your own change: somebody else must approve it.",
  );
  expect(carol.transcript()).not.toContain(asks("Anna"));
  boris.press(asked, "Approve");
  await group.waitForText(done);
  expect(await airlock.history("fees")).toHaveLength(2);
});

test("the command line waits like an upload; during a freeze an approval is answered with that, and stays", async () => {
  const { airlock, anna, boris } = await stageWith(byOne);
  anna.send("/whoami");
  boris.send("/whoami");
  await boris.waitForText("Your id is 1002.");
  const apply = (): ReturnType<typeof airlockCommand> =>
    airlockCommand(airlock, ["apply", "fees", "-", "--anyway"], {
      input: fees("8"),
      env: { ADMIN_IDS: "" },
    });
  const waiting = await apply();
  expect(waiting.code).toBe(1);
  expect(waiting.out).toContain(waits);
  await boris.waitForText("wants to change fees.yml.");
  anna.send("/freeze_fees");
  await boris.waitForText("❄️");
  const answer = await press(boris, "🕓", "Approve").answered;
  expect(answer.text).toBe("❄️ fees.yml was not changed: Anna froze it.");
  const since = boris.cursor();
  anna.send("/unfreeze_fees");
  await boris.waitForText("fees.yml", { since });
  press(boris, "🕓", "Approve");
  await anna.waitForText("🔔");
  expect((await airlock.live("fees")).toString()).toBe(fees("8"));
  await airlock.stop();
  const refused = await airlockCommand(airlock, ["apply", "fees", "-"], {
    input: fees("80"),
    env: { ADMIN_IDS: "" },
  });
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("only the running bot can ask them");
  expect((await airlock.live("fees")).toString()).toBe(fees("8"));
});

test("small steps add up within a day; who is not named may not approve; a forged press goes around nothing", async () => {
  const { airlock, anna, boris, carol } = await stageWith(
    `${limits}\n    approval: { when: over_limits, by: [1002, 1003] }`,
  );
  for (const person of [boris, carol]) person.send("/whoami");
  await carol.waitForText("Your id is 1003.");
  boris.upload("fees.yml", fees("0.11"), { caption });
  await boris.waitForText(done);
  const since = boris.cursor();
  boris.upload("fees.yml", fees("0.15"), { caption });
  const waiting = await boris.waitForText(waits, { since });
  expect(waiting.text).toContain(
    "maker_percent: 0.11 → 0.15 is beyond its limit of 50% within 24 hours",
  );
  await carol.waitForText(asks("Boris"));
  const [approveButton] = carol
    .messages()
    .flatMap(({ reply_markup: markup }) => markup?.inline_keyboard.flat() ?? []);
  const data =
    approveButton !== undefined && "callback_data" in approveButton
      ? approveButton.callback_data
      : "";
  const id = data.split(":")[1] ?? "";
  anna.send("/whoami");
  const ours = await anna.waitForText("Your id is 1001.");
  expect((await anna.pressData(ours, data).answered).text).toBe(
    "You are not one of those who may approve changes to fees.yml.",
  );
  for (const act of ["anyway", "merge", "set"]) {
    expect((await boris.pressData(waiting, `${act}:${id}`).answered).text).toBe(
      "This button is out of date.",
    );
  }
  expect(await airlock.history("fees")).toHaveLength(2);
  expect((await airlock.live("fees")).toString()).toBe(fees("0.11"));
});

test("where there is no file yet, two approve it all the same", async () => {
  const { airlock, anna, boris, carol } = await openStage({
    adminIds: [],
    rootFiles: {
      "airlock.yml": catalog("approval: { when: always, approvals: 2, by: [1001, 1002, 1003] }"),
    },
    prepare: ({ configDir }) => rm(join(configDir, "fees.yml")),
  });
  for (const person of [boris, carol]) person.send("/whoami");
  await carol.waitForText("Your id is 1003.");
  anna.upload("fees.yml", fees("8"), { caption });
  await boris.waitForText(asks("Anna"));
  await carol.waitForText(asks("Anna"));
  const answered = await press(boris, asks("Anna"), "Approve").answered;
  expect(answered.text).toBe("Approved. More approvals are needed.");
  const asked = await carol.waitForText("Approved by Boris. 1 more must approve.");
  // A crash between the message and the note of it: she is asked again, and may press the first one.
  await airlock.kill();
  const folder = join(airlock.stateDir, "proposals");
  for (const name of (await readdir(folder)).filter((each) => each.endsWith(".json"))) {
    const record = await readFile(join(folder, name), "utf8");
    await writeFile(join(folder, name), record.replace(/"messages":\[[^\]]*\]/u, '"messages":[]'));
  }
  const since = carol.cursor();
  await airlock.restart();
  await carol.waitForText(asks("Anna"), { since });
  carol.press(asked, "Approve");
  await anna.waitForText(done);
  const ended = `${asks("Anna")}\nApproved by Boris and Carol.`;
  await vi.waitFor(() => {
    const asking = carol.messages().filter(({ text }) => text?.startsWith(asks("Anna")));
    expect(asking.map(({ text }) => text)).toEqual([ended, ended]);
  }, 20_000);
  expect((await airlock.live("fees")).toString()).toBe(fees("8"));
});
