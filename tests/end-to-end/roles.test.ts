import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { type AirlockOptions, runAirlock, startAirlock } from "./airlock-process.ts";
import { feesFile, ratesFile } from "./stage.ts";

const schema = readFileSync("docs/example/schemas/limits.schema.json", "utf8");
const limits = readFileSync("docs/example/config/limits.yml", "utf8");

const configs = `configs:
  fees: { file: fees.yml, schema: builtin:fees }
  rates: { file: rates.yml, schema: builtin:rates }
`;
const withPeople = `${configs}people:
  1003: { name: Carol, may: { fees: read } }
  1004: { may: { rates: write, '*': read } }
`;

async function open(catalog: string, options: Omit<AirlockOptions, "server"> = {}) {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const [anna, carol, dan] = [
    server.user({ id: 1001, firstName: "Anna" }),
    server.user({ id: 1003, firstName: "Caroline" }),
    server.user({ id: 1004, firstName: "Dan" }),
  ];
  const rootFiles = { "airlock.yml": catalog, "schemas/limits.schema.json": schema };
  const airlock = await startAirlock({ adminIds: [1001], ...options, server, rootFiles });
  const reload = async (text: string, event: string): Promise<void> => {
    await writeFile(join(airlock.root, "airlock.yml"), text);
    const since = airlock.logCursor();
    process.kill(airlock.pid(), "SIGHUP");
    await airlock.waitForLog(({ msg }) => msg === event, { since });
  };
  const menu = (id: number): readonly string[] => server.menu(id, id).map(({ command }) => command);
  return { server, anna, carol, dan, airlock, reload, menu };
}

test("who may write one config and read the other can do just that, by command, caption, button and menu", async () => {
  const { anna, dan, airlock, menu } = await open(withPeople);
  dan.upload("rates.yml", ratesFile(0.5), { caption: "/set_rates" });
  await dan.waitForText("✅ rates.yml updated successfully!");
  dan.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await dan.waitForText("You may read fees.yml, but not change it. Nothing was changed.");
  const question = dan.upload("fees.yml", feesFile(1));
  const asked = await dan.waitForText("Which config is fees.yml for?");
  expect(asked.reply_markup?.inline_keyboard.flat().map(({ text }) => text)).toEqual([
    "Set rates.yml",
  ]);
  expect(question.message_id).toBe(asked.reply_to_message?.message_id);
  // Anna's buttons are for those who may.
  anna.upload("fees.yml", feesFile(2), { caption: "/set_fees" });
  await anna.waitForText("✅ fees.yml updated successfully!");
  await dan.waitForText("🔔 Anna changed fees.yml");
  expect(menu(1004)).toContain("set_rates");
  expect(menu(1004)).toContain("get_fees");
  expect(menu(1004)).not.toContain("set_fees");
  expect(await airlock.history("fees")).toHaveLength(2);
  expect(await airlock.metric("access_denied_total")).toBe(1);
  const denied = await airlock.waitForLog(({ msg }) => msg === "access_denied");
  expect(denied).toMatchObject({ user_id: 1004, what: "document" });
});

test("a config that a person may do nothing with is as if it did not exist", async () => {
  const { anna, carol, airlock, menu } = await open(withPeople);
  carol.send("/get_rates");
  await carol.waitForText("I do not know /get_rates.");
  carol.send("/status");
  const status = await carol.waitForText("up for");
  expect(status.text).not.toContain("rates");
  anna.upload("rates.yml", ratesFile(0.5), { caption: "/set_rates" });
  await anna.waitForText("✅");
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await carol.waitForText("🔔 Anna changed fees.yml");
  expect(carol.messages().filter(({ text }) => text?.startsWith("🔔"))).toHaveLength(1);
  expect(menu(1003)).toEqual([
    "get_fees",
    "status",
    "pending",
    "cancel",
    "help",
    "language",
    "whoami",
    "mute",
    "unmute",
    "diff_fees",
    "history_fees",
    "chart_fees",
    "schema_fees",
  ]);
  expect(await airlock.metric("access_denied_total")).toBe(1);
});

test("people of the catalog are enough: nobody need be in ADMIN_IDS, and the catalog's name is theirs", async () => {
  const { dan, carol, airlock } = await open(withPeople, { env: { ADMIN_IDS: undefined } });
  dan.upload("rates.yml", ratesFile(0.5), { caption: "/set_rates" });
  await dan.waitForText("✅");
  expect(await airlock.history("rates")).toMatchObject([{}, { author: { id: 1004, name: "Dan" } }]);
  carol.send("/whoami");
  await carol.waitForText("Your role: read (fees.yml).");
});

