// What the bot may not give a new file is said at the start, naming the live file, and then refused. Tried with a bot that runs as root
// and lacks one right: who one is does not tell what one may do.
import { chown, chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { rightsAreMissing, setAccess, setAttribute, traitsOf } from "../attributes.ts";
import { type Airlock, startAirlock } from "./airlock-process.ts";
import { feesFile } from "./stage.ts";

const stranger = 12_345;

async function startWithout(right: string, prepare: (feesPath: string) => Promise<void> | void) {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const anna = server.user({ id: 1001, firstName: "Anna" });
  const airlock = await startAirlock({
    server,
    runner: ["setpriv", `--bounding-set=-${right}`],
    prepare: ({ configDir }) => prepare(join(configDir, "fees.yml")),
  });
  return { anna, airlock };
}

/** What was said at the start about giving a file what the live one has. */
function saidAtStart(airlock: Airlock): readonly string[] {
  return airlock.log
    .filter(({ msg, what }) => msg === "trouble" && String(what).includes("will be refused"))
    .map((line) => `${String(line["what"])} ${String(line["reason"])}`);
}

describe.skipIf(rightsAreMissing)("a bot that may not", () => {
  for (const { name, right, prepare, told } of [
    {
      name: "give a file to its owner",
      right: "chown",
      prepare: async (path: string) => {
        await chown(path, stranger, stranger);
        await chmod(path, 0o640);
      },
      told: "the bot may not give the new file the owner of the old one, so its readers could not open it",
    },
    {
      name: "give a file its attributes",
      right: "setfcap",
      prepare: (path: string) => {
        setAttribute(path, "security.capability", "0x0100000200200000000000000000000000000000");
      },
      told: "the bot may not give the new file the extended attributes of the old one",
    },
  ]) {
    test(`${name} says so at the start, and refuses changes`, async () => {
      const { anna, airlock } = await startWithout(right, prepare);
      const path = join(airlock.configDir, "fees.yml");
      const before = traitsOf(path);
      expect(saidAtStart(airlock)).toEqual([expect.stringContaining(`${path}: `)]);
      expect(saidAtStart(airlock)[0]).toContain(told);
      anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
      await anna.waitForText(`💥 fees.yml was not changed: ${told}.`);
      expect(traitsOf(path)).toBe(before);
      expect((await readdir(airlock.configDir)).filter((each) => each.startsWith("."))).toEqual([]);
      anna.upload("rates.yml", "base: USD\nrates:\n  EUR: 0.5\n", { caption: "/set_rates" });
      await anna.waitForText("✅ rates.yml updated successfully!");
    });
  }

  test("give a file to its owner changes one that everybody may read", async () => {
    const { anna, airlock } = await startWithout("chown", (path) =>
      chown(path, stranger, stranger),
    );
    expect(saidAtStart(airlock)).toEqual([]);
    anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
    await anna.waitForText("✅ fees.yml updated successfully!");
  });

  test("go past a file's mode keeps the attributes of a file that its owner may only read", async () => {
    const { anna, airlock } = await startWithout("dac_override", async (path) => {
      setAttribute(path, "user.origin", "vault");
      setAccess(path, "-m", `u::r,u:${stranger}:r,g::-,o::-`);
    });
    const path = join(airlock.configDir, "fees.yml");
    const before = traitsOf(path);
    expect(saidAtStart(airlock)).toEqual([]);
    anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
    const applied = await anna.waitForText("✅ fees.yml updated successfully!");
    expect(traitsOf(path)).toBe(before);
    anna.press(applied, "Undo");
    await anna.waitForText("Revision 3.");
    expect(traitsOf(path)).toBe(before);
  });
});
