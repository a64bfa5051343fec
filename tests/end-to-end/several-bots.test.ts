// Several bots with one token that share a store in etcd: one answers, another takes over, and no upload is lost, applied twice or told
// two fates. One node of etcd serves all cases: killed, it leaves no majority.
import { describe, expect, test, type TestContext, vi } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { startTelegramServer, type TelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { etcdIsMissing, useCluster } from "../store/etcd/cluster.ts";
import { type Airlock, type AirlockOptions, startAirlock } from "./airlock-process.ts";
import { readyz, readyzIs } from "./ready.ts";
import { feesFile } from "./stage.ts";

const caption = "/set_fees";
/** Of whatever has to happen at all, on a slow machine. */
const timeoutMs = 40_000;

interface Several {
  readonly server: TelegramServer;
  readonly anna: Person;
  readonly boris: Person;
  /** Until etcd has in which message an upload is shown: before that, only a new one can tell its fate. */
  untilShownIsWritten(): Promise<void>;
  /** Another bot with the same token, on folders of its own. */
  start(options?: Partial<AirlockOptions>): Promise<Airlock>;
}

describe.skipIf(etcdIsMissing)("bots that share etcd", { timeout: 120_000 }, () => {
  const cluster = useCluster(1);

  async function openSeveral({ onTestFinished }: TestContext): Promise<Several> {
    const server = await startTelegramServer();
    onTestFinished(() => server.close());
    const anna = server.user({ id: 1001, firstName: "Anna" });
    const boris = server.user({ id: 1002, firstName: "Boris" });
    const prefix = cluster.freshPrefix();
    const env = {
      ETCD_ENDPOINTS: cluster.endpoints.map(({ href }) => href).join(","),
      ETCD_PREFIX: prefix,
    };
    const journal = async (): Promise<string> => {
      const [node] = cluster.nodes;
      if (node === undefined) throw new Error("no node");
      const found = (await cluster.ask(node, "/v3/kv/range", {
        key: base64(`${prefix}journal/`),
        range_end: base64(`${prefix}journal0`),
      })) as { readonly kvs?: readonly { readonly value: string }[] };
      return (found.kvs ?? [])
        .map(({ value }) => Buffer.from(value, "base64").toString("utf8"))
        .join("\n");
    };
    return {
      untilShownIsWritten: () =>
        vi.waitFor(async () => expect(await journal()).toContain('"type":"shown"'), timeoutMs),
      server,
      anna,
      boris,
      start: (options = {}) =>
        startAirlock({
          server,
          afterTest: onTestFinished,
          ...options,
          env: { ...env, ...options.env },
        }),
    };
  }

  function standby(several: Several, options: Partial<AirlockOptions> = {}): Promise<Airlock> {
    return several.start({ ...options, until: "listening" });
  }

  async function isRole(airlock: Airlock, role: "leader" | "standby"): Promise<void> {
    await vi.waitFor(
      async () => expect(await readyz(airlock)).toEqual({ status: 200, body: `ready: ${role}\n` }),
      { timeout: timeoutMs, interval: 100 },
    );
  }

  test.concurrent(
    "the leader killed while it saves an upload: another takes over, and tells its fate in the same message",
    async (context) => {
      const several = await openSeveral(context);
      const { server, anna, boris } = several;
      const first = await several.start();
      const second = await standby(several);
      await isRole(first, "leader");
      await isRole(second, "standby");
      anna.upload("fees.yml", feesFile(1), { caption: `${caption} because` });
      const updated = await anna.waitForText("✅ fees.yml updated successfully!");
      expect(updated.text).toContain("Revision 2.");
      // What the bot was given at its first start is left as it is: whoever follows the store writes files.
      expect((await first.live("fees")).toString()).not.toBe(feesFile(1));

      const gate = server.fault({ method: "download", kind: "gate", times: 1 });
      const since = anna.cursor();
      anna.upload("fees.yml", feesFile(2), { caption });
      const progress = await anna.waitForText("⏳", { since });
      await gate.reached;
      await several.untilShownIsWritten();
      await first.kill();
      gate.open();
      await isRole(second, "leader");
      const told = await anna.waitForText("🔁 The bot restarted. fees.yml was not changed.", {
        timeoutMs,
      });
      expect(told.message_id).toBe(progress.message_id);
      boris.send("/history_fees");
      const history = await boris.waitForText("because");
      expect(history.text).not.toContain("3 ·");
      anna.upload("fees.yml", feesFile(3), { caption });
      expect((await anna.waitForText("Revision 3.")).text).toContain("maker_percent: 1 → 3");
    },
  );

  test.concurrent(
    "a leader that hangs and comes back says nothing any more, and waits",
    async (context) => {
      const several = await openSeveral(context);
      const { anna, boris } = several;
      const first = await several.start();
      const second = await standby(several);
      process.kill(first.pid(), "SIGSTOP");
      // Both get these: the answer to the poll of the one that hangs waits for it.
      boris.send("/whoami");
      anna.upload("fees.yml", feesFile(1), { caption });
      await isRole(second, "leader");
      await anna.waitForText("✅ fees.yml updated successfully!", { timeoutMs });
      await boris.waitForText("Your id", { timeoutMs });
      process.kill(first.pid(), "SIGCONT");
      await isRole(first, "standby");
      anna.upload("fees.yml", feesFile(2), { caption });
      await anna.waitForText("Revision 3.");
      expect(boris.messages().filter(({ text }) => text?.includes("Your id"))).toHaveLength(1);
      const results = anna.messages().filter(({ from }) => from?.is_bot === true);
      expect(results.map(({ text }) => text?.split("\n")[0])).toEqual(
        Array(2).fill("✅ fees.yml updated successfully!"),
      );
      // And it takes over in its turn, knowing what the other did.
      await second.stop();
      await isRole(first, "leader");
      anna.upload("fees.yml", feesFile(3), { caption });
      await anna.waitForText("Revision 4.");
    },
  );

  test.concurrent(
    "two that start at once on different files: one file becomes the first revision; questions and buttons outlive a hand-over",
    async (context) => {
      const several = await openSeveral(context);
      const { anna, boris } = several;
      const texts = [feesFile(11), feesFile(22)];
      const [one, other] = await Promise.all(
        texts.map((text) => standby(several, { configFiles: { "fees.yml": text } })),
      );
      if (one === undefined || other === undefined) throw new Error("two were to start");
      const roles = async (): Promise<readonly string[]> =>
        Promise.all([one, other].map(async (each) => (await readyz(each)).body));
      await vi.waitFor(
        async () =>
          expect((await roles()).toSorted()).toEqual(["ready: leader\n", "ready: standby\n"]),
        { timeout: timeoutMs, interval: 100 },
      );
      const isOne = (await roles())[0] === "ready: leader\n";
      const [leader, waiting] = isOne ? [one, other] : [other, one];
      anna.send("/get_fees");
      await anna.waitForText("fees.yml, revision 1");
      boris.upload("fees.yml", feesFile(50), { caption });
      const replaced = await boris.waitForText("✅ fees.yml updated successfully!");
      expect(replaced.text).toContain(`maker_percent: ${isOne ? 11 : 22} → 50`);
      anna.upload("fees.yml", feesFile(60), { caption });
      await anna.waitForText("⚠️ fees.yml has changed since you took it.");
      boris.send("/set_rates");
      await boris.waitForText("rates.yml");

      await leader.stop();
      await isRole(waiting, "leader");
      boris.upload("rates.yml", "base: USD\nrates:\n  EUR: 0.5\n");
      await boris.waitForText("✅ rates.yml updated successfully!");
      const stale = anna.messages().find(({ text }) => text?.startsWith("⚠️"));
      if (stale === undefined) throw new Error("there is no message with buttons");
      anna.press(stale, "Apply anyway");
      await anna.waitForText("✅ fees.yml updated successfully!");
    },
  );

  // After the others: it takes the store away from all.
  test("without a majority: what is known is shown, nothing is changed, and all goes on once there is one", async (context) => {
    const several = await openSeveral(context);
    const { anna } = several;
    const airlock = await several.start();
    anna.upload("fees.yml", feesFile(1), { caption });
    await anna.waitForText("✅ fees.yml updated successfully!");
    await cluster.nodes[0]?.kill();
    const notReady = await readyzIs(airlock, 503);
    expect(notReady.body).toBe("the store does not answer\n");
    expect(await airlock.metric("airlock_not_ready", { reason: "store" })).toBe(1);
    anna.send("/get_fees");
    const given = await anna.waitForText(
      /The store does not answer; this was live at \d\d:\d\d:\d\d UTC\.$/,
      { timeoutMs },
    );
    expect(given.caption).toContain("fees.yml, revision 2");
    anna.upload("fees.yml", feesFile(2), { caption });
    await anna.waitForText("💥 fees.yml was not changed: the store has no majority.", {
      timeoutMs,
    });
    await cluster.heal();
    await readyzIs(airlock, 200);
    anna.upload("fees.yml", feesFile(3), { caption });
    expect((await anna.waitForText("Revision 3.", { timeoutMs })).text).toContain(
      "maker_percent: 1 → 3",
    );
    anna.send("/get_fees");
    expect((await anna.waitForText("fees.yml, revision 3")).caption).not.toContain("store");
  });
});

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
