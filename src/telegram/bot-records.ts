// What the chats keep over a restart, beside what the use cases keep.
import type { Backing, SmallRecords } from "../store/backing.ts";
import type { Records } from "../store/records.ts";
import { followedMs } from "./messages/spreads.ts";

export interface BotRecords {
  /** Open questions, by chat and person. */
  readonly questions: SmallRecords;
  /** Lone documents that wait for a button. */
  readonly choices: Records;
  /** The messages that ask several people for one decision. */
  readonly askingMessages: Records;
  /** The messages that say where a change is live; undefined where no machine can follow. */
  readonly spreads: Records | undefined;
  /** Who has talked to the bot, and whether they want to hear of changes. */
  readonly talkedTo: Records;
  /** In which language each person is spoken to. */
  readonly languages: Records;
}

/**
 * @param waitingAgeMaxMs - a question that was left open for longer is forgotten
 * @throws Refusal
 */
export async function openBotRecords(
  { small, machines }: Pick<Backing, "small"> & { readonly machines: object | undefined },
  waitingAgeMaxMs: number,
): Promise<BotRecords> {
  const forEver = Number.POSITIVE_INFINITY;
  return {
    questions: await small("questions", waitingAgeMaxMs),
    choices: await small("choices", forEver),
    askingMessages: await small("keep_messages", forEver),
    spreads: machines && (await small("spreads", followedMs)),
    talkedTo: await small("people", forEver),
    languages: await small("languages", forEver),
  };
}
