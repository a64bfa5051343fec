// What 0.1.0 left is read. The folders here were written by the bot of that version (commit e057c37), killed while Anna's upload to
// rates.yml was saved and not told, Carol's document was fetched and not looked at, Anna's stale upload and a lone document waited
// for a button, and Boris had muted notices and been asked for rates.yml.
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { startTelegramServer, type TelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import type { AirlockFolders } from "../end-to-end/airlock-folders.ts";
import { startAirlock } from "../end-to-end/airlock-process.ts";
import { feesFile, ratesFile } from "../end-to-end/stage.ts";

const left = join(import.meta.dirname, "0.1.0");
const rootThen = "/tmp/airlock-test-9VEtP1";
/** More messages than there were then: a number that has been seen is not taken again. */
const messagesThen = 30;
const fileThen = {
  checked: "BQACihFwvc3Gx3DDwSwrVEc_g5PEoJfjv-96aAAO8-3zvgv_ldHE",
  lone: "BQACcq-IYe3eUE6LlXQt4GRBjoxJFKal4BG-ml7ot539DBJCSXXd",
};

/** Puts the folders in place, with today's paths and the files' ids of today's Telegram. */
async function putBack(
  { root, configDir, backupDir, stateDir }: AirlockFolders,
  names: Readonly<Record<string, string>>,
): Promise<void> {
  await cp(join(left, "config-dir"), configDir, { recursive: true });
  await cp(join(left, "backup-dir"), backupDir, { recursive: true });
  await cp(join(left, "state-dir"), stateDir, { recursive: true });
  for (const entry of await readdir(stateDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    let text = (await readFile(path, "utf8")).replaceAll(rootThen, root);
    for (const [then, now] of Object.entries(names)) text = text.replaceAll(then, now);
    await writeFile(path, text);
  }
}

/** Shows Anna buttons that the bot of then had sent. */
async function sendAsBot(
  { root, token }: TelegramServer,
  text: string,
  buttons: Readonly<Record<string, string>>,
): Promise<void> {
  const keys = Object.entries(buttons).map(([label, data]) => ({
    text: label,
    callback_data: data,
  }));
  const answer = await fetch(`${root}/bot${token}/sendMessage`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ chat_id: 1001, text, reply_markup: { inline_keyboard: [keys] } }),
  });
  expect(answer.status).toBe(200);
}

function fileIdOf({ document }: ReturnType<Person["upload"]>): string {
  if (document === undefined) throw new Error("no document");
  return document.file_id;
}

test("what 0.1.0 left is read, and everything that was begun goes on", async () => {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const anna = server.user({ id: 1001, firstName: "Anna" });
  const boris = server.user({ id: 1002, firstName: "Boris" });
  const carol = server.user({ id: 1003, firstName: "Carol" });
  for (let sent = 0; sent < messagesThen; sent += 1) anna.send("before");
  boris.send("before");
  carol.send("before");
  const names = {
    [fileThen.checked]: fileIdOf(carol.upload("fees.yml", feesFile(0.11))),
    [fileThen.lone]: fileIdOf(anna.upload("fees.yml", feesFile(0.05))),
  };
  server.dropUpdates();
  await sendAsBot(server, "a stale upload", { "Apply anyway": "anyway:mJBvZwij9tDSB3Us" });
  await sendAsBot(server, "a lone document", { "Set fees.yml": "set:AZb2KvOOpXd3LTED:fees" });

  const airlock = await startAirlock({
    server,
    adminIds: [1001, 1002, 1003],
    prepare: (folders) => putBack(folders, names),
  });

  // In flight then.
  await anna.waitForText("🔁 The bot restarted. rates.yml was updated successfully.");
  await carol.waitForText("maker_percent: 0.09 → 0.11");
  expect(await airlock.history("fees")).toHaveLength(2);

  // Waiting then.
  anna.press(await anna.waitForText("a stale upload"), "Apply anyway");
  await anna.waitForText("✅ fees.yml updated successfully!");
  expect((await airlock.live("fees")).toString()).toBe(feesFile(0.07));
  anna.press(await anna.waitForText("a lone document"), "Set fees.yml");
  await anna.waitForText("Revision 4.");
  expect((await airlock.live("fees")).toString()).toBe(feesFile(0.05));
  await carol.waitForText("maker_percent: 0.07 → 0.05");
  const notices = boris
    .messages()
    .filter(({ text }) => text?.startsWith("🔔 Anna changed fees.yml"));
  expect(notices).toEqual([]);

  // Known then: what Boris has seen, and every version.
  boris.upload("fees.yml", feesFile(0.2), { caption: "/set_fees" });
  await boris.waitForText("⚠️ fees.yml has changed since you took it.");
  boris.send("/rollback_rates 3");
  boris.press(await boris.waitForText("Roll rates.yml back to revision 3"), "Roll back");
  await boris.waitForText("✅ rates.yml updated successfully!");
  expect((await airlock.live("rates")).toString()).toBe(ratesFile(0.92));

  // Nothing of it is lost.
  for (const id of ["fees", "rates"]) {
    const then = await readFile(join(left, "state-dir/history", `${id}.jsonl`), "utf8");
    const now = await readFile(join(airlock.stateDir, "history", `${id}.jsonl`), "utf8");
    expect(now.startsWith(then)).toBe(true);
  }
  const backups = (await readdir(join(left, "backup-dir"))).filter((name) => name.endsWith(".yml"));
  expect(backups).toHaveLength(5);
  for (const name of backups) {
    expect(await readFile(join(airlock.backupDir, name))).toEqual(
      await readFile(join(left, "backup-dir", name)),
    );
  }

  // A question of then is forgotten: what comes is asked about, not guessed.
  boris.upload("rates.yml", ratesFile(0.99));
  await boris.waitForText("Which config is rates.yml for?");
});
