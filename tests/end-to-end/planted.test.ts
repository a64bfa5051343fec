// What somebody else put, turned or changed in the folders of the bot.
import { readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { feesFile, openStage } from "./stage.ts";

const caption = "/set_fees";

for (const { name, plant } of [
  {
    name: "a link to another file",
    plant: async (backup: string, secret: string): Promise<void> => {
      await rm(backup);
      await symlink(secret, backup);
    },
  },
  {
    name: "changed since",
    plant: (backup: string) => writeFile(backup, "currency: XXX\n"),
  },
] as const) {
  test(`a backup that is ${name} is neither sent nor restored`, async () => {
    const { airlock, anna } = await openStage({ configFiles: { "fees.yml": feesFile(0) } });
    anna.upload("fees.yml", feesFile(1), { caption });
    const done = await anna.waitForText("Revision 2.");
    const secret = join(airlock.root, "secret.yml");
    await writeFile(secret, "password: hunter2\n");
    const [backup = ""] = await airlock.backups("fees");
    await plant(join(airlock.backupDir, backup), secret);
    anna.send("/get_fees 1");
    await anna.waitForText(
      "Revision 1 of fees.yml is not available: its backup is no longer kept.",
    );
    const since = anna.cursor();
    anna.send("/rollback_fees 1");
    await anna.waitForText(
      "Revision 1 of fees.yml is not available: its backup is no longer kept.",
      {
        since,
      },
    );
    const { text } = await anna.press(done, "Undo").answered;
    expect(text).toBe(
      "Revision 1 of fees.yml is not available: its backup is no longer kept. /history_fees marks such revisions.",
    );
    expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
  });
}

test("a planted link in place of the bot's own copy makes no backup of a link", async () => {
  const { airlock, anna } = await openStage({ configFiles: { "fees.yml": feesFile(0) } });
  await airlock.stop();
  const ownFolder = join(airlock.backupDir, ".live");
  const own = (await readdir(ownFolder)).find((each) => each.startsWith("fees."));
  await rm(join(ownFolder, own ?? ""));
  await symlink(join(airlock.configDir, "fees.yml"), join(ownFolder, own ?? ""));
  await airlock.restart();
  anna.upload("fees.yml", feesFile(1), { caption });
  await anna.waitForText("✅ fees.yml updated successfully!");
  expect(await airlock.backupTexts("fees")).toEqual([feesFile(0)]);
});

test("a planted link under a name that looks like a temporary file is not followed, and is cleared away", async () => {
  const { airlock, anna } = await openStage();
  anna.upload("fees.yml", feesFile(1), { caption });
  await anna.waitForText("✅ fees.yml updated successfully!");
  await airlock.stop();
  const secret = join(airlock.root, "secret.yml");
  await writeFile(secret, "password: hunter2\n");
  await symlink(secret, join(airlock.configDir, ".fees.yml.0123456789abcdef.airlock-tmp"));
  await airlock.restart();
  anna.upload("fees.yml", feesFile(2), { caption });
  await anna.waitForText("Revision 3.");
  expect(await readFile(secret, "utf8")).toBe("password: hunter2\n");
});
