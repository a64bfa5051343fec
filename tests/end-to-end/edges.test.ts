// What lies between the promises: old versions that were given, files that were edited, moved or deleted by hand, long texts.
import { link, mkdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { adminsAnew, openSharedStage, withFeesSetBack } from "./shared-stage.ts";
import { feesFile, openStage, type Stage } from "./stage.ts";

const caption = "/set_fees";
const small = { configFiles: { "fees.yml": feesFile(0) } };
const isStale = "⚠️ fees.yml has changed since you took it. Nothing was changed yet.";

async function applied({ server }: Stage, who: Person, text: string): Promise<void> {
  const since = server.events.cursor();
  who.upload("fees.yml", text, { caption });
  await who.waitForText("✅ fees.yml updated successfully!", { since });
}

describe("with one bot", () => {
  const sharedStage = openSharedStage({ ...small, adminIds: adminsAnew(27) });

  test("whoever was given an older revision is told whose changes their edit of it would undo", async () => {
    const stage = await withFeesSetBack(sharedStage());
    const { anna, boris, revision } = stage;
    await applied(stage, boris, feesFile(1));
    anna.send(`/get_fees ${revision}`);
    await anna.waitForText(`fees.yml, revision ${revision}`);
    anna.upload("fees.yml", feesFile(5), { caption });
    const stale = await anna.waitForText(isStale);
    expect(stale.text).toContain("Boris changed it");
  });

  test("a /get whose answer was lost counts as given", async () => {
    const stage = await withFeesSetBack(sharedStage());
    const { server, airlock, anna, boris } = stage;
    server.fault({ method: "sendDocument", kind: "reset", effect: "after", times: 3 });
    const since = airlock.logCursor();
    anna.send("/get_fees");
    await airlock.waitForLog(({ msg, what }) => msg === "trouble" && what === "answering", {
      since,
    });
    await applied(stage, boris, feesFile(1));
    anna.upload("fees.yml", feesFile(5), { caption });
    await anna.waitForText(isStale);
  });

  test("a live file with nothing in it is told to be empty", async () => {
    const { airlock, anna } = await withFeesSetBack(sharedStage());
    await truncate(join(airlock.configDir, "fees.yml"));
    anna.send("/get_fees");
    await anna.waitForText("It is empty, so it cannot be sent as a file.");
  });

  test("an edit by hand that makes an upload stale is told with its time and what would be undone, and can be merged", async () => {
    const { airlock, anna, revision } = await withFeesSetBack(sharedStage());
    anna.send("/get_fees");
    await anna.waitForText(`fees.yml, revision ${revision}`);
    await writeFile(join(airlock.configDir, "fees.yml"), feesFile(7));
    anna.upload("fees.yml", feesFile(0).replace("0.1", "0.3"), { caption });
    const stale = await anna.waitForText(isStale);
    expect(stale.text).toMatch(/^It was changed on disk (?:\d+ seconds? ago|just now) \(/mu);
    expect(stale.text).toContain("Your file would undo these changes:\nmaker_percent: 7 → 0");
    anna.press(stale, "Merge both");
    await anna.waitForText("Both edits of fees.yml can be merged.");
  });

  test("after an edit by hand, Undo says that it was somebody on the server", async () => {
    const stage = await withFeesSetBack(sharedStage());
    const { airlock, anna, revision } = stage;
    await applied(stage, anna, feesFile(1));
    const done = await anna.waitForText(`Revision ${revision + 1}.`);
    await writeFile(join(airlock.configDir, "fees.yml"), feesFile(7));
    const { text } = await anna.press(done, "Undo").answered;
    expect(text).toBe("Somebody on the server has changed fees.yml since. Nothing was undone.");
  });

  test("a live file that was deleted by hand can be brought back", async () => {
    const stage = await withFeesSetBack(sharedStage());
    const { airlock, anna, revision } = stage;
    await applied(stage, anna, feesFile(1));
    await rm(join(airlock.configDir, "fees.yml"));
    anna.send("/get_fees");
    await anna.waitForText(`/rollback_fees brings back revision ${revision + 1}.`);
    anna.send("/rollback_fees");
    const preview = await anna.waitForText("The file is missing now, and would be created again.");
    anna.press(preview, "Roll back");
    await anna.waitForText(`Revision ${revision + 2}.`);
    expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
  });

  test("a key that somebody renamed is among what would be undone", async () => {
    const withdrawal = (asset: string): string =>
      `${feesFile(0)}withdrawal:\n  ${asset}: { fixed: 1, minimum: 2 }\n`;
    const stage = await withFeesSetBack(sharedStage(), withdrawal("BTC"));
    const { anna, boris, revision } = stage;
    anna.send("/get_fees");
    await anna.waitForText(`fees.yml, revision ${revision}`);
    await applied(stage, boris, withdrawal("XBT"));
    anna.upload("fees.yml", withdrawal("BTC").replace("0.1", "0.2"), { caption });
    const stale = await anna.waitForText(isStale);
    expect(stale.text).toContain(
      "Your file would undo these changes:\nwithdrawal.BTC: was withdrawal.XBT",
    );
  });

  test("what is no revision is told what there is; a caption may go on behind a colon", async () => {
    const { airlock, anna, revision } = await withFeesSetBack(sharedStage());
    for (const odd of ["abc", "0", "-1", "1 2", "9".repeat(30)]) {
      const since = anna.cursor();
      anna.send(`/get_fees ${odd}`);
      await anna.waitForText(`fees.yml has no such revision. Its revisions are 1 to ${revision};`, {
        since,
      });
    }
    anna.upload("fees.yml", feesFile(1), { caption: "/set_fees: a good customer asked" });
    await anna.waitForText("Reason: a good customer asked");
    expect((await airlock.history("fees")).at(-1)?.["reason"]).toBe("a good customer asked");
  });

  test("what is discarded counts as cancelled", async () => {
    const stage = await withFeesSetBack(sharedStage());
    const { airlock, anna, boris, revision } = stage;
    const labels = { config_type: "fees", outcome: "cancelled" };
    const before = await airlock.metric("config_uploads_total", labels);
    anna.send("/get_fees");
    await anna.waitForText(`fees.yml, revision ${revision}`);
    await applied(stage, boris, feesFile(1));
    anna.upload("fees.yml", feesFile(2), { caption });
    anna.press(await anna.waitForText(isStale), "Discard");
    await anna.waitForText("🚫 Cancelled. fees.yml was not changed.");
    await airlock.waitForLog(
      ({ msg, outcome }) => msg === "config_upload_finished" && outcome === "cancelled",
    );
    expect(await airlock.metric("config_uploads_total", labels)).toBe(before + 1);
  });
});

test("a link that is turned to another name of the same file is refused", async () => {
  const stage = await openStage(small);
  const { airlock, anna } = stage;
  await airlock.stop();
  const [one, two, live] = ["releases/1", "releases/2", "config/fees.yml"].map((path) =>
    join(airlock.root, path),
  ) as [string, string, string];
  await Promise.all([one, two].map((folder) => mkdir(folder, { recursive: true })));
  await rename(live, join(one, "fees.yml"));
  await symlink(join(one, "fees.yml"), live);
  await airlock.restart();
  await link(join(one, "fees.yml"), join(two, "fees.yml"));
  await rm(live);
  await symlink(join(two, "fees.yml"), live);
  anna.upload("fees.yml", feesFile(3), { caption });
  await anna.waitForText(
    "💥 fees.yml was not changed: a link on the way to fees.yml leads somewhere else",
  );
  expect((await airlock.live("fees")).toString()).toBe(feesFile(0));
});

describe("however long the values are", () => {
  const many = (value: string): string =>
    Array.from(
      { length: 60 },
      (_, index) => `key_${"k".repeat(40)}_${index}: ${value.repeat(80)}\n`,
    ).join("");
  const free = {
    configFiles: { "free.yml": many("a") },
    rootFiles: {
      "airlock.yml": "configs:\n  free: { file: free.yml, schema: free.schema.json }\n",
      "free.schema.json": "{}",
    },
  };

  test("a stale upload, a rollback and their buttons arrive", async () => {
    const { anna, boris } = await openStage(free);
    boris.send("/get_free");
    await boris.waitForText("free.yml, revision 1");
    anna.upload("free.yml", many("b"), { caption: "/set_free" });
    await anna.waitForText("✅ free.yml updated successfully!");
    boris.upload("free.yml", many("c"), { caption: "/set_free" });
    const stale = await boris.waitForText("⚠️ free.yml has changed since you took it.");
    expect(stale.text).toMatch(/… and \d+ more\./u);
    anna.send("/rollback_free");
    anna.press(await anna.waitForText("Roll free.yml back to revision 1"), "Roll back");
    await anna.waitForText("Revision 3.");
    // Overtaken between its preview and the press: a rollback has no file of the admin's.
    const since = anna.cursor();
    anna.send("/rollback_free");
    const preview = await anna.waitForText("Roll free.yml back to revision 2", { since });
    boris.upload("free.yml", many("d"), { caption: "/set_free" });
    await boris.waitForText("✅ free.yml updated successfully!");
    anna.press(preview, "Roll back");
    const overtaken = await anna.waitForText("⚠️ free.yml has changed", { since });
    expect(overtaken.text).toContain("\nGoing back would undo these changes:\n");
    expect(overtaken.text).not.toMatch(/[Yy]our file|Both of you|yours/u);
  });

  test("a page of history with the longest reasons and names arrives", async () => {
    const stage = await openStage(small);
    const { server, anna } = stage;
    const longName = "🦄".repeat(64);
    const boris = server.user({ id: 1002, firstName: longName });
    for (let index = 1; index <= 10; index += 1) {
      const since = server.events.cursor();
      boris.upload("fees.yml", feesFile(index), { caption: `/set_fees ${"🧨".repeat(200)}` });
      await boris.waitForText("✅", { since });
    }
    anna.send("/history_fees");
    const page = await anna.waitForText("History of fees.yml, newest first:");
    expect(page.text?.match(/^\d+: /gmu)).toHaveLength(10);
  });
});
