import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startTelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { startAirlock } from "../end-to-end/airlock-process.ts";
import { codeBlocks } from "./code-blocks.ts";

test("the steps of the README, followed word by word, end with a bot that its reader can use", async () => {
  const [written] = codeBlocks("README.md", "Run it").filter(({ code }) => code.includes("BOT_"));
  const dotEnv = written?.code ?? "";
  expect(dotEnv).toContain("ADMIN_IDS=1\n");
  const server = await startTelegramServer();
  onTestFinished(() => server.close());
  const reader = server.user({ id: 4711, firstName: "Rea" });
  const unset = ["ADMIN_IDS", "CONFIG_DIR", "BACKUP_DIR", "STATE_DIR"];
  const airlock = await startAirlock({
    server,
    rootFiles: { ".env": dotEnv },
    env: Object.fromEntries(unset.map((name) => [name, undefined])),
  });
  reader.send("/whoami");
  const answer = await reader.waitForText("Your id is");
  const id = /\d+/.exec(answer.text ?? "")?.[0] ?? "";
  writeFileSync(join(airlock.root, ".env"), dotEnv.replace("ADMIN_IDS=1", `ADMIN_IDS=${id}`));
  await airlock.stop("SIGINT");
  await airlock.restart();
  reader.send("/help");
  await reader.waitForText("/set_fees");
});
