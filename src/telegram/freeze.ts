// /freeze_* and /unfreeze_*: refusing every change of a config for a while, or until somebody lifts it. Told to all who may read it.
import { Composer } from "grammy";
import { durationMs } from "../model/duration.ts";
import type { ConfigStore } from "../store/port.ts";
import {
  freezeRefused,
  frozenNotice,
  frozenNow,
  notFrozen,
  unfrozenNotice,
  unfrozenNow,
  type WrongEnd,
} from "../words/freeze-words.ts";
import type { BotContext } from "./bot-context.ts";
import type { ConfigService } from "./config-service.ts";
import type { Notices } from "./notices.ts";
import { reasonOf } from "./plain-text.ts";

/** The longest freeze that has an end. One year and a day, so that a year always fits. */
const freezeMsMax = 366 * 24 * 60 * 60 * 1000;
/** What begins like a time is read as one, or refused: taken for a reason, a mistyped time would freeze for ever. */
const likeTime =
  /^(?:\d+(?:[smhdw]|sec\w*|min\w*|h(?:ou)?rs?|days?|weeks?)?|\d{4}-\d\S*|\d{1,2}:\d\S*|\d{1,2}[./]\d{1,2}[./]\d\S*)$/i;

export function freezeCommands(
  { doors, freezes, people }: ConfigService,
  notices: Pick<Notices, "announce">,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();

  function tellOthers({ config }: ConfigStore, by: number, text: string): void {
    const others = people.ids.filter(
      (id) => id !== by && people.roleOf(id, config.id) !== undefined,
    );
    notices.announce(others, [text]);
  }

  composer.use(
    doors.command("freeze", async (ctx, live) => {
      const { config } = live;
      const end = readEnd(ctx.command?.rest ?? "", Date.now());
      if (end.kind === "wrong") {
        return ctx.reply(freezeRefused(config, end.word, end.wrong, freezeMsMax));
      }
      const replaced = freezes.of(config.id);
      const freeze = { by: ctx.admin, until: end.until, reason: reasonOf(end.rest) };
      await freezes.freeze(config.id, freeze);
      const savedBy = live.holder;
      tellOthers(live, ctx.admin.id, frozenNotice(config, freeze));
      return ctx.reply(
        frozenNow(config, freeze, {
          ...(replaced === undefined ? {} : { replaced }),
          ...(savedBy === undefined ? {} : { savedBy }),
        }),
      );
    }),
    doors.command("unfreeze", async (ctx, live) => {
      const { config } = live;
      const ended = await freezes.unfreeze(config.id);
      if (ended === undefined) return ctx.reply(notFrozen(config));
      tellOthers(live, ctx.admin.id, unfrozenNotice(config, ctx.admin));
      return ctx.reply(unfrozenNow(config, ended));
    }),
  );
  return composer;
}

type End =
  | { readonly kind: "end"; readonly until: string | null; readonly rest: string }
  | { readonly kind: "wrong"; readonly word: string; readonly wrong: WrongEnd };

/** @param said - all that was said beyond the command */
function readEnd(said: string, nowMs: number): End {
  const [word = ""] = /^\S+/.exec(said) ?? [];
  if (!likeTime.test(word)) return { kind: "end", until: null, rest: said };
  const lengthMs = durationMs(word);
  if (lengthMs === undefined) return { kind: "wrong", word, wrong: "not_a_time" };
  if (lengthMs <= 0) return { kind: "wrong", word, wrong: "past" };
  if (lengthMs > freezeMsMax) return { kind: "wrong", word, wrong: "too_far" };
  return {
    kind: "end",
    until: new Date(nowMs + lengthMs).toISOString(),
    rest: said.slice(word.length),
  };
}
