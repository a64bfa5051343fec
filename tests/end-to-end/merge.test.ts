// Two edits of one config, joined by the button Merge both: what is in the live file afterwards, to the byte.
import { expect, test } from "vitest";
import { openStage } from "./stage.ts";

const catalog = "configs: { any: { file: any.yml, schema: any.schema.json } }\n";
const schema = '{ "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object" }';

for (const { name, base, theirs, mine, live } of [
  {
    name: "a number of twenty digits that was added",
    base: "a: 1\n",
    theirs: "a: 2\n",
    mine: "a: 1\nb: 12345678901234567890\n",
    live: "a: 2\nb: 12345678901234567890\n",
  },
  {
    name: "a map in the place of a value with a comment",
    base: "a: 1 # c\nz: 1\n",
    theirs: "a: 1 # c\nz: 2\n",
    mine: "a: {b: 1} # c\nz: 1\n",
    live: "a: {b: 1} # c\nz: 2\n",
  },
  {
    name: "keys with comments that came and went",
    base: "# head\na: 0.10\n# of b\nb: 1\nc: 1 # c\n",
    theirs: "# head\na: 0.10\n# of b\nb: 1\nc:   2 # c\n",
    mine: "# head\na: 0.10\n# new\nn: +5 # n\nc: 1 # c\n",
    live: "# head\na: 0.10\n# new\nn: +5 # n\nc:   2 # c\n",
  },
]) {
  test(`merged into the live file: ${name}`, async () => {
    const { server, airlock, anna, boris } = await openStage({
      configFiles: { "any.yml": base },
      rootFiles: { "airlock.yml": catalog, "any.schema.json": schema },
    });
    anna.send("/get_any");
    await anna.waitForText("any.yml, revision 1");
    boris.upload("any.yml", theirs, { caption: "/set_any" });
    await boris.waitForText(/^✅/u);
    anna.upload("any.yml", mine, { caption: "/set_any" });
    const stale = await anna.waitForText("⚠️ any.yml has changed since you took it.");
    const pressed = { since: server.events.cursor() };
    anna.press(stale, "Merge both");
    const offer = await anna.waitForText("Both edits of any.yml can be merged.", pressed);
    anna.press(offer, "Apply merge");
    await anna.waitForText(/^✅[^]*Revision 3\./u);
    expect((await airlock.live("any")).toString()).toBe(live);
  });
}

test("a deletion against a change is a conflict, and is not offered to be merged", async () => {
  const { anna, boris } = await openStage({
    configFiles: { "any.yml": "c: {d: 1, e: 2}\nz: 1\n" },
    rootFiles: { "airlock.yml": catalog, "any.schema.json": schema },
  });
  anna.send("/get_any");
  await anna.waitForText("any.yml, revision 1");
  boris.upload("any.yml", "z: 1\n", { caption: "/set_any" });
  await boris.waitForText(/^✅/u);
  anna.upload("any.yml", "c: {e: 2}\nz: 1\n", { caption: "/set_any" });
  const stale = await anna.waitForText("⚠️ any.yml has changed since you took it.");
  expect(stale.text).toContain(
    "Both of you changed:\nc: was { d: 1, e: 2 }, is not there, yours { e: 2 }",
  );
  const labels = stale.reply_markup?.inline_keyboard.flat().map(({ text }) => text);
  expect(labels).toEqual(["Show changes", "Apply anyway", "Discard"]);
});
