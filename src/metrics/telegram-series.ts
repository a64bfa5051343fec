// What is counted of the talk with Telegram.
import { Counter, type Registry } from "prom-client";

/** What the bot asks of Telegram. `download` is the fetching of a file; whatever is not listed counts as `other`. */
const telegramMethods = [
  "getMe",
  "getUpdates",
  "deleteWebhook",
  "getFile",
  "download",
  "sendMessage",
  "sendDocument",
  "sendPhoto",
  "editMessageText",
  "editMessageReplyMarkup",
  "answerCallbackQuery",
  "setMyCommands",
  "deleteMyCommands",
  "other",
] as const;

/** `refused`: Telegram answered with an error. `failed`: no answer came. */
const requestOutcomes = ["ok", "refused", "failed"] as const;

/** What Telegram sends; whatever is not listed counts as `other`. */
const updateKinds = ["message", "callback_query", "other"] as const;

export interface TelegramSeries {
  /** @param method - any text; an unknown one counts as `other` */
  telegramRequest(method: string, outcome: (typeof requestOutcomes)[number]): void;
  /** @param kind - any text, such as the key in Telegram's Update; an unknown one counts as `other` */
  telegramUpdate(kind: string): void;
  accessDenied(): void;
}

export function createTelegramSeries(registry: Registry): TelegramSeries {
  const registers = [registry];
  const requests = new Counter({
    name: "telegram_requests_total",
    help: "Requests to Telegram that have ended: ok, refused (Telegram said no), failed (no answer).",
    labelNames: ["method", "outcome"],
    registers,
  });
  const updates = new Counter({
    name: "telegram_updates_total",
    help: "Updates received from Telegram, by kind.",
    labelNames: ["kind"],
    registers,
  });
  const denied = new Counter({
    name: "access_denied_total",
    help: "Commands, documents and button presses of people who may not.",
    registers,
  });
  for (const method of telegramMethods) {
    for (const outcome of requestOutcomes) requests.inc({ method, outcome }, 0);
  }
  for (const kind of updateKinds) updates.inc({ kind }, 0);
  return {
    telegramRequest: (method, outcome) =>
      requests.inc({ method: knownOrOther(method, telegramMethods), outcome }),
    telegramUpdate: (kind) => updates.inc({ kind: knownOrOther(kind, updateKinds) }),
    accessDenied: () => denied.inc(),
  };
}

function knownOrOther(text: string, known: readonly string[]): string {
  return known.includes(text) ? text : "other";
}
