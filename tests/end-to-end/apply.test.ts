// ✅ where the service runs with the file, and the old version back where it does not: through the real process, with a service that is a program
// and an address. The program takes the file by copying it; the address answers with the hash of that copy. Long: the service is half of it.
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { serve } from "../local-server.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { airlockCommand } from "./command-line.ts";
import { feesFile, openStage, type Stage } from "./stage.ts";

type Message = ReturnType<Person["messages"]>[number];

const generous = { timeout: 20_000 };
const serving = "🚚 fees.yml is in place. Waiting for the service to take it...";
const fees = { config_type: "fees" };

/** A fee that the service refuses, one that it says it took and did not, and one that it takes for ever over. */
const [refusedFee, ignoredFee, slowFee] = [13, 14, 15];

const script = `
cd "$(dirname "$0")"
while [ -e hold ]; do echo $$ > "held.$AIRLOCK_REVISION"; sleep 0.05; done
echo "$AIRLOCK_CONFIG $AIRLOCK_REVISION" >> asked
if [ -e refuse ] || grep -q 'maker_percent: ${refusedFee}$' "$AIRLOCK_CONFIG_FILE"; then
  echo "fee too high" >&2
  exit 3
fi
if grep -q 'maker_percent: ${ignoredFee}$' "$AIRLOCK_CONFIG_FILE"; then exit 0; fi
if grep -q 'maker_percent: ${slowFee}$' "$AIRLOCK_CONFIG_FILE"; then exec sleep 600; fi
cp "$AIRLOCK_CONFIG_FILE" "taken.$AIRLOCK_CONFIG"
`;

interface Service {
  readonly folder: string;
  readonly url: string;
  /** From now on it refuses whatever it is told, or no longer. */
  refuse(isRefusing: boolean): Promise<void>;
  /** From now on it answers nobody, or goes on. */
  hold(isHeld: boolean): Promise<void>;
  /** Resolves when it was told of this revision and holds. @returns the id of its process */
  held(revision: number): Promise<number>;
  /** What it was told of so far, with the revision. */
  asked(): Promise<readonly string[]>;
}

async function startService(): Promise<Service> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "take.sh"), script);
  const url = await serve((_request, response) => {
    readFile(join(folder, "taken.fees")).then(
      (bytes) => response.end(createHash("sha256").update(bytes).digest("hex")),
      () => response.writeHead(404).end(),
    );
  });
  const flag = (name: string) => async (isSet: boolean) =>
    isSet ? writeFile(join(folder, name), "") : rm(join(folder, name), { force: true });
  return {
    folder,
    url: `${url}/`,
    refuse: flag("refuse"),
    hold: flag("hold"),
    held: (revision) =>
      vi.waitFor(async () => {
        const id = await readFile(join(folder, `held.${revision}`), "utf8");
        expect(id).toMatch(/^\d+\n$/);
        return Number(id);
      }, generous),
    asked: async () =>
      (await readFile(join(folder, "asked"), "utf8").catch(() => "")).split("\n").slice(0, -1),
  };
}

function catalog({ folder, url }: Service, within: string): string {
  const run = `run: [/bin/sh, ${join(folder, "take.sh")}]`;
  const verify = `verify: '${url}'`;
  return `configs:
  fees: { file: fees.yml, schema: builtin:fees, apply: { ${run}, ${verify}, within: ${within} } }
  told: { file: told.yml, schema: builtin:fees, apply: { ${run} } }
  kept: { file: kept.yml, schema: builtin:fees, keep: 1h, apply: { ${run} } }
  fresh: { file: fresh.yml, schema: builtin:fees, apply: { ${run} } }
  plain: { file: plain.yml, schema: builtin:fees }
people:
  1003: { name: Carol, may: { fees: read } }
`;
}

async function open(service: Service, within = "60s"): Promise<Stage> {
  const files = ["fees.yml", "told.yml", "kept.yml", "plain.yml"];
  const stage = await openStage({
    configFiles: Object.fromEntries(files.map((name) => [name, feesFile(0)])),
    rootFiles: { "airlock.yml": catalog(service, within) },
  });
  // Only those who have talked to the bot can be written to.
  for (const person of [stage.anna, stage.boris, stage.carol]) {
    person.send("/whoami");
    await person.waitForText("Your");
  }
  return stage;
}

function send(person: Person, id: string, fee: number): void {
  person.upload(`${id}.yml`, feesFile(fee), { caption: `/set_${id}` });
}

const buttonsOf = (message: Message): readonly string[] =>
  message.reply_markup?.inline_keyboard.flat().map(({ text }) => text) ?? [];

async function serviceOk({ airlock }: Stage, id = "fees"): Promise<number> {
  return airlock.metric("config_service_ok", { config_type: id });
}

async function newest({ airlock }: Stage, id = "fees"): Promise<unknown> {
  return (await airlock.history(id)).at(-1);
}

