// An upload by somebody who never took the file takes out what somebody else had just changed: nobody's edit is lost unseen. What its chat looks
// like is in tests/chats/set-back.md.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Message } from "grammy/types";
import { openStage } from "./stage.ts";

const schema = '{ "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object" }';
const catalog = `configs:
  data: { file: data.json, schema: any.schema.json }
  kept: { file: kept.yml, schema: any.schema.json, keep: 1h }
  asked: { file: asked.yml, schema: any.schema.json, approval: { when: always } }
  both: { file: both.yml, schema: any.schema.json }
  killed: { file: killed.yml, schema: any.schema.json }
  taken: { file: taken.yml, schema: any.schema.json }
people:
  1003: { name: Carol, may: { '*': write } }
`;
const yaml = (a: number, b: number): string => `a: ${a}\nb: ${b}\n`;

function labels(message: Message): readonly string[] {
  return message.reply_markup?.inline_keyboard.flat().map(({ text }) => text) ?? [];
}

test("whatever way the upload came in, both are told, and a merge is offered where there can be one", async () => {
  const stage = await openStage({
    configFiles: Object.fromEntries([
      ...["kept", "asked", "both", "killed", "taken"].map((id) => [`${id}.yml`, yaml(1, 1)]),
      ["data.json", '{ "a": 1, "b": 1 }\n'],
    ]),
    rootFiles: { "airlock.yml": catalog, "any.schema.json": schema },
  });
  const { server, airlock, anna, boris, carol } = stage;
  for (const person of [anna, boris, carol]) {
    person.send("/whoami");
    await person.waitForText("Your id");
  }
  const upload = (who: typeof anna, file: string, text: string): void => {
    who.upload(file, text, { caption: `/set_${file.replace(/\..*/, "")}` });
  };
  const done = (who: typeof anna, file: string): Promise<Message> =>
    who.waitForText(new RegExp(`^✅ ${file} updated`, "u"));
  const noticed = (who: typeof anna, file: string): Promise<Message> =>
    who.waitForText(new RegExp(`^🔔 Boris changed ${file}`, "u"));
  const theirs = "It set back the change of Anna:\na: 2 → 1 (line 1)";
  const yours = "This set back your change:\na: 2 → 1 (line 1)";

  // JSON stays JSON.
  upload(anna, "data.json", '{ "a": 2, "b": 1 }\n');
  await done(anna, "data.json");
  upload(boris, "data.json", '{ "a": 1, "b": 2 }\n');
  expect((await done(boris, "data.json")).text).toContain(theirs);
  const notice = await noticed(anna, "data.json");
  expect(notice.text).toContain(yours);
  anna.press(notice, "Merge both");
  const offer = await anna.waitForText("Both edits of data.json can be merged.");
  anna.press(offer, "Apply merge");
  await anna.waitForText("Merged with Boris's revision 3.");
  expect(await readFile(join(airlock.configDir, "data.json"), "utf8")).toBe('{ "a": 2, "b": 2 }\n');

  // What waits for Keep can be reverted at once, and every other change is refused until it is decided: no merge then.
  upload(anna, "kept.yml", yaml(2, 1));
  const first = await done(anna, "kept.yml");
  const kept = { since: server.events.cursor() };
  anna.press(first, "Keep");
  await anna.waitForText("Kept by Anna.", kept);
  upload(boris, "kept.yml", yaml(1, 2));
  const waits = await done(boris, "kept.yml");
  expect(waits.text).toContain(theirs);
  expect(labels(waits)).toEqual(["Keep", "Revert now", "10 more minutes"]);
  const asks = await noticed(anna, "kept.yml");
  expect(asks.text).toContain(yours);
  expect(labels(asks)).toEqual(["Keep", "Revert now"]);

  // Approved by somebody else, it is still an upload by one who had not taken the file.
  upload(anna, "asked.yml", yaml(2, 1));
  const one = await carol.waitForText("🕓 Anna wants to change asked.yml.");
  carol.press(one, "Approve");
  await done(anna, "asked.yml");
  upload(boris, "asked.yml", yaml(1, 2));
  const two = await carol.waitForText("🕓 Boris wants to change asked.yml.");
  carol.press(two, "Approve");
  const approved = await done(boris, "asked.yml");
  expect(approved.text).toContain(theirs);
  expect(labels(approved)).toEqual(["Merge both", "Undo", "Show changes"]);

  // Both changed b, differently: what is lost is told, and there is nothing to merge.
  upload(anna, "both.yml", yaml(2, 2));
  await done(anna, "both.yml");
  upload(boris, "both.yml", yaml(1, 3));
  const clash = await done(boris, "both.yml");
  expect(clash.text).toContain(theirs);
  expect(labels(clash)).toEqual(["Show changes", "Undo"]);
  const clashed = await noticed(anna, "both.yml");
  expect(clashed.text).toContain(yours);
  expect(labels(clashed)).toEqual([]);

  // Who had taken the version that they replace has seen what they change.
  upload(anna, "taken.yml", yaml(2, 1));
  await done(anna, "taken.yml");
  boris.send("/get_taken");
  await boris.waitForText("taken.yml, revision 2");
  upload(boris, "taken.yml", yaml(1, 2));
  const seen = await done(boris, "taken.yml");
  expect(seen.text).not.toContain("set back");
  expect(labels(seen)).toEqual(["Show changes", "Undo"]);
  expect((await noticed(anna, "taken.yml")).text).not.toContain("set back");

  // Killed after the save and before anybody was told: told at the next start.
  upload(anna, "killed.yml", yaml(2, 1));
  await done(anna, "killed.yml");
  const gate = server.fault({
    method: "editMessageText",
    when: ({ params }) => String(params["text"]).startsWith("✅ killed.yml"),
    kind: "gate",
    times: 1,
  });
  upload(boris, "killed.yml", yaml(1, 2));
  await gate.reached;
  await airlock.kill();
  gate.remove();
  await airlock.restart();
  const told = await boris.waitForText("🔁 The bot restarted. killed.yml was updated");
  expect(told.text).toContain(theirs);
  expect(labels(told)).toEqual(["Merge both", "Undo", "Show changes"]);
  const late = await noticed(anna, "killed.yml");
  expect(late.text).toContain(yours);
  const pressed = { since: server.events.cursor() };
  anna.press(late, "Merge both");
  const joined = await anna.waitForText("Both edits of killed.yml can be merged.", pressed);
  anna.press(joined, "Apply merge");
  await anna.waitForText("Merged with Boris's revision 3.", pressed);
  expect((await airlock.live("killed")).toString()).toBe(yaml(2, 2));
}, 120_000);
