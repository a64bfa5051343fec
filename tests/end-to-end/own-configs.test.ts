import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../src/sandbox/bot-api/telegram-server.ts";
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
    "line 3, column 34: accounts.retail.single: must be at most 100000, got 1000000",
  );
  const good = example("config/limits.yml").replace("mode: open", "mode: halted");
  anna.upload("limits.yml", good, { caption: "/set_limits" });
  await anna.waitForText("✅ limits.yml updated successfully!");
  await anna.waitForText("mode: open → halted (line 1)");
  expect((await airlock.live("limits")).toString()).toBe(good);
  expect(await airlock.history("limits")).toHaveLength(2);
  expect(
    await airlock.metric("config_uploads_total", { config_type: "limits", outcome: "applied" }),
  ).toBe(1);
  expect(server.menu(1001, 1001)).toContainEqual({
    command: "set_limits",
    description: "Replace Risk limits",
  });
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
    "airlock.yml: line 2, column 3: configs.Limits: must be 1 to 20 small letters, digits and underscores, a letter first",
    "airlock.yml: line 2, column 11: configs.Limits.schema: is missing",
  ]);
});
