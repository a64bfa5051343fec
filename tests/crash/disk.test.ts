// What a disk that is full, read-only or gone does to the bot, and what it says of it. Long: they share the disks, which take the longest to make.
import { copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { runAirlock, startAirlock } from "../end-to-end/airlock-process.ts";
import type { AirlockFolders } from "../end-to-end/airlock-folders.ts";
import { readyzIs } from "../end-to-end/ready.ts";
import { feesFile, openStage } from "../end-to-end/stage.ts";
import { mount, mountFolder, mountsAreMissing, powerCutIsMissing, run } from "./mounts.ts";
import { straceIsMissing, trace } from "./strace.ts";

const caption = "/set_fees";
const fillerBytes = 10_000_000;

async function foldersIn(root: string): Promise<AirlockFolders> {
  const folders = {
    root,
    configDir: join(root, "config"),
    backupDir: join(root, "backups"),
    stateDir: join(root, "state"),
  };
  for (const folder of [folders.configDir, folders.backupDir]) {
    await mkdir(folder, { recursive: true });
  }
  for (const name of ["fees.yml", "rates.yml"]) {
    await copyFile(join("config", name), join(folders.configDir, name));
  }
  return folders;
}

async function openIn(folders: AirlockFolders) {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const anna = server.user({ id: 1001, firstName: "Anna" });
  return { anna, airlock: await startAirlock({ server, folders }) };
}

/** Until there is no room for one byte more. */
async function fill(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, "filler");
  await writeFile(path, Buffer.alloc(fillerBytes)).catch((error: unknown) => {
    expect(error).toMatchObject({ code: "ENOSPC" });
  });
  return () => rm(path);
}

const padded = (percent: number): string => `${feesFile(percent)}# ${"x".repeat(20_000)}\n`;

