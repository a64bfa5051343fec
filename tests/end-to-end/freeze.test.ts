import { expect, test, vi } from "vitest";
import { airlockCommand } from "./command-line.ts";
import { feesFile, openStage } from "./stage.ts";

const refused = "❄️ fees.yml was not changed: Anna froze it.";
const withReader = {
  "airlock.yml": `configs:
  fees: { file: fees.yml, schema: builtin:fees }
  rates: { file: rates.yml, schema: builtin:rates }
people:
  1003: { name: Carol, may: { fees: read } }
`,
};
const frozen = { config_type: "fees" };
const blocked = { config_type: "fees", outcome: "blocked" };

test("a freeze refuses every way in, over a restart and without a bot, until it is lifted", async () => {
  const { airlock, anna, boris, carol } = await openStage({
    configFiles: { "fees.yml": feesFile(0) },
    rootFiles: withReader,
  });
  carol.send("/whoami");
  await carol.waitForText("Your id");
  expect(await airlock.metric("config_frozen", frozen)).toBe(0);

  // Everything that can be open before: an undo, a rollback, a stale upload and its merge.
  boris.send("/get_fees");
  await boris.waitForText("revision 1");
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  const done = await anna.waitForText("Revision 2.");
  const stale = feesFile(0).replace("0.1", "0.2");
  boris.upload("fees.yml", stale, { caption: "/set_fees" });
  const asked = await boris.waitForText("⚠️ fees.yml has changed");
  boris.upload("fees.yml", stale, { caption: "/set_fees" });
  const asAgain = await boris.waitFor(
    ({ text, message_id: id }) => text?.startsWith("⚠️") === true && id !== asked.message_id,
  );
  boris.press(asAgain, "Merge both");
  const merge = await boris.waitForText("Both edits of fees.yml can be merged.");
  boris.send("/rollback_fees 1");
  const preview = await boris.waitForText("Roll fees.yml back to revision 1");

  anna.send("/freeze_fees the audit");
  await anna.waitForText("❄️ fees.yml is frozen.");
  await carol.waitForText("❄️ Anna froze fees.yml.\nReason: the audit");
  expect(await airlock.metric("config_frozen", frozen)).toBe(1);

  const refusals = (): number =>
    [anna, boris].flatMap((who) => who.messages()).filter(({ text }) => text?.startsWith(refused))
      .length;
  const ways: readonly (() => unknown)[] = [
    () => anna.upload("fees.yml", feesFile(3), { caption: "/set_fees" }),
    () => anna.press(done, "Undo"),
    () => boris.press(asked, "Apply anyway"),
    () => boris.press(merge, "Apply merge"),
    () => boris.press(preview, "Roll back"),
  ];
  for (const [index, go] of ways.entries()) {
    go();
    await vi.waitFor(() => expect(refusals()).toBe(index + 1), 20_000);
  }
  const byBot = await airlockCommand(airlock, ["apply", "fees", "-"], { input: feesFile(4) });
  expect(byBot).toMatchObject({ code: 1 });
  expect(byBot.out + byBot.err).toContain(refused);
  const back = await airlockCommand(airlock, ["rollback", "fees", "1", "--anyway"]);
  expect(back.out + back.err).toContain(refused);
  expect(await airlock.metric("config_uploads_total", blocked)).toBe(ways.length + 2);

  await airlock.kill();
  const alone = await airlockCommand(airlock, ["apply", "fees", "-"], { input: feesFile(4) });
  expect(alone).toMatchObject({ code: 1 });
  expect(alone.out + alone.err).toContain(refused);
  await airlock.restart();
  expect(await airlock.metric("config_frozen", frozen)).toBe(1);
  expect(await airlock.history("fees")).toHaveLength(2);

  // In its place one that ends by itself.
  boris.send("/freeze_fees 4s");
  await boris.waitForText("This replaces Anna's freeze.");
  anna.upload("fees.yml", feesFile(3), { caption: "/set_fees" });
  await anna.waitForText("❄️ fees.yml was not changed: Boris froze it until 20");
  await vi.waitFor(
    async () => expect(await airlock.metric("config_frozen", frozen)).toBe(0),
    20_000,
  );
  anna.upload("fees.yml", feesFile(3), { caption: "/set_fees" });
  await anna.waitForText("Revision 3.");
});
