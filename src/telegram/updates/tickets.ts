// Who is next: of each person in each chat one message after another, in the order in which they arrived. The ticket is drawn when a message
// arrives, so that nothing it comes through before its turn can change the order. Presses and commands that look take no turn.
import type { Update, UserFromGetMe } from "grammy/types";
import { oneAtATime } from "../../store/one-at-a-time.ts";
import { commandOf } from "./command.ts";

export interface Ticket {
  /** Resolves when every ticket that was drawn before it was given back. */
  readonly isNext: Promise<void>;
  /** To be called in any case, or nothing that comes later has its turn. */
  giveBack(): void;
}

/** @returns what draws the next ticket of this chat and person */
export function createTickets(): (key: string) => Ticket {
  const inTurn = oneAtATime();
  return (key) => {
    let giveBack: () => void = () => {};
    const givenBack = new Promise<void>((resolve) => {
      giveBack = resolve;
    });
    const isNext = new Promise<void>((resolve) => {
      void inTurn(key, () => {
        resolve();
        return givenBack;
      });
    });
    return { isNext, giveBack };
  };
}

/** Presses, and commands that look: they may hold a file until Telegram has taken it, and nobody waits for them. */
export function takesNoTurn(
  { message, callback_query: press }: Update,
  me: UserFromGetMe,
): boolean {
  const command = message?.text === undefined ? undefined : commandOf(message, me)?.name;
  return (
    press !== undefined ||
    (command !== undefined && !/^(?:cancel$|set_|check_|schedule_)/.test(command))
  );
}
