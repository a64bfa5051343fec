// One bot and three machines that follow it through a real etcd, all as processes: what the chat says of where a change is live, an edit by
// hand on one machine, and a rollout that goes to one machine first.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { etcdIsMissing, useCluster } from "../store/etcd/cluster.ts";
import { startAirlock } from "./airlock-process.ts";
import { endMachine, eventually, makeMachine } from "./follower-process.ts";
import { feesFile } from "./stage.ts";

const timeoutMs = 40_000;
const caption = "/set_fees";

// The service does not take a file with 5 percent.
const catalog = `configs:
  fees:
    file: fees.yml
    schema: builtin:fees
    apply:
      run: ["true"]
      verify: [sh, -c, '! grep -q "^maker_percent: 5" "$AIRLOCK_CONFIG_FILE"']
      within: 1s
    rollout: { first: 1, then: all, jitter: 1s }
  rates: { file: rates.yml, schema: builtin:rates }
`;
const rates = (eur: number): string => `base: USD\nrates:\n  EUR: ${eur}\n`;

describe.skipIf(etcdIsMissing)("three machines", { timeout: 180_000 }, () => {
  const cluster = useCluster(1);

  test("the chat says where a change is live, who edited by hand, who is silent; a rollout stops at the first machine", async () => {
    const server = await startTelegramServer();
    onTestFinished(() => server.close());
    const anna = server.user({ id: 1001, firstName: "Anna" });
    const env = {
      ETCD_ENDPOINTS: cluster.endpoints.map(({ href }) => href).join(","),
      ETCD_PREFIX: cluster.freshPrefix(),
    };
    const rootFiles = { "airlock.yml": catalog };
    const airlock = await startAirlock({ server, env, rootFiles });
    const machines = await Promise.all(
      ["web-1", "web-2", "web-3"].map((name) => makeMachine(name, env, {}, rootFiles)),
    );
    for (const machine of machines) {
      onTestFinished(() => endMachine(machine));
      machine.start();
    }
    const [, second, third] = machines;
    if (second === undefined || third === undefined) throw new Error("no machine");
    const everywhere = (id: string, text: string) =>
      Promise.all(
        machines.map((machine) =>
          eventually(`${id} on ${machine.name}`, async () => (await machine.text(id)) === text),
        ),
      );
    const shippedFees = (await airlock.live("fees")).toString();
    await everywhere("fees", shippedFees);
    const live = 'config_machines{config_type="rates",state="live"} 3\n';
    await eventually("all are live", async () => (await airlock.metrics()).includes(live));

    // Everybody at once.
    anna.upload("rates.yml", rates(0.5), { caption: "/set_rates" });
    const updated = await anna.waitForText("✅ rates.yml updated successfully!", { timeoutMs });
    const told = await anna.waitForText("Live on 3 of 3 machines.", { timeoutMs });
    expect(told.message_id).toBe(updated.message_id);
    await everywhere("rates", rates(0.5));
    anna.send("/status");
    await anna.waitForText(/rates\.yml: revision 2[^]*Live on 3 of 3 machines\.[^]*up for/, {
      timeoutMs,
    });

    // By hand.
    await writeFile(join(second.configDir, "rates.yml"), rates(9));
    const edited = await anna.waitForText("✏️ rates.yml was changed on web-2.", { timeoutMs });
    expect(edited.text).toContain("The edit is kept there as rates.");
    await everywhere("rates", rates(0.5));

    // One first.
    const since = anna.cursor();
    anna.upload("fees.yml", feesFile(2), { caption });
    await anna.waitForText("✅ fees.yml updated successfully!", { since, timeoutMs });
    await everywhere("fees", feesFile(2));
    anna.upload("fees.yml", feesFile(5), { caption });
    const back = await anna.waitForText(
      "↩️ fees.yml went back to revision 2: the service did not take it.",
      { since, timeoutMs },
    );
    expect(back.text).toMatch(/web-\d: the service did not take it/);
    await everywhere("fees", feesFile(2));
    const tookFive = await Promise.all(
      machines.map(async ({ process }) =>
        process.log.entries.some(
          ({ msg, revision }) => msg === "config_follow_written" && revision === 3,
        ),
      ),
    );
    expect(tookFive.filter(Boolean)).toHaveLength(1);

    // A silent one.
    await third.process.end("SIGKILL");
    const sinceSilent = anna.cursor();
    anna.upload("rates.yml", rates(0.6), { caption: "/set_rates" });
    const partly = await anna.waitForText(/Live on 2 of 3 machines\.\nweb-3: not seen for /, {
      timeoutMs,
    });
    expect(partly.text).toContain("✅ rates.yml updated successfully!");
    // Nobody can know of it sooner, since its report holds for so long.
    const [, seconds] = /not seen for (\d+) seconds/.exec(partly.text ?? "") ?? [];
    expect(Number(seconds ?? 60)).toBeGreaterThanOrEqual(5);

    // Another process goes on with the message.
    await airlock.restart();
    third.start();
    const whole = await anna.waitForText(/^✅ rates[^]*Live on 3 of 3 machines\.$/, {
      since: sinceSilent,
      timeoutMs,
    });
    expect(whole.message_id).toBe(partly.message_id);
    expect(whole.reply_markup).toEqual(partly.reply_markup);
  });
});
