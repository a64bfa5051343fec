// The version that a command asks for by its number, `/get_fees 12`; and why there is none, to whoever asked.
import { reply } from "../messages/say.ts";
import { type FoundRevision, type NoVersion, readRevision } from "../../change/read.ts";
import type { Config } from "../../model/config.ts";
import type { ConfigReader } from "../../store/port.ts";
import type { BotContext } from "../updates/bot-context.ts";
import type { Line } from "../../words/line.ts";
import { noSuchRevision, revisionPruned } from "../../words/rollback-words.ts";

const pattern = /^#?(\d{1,9})$/;

/** For what is no number of a revision. */
const noRevision = -1;

/** @returns undefined where the command asks for none; a number that no revision has for what is not one */
export function askedRevision({ command }: BotContext): number | undefined {
  const text = (command?.rest ?? "").trim();
  if (text === "") return undefined;
  const number = Number(pattern.exec(text)?.[1] ?? 0);
  return number === 0 ? noRevision : number;
}

/** @returns undefined where it never was, or is not kept: which was answered then */
export async function askedVersion(
  ctx: BotContext,
  live: ConfigReader,
  revision: number,
): Promise<FoundRevision | undefined> {
  const found = await readRevision(live, revision);
  if (found.kind === "found") return found;
  await reply(ctx, noVersionText(live.config, found));
  return undefined;
}

export function noVersionText(config: Config, missing: NoVersion): Line {
  return missing.kind === "unknown"
    ? noSuchRevision(config, missing.newest, missing.asked)
    : revisionPruned(config, missing.entry.revision);
}
