import { expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { runAirlock, startAirlock } from "./airlock-process.ts";
import { readyz, readyzIs } from "./ready.ts";
import { feesFile } from "./stage.ts";

test("a bot that starts without a network goes on trying, says why it is not ready, and works when the network is there", async () => {
  // Its port is free again once it is closed.
  const gone = await startTelegramServer();
  await gone.close();
  const airlock = await startAirlock({ server: gone, until: "listening" });
  const first = await airlock.waitForLog(({ msg }) => msg === "trouble");
  expect(first).toMatchObject({ what: "asking Telegram who the bot is", method: "getMe" });
  expect(await readyz(airlock)).toEqual({ status: 503, body: "Telegram cannot be reached\n" });
  expect(await airlock.metric("airlock_ready")).toBe(0);
  expect(await airlock.metric("airlock_not_ready", { reason: "polling" })).toBe(1);
  const failures = () => airlock.log.filter(({ msg }) => msg === "trouble");
  await expect.poll(() => failures().length, { timeout: 40_000 }).toBeGreaterThanOrEqual(5);
  // 0.5 s, doubled each time, each at least half as long as that.
  const times = failures().map(({ time }) => Date.parse(String(time)));
  for (const [index, waitMsMin] of [250, 500, 1000, 2000].entries()) {
    expect((times[index + 1] ?? 0) - (times[index] ?? 0)).toBeGreaterThanOrEqual(waitMsMin);
  }
  expect((await fetch(`http://127.0.0.1:${airlock.port()}/healthz`)).status).toBe(200);

  const server = await startTelegramServer({ port: Number(new URL(gone.root).port) });
  onTestFinished(() => server.close());
  const anna = server.user({ id: 1001, firstName: "Anna" });
  await readyzIs(airlock, 200, 40_000);
  anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
  await anna.waitForText("✅ fees.yml updated successfully!");
  expect(airlock.stderr()).toBe("");
}, 120_000);

test("a bot that is stopped while there is no network ends at once and well", async () => {
  const gone = await startTelegramServer();
  await gone.close();
  const airlock = await startAirlock({ server: gone, until: "listening" });
  await airlock.waitForLog(({ msg }) => msg === "trouble");
  expect(await airlock.stop()).toEqual({ code: 0, signal: null });
  expect(airlock.stderr()).toBe("");
});

test("a token that Telegram does not know at the start ends the bot with code 1, one clear line, and a line in the log", async () => {
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const { code, stdout, stderr } = await runAirlock({
    server,
    env: { BOT_TOKEN: "700000001:AAanother-token-that-nobody-ever-gave" },
  });
  expect(code).toBe(1);
  expect(stderr).toBe(
    "Telegram does not know this bot token. Check BOT_TOKEN, or make a new token with BotFather.\n",
  );
  const last: unknown = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
  expect(last).toMatchObject({ msg: "ended", err: { name: "UnknownTokenError" } });
});
