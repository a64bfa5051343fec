// `airlock apply` and `rollback`: asked of the running bot, or done here where none runs, holding STATE_DIR meanwhile.
import { statSync } from "node:fs";
import { troubleOrThrow } from "../file/disk-error.ts";
import type { Config } from "../model/config.ts";
import { askBot } from "./control-client.ts";
import { type ControlAnswer, type ControlRequest, protocolVersion } from "./protocol.ts";
import type { ChangeSettings } from "../settings/command-settings.ts";
import { makeFolders } from "../settings/folders.ts";
import { notChanged } from "../words/command-words.ts";
import { botEndedFirst, stateDirClosed, stateDirOfOther } from "../words/holder-words.ts";
import { configById } from "./check.ts";
import { performHere } from "./perform-here.ts";
import { takeTurnAsCommand } from "./turn-of-command.ts";
import {
  CommandFailure,
  mustParse,
  readInput,
  systemUser,
  type Terminal,
  unreadableText,
} from "./terminal.ts";

export interface ChangeOptions {
  readonly reason?: string;
  readonly anyway: boolean;
}

const reasonCharsMax = 200;

/** @returns whether the live file is now this one */
export async function apply(
  terminal: Terminal,
  id: string,
  file: string,
  options: ChangeOptions,
): Promise<boolean> {
  const settings = mustParse(await terminal.settings.forChange());
  const config = configById(settings.configs, id);
  // One byte more than is taken: that it is too large is told in the same words whoever finds it.
  const input = await readInput(file, settings.uploadBytesMax);
  if (input.kind === "unreadable") throw new CommandFailure(unreadableText(file, input.trouble));
  const bytes =
    input.kind === "read" ? input.bytes : Buffer.alloc(settings.uploadBytesMax + 1, "#");
  return change(terminal, settings, config, (fields) => ({
    request: "apply",
    ...fields,
    ...optionFields(options),
    bytes: bytes.toString("base64"),
  }));
}

/** @returns whether the live file is now that one */
export async function rollback(
  terminal: Terminal,
  id: string,
  revision: number,
  options: ChangeOptions,
): Promise<boolean> {
  const settings = mustParse(await terminal.settings.forChange());
  const config = configById(settings.configs, id);
  return change(terminal, settings, config, (fields) => ({
    request: "rollback",
    ...fields,
    ...optionFields(options),
    revision,
  }));
}

type Fields = Pick<ControlRequest, "airlock" | "config" | "user">;

function optionFields({
  reason,
  anyway,
}: ChangeOptions): Pick<ControlRequest, "reason" | "anyway"> {
  const text = reason?.replaceAll(/\s+/g, " ").trim().slice(0, reasonCharsMax) ?? "";
  return { reason: text === "" ? null : text, anyway };
}

async function change(
  terminal: Terminal,
  settings: ChangeSettings,
  config: Config,
  requestOf: (fields: Fields) => ControlRequest,
): Promise<boolean> {
  const notMade = makeFolders(settings);
  if (notMade.length > 0) throw new CommandFailure(notMade.join("\n"));
  const request = requestOf({ airlock: protocolVersion, config: config.id, user: systemUser() });
  const answer = await ask(terminal, request, config, settings);
  if (answer.answer === "refused") throw new CommandFailure(answer.text);
  await terminal.out(`${answer.text}\n`);
  return answer.done;
}

async function ask(
  terminal: Terminal,
  request: ControlRequest,
  config: Config,
  settings: ChangeSettings,
): Promise<ControlAnswer> {
  const turn = await takeTurnAsCommand(settings).catch(notAllowed);
  switch (turn.kind) {
    case "bot": {
      const answer = await askBot(turn.socket, request);
      if (answer !== undefined) return answer;
      throw new CommandFailure(botEndedFirst(config.id));
    }
    case "trouble":
      throw new CommandFailure(turn.message);
    case "held":
      break;
    default:
      return turn satisfies never;
  }
  try {
    refuseOtherUser(settings.stateDir);
    return await performHere(request, config, settings, terminal.machine.openHere);
  } catch (error) {
    const trouble = troubleOrThrow(error);
    throw new CommandFailure(notChanged(config.fileName, trouble));
  } finally {
    await turn.held.release();
  }
}

/** What another user writes there, the bot could not read or add to. */
function refuseOtherUser(stateDir: string): void {
  const owner = statSync(stateDir).uid;
  const uid = process.getuid?.() ?? owner;
  if (uid !== owner) {
    throw new CommandFailure(stateDirOfOther(owner));
  }
}

function notAllowed(error: unknown): never {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "EACCES" && code !== "EPERM") throw error;
  throw new CommandFailure(stateDirClosed);
}
