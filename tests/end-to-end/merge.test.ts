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

test("where Telegram's answers to the offer of a merge are lost, what waits is one decision", async () => {
  const { server, airlock, anna, boris, carol } = await openStage({
    configFiles: { "any.yml": "a: 1\nb: 1\n" },
    rootFiles: {
      "airlock.yml": `${catalog}people: { 1003: { name: Carol, may: { any: write } } }\n`,
      "any.schema.json": schema,
    },
  });
  const upload = (who: typeof anna, text: string): void => {
    who.upload("any.yml", text, { caption: "/set_any" });
  };
  const listed = async (): Promise<string> => {
    const since = anna.cursor();
    anna.send("/pending");
    return (await anna.waitForText(/^(Waiting now|No change is waiting)/u, { since })).text ?? "";
  };
  const failed = (since: number) =>
    airlock.waitForLog(({ msg, what }) => msg === "trouble" && what === "answering", { since });

  // The offer takes the place of what was stale, in its message.
  anna.send("/get_any");
  await anna.waitForText("any.yml, revision 1");
  upload(boris, "a: 2\nb: 1\n");
  await boris.waitForText(/^✅/u);
  upload(anna, "a: 1\nb: 2\n");
  const stale = await anna.waitForText("⚠️ any.yml has changed since you took it.");
  const never = server.fault({ method: "editMessageText", kind: "reset", times: 3 });
  const logged = airlock.logCursor();
  anna.press(stale, "Merge both");
  await failed(logged);
  expect(never.hits).toBe(3);
  expect((await listed()).match(/is waiting for your decision/gu)).toHaveLength(1);
  // The next attempt is refused, since the message says so already.
  server.fault({ method: "editMessageText", kind: "reset", effect: "after", times: 1 });
  const offered = { since: server.events.cursor() };
  anna.press(stale, "Merge both");
  const offer = await anna.waitForText("Both edits of any.yml can be merged.", offered);
  expect((await listed()).match(/is waiting for your decision/gu)).toHaveLength(1);
  anna.press(offer, "Apply merge");
  await anna.waitForText(/^✅[^]*Revision 3\./u);
  expect((await airlock.live("any")).toString()).toBe("a: 2\nb: 2\n");
  expect(await listed()).toContain("No change is waiting");

  // The offer is a message of its own, asked for again by whoever has no answer.
  upload(carol, "a: 3\nb: 1\n");
  const setBack = await carol.waitForText(/^✅[^]*It set back the change of Anna/u);
  server.fault({
    method: "sendMessage",
    when: ({ chatId }) => chatId === 1003,
    kind: "reset",
    effect: "after",
    times: 1,
  });
  const again = airlock.logCursor();
  carol.press(setBack, "Merge both");
  await failed(again);
  const [unseen] = carol.messages().slice(-1);
  const since = carol.cursor();
  carol.press(setBack, "Merge both");
  const seen = await carol.waitForText("Both edits of any.yml can be merged.", { since });
  carol.press(seen, "Discard");
  await carol.waitForText("🚫 Cancelled. any.yml was not changed.");
  if (unseen === undefined) throw new Error("the first offer did not arrive");
  const { answered } = carol.press(unseen, "Apply merge");
  expect((await answered).text).toBe("This button is out of date.");
});
