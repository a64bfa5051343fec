import { expect, test } from "vitest";
import { feesFile, openStage, ratesFile } from "./stage.ts";

const stages = ["⏳ Downloading and validating...", "🔒 Acquiring lock and saving..."];

test("two admins upload one config at once: both are applied, and the second backs up the first's file", async () => {
  const { server, airlock, anna, boris } = await openStage();
  const before = (await airlock.live("fees")).toString();
  // Both downloads end at the same moment.
  const gates = [1, 2].map(() => server.fault({ method: "download", kind: "gate", times: 1 }));
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  boris.upload("fees.yml", feesFile(2), { caption: "/set_fees" });
  await Promise.all(gates.map(({ reached }) => reached));
  for (const gate of gates) gate.open();
  await Promise.all([anna.waitForText("✅"), boris.waitForText("✅")]);

  const [first, second] = boris.messages().some(({ text }) => text?.includes("Revision 3") === true)
    ? [1, 2]
    : [2, 1];
  expect((await airlock.live("fees")).toString()).toBe(feesFile(second));
  expect(await airlock.backupTexts("fees")).toEqual([before, feesFile(first)]);
  const locks = airlock.log.filter(({ msg }) => msg.startsWith("config_upload_lock_"));
  expect(locks.map(({ msg }) => msg)).toEqual([
    "config_upload_lock_acquired",
    "config_upload_lock_released",
    "config_upload_lock_acquired",
    "config_upload_lock_released",
  ]);
  expect(locks[0]?.["upload_id"]).toBe(locks[1]?.["upload_id"]);
  const later = second === 1 ? anna : boris;
  await later.waitForText(`This replaced ${second === 1 ? "Boris" : "Anna"}'s version from `);
});

test("a slow download of one admin stalls nobody, not even the same admin in another chat", async () => {
  const { server, airlock, anna, boris } = await openStage();
  const group = server.group({ title: "Ops" });
  const gate = server.fault({ method: "download", kind: "gate", times: 1 });
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await gate.reached;
  boris.upload("fees.yml", feesFile(2), { caption: "/set_fees" });
  await boris.waitForText("✅");
  anna.send("/status");
  await anna.waitForText("fees.yml: revision 2");
  anna.upload("rates.yml", ratesFile(0.5), { caption: "/set_rates", in: group });
  await group.waitForText("✅ rates.yml");
  gate.open();
  await anna.waitForText("✅ fees.yml");
  expect((await airlock.history("fees")).length).toBe(3);
});

test("one message is sent, a reply to the document, and edited through the three texts in at most four calls", async () => {
  const { server, anna } = await openStage();
  anna.send("/set_fees");
  await anna.waitForText("Send me");
  const since = server.requestCursor();
  const events = server.events.cursor();
  const document = anna.upload("fees.yml", feesFile(1));
  const done = await anna.waitForText("✅");
  expect(done.reply_to_message?.message_id).toBe(document.message_id);
  const shown = server.events
    .since(events)
    .flatMap((event) => ("message" in event && event.by === "bot" ? [event.message] : []));
  expect(shown.map(({ text }) => text?.split("\n")[0])).toEqual([
    ...stages,
    "✅ fees.yml updated successfully!",
  ]);
  expect(new Set(shown.map(({ message_id: id }) => id)).size).toBe(1);
  const calls = server.requests
    .slice(since)
    .filter(({ method }) => !["getUpdates", "getFile", "download"].includes(method))
    // Of somebody who writes for the first time, and on a busy machine not long enough after.
    .filter(({ method }) => method !== "setMyCommands");
  expect(calls.length).toBeLessThanOrEqual(4);
});

test("what /get sends is the live file byte for byte, and the metrics and the menu know of it all", async () => {
  const { server, airlock, anna } = await openStage();
  const bytes = Buffer.from(`\uFEFF${feesFile(1).replaceAll("\n", "\r\n")}# ü <b>&amp;</b>\r\n`);
  anna.upload("fees.yml", bytes, { caption: "/set_fees" });
  await anna.waitForText("✅");
  expect(await airlock.live("fees")).toEqual(bytes);
  anna.send("/get_fees");
  const sent = await anna.waitForText("fees.yml, revision 2");
  expect(server.fileBytes(sent.document?.file_id ?? "")).toEqual(bytes);
  expect(sent.document?.file_name).toBe("fees.yml");
  expect(
    await airlock.metric("config_uploads_total", { config_type: "fees", outcome: "applied" }),
  ).toBe(1);
  expect(await airlock.metric("config_revision", { config_type: "fees" })).toBe(2);
  expect(await airlock.metric("config_lock_waiting", { config_type: "fees" })).toBe(0);
  for (const stage of ["validation", "locked_section"]) {
    const labels = { config_type: "fees", stage };
    expect(await airlock.metric("config_upload_duration_seconds_count", labels)).toBe(1);
  }
  for (const step of ["download", "check", "lock_wait", "backup", "replace"]) {
    const labels = { config_type: "fees", step };
    expect(await airlock.metric("config_upload_step_duration_seconds_count", labels)).toBe(1);
  }
  expect(server.menu(1001, 1001).map(({ command }) => command)).toEqual([
    "set_fees",
    "get_fees",
    "set_rates",
    "get_rates",
    "status",
    "pending",
    "cancel",
    "help",
    "language",
    "whoami",
    "mute",
    "unmute",
    ...["fees", "rates"].flatMap((id) =>
      [
        "check",
        "diff",
        "history",
        "chart",
        "rollback",
        "schedule",
        "freeze",
        "unfreeze",
        "schema",
      ].map((command) => `${command}_${id}`),
    ),
  ]);
});

test("an update that is delivered twice is handled once, also after a restart", async () => {
  const { server, airlock, anna } = await openStage();
  anna.send("/set_fees");
  await anna.waitForText("Send me");
  const document = anna.upload("fees.yml", feesFile(1));
  await anna.waitForText("✅");
  server.redeliver(document);
  anna.send("/whoami");
  await anna.waitForText("Your id");
  await airlock.restart();
  server.redeliver(document);
  anna.send("/status");
  await anna.waitForText("up for");
  expect(await airlock.history("fees")).toHaveLength(2);
  expect(anna.messages().filter(({ text }) => text?.includes("Which config"))).toEqual([]);
});

test("a question survives a restart", async () => {
  const { airlock, anna } = await openStage();
  anna.send("/set_fees");
  await anna.waitForText("Send me");
  await airlock.restart();
  anna.upload("anything.yml", feesFile(1));
  await anna.waitForText("✅ fees.yml");
});

test("an edited message changes nothing", async () => {
  const { airlock, anna } = await openStage();
  const message = anna.send("hello");
  await anna.waitForText("Send me a config");
  anna.edit(message, "/set_fees");
  anna.send("/cancel");
  await anna.waitForText("nothing to cancel");
  expect(await airlock.history("fees")).toHaveLength(1);
});

test("/cancel of an upload that waits is only the sender's in that chat", async () => {
  const { server, anna, boris } = await openStage();
  const gate = server.fault({ method: "download", kind: "gate", times: 2 });
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  boris.upload("fees.yml", feesFile(2), { caption: "/set_fees" });
  await Promise.all([anna.waitForText("⏳"), boris.waitForText("⏳")]);
  anna.send("/cancel");
  await anna.waitForText("🚫 Cancelled. fees.yml was not changed.");
  gate.open();
  await boris.waitForText("✅");
});
