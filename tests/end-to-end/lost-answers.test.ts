// Texts that arrive although their answer does not: nothing that is out of date is left standing above the last word.
import { describe, expect, test, vi } from "vitest";
import type { Message } from "grammy/types";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { openSharedStage } from "./shared-stage.ts";
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

describe("a file that somebody asked to see", () => {
  const sharedStage = openSharedStage();
  const methods = ["sendDocument", "sendPhoto"];
  const commands = ["/get_fees", "/schema_fees", "/diff_rates", "/chart_fees maker_percent"];
  const files = ["fees.yml", "fees.schema.json", "rates.yml.diff", "photo"];
  const page = {
    kind: "instead",
    status: 502,
    contentType: "text/html",
    body: "<h1>Bad Gateway</h1>",
  } as const;

  test("is sent again where the answer to it is lost or comes from a proxy", async () => {
    const { server, anna } = sharedStage();
    // More changes than a message lists.
    const many = Array.from({ length: 100 }, (_, index) => `  A${index}: 1\n`).join("");
    anna.upload("rates.yml", `base: USD\nrates:\n${many}`, { caption: "/set_rates" });
    await anna.waitForText("✅ rates.yml updated successfully!");
    for (const lost of [{ kind: "reset" } as const, page]) {
      const since = anna.cursor();
      // Even one that is hit by each of them arrives by its third attempt.
      const faults = methods.map((method) => server.fault({ method, ...lost, times: 2 }));
      const arriving = files.map((name) =>
        anna.waitFor(({ document, photo }) => name === (photo ? "photo" : document?.file_name), {
          since,
          timeoutMs: 20_000,
        }),
      );
      for (const command of commands) anna.send(command);
      await Promise.all(arriving);
      expect(faults.map(({ hits }) => hits)).toEqual([2, 2]);
    }
  });

  for (const { name, lost, text } of [
    {
      name: "that never is confirmed is asked for again, says a text",
      lost: { kind: "reset", effect: "after" } as const,
      text: "Telegram did not confirm that what you asked for was delivered. If you cannot see it here, please ask for it again.",
    },
    {
      name: "that Telegram refuses could not be sent, says a text",
      lost: { kind: "refuse", code: 413, description: "Request Entity Too Large" } as const,
      text: "Telegram did not accept the file, so it could not be sent. Please ask for it again in a few minutes; if that does not help, tell the operator.",
    },
  ]) {
    test(name, async () => {
      const { server, airlock, anna } = sharedStage();
      const since = anna.cursor();
      const faults = methods.map((method) => server.fault({ method, ...lost }));
      const sent = commands.map((command) => anna.send(command));
      const answered = sent.map(({ message_id: id }) =>
        anna.waitFor(
          (each) => each.reply_to_message?.message_id === id && each.text !== undefined,
          { since, timeoutMs: 40_000 },
        ),
      );
      expect((await Promise.all(answered)).map((each) => each.text)).toEqual(
        commands.map(() => text),
      );
      for (const fault of faults) fault.remove();
      expect(airlock.log.filter(({ msg }) => msg === "bug")).toEqual([]);
    });
  }
});
