// The buttons of changes that wait for a word: Apply anyway, Merge both, Roll back, Discard. Only whoever made the change may
// press them, and what was shown is what is agreed to: where another version is live by then, nothing changes and it asks again.
import { Composer } from "grammy";
import { goOnWith, mergeWithLive } from "../../change/decide.ts";
import type { ConfigStore } from "../../store/port.ts";
import type { ParkedChange } from "../../change/parked-changes.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { NoAnswer } from "../api/call-telegram.ts";
import type { TellGivenUp } from "../messages/given-up.ts";
import type { ConfigService } from "../entrance/config-service.ts";
import { answerPress, mergeKeyboard, outcomeKeyboard, outOfDate } from "../messages/buttons.ts";
import { mergeOffer } from "../../words/change-words.ts";
import { keptCurrent } from "../../words/rollback-words.ts";
import { replyWithWaiting } from "../messages/changes-message.ts";
import { outcomeText } from "../../words/outcome-words.ts";
import type { Line } from "../../words/line.ts";
import type { Text } from "../../words/text.ts";
import { onlySenderMayChoose, questionCancelled } from "../../words/decision-words.ts";
import { isPressInList } from "./pending.ts";
import { editPressed } from "../messages/say.ts";
import type { StartChange } from "../uploads/upload-intake.ts";
import type { Keyboard } from "../messages/keyboard.ts";

const pressPattern = /^(changes|anyway|merge|discard|keep):([A-Za-z0-9_-]{16})$/;

/** What waits, and the message whose button was pressed. */
interface Pressed {
  readonly id: string;
  readonly chatId: number;
  readonly messageId: number;
  readonly botId: number;
}

export function parkedButtons(
  service: ConfigService,
  startChange: StartChange,
  tellGivenUp: TellGivenUp,
): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const { doors, parked, inspector } = service;

  composer.callbackQuery(pressPattern, async (ctx) => {
    const [, act, id] = ctx.match;
    const change = id === undefined ? undefined : await parked.read(id);
    const { message_id: messageId, chat } = ctx.callbackQuery.message ?? {};
    if (id === undefined || change === undefined || messageId === undefined || chat === undefined) {
      return outOfDate(ctx);
    }
    const pressed = { id, chatId: chat.id, messageId, botId: ctx.me.id };
    if (act !== "changes" && change.userId !== ctx.admin.id) {
      const visible = await doors.press(ctx, change.configId, "read");
      return visible === undefined ? undefined : answerPress(ctx, onlySenderMayChoose);
    }
    const live = await doors.press(ctx, change.configId, act === "changes" ? "read" : "write");
    if (live === undefined) return undefined;
    if (act === "changes") {
      await answerPress(ctx);
      return replyWithWaiting(ctx, inspector, live, change.bytes);
    }
    const ended = endedText(act, live.config.fileName);
    // It waits until that is done: a crash or a refusal before leaves the button as it was.
    const isFirst = await parked.act(id, async () => {
      if (act === "anyway") return goOn(ctx, live, change, pressed);
      if (act === "merge") await offerMerge(ctx, live, change, pressed);
      else {
        await end(ctx, id, ended);
        if (change.isPreview !== true) service.uploads.decided(live, ctx.admin.id, "cancelled");
      }
      return true;
    });
    if (!isFirst) return outOfDate(ctx);
    return isPressInList(ctx) ? answerPress(ctx, ended) : answerPress(ctx);
  });

  /** Says so where it was asked. */
  async function end(ctx: BotContext, id: string, text: Line): Promise<void> {
    if (!isPressInList(ctx)) return editPressed(ctx, text);
    const readerId = ctx.admin.id;
    const shown = (await parked.shownTo(readerId)).find((each) => each.id === id);
    if (shown !== undefined) tellGivenUp({ ...shown.message, readerId }, text);
    return undefined;
  }

  function goOn(
    ctx: BotContext,
    live: ConfigStore,
    change: ParkedChange,
    { id, chatId, messageId }: Pressed,
  ): Promise<boolean> {
    return startChange({
      ...goOnWith(live, id, change),
      author: ctx.admin,
      arrival: ctx.arrival,
      place: { chat_id: chatId, reply_to: messageId, message_id: messageId },
    });
  }

  async function offerMerge(
    ctx: BotContext,
    live: ConfigStore,
    change: ParkedChange,
    pressed: Pressed,
  ): Promise<void> {
    const { config } = live;
    const offer = await mergeWithLive(live, change, inspector);
    await askAnew(ctx, offer.change, pressed, (id) => {
      if (offer.kind === "merge") {
        return { text: mergeOffer(config.fileName, offer.changes), keyboard: mergeKeyboard(id) };
      }
      const { how } = offer.change;
      const outcome = { kind: "stale", parkedId: id, how, ...offer.stale } as const;
      return {
        text: outcomeText(config.fileName, outcome, { author: ctx.admin, nowMs: Date.now() }),
        keyboard: outcomeKeyboard(config.id, outcome),
      };
    });
  }

  /** In the same message; what waited under it has ended then. */
  async function askAnew(
    ctx: BotContext,
    change: ParkedChange,
    pressed: Pressed,
    view: (id: string) => { text: Text; keyboard: Keyboard | undefined },
  ): Promise<void> {
    // Until it is known that the message asks anew, what it asked before waits too.
    const decision = change.decision ?? pressed.id;
    const id = await parked.park({ ...change, decision }, pressed.id);
    const { text, keyboard } = view(id);
    const { botId, chatId, messageId } = pressed;
    const shownIn = { bot_id: botId, chat_id: chatId, message_id: messageId };
    try {
      await editPressed(ctx, text, keyboard === undefined ? {} : { keyboard });
    } catch (error) {
      // Where only the answer was lost, the new buttons may be there.
      if (error instanceof NoAnswer) await parked.shownIn(id, shownIn);
      else await parked.remove(id);
      throw error;
    }
    await parked.shownIn(id, shownIn);
  }

  return composer;
}

function endedText(act: string | undefined, fileName: string): Line {
  return act === "keep" ? keptCurrent(fileName) : questionCancelled(fileName);
}
