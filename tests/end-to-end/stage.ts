// What nearly every end-to-end test begins with: a Telegram, the bot, two admins and a stranger; and files to send.
import { onTestFinished } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { startTelegramServer, type TelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { type Airlock, type AirlockOptions, startAirlock } from "./airlock-process.ts";

export interface Stage {
  readonly server: TelegramServer;
  readonly airlock: Airlock;
  readonly anna: Person;
  readonly boris: Person;
  /** Nobody, unless a catalog says otherwise. */
  readonly carol: Person;
  /** Not an admin. */
  readonly eve: Person;
}

export async function openStage(options: Omit<AirlockOptions, "server"> = {}): Promise<Stage> {
  const server = await startTelegramServer();
  const { afterTest = onTestFinished } = options;
  afterTest(() => server.close());
  const anna = server.user({ id: 1001, firstName: "Anna" });
  const boris = server.user({ id: 1002, firstName: "Boris" });
  const carol = server.user({ id: 1003, firstName: "Carol" });
  const eve = server.user({ id: 6660, firstName: "Eve" });
  return { server, anna, boris, carol, eve, airlock: await startAirlock({ ...options, server }) };
}

/** A valid fees.yml, different for each number from 0 to 100. */
export function feesFile(makerPercent: number): string {
  return `currency: USD\nmaker_percent: ${makerPercent}\ntaker_percent: 0.1\n`;
}

/** A valid rates.yml. */
export function ratesFile(euro: number): string {
  return `base: USD\nrates:\n  EUR: ${euro}\n`;
}
