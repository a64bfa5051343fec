// A stand-in Telegram per test, with grammY's own client pointed at it.
import { onTestFinished } from "vitest";
import { Api, GrammyError } from "grammy";
import {
  startTelegramServer,
  type TelegramServer,
} from "../../../sandbox/bot-api/telegram-server.ts";

export interface Sandbox {
  readonly server: TelegramServer;
  readonly api: Api;
  /** A person who has written to the bot, with that one update confirmed. */
  readonly anna: ReturnType<TelegramServer["user"]>;
}

/** @param clock - milliseconds that the server's clock is ahead; a test may change it */
export async function startSandbox(clock: { aheadMs: number } = { aheadMs: 0 }): Promise<Sandbox> {
  const server = await startTelegramServer({ now: () => Date.now() + clock.aheadMs });
  onTestFinished(async () => server.close());
  const api = new Api(server.token, { apiRoot: server.root });
  const anna = server.user({ id: 1001, firstName: "Anna" });
  anna.send("/start");
  const [first] = await api.getUpdates();
  await api.getUpdates({ offset: (first?.update_id ?? 0) + 1 });
  return { server, api, anna };
}

/** What the call was refused with, as `400 Bad Request: …`. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof GrammyError) {
      return `${error.error_code} ${error.description}`;
    }
    throw error;
  }
  throw new Error("the call was not refused");
}

/** Calls a method with a plain request, for what grammY's client cannot say. */
export async function callRaw(
  server: TelegramServer,
  path: string,
  init?: RequestInit,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${server.root}${path}`, init);
  const body: unknown = await response.json();
  return { status: response.status, body };
}
