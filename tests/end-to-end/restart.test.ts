import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { Airlock } from "./airlock-process.ts";
import { feesFile, openStage } from "./stage.ts";

const caption = "/set_fees";
const notChanged = "🔁 The bot restarted. fees.yml was not changed.";
const updated = "🔁 The bot restarted. fees.yml was updated successfully.";

/** Until the bot has written down in which message it shows the upload: before that, only a new one can tell the fate. */
async function untilShownIsWritten({ stateDir }: Airlock): Promise<void> {
  await vi.waitFor(async () => {
    expect(await readFile(join(stateDir, "journal.jsonl"), "utf8")).toContain('"type":"shown"');
  }, 10_000);
}

test("killed while it downloads: the same message says that nothing was changed", async () => {
  const { server, airlock, anna } = await openStage();
  const before = await airlock.live("fees");
  const gate = server.fault({ method: "download", kind: "gate", times: 1 });
  const document = anna.upload("fees.yml", feesFile(1), { caption });
  const progress = await anna.waitForText("⏳");
  await gate.reached;
  await untilShownIsWritten(airlock);
  await airlock.kill();
  gate.open();
  await airlock.restart();
  const told = await anna.waitForText(notChanged);
  expect(told.message_id).toBe(progress.message_id);
  expect(await airlock.live("fees")).toEqual(before);
  // Whatever is delivered once more: what was told stays true.
  server.redeliver(document);
  anna.send("/status");
  await anna.waitForText("up for");
  expect(await airlock.live("fees")).toEqual(before);
  anna.upload("fees.yml", feesFile(1), { caption });
  await anna.waitForText("✅ fees.yml updated successfully!");
});

test("killed after the save and before its last text: the same message says that it was updated, and others hear of it", async () => {
  const { server, airlock, anna, boris } = await openStage();
  boris.send("/whoami");
  await boris.waitForText("Your id");
  const gate = server.fault({
    method: "editMessageText",
    when: ({ params }) => String(params["text"]).startsWith("✅"),
    kind: "gate",
    times: 1,
  });
  anna.upload("fees.yml", feesFile(1), { caption: `${caption} because` });
  const progress = await anna.waitForText("⏳");
  await gate.reached;
  await untilShownIsWritten(airlock);
  await airlock.kill();
  gate.remove();
  await airlock.restart();
  const told = await anna.waitForText(updated);
  expect(told.message_id).toBe(progress.message_id);
  expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
  expect(await airlock.history("fees")).toHaveLength(2);
  await boris.waitForText("🔔 Anna changed fees.yml");
  anna.press(told, "Undo");
  await anna.waitForText("Revision 3.");
  await airlock.restart();
  const tellings = boris.messages().filter(({ text }) => text?.startsWith("🔔"));
  expect(tellings).toHaveLength(2);
});

test("where the message is gone meanwhile, its fate comes in a new one", async () => {
  const { server, airlock, anna } = await openStage();
  const gate = server.fault({ method: "download", kind: "gate", times: 1 });
  anna.upload("fees.yml", feesFile(1), { caption });
  const progress = await anna.waitForText("⏳");
  await gate.reached;
  await untilShownIsWritten(airlock);
  await airlock.kill();
  gate.open();
  server.fault({
    method: "editMessageText",
    kind: "refuse",
    code: 400,
    description: "Bad Request: message to edit not found",
  });
  await airlock.restart();
  const told = await anna.waitForText(notChanged);
  expect(told.message_id).not.toBe(progress.message_id);
});

test("killed before anybody looked at a document: it is handled after the restart", async () => {
  const { server, airlock, anna } = await openStage();
  // A handler that waits for Telegram keeps the same person's next message waiting.
  const gate = server.fault({ method: "sendMessage", kind: "gate", times: 1 });
  anna.send("hello");
  await gate.reached;
  const polls = server.requestCursor();
  anna.upload("fees.yml", feesFile(1), { caption });
  // The poll after the one that brought the document confirms it: Telegram will not deliver it again.
  await server.waitForRequest(({ method }) => method === "getUpdates", { since: polls });
  await airlock.kill();
  gate.open();
  await airlock.restart();
  await anna.waitForText("✅ fees.yml updated successfully!");
  expect(await airlock.history("fees")).toHaveLength(2);
});

test("a stop that Telegram holds up leaves it to the next start to tell the fate", async () => {
  const { server, airlock, anna } = await openStage({ env: { SHUTDOWN_SECONDS: "1" } });
  const gate = server.fault({ method: "download", kind: "gate", times: 1 });
  anna.upload("fees.yml", feesFile(1), { caption });
  await anna.waitForText("⏳");
  await gate.reached;
  const hang = server.fault({ method: "editMessageText", kind: "hang" });
  expect(await airlock.stop()).toMatchObject({ code: 0 });
  gate.open();
  hang.remove();
  await airlock.restart();
  await anna.waitForText(notChanged);
});

test("a fate is told once, not at every start", async () => {
  const { server, airlock, anna } = await openStage();
  const gate = server.fault({ method: "download", kind: "gate", times: 1 });
  anna.upload("fees.yml", feesFile(1), { caption });
  await anna.waitForText("⏳");
  await gate.reached;
  await untilShownIsWritten(airlock);
  await airlock.kill();
  gate.open();
  await airlock.restart();
  await anna.waitForText(notChanged);
  const since = server.requestCursor();
  await airlock.restart();
  anna.send("/status");
  await anna.waitForText("up for");
  const edits = server.requests.slice(since).filter(({ method }) => method === "editMessageText");
  expect(edits).toEqual([]);
});

test("a token that somebody types is in no answer and no file", async () => {
  const { server, airlock, anna } = await openStage();
  anna.upload("fees.yml", feesFile(1), { caption: `${caption} see ${server.token}` });
  const told = await anna.waitForText("Reason: see [token]");
  expect(told.text).not.toContain(server.token);
  // That no file has it is looked at after every test.
  expect(await airlock.history("fees")).toMatchObject([{}, { reason: "see [token]" }]);
});