async function live({ airlock }: Stage, id = "fees"): Promise<string> {
  return (await airlock.live(id)).toString();
}

test("a change is taken, or the version before is back and is taken again", async () => {
  const service = await startService();
  const stage = await open(service, "3s");
  const { anna, boris, carol, airlock } = stage;
  expect(await serviceOk(stage)).toBe(1);

  send(anna, "fees", 1);
  const taken = await anna.waitForText("The service runs with it.");
  expect(taken.text).toMatch(/^✅ fees\.yml updated successfully!\nRevision 2\.\n/);
  expect(buttonsOf(taken)).toEqual(["Show changes", "Undo"]);
  expect(await service.asked()).toEqual(["fees 2"]);
  anna.send("/status");
  await anna.waitForText("the service runs with revision 2");

  send(anna, "told", 1);
  expect((await anna.waitForText("The service was told.")).text).toMatch(/^✅ told\.yml updated/);
  anna.send("/history_told");
  await anna.waitForText("the service was told about revision 2");

  const back = "↩️ fees.yml went back to revision 2: the service did not take it.";
  send(anna, "fees", refusedFee);
  const refused = await anna.waitForText(back);
  expect(refused.text).toBe(
    `${back}\nThe command that tells the service ended with exit code 3.\nIt printed:\nfee too high\nRevision 4.`,
  );
  expect(buttonsOf(refused)).toEqual(["Show changes"]);
  expect(await live(stage)).toBe(feesFile(1));
  expect(await newest(stage)).toMatchObject({
    revision: 4,
    how: "reverted",
    author: null,
    reverts: 3,
  });
  expect(await service.asked()).toEqual(["fees 2", "told 2", "fees 3", "fees 4"]);
  // All who may read are told of it, and nobody of a change that is not live.
  for (const person of [boris, carol]) {
    const notice = await person.waitForText(back);
    expect(notice.text).toMatch(/\nThe change by Anna was:\nmaker_percent: 1 → 13/);
    expect(notice.text).not.toContain("too high");
    expect(person.messages().map(({ text }) => text)).not.toContainEqual(
      expect.stringContaining("🔔 Anna changed fees.yml\nmaker_percent: 1 → 13"),
    );
  }
  anna.press(refused, "Show changes");
  await anna.waitForText("maker_percent: 1 → 13");
  anna.send("/history_fees");
  const history = await anna.waitForText("History of fees.yml");
  expect(history.text).toContain("\nthe service did not take revision 3\n");
  expect([await serviceOk(stage), await airlock.metric("config_revision", fees)]).toEqual([1, 4]);
  const reverts = { ...fees, cause: "service" };
  expect(await airlock.metric("config_reverts_total", reverts)).toBe(1);
  const outcome = (name: string): Promise<number> =>
    airlock.metric("config_uploads_total", { ...fees, outcome: name });
  expect([await outcome("applied"), await outcome("reverted")]).toEqual([1, 1]);

  // A command that ends well is no proof.
  send(boris, "fees", ignoredFee);
  await boris.waitForText("The service answers, but not with this version.");
  expect(await live(stage)).toBe(feesFile(1));
  send(boris, "fees", slowFee);
  await boris.waitForText("The command that tells the service took longer than 3 seconds.");
  expect(await live(stage)).toBe(feesFile(1));

  // A first version has nothing to go back to.
  await service.refuse(true);
  send(anna, "fresh", 1);
  const first = await anna.waitForText(
    "⚠️ fresh.yml was replaced, but the service did not take it.",
  );
  expect(first.text).toContain("There is no earlier version to go back to");
  expect(await live(stage, "fresh")).toBe(feesFile(1));
  expect(await serviceOk(stage, "fresh")).toBe(0);

  // What the service does not take is not asked to be kept.
  send(anna, "kept", 1);
  await anna.waitForText("↩️ kept.yml went back to revision 1: the service did not take it.");
  expect(await airlock.metric("config_pending", { config_type: "kept", kind: "keep" })).toBe(0);
  await service.refuse(false);
  send(anna, "kept", 2);
  expect((await anna.waitForText("unless somebody presses Keep.")).text).toContain(
    "The service was told.\nIt goes back to revision 3",
  );
  await expectNothingOpen(stage);
});

/** Whatever began has ended: a restart tells nobody anything. */
async function expectNothingOpen({ airlock, anna }: Stage): Promise<void> {
  await airlock.restart();
  anna.send("/whoami");
  await vi.waitFor(() => {
    expect(anna.messages().filter(({ text }) => text?.startsWith("Your"))).toHaveLength(2);
  }, generous);
  expect(anna.messages().map(({ text }) => text)).not.toContainEqual(
    expect.stringContaining("The bot restarted"),
  );
}

