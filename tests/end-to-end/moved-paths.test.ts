// Links on the way to a live file that are turned while the bot runs: neither sent from nor written to where they point now.
import { link, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import type { Airlock } from "./airlock-process.ts";
import { airlockCommand } from "./command-line.ts";
import { feesFile, openStage } from "./stage.ts";

const caption = "/set_fees";
/** A valid file, so that nothing but its place can be the reason for not showing it. */
const outside = "currency: XTS\nmaker_percent: 66.6\ntaker_percent: 77.7\n";
const outsideMarks = /XTS|66\.6|77\.7/;
const moved =
  "a link on the way to fees.yml leads somewhere else than when the bot started (point it back, or restart the bot to follow it)";

async function readyz(airlock: Airlock): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${airlock.port()}/readyz`);
  return `${answer.status} ${await answer.text()}`;
}

/** Everything that the bot sent to this person, documents included. */
function allSent(person: Person, fileBytes: (id: string) => Buffer | undefined): string {
  return person
    .messages()
    .filter(({ from }) => from?.is_bot)
    .map(({ text, caption: words, document }) =>
      [text, words, document === undefined ? "" : fileBytes(document.file_id)?.toString()].join(),
    )
    .join("\n");
}

test("a folder in CONFIG_DIR that becomes a link to a folder outside: nothing from there is sent, by whatever way", async () => {
  const catalog = "configs:\n  fees: { file: sub/fees.yml, schema: builtin:fees }\n";
  const { server, airlock, anna, boris } = await openStage({
    configFiles: { "sub/fees.yml": feesFile(0) },
    rootFiles: { "airlock.yml": catalog },
  });
  anna.send("/get_fees");
  await anna.waitForText("revision 1");
  boris.upload("fees.yml", feesFile(1), { caption });
  const applied = await boris.waitForText("✅ fees.yml updated successfully!");
  anna.upload("fees.yml", feesFile(0).replace("0.1", "0.2"), { caption });
  const stale = await anna.waitForText("⚠️ fees.yml has changed since you took it.");

  const [sub, away] = [join(airlock.configDir, "sub"), join(airlock.root, "away")];
  await mkdir(away);
  await writeFile(join(away, "fees.yml"), outside);
  await rename(sub, join(airlock.root, "sub-of-before"));
  await symlink(away, sub);

  const refused = `That could not be done: ${moved}. No config was changed.`;
  for (const { act, told } of [
    {
      act: () => anna.send("/get_fees"),
      told: `fees.yml could not be read: ${moved}. Nothing was changed.`,
    },
    { act: () => anna.send("/get_fees 2"), told: refused },
    { act: () => anna.send("/diff_fees 1"), told: refused },
    { act: () => anna.send("/history_fees"), told: refused },
    { act: () => anna.send("/rollback_fees 1"), told: refused },
    { act: () => anna.send("/status"), told: `cannot be read: ${moved}` },
    {
      act: () => anna.upload("fees.yml", feesFile(3), { caption: "/check_fees" }),
      told: `💥 fees.yml was not changed: ${moved}.`,
    },
    {
      act: () => anna.upload("fees.yml", feesFile(3), { caption }),
      told: `💥 fees.yml was not changed: ${moved}.`,
    },
    {
      act: () => anna.upload("fees.yml", outside, { caption }),
      told: `💥 fees.yml was not changed: ${moved}.`,
    },
    { act: () => anna.press(stale, "Show changes"), told: refused },
    { act: () => anna.press(stale, "Merge both"), told: refused },
  ]) {
    const since = anna.cursor();
    act();
    await anna.waitForText(told, { since });
  }
  const since = boris.cursor();
  boris.press(applied, "Undo");
  await boris.waitForText(refused, { since });
  const looked = await airlockCommand(airlock, ["get", "fees"]);
  expect(looked.code).toBe(1);
  expect(looked.err).toContain("must be in CONFIG_DIR");

  expect(await readyz(airlock)).toContain(moved);
  expect(await readyz(airlock)).toMatch(/^503 /);
  for (const person of [anna, boris]) {
    const sent = allSent(person, (id) => server.fileBytes(id));
    expect(sent).toContain("maker_percent");
    expect(sent).not.toMatch(outsideMarks);
  }
  expect(looked.out + looked.err).not.toMatch(outsideMarks);
  expect(await readFile(join(away, "fees.yml"), "utf8")).toBe(outside);
  expect(await readdir(away)).toEqual(["fees.yml"]);
  for (const text of await airlock.backupTexts("fees")) expect(text).not.toMatch(outsideMarks);

  await rm(sub);
  await rename(join(airlock.root, "sub-of-before"), sub);
  anna.upload("fees.yml", feesFile(3), { caption: "/check_fees" });
  await anna.waitForText("maker_percent: 1 → 3");
  expect(await readyz(airlock)).toMatch(/^200 /);
});

test("a deploy that turns a link in CONFIG_DIR: refused while it points elsewhere, followed after a restart", async () => {
  const env = { CONFIG_DIR: "current/config" };
  const releases = {
    "releases/1/config/fees.yml": feesFile(1),
    "releases/1/config/rates.yml": "base: USD\nrates:\n  EUR: 1\n",
    "releases/2/config/fees.yml": outside,
    "releases/2/config/rates.yml": "base: USD\nrates:\n  EUR: 1\n",
  };
  const { server, airlock, anna, boris } = await openStage({
    env,
    rootFiles: releases,
    rootLinks: { current: "releases/1" },
  });
  const [oldFile, newFile] = [1, 2].map((release) =>
    join(airlock.root, `releases/${release}/config/fees.yml`),
  );
  const current = join(airlock.root, "current");
  anna.upload("fees.yml", feesFile(2), { caption });
  const applied = await anna.waitForText("✅ fees.yml updated successfully!");

  await symlink("releases/2", `${current}.new`);
  await rename(`${current}.new`, current);
  anna.upload("fees.yml", feesFile(3), { caption });
  await anna.waitForText(`💥 fees.yml was not changed: ${moved}.`);
  anna.send("/get_fees");
  await anna.waitForText(`fees.yml could not be read: ${moved}. Nothing was changed.`);
  anna.press(applied, "Undo");
  await anna.waitForText(`That could not be done: ${moved}.`);
  expect(await readyz(airlock)).toMatch(/^503 /);
  expect(await readyz(airlock)).toContain(moved);
  expect(await readFile(oldFile ?? "", "utf8")).toBe(feesFile(2));
  expect(await readFile(newFile ?? "", "utf8")).toBe(outside);
  expect(allSent(anna, (id) => server.fileBytes(id))).not.toMatch(outsideMarks);

  process.kill(airlock.pid(), "SIGHUP");
  const refusal = await airlock.waitForLog(({ msg }) => msg === "catalog_refused");
  expect(String(refusal["problems"])).toContain("CONFIG_DIR leads to a different folder");

  await airlock.restart();
  expect(await readyz(airlock)).toMatch(/^200 /);
  boris.upload("fees.yml", feesFile(4), { caption });
  await boris.waitForText("Revision 4.");
  expect(await readFile(newFile ?? "", "utf8")).toBe(feesFile(4));
  expect(await readFile(oldFile ?? "", "utf8")).toBe(feesFile(2));
  expect(await airlock.backupTexts("fees")).toEqual([feesFile(1), feesFile(2), outside]);
});

test("two releases that share the file by a hard link: a turned link is refused, also where nothing would change", async () => {
  const { airlock, anna } = await openStage({
    env: { CONFIG_DIR: "current" },
    rootFiles: { "1/fees.yml": feesFile(1), "1/rates.yml": "base: USD\nrates:\n  EUR: 1\n" },
    rootLinks: { current: "1" },
  });
  await mkdir(join(airlock.root, "2"));
  await link(join(airlock.root, "1/fees.yml"), join(airlock.root, "2/fees.yml"));
  await rm(join(airlock.root, "current"));
  await symlink("2", join(airlock.root, "current"));
  for (const text of [feesFile(1), feesFile(2)]) {
    const since = anna.cursor();
    anna.upload("fees.yml", text, { caption });
    await anna.waitForText(`💥 fees.yml was not changed: ${moved}.`, { since });
  }
});
