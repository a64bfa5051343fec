import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { runAirlock, startAirlock } from "./airlock-process.ts";

const example = (name: string): string => readFileSync(`docs/example/${name}`, "utf8");
const rootFiles = {
  "airlock.yml": example("airlock.yml"),
  "schemas/limits.schema.json": example("schemas/limits.schema.json"),
};

async function start(files: Readonly<Record<string, string>>) {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const anna = server.user({ id: 1001, firstName: "Anna" });
  const configFiles = { "limits.yml": example("config/limits.yml") };
  return { server, anna, airlock: await startAirlock({ server, rootFiles: files, configFiles }) };
}

test("the example of the documentation works: commands, menu, checks, metrics and history follow from the catalog", async () => {
  const { server, anna, airlock } = await start(rootFiles);
  anna.send("/set_limits");
  await anna.waitForText("Send me the new limits.yml as a file.");
  anna.upload(
    "limits.yml",
    example("config/limits.yml").replace("single: 1000 ", "single: 1000000 "),
  );
  await anna.waitForText(
    "line 4, column 34: accounts.retail.single: must be at most 100000, got 1000000",
  );
  const good = example("config/limits.yml").replace("mode: open", "mode: halted");
  anna.upload("limits.yml", good, { caption: "/set_limits" });
  await anna.waitForText("✅ limits.yml updated successfully!");
  await anna.waitForText("mode: open → halted (line 2)");
  expect((await airlock.live("limits")).toString()).toBe(good);
  expect(await airlock.history("limits")).toHaveLength(2);
  expect(
    await airlock.metric("config_uploads_total", { config_type: "limits", outcome: "applied" }),
  ).toBe(1);
  expect(server.menu(1001, 1001)).toContainEqual({
    command: "set_limits",
    description: "Replace Risk limits",
  });
  anna.send("/schema_limits");
  const sent = await anna.waitForText("# yaml-language-server: $schema=limits.schema.json");
  const schema = server.fileBytes(sent.document?.file_id ?? "");
  expect(sent.document?.file_name).toBe("limits.schema.json");
  expect(JSON.parse(String(schema))).toEqual(JSON.parse(example("schemas/limits.schema.json")));
  anna.send("/set_fees");
  await anna.waitForText("I do not know /set_fees.");
});

test("thirty configs at once are all managed, and a first upload creates what is not there", async () => {
  const ids = Array.from({ length: 30 }, (_, index) => `config_${index}`);
  const catalog = `configs:\n${ids.map((id) => `  ${id}: { file: ${id}.yml, schema: schemas/limits.schema.json }\n`).join("")}`;
  const { anna, airlock } = await start({ ...rootFiles, "airlock.yml": catalog });
  for (const id of ids)
    anna.upload(`${id}.yml`, example("config/limits.yml"), { caption: `/set_${id}` });
  for (const id of ids) await anna.waitForText(`✅ ${id}.yml updated successfully!`);
  expect(await airlock.backups("config_0")).toEqual([]);
  anna.send("/get_config_29");
  await anna.waitForText("config_29.yml, revision 1");
});

test("a catalog with mistakes ends the start with code 1, and a line for each", async () => {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const airlock = "configs:\n  Limits: { file: ../x.yml }\n";
  const { code, stderr } = await runAirlock({ server, rootFiles: { "airlock.yml": airlock } });
  expect(code).toBe(1);
  expect(stderr.trimEnd().split("\n")).toEqual([
    "airlock.yml: line 2, column 3: configs.Limits: must be 1 to 20 lower-case letters, digits and underscores, starting with a letter",
    "airlock.yml: line 2, column 11: configs.Limits.schema: is missing",
    "airlock.yml: line 2, column 19: configs.Limits.file: must be a file in CONFIG_DIR, and nowhere else",
  ]);
});

test("a config in a JSON file is checked, saved, backed up and compared like any other", async () => {
  const { anna, airlock } = await start({
    ...rootFiles,
    "airlock.yml":
      "configs:\n  flags: { file: flags.json, schema: schemas/limits.schema.json, title: Flags }\n",
  });
  const flags = (single: number): string =>
    `{\n  "mode": "open",\n  "accounts": { "retail": { "daily": 5e3, "single": ${single} } }\n}\n`;
  const caption = "/set_flags";
  anna.upload("flags.json", flags(10).replace("}\n}", "},\n}"), { caption });
  await anna.waitForText(
    "line 3, column 59: this comma is the last thing before }, which JSON does not allow: remove it",
  );
  anna.upload("flags.json", flags(0), { caption });
  await anna.waitForText(
    "line 3, column 53: accounts.retail.single: must be greater than 0, got 0",
  );
  anna.upload("flags.json", flags(10), { caption });
  await anna.waitForText("✅ flags.json updated successfully!");
  anna.upload("flags.json", flags(20), { caption });
  await anna.waitForText("accounts.retail.single: 10 → 20 (line 3)");
  expect(await airlock.backupTexts("flags")).toEqual([flags(10)]);
  expect(await airlock.backups("flags")).toEqual([
    expect.stringMatching(/^flags\.[0-9TZ]+\.[0-9a-f]+\.yml$/),
  ]);
});
