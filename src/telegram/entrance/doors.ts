// The doors of everything that names a config: which role its commands and buttons ask for, looked at where each handler begins and
// nowhere else, so that no handler is reached by another reading of the same words. A config that a person may do nothing with is
// as if it did not exist. Changes are looked at once more where they start, whatever led there: see upload-intake.ts.
import { reply } from "../messages/say.ts";
import type { Middleware } from "grammy";
import type { ConfigStore } from "../../store/port.ts";
import { isEnough, type People, type Role } from "../../model/people.ts";
import { type ConfigCommand, neededForCommand } from "../../model/config-command.ts";
import { readOnly } from "../../words/answer-words.ts";
import { whatIsAsked } from "./access.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { answerPress, outOfDate } from "../messages/buttons.ts";
import { isTextCommand } from "../updates/on-command.ts";

const commandPattern = /^([a-z]+)_([a-z][a-z0-9_]{0,19})$/;

export interface Doors {
  /** Takes the texts that are this command for a config that their sender may do that with; says why not where they may only read it. */
  command(
    kind: ConfigCommand,
    handle: (ctx: BotContext, live: ConfigStore, next: () => Promise<void>) => unknown,
  ): Middleware<BotContext>;
  /** The config that the command in a text or caption is about, if it is this kind; undefined also where it does not exist for its sender. */
  configOf(ctx: BotContext, kind: ConfigCommand): ConfigStore | undefined;
  /** For a message. @returns false where the sender's role is not enough, which was answered then */
  admits(ctx: BotContext, live: ConfigStore, needed: Role): Promise<boolean>;
  /** For a press. @returns undefined where the config is none, or not for who pressed, which was answered then */
  press(
    ctx: BotContext,
    configId: string | undefined,
    needed: Role,
  ): Promise<ConfigStore | undefined>;
  /** Whether the command is one for a config: `hidden` where that config is none of its sender's. */
  kindOf(ctx: BotContext): "known" | "hidden" | "none";
  /** The commands that this person may use, of all their configs. */
  commandsOf(userId: number): readonly string[];
}

export function createDoors(
  { lives, people }: { readonly lives: readonly ConfigStore[]; readonly people: People },
  onDenied: (userId: number | undefined, what: string) => void,
): Doors {
  const byId = new Map<string, ConfigStore>(lives.map((live) => [live.config.id, live]));
  const roleOf = (ctx: BotContext, { config }: ConfigStore): Role | undefined =>
    people.roleOf(ctx.admin.id, config.id);

  /** Whoever sent it: what they may is looked at by the caller. */
  function named(
    ctx: BotContext,
  ): { readonly kind: string; readonly live: ConfigStore } | undefined {
    const [, kind = "", id = ""] = commandPattern.exec(ctx.command?.name ?? "") ?? [];
    const live = byId.get(id);
    return live !== undefined && Object.hasOwn(neededForCommand, kind) ? { kind, live } : undefined;
  }

  function configOf(ctx: BotContext, kind: ConfigCommand): ConfigStore | undefined {
    const found = named(ctx);
    return found?.kind === kind && roleOf(ctx, found.live) !== undefined ? found.live : undefined;
  }

  async function admits(ctx: BotContext, live: ConfigStore, needed: Role): Promise<boolean> {
    if (isEnough(roleOf(ctx, live), needed)) return true;
    onDenied(ctx.admin.id, whatIsAsked(ctx));
    await reply(ctx, readOnly(live.config));
    return false;
  }

  return {
    configOf,
    admits,
    command(kind, handle) {
      return async (ctx, next) => {
        const live = isTextCommand(ctx) ? configOf(ctx, kind) : undefined;
        if (live === undefined) return next();
        if (await admits(ctx, live, neededForCommand[kind])) await handle(ctx, live, next);
        return undefined;
      };
    },
    async press(ctx, configId, needed) {
      const live = byId.get(configId ?? "");
      const role = live === undefined ? undefined : roleOf(ctx, live);
      if (live !== undefined && isEnough(role, needed)) return live;
      if (live !== undefined) onDenied(ctx.admin.id, whatIsAsked(ctx));
      await (live === undefined || role === undefined
        ? outOfDate(ctx)
        : answerPress(ctx, readOnly(live.config)));
      return undefined;
    },
    kindOf(ctx) {
      const found = named(ctx);
      if (found === undefined) return "none";
      return roleOf(ctx, found.live) === undefined ? "hidden" : "known";
    },
    commandsOf: (userId) =>
      lives.flatMap(({ config: { id } }) =>
        Object.entries(neededForCommand)
          .filter(([, needed]) => isEnough(people.roleOf(userId, id), needed))
          .map(([kind]) => `${kind}_${id}`),
      ),
  };
}
