import { describe, expect, test } from "vitest";
import { straceIsMissing, trace } from "../crash/strace.ts";
import { feesFile, openStage } from "./stage.ts";

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
    await anna.waitForText("fees.yml is being saved already");
    await anna.waitForText("✅ fees.yml updated successfully!");
    await slow.stop();
    expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
    expect(await airlock.history("fees")).toHaveLength(2);
    boris.upload("fees.yml", feesFile(3), { caption });
    await boris.waitForText("✅ fees.yml updated successfully!");
  });
});
