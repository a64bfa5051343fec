// A call that Telegram turns down, in Telegram's own words. Thrown by the methods, put on the wire by the server.
// The words come from tdlib/telegram-bot-api (Client.cpp) and from answers recorded from the real server.
import type { ResponseParameters } from "grammy/types";

/** Ends the API call that throws it; `code` is both the HTTP status and `error_code`. */
export class Refusal extends Error {
  readonly code: number;
  readonly parameters: ResponseParameters | undefined;

  constructor(code: number, description: string, parameters?: ResponseParameters) {
    super(description);
    this.name = "Refusal";
    this.code = code;
    this.parameters = parameters;
  }
}

/** A 400; `reason` is what follows "Bad Request: ". */
export function badRequest(reason: string, parameters?: ResponseParameters): Refusal {
  return new Refusal(400, `Bad Request: ${reason}`, parameters);
}

/** A 403; `reason` is what follows "Forbidden: ". */
export function forbidden(reason: string): Refusal {
  return new Refusal(403, `Forbidden: ${reason}`);
}
