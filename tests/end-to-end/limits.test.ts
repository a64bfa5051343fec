// What one person can take up: answers under way, and what waits for a button. Everybody else is answered meanwhile.
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { keptRecords } from "./kept-records.ts";
import { feesFile, openStage, ratesFile, type Stage } from "./stage.ts";

const megabyte = 1024 * 1024;

/** A valid rates.yml, of nearly a megabyte unless told otherwise. */
function largeRates(rate: number, lines = 10_000): string {
  return `${`# ${"x".repeat(100)}\n`.repeat(lines)}${ratesFile(rate)}`;
}

async function residentBytes({ airlock }: Stage): Promise<number> {
  const status = await readFile(`/proc/${airlock.pid()}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

async function folderBytes(path: string): Promise<number> {
  const sizes = (await readdir(path)).map(async (name) => (await stat(join(path, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function texts(person: Person, start: string): readonly string[] {
  return person
    .messages()
    .map(({ text, caption }) => text ?? caption ?? "")
    .filter((text) => text.startsWith(start));
}

test("600 answers of a quarter of a megabyte to one person, while sending is slow, hold up nobody and no memory", async () => {
  const stage = await openStage({ configFiles: { "rates.yml": largeRates(1, 2500) } });
  const { server, airlock, anna, boris } = stage;
  for (const person of [anna, boris]) {
    person.send("/whoami");
    await person.waitForText("Your id");
  }
  const before = await residentBytes(stage);
  const slow = server.fault({ method: "sendDocument", kind: "gate" });
  for (let count = 0; count < 600; count += 1) anna.send("/get_rates");
  await slow.reached;
  await expect.poll(() => server.pendingUpdates(), { timeout: 30_000 }).toEqual([]);
  boris.send("/status");
  await boris.waitForText("up for");
  // A stop and a question get past all that waits.
  anna.send("/cancel");
  await anna.waitForText("There is nothing to cancel.");
  anna.send("/set_fees");
  await anna.waitForText("Send me the new fees.yml as a file.");
  expect((await residentBytes(stage)) - before).toBeLessThan(60 * megabyte);
  // More than 500 wait: the rest is told to be too much, once at a time.
  expect(texts(anna, "That is more than I can handle at once.").length).toBeGreaterThan(0);
  slow.remove();
  await expect
    .poll(() => texts(anna, "rates.yml, revision 1").length, { timeout: 60_000 })
    .toBeGreaterThan(450);
  expect(await airlock.metric("access_denied_total")).toBe(0);
}, 120_000);

test("40 previews of a rollback by one person: the newest ten wait, and the others say that they were given up", async () => {
  const stage = await openStage({ configFiles: { "rates.yml": largeRates(1) } });
  const { airlock, anna } = stage;
  anna.upload("rates.yml", largeRates(2), { caption: "/set_rates" });
  await anna.waitForText("✅ rates.yml updated successfully!");
  for (let count = 0; count < 40; count += 1) anna.send("/rollback_rates 1");
  const given =
    "rates.yml stays as it is.\n10 newer ones are waiting for your decision, and no more are kept.";
  await expect.poll(() => texts(anna, given), { timeout: 60_000 }).toHaveLength(30);
  await expect
    .poll(() => folderBytes(join(airlock.stateDir, "parked")))
    .toBeLessThan(15 * megabyte);
  // Those that are left work.
  const last = anna.messages().findLast(({ reply_markup: markup }) => markup !== undefined);
  if (last === undefined) throw new Error("no preview is left");
  anna.press(last, "Roll back");
  await anna.waitForText("Revision 3.");
}, 120_000);

test("stale uploads and lone documents beyond the newest are given up, each in its own message", async () => {
  const { airlock, anna, boris } = await openStage();
  anna.send("/get_fees");
  await anna.waitForText("fees.yml, revision 1");
  boris.upload("fees.yml", feesFile(50), { caption: "/set_fees" });
  await boris.waitForText("✅ fees.yml updated successfully!");
  for (let percent = 1; percent <= 12; percent += 1) {
    anna.upload("fees.yml", feesFile(percent), { caption: "/set_fees" });
  }
  const cancelled =
    "🚫 Cancelled. fees.yml was not changed.\n10 newer ones are waiting for your decision, and no more are kept. Send the file again if you still want it.";
  await expect.poll(() => texts(anna, cancelled), { timeout: 20_000 }).toHaveLength(2);
  expect(texts(anna, "⚠️ fees.yml has changed since you took it.")).toHaveLength(10);
  const labels = { config_type: "fees", outcome: "cancelled" };
  expect(await airlock.metric("config_uploads_total", labels)).toBe(2);
  for (let count = 1; count <= 22; count += 1) anna.upload(`${count}.yml`, ratesFile(count));
  await expect
    .poll(() => texts(anna, "🚫 Cancelled. Nothing was changed.\n20 newer ones"))
    .toHaveLength(2);
  await expect.poll(() => texts(anna, "Which config is")).toHaveLength(20);
  expect(texts(anna, "Which config is")[0]).toContain("3.yml");
});

test("what nobody decided within a day is given up, and its message says so", async () => {
  const { airlock, anna } = await openStage({ configFiles: { "fees.yml": feesFile(0) } });
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await anna.waitForText("✅ fees.yml updated successfully!");
  anna.send("/rollback_fees");
  await anna.waitForText("Nothing was changed yet.");
  anna.upload("lone.yml", feesFile(2));
  await anna.waitForText("Which config is lone.yml for?");
  await airlock.stop();
  const parked = join(airlock.stateDir, "parked");
  const names = (await readdir(parked)).filter((each) => !each.includes("_bytes"));
  const old = new Date(Date.now() - 25 * 60 * 60 * 1000).toISOString();
  for (const path of [
    ...names.map((name) => join(parked, name)),
    join(airlock.stateDir, "choices.jsonl"),
  ]) {
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replaceAll(/"at":"[^"]+"/g, `"at":"${old}"`));
  }
  await airlock.restart();
  await anna.waitForText("fees.yml stays as it is.\nNobody decided within a day.");
  await anna.waitForText("🚫 Cancelled. Nothing was changed.\nNobody decided within a day.");
  expect(await readdir(join(airlock.stateDir, "parked"))).toEqual([]);
  expect((await keptRecords(airlock.stateDir, "choices")).size).toBe(0);
});
