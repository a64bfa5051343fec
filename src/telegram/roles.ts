// What a person needs to be allowed for each command and button that names a config. A config that they may do nothing with is
// as if it did not exist. Changes are looked at once more where they start, whatever led there: see upload-intake.ts.
import type { MiddlewareFn } from "grammy";
import type { Config } from "../model/config.ts";
import { isEnough, type People, type Role } from "../model/people.ts";
import { whatIsAsked } from "./access.ts";
import type { BotContext } from "./bot-context.ts";
import { answerPress, outOfDate } from "./buttons.ts";
import { captionCommand } from "./caption-command.ts";
import { readOnly, unknownCommand } from "../words/phrases.ts";

export const neededForCommand = {
  set: "write",
  check: "write",
  rollback: "write",
  get: "read",
  diff: "read",
  history: "read",
  schema: "read",
} as const satisfies Readonly<Record<string, Role>>;
const neededForButton = {
  set: "write",
  undo: "write",
  show: "read",
  hist: "read",
} as const satisfies Readonly<Record<string, Role>>;

const commandPattern = /^([a-z]+)_([a-z][a-z0-9_]{0,19})$/;
const buttonPattern = /^([a-z]+):(?:[A-Za-z0-9_-]{16}:)?([a-z][a-z0-9_]{0,19})(?::\d{1,9})?$/;

export interface RolesOptions {
  readonly configs: readonly Config[];
  readonly people: People;
  readonly onDenied: (userId: number | undefined, what: string) => void;
}

/** Lets on what its sender is allowed, and what names no config. */
export function roleGate({ configs, people, onDenied }: RolesOptions): MiddlewareFn<BotContext> {
  return async (ctx, next) => {
    const isPress = ctx.callbackQuery !== undefined;
    const [, act, configId] = isPress
      ? (buttonPattern.exec(ctx.callbackQuery.data ?? "") ?? [])
      : (commandPattern.exec(commandOf(ctx) ?? "") ?? []);
    const needed = neededFor(isPress ? neededForButton : neededForCommand, act);
    const config = configs.find(({ id }) => id === configId);
    if (needed === undefined || config === undefined) return next();
    const role = people.roleOf(ctx.admin.id, config.id);
    if (isEnough(role, needed)) return next();
    onDenied(ctx.admin.id, whatIsAsked(ctx));
    if (isPress) return role === undefined ? outOfDate(ctx) : answerPress(ctx, readOnly(config));
    if (role !== undefined) await ctx.reply(readOnly(config));
    else if (ctx.chat?.type === "private") await ctx.reply(unknownCommand(`/${act}_${config.id}`));
    return undefined;
  };
}

function neededFor(needed: Readonly<Record<string, Role>>, act: string | undefined) {
  return act !== undefined && Object.hasOwn(needed, act) ? needed[act] : undefined;
}

/** Without the slash; of a text or a caption. */
function commandOf(ctx: BotContext): string | undefined {
  return captionCommand(ctx.msg?.text ?? ctx.msg?.caption, ctx.me.username)?.name;
}