test("nobody at all is refused", async () => {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const { code, stderr } = await runAirlock({
    server,
    rootFiles: { "airlock.yml": configs },
    env: { ADMIN_IDS: undefined },
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^ADMIN_IDS must be .* nobody could use the bot\n$/);
});

test("a catalog that is read again holds at once: also for a question that is open and for buttons on the screen", async () => {
  const { server, anna, dan, airlock, reload, menu } = await open(withPeople);
  dan.upload("rates.yml", ratesFile(0.5), { caption: "/set_rates" });
  const done = await dan.waitForText("✅ rates.yml updated successfully!");
  dan.send("/set_rates");
  await dan.waitForText("Send me the new rates.yml");
  await reload(`${configs}people:\n  1003: { may: { '*': read } }\n`, "catalog_taken");
  dan.upload("rates.yml", ratesFile(0.6));
  dan.press(done, "Undo");
  anna.send("/status");
  await anna.waitForText("up for");
  await airlock.waitForLog(({ msg, what }) => msg === "access_denied" && what === "document");
  await airlock.waitForLog(({ msg, what }) => msg === "access_denied" && what === "button");
  expect(await airlock.history("rates")).toHaveLength(2);
  await server.waitForRequest(({ method }) => method === "deleteMyCommands");
  expect(menu(1004)).toEqual(["whoami", "start"]);
});

test("a role that was taken away holds for the answer to a question that is open", async () => {
  const { dan, airlock, reload } = await open(withPeople);
  dan.send("/set_rates");
  await dan.waitForText("Send me the new rates.yml");
  await reload(`${configs}people:\n  1004: { may: { rates: read } }\n`, "catalog_taken");
  dan.upload("rates.yml", ratesFile(0.6));
  await dan.waitForText("You may read rates.yml, but not change it. Nothing was changed.");
  expect(await airlock.history("rates")).toHaveLength(1);
});

test("a role that was taken away holds for a file that was checked before", async () => {
  const { dan, airlock, reload } = await open(withPeople);
  dan.upload("rates.yml", ratesFile(0.6), { caption: "/check_rates" });
  const checked = await dan.waitForText("✔️ rates.yml is valid.");
  await reload(`${configs}people:\n  1004: { may: { rates: read } }\n`, "catalog_taken");
  const { text } = await dan.press(checked, "Set it").answered;
  expect(text).toBe("You may read rates.yml, but not change it. Nothing was changed.");
  expect(await airlock.history("rates")).toHaveLength(1);
});

test("a config that comes new at a reload is managed from then on; one that is gone is not", async () => {
  const { anna, airlock, reload, menu } = await open(configs);
  const more = configs
    .replace("  rates: { file: rates.yml, schema: builtin:rates }\n", "")
    .concat("  limits: { file: limits.yml, schema: schemas/limits.schema.json }\n");
  anna.send("/help");
  await anna.waitForText("/set_rates");
  await reload(more, "catalog_taken");
  await anna.waitForText("🔔 airlock.yml was reloaded.");
  anna.upload("limits.yml", limits, { caption: "/set_limits" });
  await anna.waitForText("✅ limits.yml updated successfully!");
  anna.send("/get_rates");
  await anna.waitForText("I do not know /get_rates.");
  expect(
    await airlock.metric("config_uploads_total", { config_type: "limits", outcome: "applied" }),
  ).toBe(1);
  await expect.poll(() => menu(1001)).toContain("set_limits");
  await reload(configs, "catalog_taken");
  anna.upload("rates.yml", ratesFile(0.5), { caption: "/set_rates" });
  await anna.waitForText("✅ rates.yml updated successfully!");
});

test("an upload on its way finishes under the rules it began with", async () => {
  const { server, dan, airlock, reload } = await open(withPeople);
  const gate = server.fault({ method: "download", kind: "gate", times: 1 });
  dan.upload("rates.yml", ratesFile(0.5), { caption: "/set_rates" });
  await dan.waitForText("⏳");
  await gate.reached;
  await reload(configs, "catalog_taken");
  gate.open();
  await dan.waitForText("✅ rates.yml updated successfully!");
  expect(await airlock.history("rates")).toHaveLength(2);
});

test("a catalog with problems changes nothing, and is told to the log, the metrics and the admins", async () => {
  const { anna, dan, airlock, reload } = await open(withPeople);
  anna.send("/whoami");
  await anna.waitForText("Your id");
  await reload(
    withPeople.replace("rates: write", "rate: write").replace("fees: read", "fees: raed"),
    "catalog_refused",
  );
  await anna.waitForText("⚠️ airlock.yml was reloaded and refused: 2 problems found.");
  await anna.waitForText(
    'airlock.yml: line 5, column 37: people["1003"].may.fees: must be one of read, write (did you mean read?), got the text "raed"',
  );
  await anna.waitForText(
    'airlock.yml: line 6, column 18: people["1004"].may.rate: is not a config in this file: did you mean rates?',
  );
  expect(await airlock.metric("catalog_last_reload_successful")).toBe(0);
  dan.upload("rates.yml", ratesFile(0.5), { caption: "/set_rates" });
  await dan.waitForText("✅ rates.yml updated successfully!");
  await reload(withPeople.replace("rates.yml", "other.yml"), "catalog_refused");
  await anna.waitForText("configs.rates.file: cannot change while the bot runs");
  await reload(withPeople, "catalog_taken");
  expect(await airlock.metric("catalog_last_reload_successful")).toBe(1);
});

test("rules that nobody could follow are refused, when the catalog is read again and at a start", async () => {
  const rules = `configs:
  fees:
    file: fees.yml
    schema: builtin:fees
    limits: [{ path: '**.*_percent', at_most: 0% }]
    approval: { when: always, approvals: 2, by: [1001, 1003] }
    keep: 0s
people:
  1003: { name: Carol, may: { fees: read } }
`;
  const problems = [
    "line 5, column 47: configs.fees.limits[0].at_most: must be above 0, or no change could pass",
    "line 6, column 42: configs.fees.approval.approvals: cannot be 2: a change by 1001 could be approved by only 1 other person",
    "line 7, column 11: configs.fees.keep: must be longer than 0",
  ];
  const { server, anna, reload } = await open(withPeople);
  anna.send("/whoami");
  await anna.waitForText("Your id");
  await reload(rules, "catalog_refused");
  const { text } = await anna.waitForText(
    "⚠️ airlock.yml was reloaded and refused: 3 problems found.",
  );
  for (const problem of problems) expect(text).toContain(problem);
  const { code, stderr } = await runAirlock({ server, rootFiles: { "airlock.yml": rules } });
  expect({ code, lines: stderr.split("\n") }).toEqual({
    code: 1,
    lines: [...problems.map((problem) => expect.stringContaining(`airlock.yml: ${problem}`)), ""],
  });
});

test("two hundred configs: help comes in as many messages as it takes, the menu has set and get first", async () => {
  const ids = Array.from({ length: 200 }, (_, index) => `config_${index}`);
  const catalog = `configs:\n${ids.map((id) => `  ${id}: { file: ${id}.yml, schema: schemas/limits.schema.json }\n`).join("")}`;
  const { anna, menu } = await open(catalog);
  for (const [command, lastPart] of [
    ["/help", "/whoami –"],
    ["/whoami", "config_199.yml)."],
    ["/status", "up for"],
  ] as const) {
    anna.send(command);
    await anna.waitForText(lastPart);
  }
  const texts = anna.messages().map(({ text }) => text ?? "");
  for (const id of ids) {
    for (const kind of ["set", "get", "check", "diff", "history", "rollback", "schema"]) {
      const command = new RegExp(`/${kind}_${id}(?!\\w)`);
      expect(texts.some((text) => command.test(text))).toBe(true);
    }
    expect(texts.some((text) => text.includes(`${id}.yml: no revision yet`))).toBe(true);
  }
  expect(menu(1001)).toHaveLength(100);
  expect(menu(1001).every((command) => /^(set|get)_/.test(command))).toBe(true);
  anna.upload("x.yml", limits);
  const asked = await anna.waitForText("Not all of them fit here");
  expect(asked.reply_markup?.inline_keyboard.flat()).toHaveLength(100);
});

test("the menus of people who write at once come one after another, and nobody waits for them", async () => {
  const { server, anna, carol, dan, menu } = await open(withPeople);
  const menusAsked = (): number =>
    server.requests.filter(({ method }) => method === "setMyCommands").length;
  const gate = server.fault({ method: "setMyCommands", kind: "gate", times: 1 });
  for (const person of [anna, carol, dan]) person.send("/whoami");
  await gate.reached;
  const asked = menusAsked();
  for (const person of [anna, carol, dan]) await person.waitForText("Your id is");
  expect(menusAsked()).toBe(asked);
  gate.open();
  for (const id of [1001, 1003, 1004]) {
    await expect.poll(() => menu(id), { timeout: 20_000 }).toContain("get_fees");
  }
});
