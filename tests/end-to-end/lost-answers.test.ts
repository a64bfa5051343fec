// Texts that arrive although their answer does not: nothing that is out of date is left standing above the last word.
import { describe, expect, test, vi } from "vitest";
import type { Message } from "grammy/types";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { feesFile, openStage } from "./stage.ts";

const caption = "/set_fees";
const applied = "✅ fees.yml updated successfully!";
const below = "⬇️ This continues in the message below.";

const firstLines = (person: Person, { message_id: id }: Message): readonly (string | undefined)[] =>
  person
    .messages()
    .filter((each) => each.reply_to_message?.message_id === id)
    .map(({ text }) => text?.split("\n")[0]);

describe("where the answer to what the bot sends is lost, all that it left says where it goes on", () => {
  for (const { name, times } of [
    { name: "the first time", times: 1 },
    { name: "twice", times: 2 },
    { name: "three times, the last text among them", times: 3 },
  ]) {
    test(name, async () => {
      const { server, airlock, anna } = await openStage();
      server.fault({ method: "sendMessage", kind: "reset", effect: "after", times });
      const document = anna.upload("fees.yml", feesFile(1), { caption });
      await vi.waitFor(
        () =>
          expect(firstLines(anna, document)).toEqual([
            ...Array.from({ length: times }, () => below),
            applied,
          ]),
        10_000,
      );
      expect(await airlock.history("fees")).toHaveLength(2);
      expect(airlock.log.filter(({ msg }) => msg === "bug")).toEqual([]);
    });
  }

  test("an answer that takes too long counts as lost", async () => {
    const { server, anna } = await openStage();
    server.fault({ method: "sendMessage", kind: "hang", effect: "after", times: 1 });
    const document = anna.upload("fees.yml", feesFile(1), { caption });
    await vi.waitFor(() => expect(firstLines(anna, document)).toEqual([below, applied]), 20_000);
  });

  test("in a group, with what others write in between", async () => {
    const { server, anna, boris } = await openStage();
    const group = server.group({ title: "Operations" });
    const lost = server.fault({ method: "sendMessage", kind: "reset", effect: "after", times: 1 });
    const download = server.fault({ method: "download", kind: "gate", times: 1 });
    const document = anna.upload("fees.yml", feesFile(1), { caption, in: group });
    await lost.reached;
    for (let index = 1; index <= 3; index += 1) boris.send("what a day", { in: group });
    download.open();
    await vi.waitFor(() => {
      const answers = group
        .messages()
        .filter((each) => each.reply_to_message?.message_id === document.message_id)
        .map(({ text }) => text?.split("\n")[0]);
      expect(answers).toEqual([below, applied]);
    }, 10_000);
    const others = group.messages().filter(({ from }) => from?.id === 1002);
    expect(others.map(({ text }) => text)).toEqual(["what a day", "what a day", "what a day"]);
  });

  test("an undo", async () => {
    const { server, anna } = await openStage();
    anna.upload("fees.yml", feesFile(1), { caption });
    const done = await anna.waitForText(applied);
    server.fault({ method: "sendMessage", kind: "reset", effect: "after", times: 1 });
    anna.press(done, "Undo");
    await vi.waitFor(
      () => expect(firstLines(anna, done)).toEqual([below, expect.stringContaining("✅")]),
      10_000,
    );
  });
});

test("what else was lost in the chat is not written over", async () => {
  const { server, anna } = await openStage();
  const download = server.fault({ method: "download", kind: "gate", times: 1 });
  server.fault({ method: "sendMessage", kind: "reset", effect: "after", times: 2 });
  const document = anna.upload("fees.yml", feesFile(1), { caption });
  await anna.waitForText("⏳");
  anna.send("/whoami");
  const other = await anna.waitForText("Your id");
  download.open();
  await anna.waitForText(applied);
  const since = anna.cursor();
  anna.send("/status");
  await anna.waitForText("up for", { since });
  expect(anna.messages().find(({ message_id: id }) => id === other.message_id)).toEqual(other);
  expect(firstLines(anna, document)).toEqual(["⏳ Downloading and validating...", applied]);
});
