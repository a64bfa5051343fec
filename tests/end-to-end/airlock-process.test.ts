import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startTelegramServer, type TelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { runAirlock, startAirlock, type Airlock } from "./airlock-process.ts";
import { BotProcess } from "./bot-process.ts";
import { findLeaks } from "./token-leaks.ts";

// What the harness expects of a bot, and no more: it logs its port, is ready at the second look, polls, and obeys.
const tinyBot = `
import { createServer } from "node:http";
const root = process.env.TELEGRAM_API_ROOT + "/bot" + process.env.BOT_TOKEN;
let looks = 0;
const server = createServer((request, response) => {
  if (request.url === "/readyz") {
    looks += 1;
    response.writeHead(looks > 1 ? 200 : 503).end("look " + looks);
    return;
  }
  response.end('uploads_total{config_type="fees",outcome="applied"} 3\\nuploads_total{config_type="fees",outcome="failed"} 0\\n');
});
process.on("SIGTERM", () => process.exit(0));
server.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ msg: "metrics_listening", port: server.address().port }));
});
let offset = 0;
for (;;) {
  const answer = await fetch(root + "/getUpdates", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ timeout: 50, offset }),
  }).then((it) => it.json());
  for (const update of answer.result) {
    offset = update.update_id + 1;
    console.log(JSON.stringify({ msg: "heard", text: update.message.text }));
  }
}
`;

async function startTiny(): Promise<{ server: TelegramServer; airlock: Airlock }> {
  const server = await startTelegramServer();
  onTestFinished(async () => server.close());
  const rootFiles = { "tiny-bot.mjs": tinyBot };
  return { server, airlock: await startAirlock({ server, rootFiles, script: "tiny-bot.mjs" }) };
}

test("a bot is started, heard, counted and stopped", async () => {
  const { server, airlock } = await startTiny();
  server.user({ id: 1001, firstName: "Anna" }).send("hello");
  expect(await airlock.waitForLog(({ msg }) => msg === "heard")).toMatchObject({ text: "hello" });
  expect(await airlock.metric("uploads_total", { outcome: "applied" })).toBe(3);
  await expect(airlock.metric("uploads_total", { outcome: "stale" })).rejects.toThrow("got 0");
  expect((await airlock.live("fees")).toString()).toContain("maker_percent");
  expect(await airlock.backups("fees")).toEqual([]);
  expect(await airlock.history("fees")).toEqual([]);
  expect(await airlock.stop()).toEqual({ code: 0, signal: null });
});

test("a bot that was killed is started again on the same folders", async () => {
  const { server, airlock } = await startTiny();
  const [first, folder] = [airlock.pid(), airlock.root];
  await airlock.kill();
  await airlock.restart();
  expect(airlock.pid()).not.toBe(first);
  expect(airlock.root).toBe(folder);
  server.user({ id: 1001, firstName: "Anna" }).send("again");
  await airlock.waitForLog(({ msg }) => msg === "heard");
});

test("an end that nobody asked for is told with standard error and the log", async () => {
  const folder = tmpdir();
  const bot = new BotProcess(join(folder, "no-such-bot.mjs"), folder);
  await bot.spawn({ PATH: process.env["PATH"] });
  expect(bot.unaskedEnd?.message).toMatch(/ended unasked, {"code":1.*Cannot find module/s);
});

test("a bot that ends at once is run to its end, with all that it said", async () => {
  const server = await startTelegramServer();
  onTestFinished(async () => server.close());
  const rootFiles = { "tiny-bot.mjs": 'console.error("no ADMIN_IDS"); process.exit(1);' };
  const options = { server, rootFiles, script: "tiny-bot.mjs" };
  expect(await runAirlock(options)).toMatchObject({ code: 1, stderr: "no ADMIN_IDS\n" });
});

test("a token in the output or in a file is found", async () => {
  const { airlock } = await startTiny();
  const token = "7:metrics_listening";
  expect(await findLeaks(token, airlock.root, airlock.stderr())).toEqual([
    expect.stringContaining("tiny-bot.mjs"),
  ]);
  expect(await findLeaks("7:absent", airlock.root, "…absent…")).toEqual(["output"]);
});
