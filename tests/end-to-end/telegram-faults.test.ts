import { describe, expect, test } from "vitest";
import type { FaultPlan } from "../../sandbox/bot-api/faults.ts";
import { openSharedStage } from "./shared-stage.ts";
import { feesFile, openStage } from "./stage.ts";

const caption = "/set_fees";
type Fault = FaultPlan extends infer Plan
  ? Plan extends unknown
    ? Omit<Plan, "method">
    : never
  : never;

describe("with one bot", () => {
  const sharedStage = openSharedStage();
  let fee = 0;
  const nextFees = (): string => {
    fee += 1;
    return feesFile(fee);
  };

  for (const { name, method, fault } of [
    {
      name: "the first text is refused",
      method: "sendMessage",
      fault: { kind: "refuse", code: 500, description: "Internal Server Error" },
    },
    {
      name: "the first text's answer is lost",
      method: "sendMessage",
      fault: { kind: "reset", effect: "after" },
    },
    {
      name: "an edit is refused with 429",
      method: "editMessageText",
      fault: { kind: "too_many", retryAfterSeconds: 1 },
    },
    {
      name: "an edit is refused with 500",
      method: "editMessageText",
      fault: { kind: "refuse", code: 500, description: "Internal Server Error" },
    },
    { name: "an edit is cut off", method: "editMessageText", fault: { kind: "reset" } },
    {
      name: "an edit's answer is lost",
      method: "editMessageText",
      fault: { kind: "reset", effect: "after" },
    },
  ] satisfies readonly { name: string; method: string; fault: Fault }[]) {
    test(`when ${name}, the file is saved all the same and the final text arrives`, async () => {
      const { server, airlock, anna } = sharedStage();
      const revisions = (await airlock.history("fees")).length;
      const since = anna.cursor();
      const fees = nextFees();
      const struck = server.fault({ ...fault, method, times: 1 });
      anna.upload("fees.yml", fees, { caption });
      await anna.waitForText("✅ fees.yml updated successfully!", { since });
      expect(struck.hits).toBe(1);
      expect((await airlock.live("fees")).toString()).toBe(fees);
      expect(await airlock.history("fees")).toHaveLength(revisions + 1);
    });
  }

  test("when the last edit is refused three times, it is tried again until it arrives", async () => {
    const { server, anna } = sharedStage();
    const since = anna.cursor();
    server.fault({
      method: "editMessageText",
      when: ({ params }) => String(params["text"]).startsWith("✅"),
      kind: "refuse",
      code: 502,
      description: "Bad Gateway",
      times: 3,
    });
    anna.upload("fees.yml", nextFees(), { caption });
    await anna.waitForText("✅", { since, timeoutMs: 20_000 });
  });

  test("when the progress message was deleted, the final text comes as a new one", async () => {
    const { server, anna } = sharedStage();
    const since = anna.cursor();
    const gate = server.fault({ method: "download", kind: "gate", times: 1 });
    anna.upload("fees.yml", nextFees(), { caption });
    const progress = await anna.waitForText("⏳", { since });
    await gate.reached;
    const gone = server.fault({
      method: "editMessageText",
      kind: "refuse",
      code: 400,
      description: "Bad Request: message to edit not found",
    });
    gate.open();
    const done = await anna.waitForText("✅", { since });
    gone.remove();
    expect(done.message_id).not.toBe(progress.message_id);
  });

  test("when what is waited for cannot be told, the question stays open", async () => {
    const { server, airlock, anna } = sharedStage();
    const since = anna.cursor();
    anna.send("/set_fees");
    await anna.waitForText("Send me", { since });
    const refused = server.fault({
      method: "sendMessage",
      kind: "refuse",
      code: 400,
      description: "Bad Request: not enough rights to send text messages to the chat",
      times: 1,
    });
    anna.send("what?");
    await refused.reached;
    anna.upload("fees.yml", nextFees());
    await anna.waitForText("✅ fees.yml updated successfully!", { since });
    expect(airlock.log.filter(({ msg }) => msg === "bug")).toEqual([]);
  });

  test("in a group that became a supergroup, the final text arrives in the new one", async () => {
    const { server, anna } = sharedStage();
    const group = server.group({ title: "Ops" });
    const gate = server.fault({ method: "download", kind: "gate", times: 1 });
    anna.upload("fees.yml", nextFees(), { caption, in: group });
    await gate.reached;
    group.migrate();
    gate.open();
    await group.waitForText("✅");
  });

  test("while another bot polls with the same token, /readyz says so, and the bot goes on afterwards", async () => {
    const { server, airlock, anna } = sharedStage();
    const since = anna.cursor();
    const conflict = server.fault({
      method: "getUpdates",
      kind: "refuse",
      code: 409,
      description:
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    });
    anna.send("/whoami");
    await airlock.waitForLog(({ msg, what }) => msg === "trouble" && what === "fetching updates");
    const ready = await fetch(`http://127.0.0.1:${airlock.port()}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain("another bot with the same token is running");
    anna.send("/status");
    conflict.remove();
    await anna.waitForText("up for", { since });
    expect((await fetch(`http://127.0.0.1:${airlock.port()}/readyz`)).status).toBe(200);
  });
});

test("while Telegram holds every text, the file is saved", async () => {
  const { server, airlock, anna } = await openStage();
  server.fault({ method: "sendMessage", kind: "hang", times: 1 });
  anna.upload("fees.yml", feesFile(1), { caption });
  await airlock.waitForLog(
    ({ msg, outcome }) => msg === "config_upload_finished" && outcome === "applied",
  );
  expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
});

test("who has blocked the bot is not told, and the upload ends", async () => {
  const { server, airlock, anna } = await openStage();
  const gate = server.fault({ method: "download", kind: "gate", times: 1 });
  anna.upload("fees.yml", feesFile(1), { caption });
  await gate.reached;
  // The first text sets out beside the download: it must have come, or it is refused as well.
  await anna.waitForText("⏳ Downloading and validating...");
  anna.block();
  gate.open();
  await airlock.waitForLog(
    ({ msg, outcome }) => msg === "config_upload_finished" && outcome === "applied",
  );
  expect(await airlock.stop()).toEqual({ code: 0, signal: null });
  // The second text and the last one; that is no reason to try the last one again.
  expect(server.requests.filter(({ status }) => status === 403)).toHaveLength(2);
});

test("a token that Telegram does not know ends the bot with code 1 and one clear line", async () => {
  const { server, airlock, anna } = await openStage();
  server.fault({ method: "getUpdates", kind: "refuse", code: 401, description: "Unauthorized" });
  // The poll under way ends with this; the next one is refused.
  anna.send("/whoami");
  const exit = await airlock.waitForEnd();
  expect(exit.code).toBe(1);
  expect(airlock.stderr()).toBe(
    "Telegram does not know this bot token. Check BOT_TOKEN, or make a new token with BotFather.\n",
  );
});
