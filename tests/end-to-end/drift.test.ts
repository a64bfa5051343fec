// Edits on the server, through the real process: noticed by itself, told to all who may write, kept or put back.
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { feesFile, openStage, type Stage } from "./stage.ts";

/** Promised are 60 s. */
const noticedWithin = { timeoutMs: 60_000 };
const fees = { config_type: "fees" };
const firstLine = "✏️ fees.yml was changed on the server.";

async function open(): Promise<Stage> {
  const stage = await openStage({
    configFiles: { "fees.yml": feesFile(0) },
    rootFiles: {
      "airlock.yml": `configs:
  fees: { file: fees.yml, schema: builtin:fees }
people:
  1003: { name: Carol, may: { fees: read } }
`,
    },
  });
  // Only those who have talked to the bot can be written to.
  for (const person of [stage.anna, stage.boris, stage.carol]) {
    person.send("/whoami");
    await person.waitForText("Your");
  }
  return stage;
}

const buttonsOf = (message: ReturnType<Person["messages"]>[number] | undefined) =>
  message?.reply_markup?.inline_keyboard.flat().map(({ text }) => text) ?? [];

const livePath = ({ airlock }: Stage): string => join(airlock.configDir, "fees.yml");

test("all who may write are told, also who muted; after a kill nobody is told again, and the buttons work", async () => {
  const stage = await open();
  const { anna, boris, carol, airlock } = stage;
  boris.send("/mute");
  await boris.waitForText("Muted");
  expect(await airlock.metric("config_drift", fees)).toBe(0);
  await writeFile(`${livePath(stage)}.new`, feesFile(2));
  await rename(`${livePath(stage)}.new`, livePath(stage));
  const asked = await anna.waitForText(firstLine, noticedWithin);
  expect(buttonsOf(asked)).toEqual(["Keep", "Put back"]);
  expect(buttonsOf(await boris.waitForText(firstLine, noticedWithin))).toEqual([
    "Keep",
    "Put back",
  ]);
  expect(await airlock.metric("config_drift", fees)).toBe(1);
  expect(await airlock.live("fees")).toEqual(Buffer.from(feesFile(2)));
  anna.send("/status");
  await anna.waitForText("changed on disk since");

  // Who was told outlives a kill once it is written, a moment after.
  const told = join(airlock.stateDir, "keep_messages.jsonl");
  for (const { account } of [anna, boris]) {
    const noted = `"chat_id":${account.id}`;
    await expect.poll(() => readFile(told, "utf8"), { timeout: 20_000 }).toContain(noted);
  }
  await airlock.kill();
  await airlock.restart();
  expect(await airlock.metric("config_drift", fees)).toBe(0);
  const since = boris.cursor();
  anna.press(asked, "Put back");
  await anna.waitForText("✅ fees.yml updated successfully!");
  await boris.waitForText("Put back by Anna: revision 3.", { since });
  for (const person of [anna, boris]) {
    const told = person.messages().filter(({ text }) => text?.startsWith(firstLine));
    expect(told.map(({ text }) => text?.split("\n").at(-1))).toEqual([
      "Put back by Anna: revision 3.",
    ]);
    expect(told.flatMap(buttonsOf)).toEqual([]);
  }
  expect(carol.messages().filter(({ text }) => text?.startsWith("✏️"))).toEqual([]);
  expect(await airlock.live("fees")).toEqual(Buffer.from(feesFile(0)));
  // A press of a button that was still to be seen.
  const { answered } = boris.pressData(asked, "drift:keep:fees:0123456789abcdef");
  expect((await answered).text).toBe("This button is out of date.");
});