describe.skipIf(mountsAreMissing)("file systems that refuse", () => {
  for (const { name, full } of [
    { name: "the live file's disk is full", full: "config" },
    { name: "the backups' disk, which is another one, is full", full: "backups" },
  ]) {
    test(`while ${name}, nothing is changed and that is said; with room again it works`, async () => {
      const root = await mountFolder();
      await mount(join(root, full), "-t", "tmpfs", "-o", "size=256k", "none");
      const { anna, airlock } = await openIn(await foldersIn(root));
      anna.upload("fees.yml", feesFile(1), { caption });
      await anna.waitForText("✅ fees.yml updated successfully!");
      const free = await fill(join(root, full));
      anna.upload("fees.yml", padded(2), { caption });
      await anna.waitForText("💥 fees.yml was not changed: the disk is full.");
      expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
      expect(await airlock.history("fees")).toHaveLength(2);
      expect((await readdir(airlock.configDir)).filter((each) => each.startsWith("."))).toEqual([]);
      await free();
      anna.upload("fees.yml", padded(2), { caption });
      await anna.waitForText("Revision 3.");
      expect(await airlock.backupTexts("fees")).toHaveLength(2);
      await airlock.stop();
    });
  }

  /** Two admins whom the bot has never met, and a STATE_DIR without room for a byte. */
  async function openWithFullState({ isUsed }: { readonly isUsed: boolean }) {
    const root = await mountFolder();
    await mount(join(root, "state"), "-t", "tmpfs", "-o", "size=256k", "none");
    const server = await startTelegramServer();
    onTestFinished(() => server.close());
    const anna = server.user({ id: 1001, firstName: "Anna" });
    const boris = server.user({ id: 1002, firstName: "Boris" });
    const airlock = await startAirlock({ server, folders: await foldersIn(root) });
    if (isUsed) {
      boris.upload("fees.yml", feesFile(1), { caption });
      await boris.waitForText("✅ fees.yml updated successfully!");
    }
    const free = await fill(join(root, "state"));
    return { airlock, anna, boris, free };
  }

  test("while STATE_DIR's disk is full, commands work for whoever writes for the first time, and an upload says why it fails", async () => {
    const { airlock, anna, free } = await openWithFullState({ isUsed: false });
    const before = await airlock.live("fees");
    anna.send("/help");
    await anna.waitForText("/set_fees");
    anna.send("/get_fees");
    await anna.waitForText("fees.yml, revision 1");
    anna.send("/set_fees because");
    await anna.waitForText("Send me the new fees.yml");
    anna.send("a text");
    await anna.waitForText("I am still waiting for fees.yml");
    const answer = anna.upload("fees.yml", feesFile(1));
    const refused = await anna.waitForText("💥 fees.yml was not changed: the disk is full.");
    expect(refused.reply_to_message?.message_id).toBe(answer.message_id);
    anna.upload("fees.yml", feesFile(1));
    const question = await anna.waitForText("Which config is fees.yml for?");
    const since = anna.cursor();
    anna.press(question, "Set fees.yml");
    await anna.waitForText("💥 fees.yml was not changed: the disk is full.", { since });
    const muted = anna.cursor();
    anna.send("/mute");
    await anna.waitForText("/unmute", { since: muted });
    expect(anna.transcript()).not.toMatch(/could not be done|went wrong/u);
    expect(await airlock.live("fees")).toEqual(before);
    await airlock.waitForLog(({ msg, what }) => msg === "trouble" && what === "writing people");
    await airlock.waitForLog(({ msg, what }) => msg === "trouble" && what === "writing bases");
    expect(airlock.log.filter(({ msg }) => msg === "bug")).toEqual([]);
    await free();
    anna.upload("fees.yml", feesFile(1), { caption });
    await anna.waitForText("✅ fees.yml updated successfully!");
    await airlock.stop();
  });

  test("while STATE_DIR's disk is full, what an admin has seen is kept in memory: an old file is stale afterwards", async () => {
    const { airlock, anna, boris, free } = await openWithFullState({ isUsed: true });
    anna.send("/get_fees");
    await anna.waitForText("fees.yml, revision 2");
    await free();
    boris.upload("fees.yml", feesFile(2), { caption });
    await boris.waitForText("Revision 3.");
    anna.upload("fees.yml", feesFile(3), { caption });
    await anna.waitForText("⚠️ fees.yml has changed since you took it. Nothing was changed yet.");
    expect((await airlock.live("fees")).toString()).toBe(feesFile(2));
    await airlock.stop();
  });

  test("while STATE_DIR's disk is full, the bot starts, and what cannot be done is answered as a reply", async () => {
    const { airlock, anna } = await openWithFullState({ isUsed: true });
    await airlock.restart({}, "listening");
    const command = anna.send("/rollback_fees 1");
    const refused = await anna.waitForText("That could not be done: the disk is full.");
    expect(refused.reply_to_message?.message_id).toBe(command.message_id);
    await airlock.stop();
  });

  test("while the disk of a folder has no room for a byte, /readyz and the series say so, until it has", async () => {
    const root = await mountFolder();
    const folders = ["state", "backups", "config"];
    for (const name of folders) {
      await mount(join(root, name), "-t", "tmpfs", "-o", "size=256k", "none");
    }
    const { airlock } = await openIn(await foldersIn(root));
    const reasons = ["polling", "backup_dir", "state_dir", "config_dir", "store"];
    const expectReasons = async (those: readonly string[]): Promise<void> => {
      expect(await airlock.metric("airlock_ready")).toBe(those.length === 0 ? 1 : 0);
      for (const reason of reasons) {
        const value = await airlock.metric("airlock_not_ready", { reason });
        expect(value, reason).toBe(those.includes(reason) ? 1 : 0);
      }
    };
    await expectReasons([]);
    for (const [name, reason] of [
      ["state", "state_dir"],
      ["backups", "backup_dir"],
      ["config", "config_dir"],
    ] as const) {
      const free = await fill(join(root, name));
      // A byte is tried every five seconds.
      expect((await readyzIs(airlock, 503)).body, name).toMatch(
        /^[^\n]+ cannot be written: the disk is full\n$/u,
      );
      await expectReasons([reason]);
      await free();
      await readyzIs(airlock, 200);
      await expectReasons([]);
    }
    for (const name of folders) {
      const left = await readdir(join(root, name));
      expect(left.filter((each) => each.includes("probe"))).toEqual([]);
    }
    await airlock.stop();
  }, 120_000);

  test("while the live folder is read-only, /readyz says so and a change is refused; afterwards both are well", async () => {
    const root = await mountFolder();
    const configDir = join(root, "config");
    await mount(configDir, "-t", "tmpfs", "-o", "size=256k", "none");
    const { anna, airlock } = await openIn(await foldersIn(root));
    const ready = async () => {
      const answer = await fetch(`http://127.0.0.1:${airlock.port()}/readyz`);
      return `${answer.status} ${await answer.text()}`;
    };
    run("mount", "-o", "remount,ro", configDir);
    expect(await ready()).toMatch(/^503 .*fees\.yml cannot be written: the disk is read-only/s);
    anna.upload("fees.yml", feesFile(1), { caption });
    await anna.waitForText("💥 fees.yml was not changed: the disk is read-only.");
    run("mount", "-o", "remount,rw", configDir);
    expect(await ready()).toMatch(/^200 /);
    anna.upload("fees.yml", feesFile(1), { caption });
    await anna.waitForText("✅ fees.yml updated successfully!");
    await airlock.stop();
  });

  test("a live file that is mounted by itself ends the start with the remedy", async () => {
    const root = await mountFolder();
    await mount(root, "-t", "tmpfs", "-o", "size=1m", "none");
    const folders = await foldersIn(root);
    const file = join(folders.configDir, "fees.yml");
    const outside = join(root, "elsewhere.yml");
    await copyFile(file, outside);
    run("mount", "--bind", outside, file);
    onTestFinished(() => run("umount", file));
    const server = await startTelegramServer();
    onTestFinished(() => server.close());
    const { code, stderr } = await runAirlock({ server, folders });
    expect(code).toBe(1);
    expect(stderr).toBe(
      "airlock.yml: configs.fees: cannot be opened: fees.yml is mounted by itself, so it cannot be replaced in one step: mount its folder instead\n",
    );
  });
});

