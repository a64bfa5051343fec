// A Bot API server of one's own in local mode, which names files on its disk instead of handing them out.
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { startAirlock } from "./airlock-process.ts";
import { feesFile } from "./stage.ts";

async function open(filesDir: (folder: string) => string | undefined) {
  const root = mkdtempSync(join(tmpdir(), "airlock-local-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const localFilesDir = join(root, "files");
  for (const folder of [localFilesDir, join(root, "other")]) mkdirSync(folder);
  const server = await startTelegramServer({ localFilesDir });
  onTestFinished(() => server.close());
  const anna = server.user({ id: 1001, firstName: "Anna" });
  const env = { TELEGRAM_FILES_DIR: filesDir(root) };
  return { anna, airlock: await startAirlock({ server, env }) };
}

test("an upload is read from the folder that the settings name, within the limits of any upload", async () => {
  const { anna, airlock } = await open((root) => join(root, "files"));
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await anna.waitForText("✅ fees.yml updated successfully!");
  expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
  anna.upload("fees.yml", feesFile(2), { caption: "/set_fees", fileSize: 9 });
  await anna.waitForText(
    "💥 fees.yml was not changed: what arrived is not the file that was sent, 50 bytes instead of 9.",
  );
  const large = `# ${"x".repeat(1_100_000)}\n`;
  anna.upload("fees.yml", large, { caption: "/set_fees", fileSize: null });
  await anna.waitForText("❌ fees.yml was not changed: 1 problem found.");
});

for (const { name, filesDir, text } of [
  {
    name: "without the setting the reason is told",
    filesDir: () => undefined,
    text: "💥 fees.yml was not changed: the Bot API server keeps it on its own disk, and TELEGRAM_FILES_DIR does not say where that may be read (please tell the operator).",
  },
  {
    name: "a file elsewhere is not read, and that is told",
    filesDir: (root: string) => join(root, "other"),
    text: "💥 fees.yml was not changed: the Bot API server keeps it outside TELEGRAM_FILES_DIR (please tell the operator).",
  },
]) {
  test(name, async () => {
    const { anna, airlock } = await open(filesDir);
    anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
    await anna.waitForText(text);
    expect(await airlock.history("fees")).toHaveLength(1);
  });
}
