// The command line where etcd is the store, as a process: with no bot, beside the bot that leads, beside one that waits, without etcd, and
// where etcd lets nobody in. What etcd says of a wrong account is said by a real one.
import { rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { etcdIsMissing, useCluster } from "../store/etcd/cluster.ts";
import { makeFolders } from "./airlock-folders.ts";
import { runAirlock, startAirlock } from "./airlock-process.ts";
import { airlockCommand } from "./command-line.ts";
import { endMachine, eventually, makeMachine } from "./follower-process.ts";
import { feesFile } from "./stage.ts";

const timeoutMs = 40_000;

describe.skipIf(etcdIsMissing)("the command line", { timeout: 180_000 }, () => {
  const cluster = useCluster(1);
  const envOf = (prefix: string) => ({
    ETCD_ENDPOINTS: cluster.endpoints.map(({ origin }) => origin).join(","),
    ETCD_PREFIX: prefix,
  });

  async function folders() {
    const made = await makeFolders({ "fees.yml": feesFile(1) }, {});
    onTestFinished(() => rm(made.root, { recursive: true, force: true }));
    return made;
  }

  test("changes by itself where no bot leads, asks the bot that leads here, and says where another one does", async () => {
    const env = envOf(cluster.freshPrefix());
    const here = await folders();
    const run = (args: readonly string[]) => airlockCommand(here, args, { env });
    await writeFile(join(here.root, "new.yml"), feesFile(2));
    expect(await run(["apply", "fees", "new.yml", "--reason", "less"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("maker_percent: 1 → 2"),
    });
    expect(await run(["get", "fees"])).toMatchObject({ code: 0, out: feesFile(2), err: "" });
    expect(await run(["get", "fees", "1"])).toMatchObject({ code: 0, out: feesFile(1), err: "" });
    expect((await run(["diff", "fees"])).out).toContain("maker_percent: 1 → 2");
    expect((await run(["history", "fees"])).out).toMatch(/^2: .*less\n1: .*found/m);

    const server = await startTelegramServer();
    onTestFinished(() => server.close());
    const anna = server.user({ id: 1001, firstName: "Anna" });
    anna.send("/start");
    const bot = await startAirlock({ server, folders: here, env });
    await writeFile(join(here.root, "new.yml"), feesFile(3));
    expect(await run(["apply", "fees", "new.yml"])).toMatchObject({ code: 0 });
    await anna.waitForText("maker_percent: 2 → 3", { timeoutMs });
    expect(await run(["rollback", "fees", "1", "--anyway"])).toMatchObject({ code: 0 });
    anna.upload("fees.yml", feesFile(5), { caption: "/set_fees" });
    await anna.waitForText("maker_percent: 1 → 5", { timeoutMs });

    const elsewhere = await folders();
    await writeFile(join(elsewhere.root, "new.yml"), feesFile(4));
    const other = await airlockCommand(elsewhere, ["apply", "fees", "new.yml"], { env });
    expect(other).toMatchObject({
      code: 1,
      err: expect.stringContaining(`the bot on ${hostname()} answers at the moment`),
    });
    expect((await airlockCommand(elsewhere, ["get", "fees"], { env })).out).toBe(feesFile(5));
    await bot.stop();
  });

  test("without etcd it says that, of looking and of changing alike", async () => {
    const here = await folders();
    const env = { ...envOf("/away/"), ETCD_ENDPOINTS: "http://127.0.0.1:1" };
    await writeFile(join(here.root, "new.yml"), feesFile(2));
    const commands = [
      ["get", "fees"],
      ["history", "fees"],
      ["apply", "fees", "new.yml"],
    ];
    // At once: each gives etcd the time of an election.
    const ends = await Promise.all(commands.map((args) => airlockCommand(here, args, { env })));
    for (const { code, out, err } of ends) {
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toMatch(/^fees\.yml .*: the store has no majority\.?\n$/);
    }
  });

  test("a wrong password is said as such, by every process, and ends the start of a bot", async () => {
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error("no node");
    const root = { name: "root", password: "geheim" };
    await cluster.ask(node, "/v3/auth/user/add", root);
    await cluster.ask(node, "/v3/auth/role/add", { name: "root" });
    await cluster.ask(node, "/v3/auth/user/grant", { user: "root", role: "root" });
    await cluster.ask(node, "/v3/auth/user/add", { name: "airlock", password: "mellon" });
    await cluster.ask(node, "/v3/auth/enable", {});
    const here = await folders();
    const wrong = join(here.root, "wrong");
    await writeFile(wrong, "falsch");
    const right = join(here.root, "right");
    await writeFile(right, "mellon");
    const prefix = cluster.freshPrefix();
    const account = { ...envOf(prefix), ETCD_USERNAME: "airlock", ETCD_PASSWORD_FILE: wrong };
    const server = await startTelegramServer();
    onTestFinished(() => server.close());
    const unknown =
      "ETCD_USERNAME and ETCD_PASSWORD_FILE must be an account of etcd: it does not accept this name with this password";
    const denied =
      "ETCD_USERNAME must be an account that may read and write everything below ETCD_PREFIX: etcd does not permit it";
    for (const { env, line } of [
      { env: account, line: unknown },
      { env: { ...account, ETCD_PASSWORD_FILE: right }, line: denied },
      {
        env: envOf(prefix),
        line: "ETCD_USERNAME and ETCD_PASSWORD_FILE must be set: this etcd asks for an account",
      },
    ]) {
      expect(await runAirlock({ server, env })).toMatchObject({ code: 1, stderr: `${line}\n` });
    }
    expect(await airlockCommand(here, ["history", "fees"], { env: account })).toMatchObject({
      code: 1,
      err: expect.stringContaining("the store does not accept Airlock's user name and password"),
    });
    expect(await airlockCommand(here, ["machines"], { env: account })).toMatchObject({
      code: 1,
      err: expect.stringContaining("the store does not accept Airlock's user name and password"),
    });
    const machine = await makeMachine("web-1", account);
    onTestFinished(() => endMachine(machine));
    expect(await airlockCommand(machine, ["follow", "--once"], { env: account })).toMatchObject({
      code: 1,
      err: `fees.yml was not written: ${unknown}\nrates.yml was not written: ${unknown}\n`,
    });
    machine.start();
    await eventually("it says why it is not ready", async () => {
      const answer = await machine.ask("/readyz").catch(() => undefined);
      return answer?.status === 503 && answer.text === `${unknown}\n`;
    });
  });
});
