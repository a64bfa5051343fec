// Changes that wait for their time. Most of it is waiting, so the tests are run at the same time.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Airlock } from "./airlock-process.ts";
import { feesFile, openStage } from "./stage.ts";

const small = { configFiles: { "fees.yml": feesFile(0) } };

/** As somebody types it. */
function inSeconds(seconds: number): string {
  return `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;
}

const captionFor = (seconds: number): string =>
  `/schedule_fees ${inSeconds(seconds)} the new month`;

/** While the bot is down: as if it had been down since. */
async function moveDueTimes({ stateDir }: Airlock, ms: number): Promise<void> {
  const folder = join(stateDir, "schedules");
  for (const name of (await readdir(folder)).filter((each) => !each.endsWith("_bytes.json"))) {
    const note: unknown = JSON.parse(await readFile(join(folder, name), "utf8"));
    const dueAt = new Date(Date.now() + ms).toISOString();
    await writeFile(join(folder, name), JSON.stringify({ ...Object(note), dueAt }));
  }
}

test.concurrent(
  "when it is due, a change goes live in its own message: also one that is based on another",
  async ({ onTestFinished }) => {
    const { airlock, anna, boris } = await openStage({ ...small, afterTest: onTestFinished });
    boris.send("/whoami");
    await boris.waitForText("Your id");
    const first = anna.upload("fees.yml", feesFile(1), { caption: captionFor(10) });
    const waiting = await anna.waitForText("🗓 fees.yml will change at");
    // Back to what is live now, on purpose.
    anna.upload("fees.yml", feesFile(0), { caption: captionFor(11) });
    const second = await anna.waitForText("It is based on Anna's change");
    const outcome = { config_type: "fees", outcome: "pending" };
    expect(await airlock.metric("config_uploads_total", outcome)).toBe(2);
    expect(await airlock.metric("config_pending", { config_type: "fees", kind: "schedule" })).toBe(
      2,
    );
    expect(await airlock.history("fees")).toHaveLength(1);
    expect((await anna.waitForText("Revision 2.")).message_id).toBe(waiting.message_id);
    expect((await anna.waitForText("Revision 3.")).message_id).toBe(second.message_id);
    await boris.waitForText(
      "🔔 Anna changed fees.yml\nReason: the new month\nmaker_percent: 0 → 1",
    );
    expect(await airlock.history("fees")).toMatchObject([
      {},
      {
        how: "scheduled",
        author: { id: 1001, name: "Anna" },
        reason: "the new month",
        message: { message_id: first.message_id },
      },
      { how: "scheduled" },
    ]);
    expect((await airlock.live("fees")).toString()).toBe(feesFile(0));
    const applied = { config_type: "fees", outcome: "applied" };
    expect(await airlock.metric("config_uploads_total", applied)).toBe(2);
    expect(await airlock.metric("config_pending", { config_type: "fees", kind: "schedule" })).toBe(
      0,
    );
  },
);

test.concurrent(
  "when it is due it is held to what is so by then: a change meanwhile, a freeze, a role that is gone",
  async ({ onTestFinished }) => {
    const { airlock, anna, boris } = await openStage({ ...small, afterTest: onTestFinished });
    // A freeze that ends before does not stand in its way; one that does not end by then does.
    boris.send("/freeze_fees 1s");
    await boris.waitForText("❄️ fees.yml is frozen until");
    anna.upload("fees.yml", feesFile(1), { caption: captionFor(10) });
    const waiting = await anna.waitForText("🗓 fees.yml will change at");
    await anna.waitForText("Revision 2.");
    anna.upload("fees.yml", feesFile(2), { caption: captionFor(8) });
    await anna.waitFor(
      ({ text, message_id: id }) => text?.startsWith("🗓") === true && id !== waiting.message_id,
    );
    boris.upload("fees.yml", feesFile(3), { caption: "/set_fees" });
    await boris.waitForText("Revision 3.");
    const stale = await anna.waitForText("⚠️ fees.yml has changed since you took it.");
    boris.send("/freeze_fees the audit");
    await boris.waitForText("❄️ fees.yml is frozen.");
    anna.upload("fees.yml", feesFile(5), { caption: captionFor(60) });
    await anna.waitForText("❄️ fees.yml was not changed: Boris froze it.\nReason: the audit");
    boris.send("/unfreeze_fees");
    await boris.waitForText("can be changed again");
    anna.press(stale, "Apply anyway");
    await anna.waitForText("Revision 4.");
    expect(await airlock.history("fees")).toMatchObject([
      {},
      { how: "scheduled" },
      { how: "upload" },
      { how: "scheduled", author: { id: 1001 } },
    ]);
    boris.upload("fees.yml", feesFile(6), { caption: captionFor(8) });
    // Stale when it is scheduled: what is agreed to then waits for its time.
    boris.press(await boris.waitForText("⚠️ fees.yml has changed"), "Apply anyway");
    await boris.waitForText("🗓 fees.yml will change at");
    expect(await airlock.history("fees")).toHaveLength(4);
    await airlock.restart({ ADMIN_IDS: "1001" });
    await boris.waitForText("but you may no longer change fees.yml");
    expect((await airlock.live("fees")).toString()).toBe(feesFile(2));
  },
);

test.concurrent(
  "it outlives a kill, is made where it was due a moment ago, and asked about where that was long ago",
  async ({ onTestFinished }) => {
    const { server, airlock, anna } = await openStage({ ...small, afterTest: onTestFinished });
    // Killed before it could be said that it waits: it is said then, and not that it ended.
    const unsaid = server.fault({
      method: "editMessageText",
      when: ({ params }) => String(params["text"]).startsWith("🗓"),
      kind: "gate",
      times: 1,
    });
    anna.upload("fees.yml", feesFile(1), { caption: captionFor(3600) });
    const progress = await anna.waitForText("⏳");
    await unsaid.reached;
    await airlock.kill();
    unsaid.remove();
    await airlock.restart();
    const waiting = await anna.waitForText("🗓 fees.yml will change at");
    expect(waiting.message_id).toBe(progress.message_id);
    expect(waiting.text).toContain("maker_percent: 0 → 1");
    expect(await airlock.metric("config_pending", { config_type: "fees", kind: "schedule" })).toBe(
      1,
    );

    await airlock.kill();
    await moveDueTimes(airlock, -14 * 60_000);
    const polls = server.requestCursor();
    await airlock.restart();
    await server.waitForRequest(({ method }) => method === "getUpdates", { since: polls });
    expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
    const done = await anna.waitForText("Revision 2.");
    expect(done.message_id).toBe(progress.message_id);

    // Killed when it was made, and nobody was told yet: it is told, and not made again.
    const untold = server.fault({
      method: "editMessageText",
      when: ({ params }) => String(params["text"]).includes("Revision 3."),
      kind: "gate",
      times: 1,
    });
    anna.upload("fees.yml", feesFile(2), { caption: captionFor(8) });
    await untold.reached;
    await airlock.kill();
    untold.remove();
    await airlock.restart();
    await anna.waitForText("🔁 The bot restarted. fees.yml was updated successfully.");
    expect(await airlock.history("fees")).toHaveLength(3);

    anna.upload("fees.yml", feesFile(4), { caption: captionFor(3600) });
    await anna.waitForText("maker_percent: 2 → 4");
    await airlock.kill();
    await moveDueTimes(airlock, -16 * 60_000);
    await airlock.restart();
    const asked = await anna.waitForText(
      /^🗓 fees\.yml was due to change at .* Nothing was changed yet\./,
    );
    expect(asked.text).toContain("maker_percent: 2 → 4");
    expect(await airlock.history("fees")).toHaveLength(3);
    anna.press(asked, "Apply anyway");
    expect((await anna.waitForText("Revision 4.")).text).not.toContain("Merged");
    expect((await airlock.history("fees"))[3]).toMatchObject({ how: "scheduled" });
  },
);