test("where the service takes neither version, both are told, until it takes one", async () => {
  const service = await startService();
  const stage = await open(service);
  const { anna, boris, airlock } = stage;
  await service.refuse(true);
  send(anna, "fees", 1);
  const text = await anna.waitForText("↩️ fees.yml went back to revision 1");
  expect(text.text).toContain("\nThe service did not take revision 1 either.\n");
  await boris.waitForText("The service did not take revision 1 either.");
  expect(await live(stage)).toBe(feesFile(0));
  expect(await serviceOk(stage)).toBe(0);
  anna.send("/status");
  await anna.waitForText("the service took neither revision 2 nor revision 3");
  // That outlives the bot.
  await airlock.restart();
  expect(await serviceOk(stage)).toBe(0);
  await service.refuse(false);

  // The command line waits for the service too, through the bot and without it.
  await writeFile(join(airlock.root, "new.yml"), feesFile(2));
  const applied = await airlockCommand(airlock, ["apply", "fees", "new.yml"]);
  expect([applied.code, applied.out]).toEqual([
    0,
    expect.stringContaining("The service runs with it."),
  ]);
  expect(await serviceOk(stage)).toBe(1);
  await airlock.stop();
  await writeFile(join(airlock.root, "new.yml"), feesFile(refusedFee));
  const refused = await airlockCommand(airlock, ["apply", "fees", "new.yml"]);
  expect([refused.code, refused.out]).toEqual([
    1,
    expect.stringMatching(/^↩️ fees\.yml went back to revision 4: the service did not take it\./),
  ]);
  expect(await live(stage)).toBe(feesFile(2));
  // Who could not be told then is told now.
  await airlock.restart();
  await boris.waitForText("↩️ fees.yml went back to revision 4: the service did not take it.");
});

test("while the service takes its time others wait, and /cancel changes nothing", async () => {
  const service = await startService();
  const stage = await open(service);
  const { anna, boris } = stage;
  await service.hold(true);
  send(anna, "fees", 1);
  await anna.waitForText(serving);
  await service.held(2);
  anna.send("/cancel");
  await anna.waitForText("fees.yml is already being saved, and that cannot be stopped.");
  send(boris, "fees", 2);
  await boris.waitForText("Anna is saving it right now.");
  boris.send("/status");
  expect((await boris.waitForText("fees.yml: ")).text).toMatch(
    /fees\.yml: [^\n]*\n {2}the service is being asked to take revision 2\n {2}Anna is saving it now/,
  );
  // Other configs are free.
  send(boris, "plain", 2);
  await boris.waitForText("✅ plain.yml updated successfully!");
  expect(await live(stage)).toBe(feesFile(1));
  await service.hold(false);
  await anna.waitForText("The service runs with it.");
  await boris.waitForText("The service runs with it.");
  expect(await live(stage)).toBe(feesFile(2));
});

function gone(processId: number): Promise<void> {
  return vi.waitFor(() => expect(() => process.kill(processId, 0)).toThrow("ESRCH"), generous);
}

test("a kill between rename and proof is finished at the next start, and told in one message", async () => {
  const service = await startService();
  const stage = await open(service);
  const { anna, boris, airlock } = stage;
  await service.hold(true);
  send(anna, "fees", 1);
  await anna.waitForText(serving);
  const left = await service.held(2);
  await airlock.kill();
  // What a killed bot leaves behind is not its own to end.
  process.kill(-left, "SIGKILL");
  await gone(left);
  await rm(join(service.folder, "held.2"));
  // The next one asks again. It is stopped before that has ended, and leaves no program behind.
  await airlock.restart({ SHUTDOWN_SECONDS: "1" });
  const asked = await service.held(2);
  await airlock.stop();
  await gone(asked);
  await rm(join(service.folder, "held.2"));
  await airlock.restart();
  // Before the next change: that one waits.
  await service.held(2);
  send(boris, "fees", 2);
  await boris.waitForText("Anna is saving it right now.");
  await service.hold(false);
  const told = await anna.waitForText("🔁 The bot restarted. fees.yml was updated successfully.");
  expect(told.text).toContain("\nThe service runs with it.");
  await boris.waitForText("The service runs with it.");
  expect(await live(stage)).toBe(feesFile(2));

  await service.hold(true);
  send(boris, "fees", 3);
  await service.held(4);
  await airlock.kill();
  await service.refuse(true);
  await service.hold(false);
  // The one that the dead bot left behind has ended.
  await vi.waitFor(async () => expect(await service.asked()).toContain("fees 4"), generous);
  await airlock.restart();
  const back = await boris.waitForText("↩️ fees.yml went back to revision 3");
  expect(back.text).toContain("\nThe bot restarted in the meantime.");
  await anna.waitForText("↩️ fees.yml went back to revision 3");
  expect(await live(stage)).toBe(feesFile(2));
  expect(await newest(stage)).toMatchObject({ revision: 5, how: "reverted", reverts: 4 });
  expect(await serviceOk(stage)).toBe(0);
});