describe.skipIf(straceIsMissing)("a disk that reports errors", () => {
  for (const { name, folder, told, isNew } of [
    {
      name: "before the rename",
      folder: "backupDir",
      told: "💥 fees.yml was not changed: the disk reported an error.",
      isNew: false,
    },
    {
      name: "after the rename",
      folder: "configDir",
      told: "⚠️ fees.yml was replaced, but making it durable failed: the disk reported an error.",
      isNew: true,
    },
  ] as const) {
    test(`when a folder's sync fails ${name}, what is said is true, and the next change works`, async () => {
      const { airlock, anna } = await openStage();
      const before = (await airlock.live("fees")).toString();
      const traced = await trace(airlock.pid(), [
        "-e",
        "trace=fsync",
        "-e",
        "inject=fsync:error=EIO",
        "-P",
        airlock[folder],
      ]);
      anna.upload("fees.yml", feesFile(1), { caption });
      await anna.waitForText(told);
      expect((await airlock.live("fees")).toString()).toBe(isNew ? feesFile(1) : before);
      await traced.stop();
      anna.upload("fees.yml", feesFile(2), { caption });
      await anna.waitForText("✅ fees.yml updated successfully!");
      expect(await airlock.history("fees")).toHaveLength(isNew ? 3 : 2);
    });
  }

  test("where the system refuses links, the backup is a copy", async () => {
    const { airlock, anna } = await openStage();
    const before = (await airlock.live("fees")).toString();
    const names = "/^link";
    const traced = await trace(airlock.pid(), [
      "-e",
      `trace=${names}`,
      "-e",
      `inject=${names}:error=EPERM`,
    ]);
    anna.upload("fees.yml", feesFile(1), { caption });
    await anna.waitForText("✅ fees.yml updated successfully!");
    await traced.stop();
    expect(await airlock.backupTexts("fees")).toEqual([before]);
  });
});

test.skipIf(powerCutIsMissing)(
  "after a power cut right behind ✅, the file, its backup and its line of history are there",
  async () => {
    const root = await mountFolder();
    const image = join(await mountFolder(), "disk");
    await writeFile(image, Buffer.alloc(32 * 1024 * 1024));
    onTestFinished(() => rm(image, { force: true }));
    run("mkfs.ext4", "-q", "-F", image);
    await mount(root, "-o", "loop", image);
    const { anna, airlock } = await openIn(await foldersIn(root));
    const before = (await airlock.live("fees")).toString();
    anna.upload("fees.yml", feesFile(1), { caption });
    await anna.waitForText("✅ fees.yml updated successfully!");
    // Without flushing anything: what was not synced is lost.
    run("xfs_io", "-x", "-c", "shutdown", root);
    await airlock.kill();
    run("umount", root);
    run("mount", "-o", "loop", image, root);
    expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
    expect(await airlock.backupTexts("fees")).toEqual([before]);
    expect(await airlock.history("fees")).toMatchObject([{ revision: 1 }, { revision: 2 }]);
    await airlock.restart();
    expect(await airlock.history("fees")).toHaveLength(2);
    await airlock.stop();
  },
);
