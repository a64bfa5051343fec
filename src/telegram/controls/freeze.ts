// /freeze_* and /unfreeze_*: refusing every change of a config for a while, or until somebody lifts it. Told to all who may read it.
import { reply } from "../messages/say.ts";
import type { Text } from "../../words/text.ts";
import { Composer } from "grammy";
import { readEnd } from "../../model/moment.ts";
import type { ConfigStore } from "../../store/port.ts";
import {
  freezeRefused,
  frozenNotice,
  frozenNow,
  notFrozen,
  unfrozenNotice,
  unfrozenNow,
} from "../../words/freeze-words.ts";
import type { BotContext } from "../updates/bot-context.ts";
import type { ConfigService } from "../entrance/config-service.ts";
import type { Notices } from "../messages/notices.ts";
import { reasonOf } from "../api/plain-text.ts";

/** What begins like a time is read as one, or refused: taken for a reason, a mistyped time would freeze for ever. */
const likeTime =
  /^(?:\d+(?:[.,]\d+(?=[a-z]))?(?:[smhdw]|sec\w*|min\w*|h(?:ou)?rs?|days?|weeks?)?|\d{4}-\d\S*|\d{1,2}:\d\S*|\d{1,2}[./]\d{1,2}[./]\d\S*)$/i;

/** What people write before a time. */
const beforeTime = /^(?:until|till|for|до|на)\s+/iu;

export function freezeCommands(
  { doors, freezes, people, timeZone }: ConfigService,
  notices: Pick<Notices, "announce">,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();

  function tellOthers({ config }: ConfigStore, by: number, text: Text): void {
    const others = people.whoMay("read", config.id).filter((id) => id !== by);
    notices.announce(others, text);
  }

  composer.use(
    doors.command("freeze", async (ctx, live) => {
      const { config } = live;
      const said = ctx.command?.rest ?? "";
      const lead = beforeTime.exec(said)?.[0] ?? "";
      const word = /^\S+/.exec(said.slice(lead.length))?.[0] ?? "";
      const end = likeTime.test(word) ? readEnd(word, timeZone, Date.now()) : undefined;
      if (end !== undefined && end.kind !== "at") {
        return reply(ctx, freezeRefused(config, end, word, timeZone));
      }
      const replaced = freezes.of(config.id);
      const freeze = {
        by: ctx.admin,
        until: end === undefined ? null : new Date(end.ms).toISOString(),
        reason: reasonOf(end === undefined ? said : said.slice(lead.length + word.length)),
      };
      await freezes.freeze(config.id, freeze);
      const savedBy = live.holder;
      tellOthers(live, ctx.admin.id, frozenNotice(config, freeze));
      return reply(
        ctx,
        frozenNow(config, freeze, {
          ...(replaced === undefined ? {} : { replaced }),
          ...(savedBy === undefined ? {} : { savedBy }),
        }),
      );
    }),
    doors.command("unfreeze", async (ctx, live) => {
      const { config } = live;
      const ended = await freezes.unfreeze(config.id);
      if (ended === undefined) return reply(ctx, notFrozen(config));
      tellOthers(live, ctx.admin.id, [unfrozenNotice(config, ctx.admin)]);
      return reply(ctx, unfrozenNow(config, ended));
    }),
  );
  return composer;
}
