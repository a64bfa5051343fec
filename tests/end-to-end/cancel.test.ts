import type { Message } from "grammy/types";
import { describe, expect, test } from "vitest";
import { straceIsMissing, trace } from "../crash/strace.ts";
import { feesFile, openStage, ratesFile, type Stage } from "./stage.ts";

const caption = "/set_fees";

test("/cancel while a document downloads ends it at once, though Telegram goes on sending", async () => {
  const { server, airlock, anna } = await openStage();
  const before = await airlock.live("fees");
  server.fault({ method: "download", kind: "stall", afterBytes: 5, times: 1 });
  const document = anna.upload("fees.yml", feesFile(1), { caption });
  await server.waitForRequest(({ method }) => method === "download");
  anna.send("/cancel");
  const told = await anna.waitForText("🚫 Cancelled. fees.yml was not changed.");
  expect(told.reply_to_message?.message_id).toBe(document.message_id);
  expect(await airlock.live("fees")).toEqual(before);
  expect(await airlock.backups("fees")).toEqual([]);
});

test("/cancel while a document is checked ends it at once, however long the check would take", async () => {
  const { airlock, anna } = await openStage({
    env: { VALIDATION_SECONDS: "600" },
    configFiles: { "slow.yml": "name: a\n" },
    rootFiles: {
      "airlock.yml": "configs:\n  slow: { file: slow.yml, schema: slow.schema.json }\n",
      "slow.schema.json": JSON.stringify({ properties: { name: { pattern: "^(a|a)*$" } } }),
    },
  });
  anna.upload("slow.yml", `name: ${"a".repeat(60)}b\n`, { caption: "/set_slow" });
  await airlock.waitForLog(({ msg, step }) => msg === "upload_step" && step === "download");
  anna.send("/cancel");
  await anna.waitForText("🚫 Cancelled. slow.yml was not changed.");
  anna.upload("slow.yml", "name: aaa\n", { caption: "/set_slow" });
  await anna.waitForText("✅ slow.yml updated successfully!");
  expect(await airlock.history("slow")).toHaveLength(2);
});

describe("/cancel behind what it is to end, with no gap between them", () => {
  const cancelled = "🚫 Cancelled. fees.yml was not changed.";

  /** All that is sent here arrives at once, as it does after the bot was down. */
  async function together({ server, anna }: Stage, send: () => void): Promise<void> {
    const gate = server.fault({ method: "getUpdates", kind: "gate", times: 1 });
    // Ends the poll that may be waiting already; the next one is held.
    anna.send("/whoami");
    await gate.reached;
    send();
    gate.open();
  }

  async function expectCancelled({ airlock, anna }: Stage, document: Message): Promise<void> {
    const told = await anna.waitForText(cancelled);
    expect(told.reply_to_message?.message_id).toBe(document.message_id);
    const since = anna.cursor();
    anna.send("/status");
    await anna.waitForText("up for", { since });
    expect(anna.transcript()).not.toMatch(/nothing to cancel|✅/u);
    expect(await airlock.history("fees")).toHaveLength(1);
    expect(await airlock.backups("fees")).toEqual([]);
  }

  test("a document with its command", async () => {
    const stage = await openStage();
    const sent: Message[] = [];
    await together(stage, () => {
      sent.push(stage.anna.upload("fees.yml", feesFile(1), { caption }));
      stage.anna.send("/cancel");
    });
    for (const document of sent) await expectCancelled(stage, document);
    stage.anna.upload("fees.yml", feesFile(2), { caption });
    await stage.anna.waitForText("✅ fees.yml updated successfully!");
  });

  test("a question and its answer", async () => {
    const stage = await openStage();
    const sent: Message[] = [];
    await together(stage, () => {
      stage.anna.send("/set_fees");
      sent.push(stage.anna.upload("fees.yml", feesFile(1)));
      stage.anna.send("/cancel");
    });
    for (const document of sent) await expectCancelled(stage, document);
  });

  test("a button that begins an upload", async () => {
    const stage = await openStage();
    const document = stage.anna.upload("fees.yml", feesFile(1));
    const question = await stage.anna.waitForText("Which config is fees.yml for?");
    await together(stage, () => {
      stage.anna.press(question, "Set fees.yml");
      stage.anna.send("/cancel");
    });
    await expectCancelled(stage, document);
  });

  test("what is sent behind it is taken, and so is what another admin sent", async () => {
    const stage = await openStage();
    const { airlock, anna, boris } = stage;
    await together(stage, () => {
      boris.upload("rates.yml", ratesFile(1), { caption: "/set_rates" });
      anna.upload("fees.yml", feesFile(1), { caption });
      anna.send("/cancel");
      anna.upload("fees.yml", feesFile(2), { caption });
    });
    await anna.waitForText(cancelled);
    await anna.waitForText("✅ fees.yml updated successfully!");
    await boris.waitForText("✅ rates.yml updated successfully!");
    expect((await airlock.live("fees")).toString()).toBe(feesFile(2));
  });

  test("both waiting while the bot was down", async () => {
    const stage = await openStage();
    await stage.airlock.stop();
    const document = stage.anna.upload("fees.yml", feesFile(1), { caption });
    stage.anna.send("/cancel");
    await stage.airlock.restart();
    await expectCancelled(stage, document);
  });

  test("the document taken by a bot that was killed before it looked at it", async () => {
    const stage = await openStage();
    const { server, airlock, anna } = stage;
    // A handler that waits for Telegram keeps the same person's next message waiting.
    const gate = server.fault({ method: "sendMessage", kind: "gate", times: 1 });
    anna.send("hello");
    await gate.reached;
    const polls = server.requestCursor();
    const document = anna.upload("fees.yml", feesFile(1), { caption });
    await server.waitForRequest(({ method }) => method === "getUpdates", { since: polls });
    await airlock.kill();
    gate.open();
    anna.send("/cancel");
    await airlock.restart();
    await expectCancelled(stage, document);
  });
});

describe.skipIf(straceIsMissing)("while a save is slow", () => {
  test("/cancel of who waits for the lock leaves the queue, and of who is saving is too late", async () => {
    const { airlock, anna, boris } = await openStage();
    const slow = await trace(airlock.pid(), [
      "-e",
      "trace=fsync",
      "-e",
      "inject=fsync:delay_enter=4000000:when=1",
      "-P",
      airlock.backupDir,
    ]);
    anna.upload("fees.yml", feesFile(1), { caption });
    await airlock.waitForLog(({ msg }) => msg === "config_upload_lock_acquired");
    boris.upload("fees.yml", feesFile(2), { caption });
    await boris.waitForText(/^🔒 Acquiring lock and saving\.\.\.\n.*Anna/u);
    boris.send("/cancel");
    await boris.waitForText("🚫 Cancelled. fees.yml was not changed.");
    anna.send("/cancel");
    await anna.waitForText("fees.yml is already being saved");
    await anna.waitForText("✅ fees.yml updated successfully!");
    await slow.stop();
    expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
    expect(await airlock.history("fees")).toHaveLength(2);
    boris.upload("fees.yml", feesFile(3), { caption });
    await boris.waitForText("✅ fees.yml updated successfully!");
  });
});
