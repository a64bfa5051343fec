// One value from a chat: in a group, of a JSON file, over a restart, held by a rule. What the chat looks like is in tests/chats/value.md.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStage } from "./stage.ts";

const schema = '{ "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object" }';
const catalog = `configs:
  data: { file: data.json, schema: any.schema.json }
  any: { file: any.yml, schema: any.schema.json }
  held: { file: held.yml, schema: any.schema.json, limits: [{ path: '**', at_most: 50% }] }
people:
  1003: { name: Carol, may: { '*': read } }
`;

test("a value is set in a group, in JSON, over a restart, by its author alone, and held by the rules", async () => {
  const { server, airlock, anna, boris, carol } = await openStage({
    configFiles: {
      "data.json": '{ "a": 1, "b": ["x"] }\n',
      "any.yml": "a: &x 1 # one\nb: *x\nname: 'it''s'\n",
      "held.yml": "a: 1\n",
    },
    rootFiles: { "airlock.yml": catalog, "any.schema.json": schema },
  });
  const group = server.group({ title: "Ops" });
  anna.send("/set_data b[0] z", { in: group });
  const asked = await group.waitForText("b[0]: x → z (line 1)");
  expect(asked.reply_to_message?.message_id).toBeDefined();
  await airlock.restart();
  const pressed = { since: server.events.cursor() };
  await boris.press(asked, "Apply").answered;
  expect(await airlock.history("data")).toHaveLength(1);
  await anna.press(asked, "Apply").answered;
  await group.waitForText(/^✅ data\.json updated/u, pressed);
  expect(await readFile(join(airlock.configDir, "data.json"), "utf8")).toBe(
    '{ "a": 1, "b": ["z"] }\n',
  );
  expect((await airlock.history("data"))[1]).toMatchObject({
    how: "value",
    author: { id: 1001 },
    reason: null,
  });

  anna.send("/set_any a 2");
  await anna.waitForText("a cannot be changed by itself");
  anna.send("/set_any b 2");
  await anna.waitForText("b is an alias");
  anna.send('/set_any name that\'s "all"');
  const offer = await anna.waitForText('name: "it\'s" → "that\'s" (line 3)');
  expect(offer.text).toContain('Reason: "all"');
  anna.press(offer, "Apply");
  await anna.waitForText(/^✅ any\.yml updated/u);
  expect((await airlock.live("any")).toString()).toBe("a: &x 1 # one\nb: *x\nname: 'that''s'\n");
  await writeFile(join(airlock.configDir, "any.yml"), "a: 3\n");
  anna.send("/set_any a");
  await anna.waitForText("a: 3 (line 1)\nChanged on disk after the newest revision.");

  carol.send("/set_any a 4");
  await carol.waitForText("You may read any.yml, but not change it. Nothing was changed.");

  anna.send("/set_held a 3");
  const far = await anna.waitForText("a: 1 → 3 (line 1)");
  anna.press(far, "Apply");
  await anna.waitForText("✋ held.yml holds a change beyond its limit.");
  anna.send("3");
  await anna.waitForText(/^✅ held\.yml updated/u);
  expect((await airlock.history("held"))[1]).toMatchObject({ how: "value" });
  // Words that are no path are the reason of a file to come.
  anna.send("/set_held because of winter");
  await anna.waitForText(
    "Send me the new held.yml as a file. /cancel to stop.\nReason: because of winter",
  );
}, 90_000);
