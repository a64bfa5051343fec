// One message that shows an upload's way: sent once, then edited. Showing never delays the work on the file, and a
// failure to show never changes what happens to it; but the last text arrives, by an edit or as a new message.
import { setTimeout as wait } from "node:timers/promises";
import type { Api } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import type { ConfigId } from "../change/config-id.ts";
import type { Author } from "../change/history.ts";
import type { Outcome } from "../change/outcome.ts";
import type { UploadWatcher } from "../change/upload-job.ts";
import { outcomeKeyboard } from "./buttons.ts";
import { checkingText, outcomeText, savingText } from "./outcome-phrases.ts";
import { callFailure, grammySignal } from "./telegram-api.ts";

/** A stage's text is not worth more of the time that the next one waits. */
const stageTimeoutMs = 10_000;
const finalTimeoutMs = 15_000;
const backoffFirstMs = 500;
const backoffMaxMs = 60_000;
/** With the backoff, the last text is tried for about an hour. */
const finalAttemptsMax = 70;

export interface ProgressMessageOptions {
  readonly api: Api;
  readonly chatId: number;
  /** The document's message, which is replied to. */
  readonly replyTo: number;
  /** A message of the bot that becomes the progress message; undefined for a new one. */
  readonly messageId: number | undefined;
  readonly configId: ConfigId;
  readonly fileName: string;
  readonly author: Author;
  /** Told of texts that could not be shown. */
  readonly onTrouble: (what: string, error: unknown) => void;
}

const noAnswer = { kind: "again", afterMs: undefined } as const;

/** Shows the first text at once. */
export function startProgressMessage({
  api,
  replyTo,
  configId,
  fileName,
  author,
  onTrouble,
  ...place
}: ProgressMessageOptions): UploadWatcher {
  let { chatId, messageId } = place;
  // One after another, so that they arrive in their order.
  let shown: Promise<void> = showStage(checkingText);

  async function show(
    text: string,
    limit: AbortSignal,
    keyboard?: InlineKeyboardMarkup,
  ): Promise<void> {
    const signal = grammySignal(limit);
    const markup = keyboard === undefined ? {} : { reply_markup: keyboard };
    if (messageId === undefined) {
      const reply = { message_id: replyTo, allow_sending_without_reply: true };
      const sent = await api.sendMessage(
        chatId,
        text,
        { reply_parameters: reply, ...markup },
        signal,
      );
      messageId = sent.message_id;
    } else {
      await api.editMessageText(chatId, messageId, text, markup, signal);
    }
  }

  async function showStage(text: string): Promise<void> {
    try {
      await show(text, AbortSignal.timeout(stageTimeoutMs));
    } catch (error) {
      onTrouble("showing an upload's progress", error);
    }
  }

  async function showFinal(
    text: string,
    keyboard: InlineKeyboardMarkup | undefined,
  ): Promise<void> {
    let backoffMs = backoffFirstMs;
    for (let attempt = 1; attempt <= finalAttemptsMax; attempt += 1) {
      const limit = AbortSignal.timeout(finalTimeoutMs);
      try {
        await show(text, limit, keyboard);
        return;
      } catch (error) {
        const failure = limit.aborted ? noAnswer : callFailure(error);
        if (failure.kind === "not_modified") return;
        onTrouble("telling how an upload ended", error);
        if (failure.kind === "blocked") return;
        if (failure.kind === "moved") ({ chatId } = failure);
        if (failure.kind !== "again") {
          // It cannot be edited, or its chat is another one now. If not even a new message is taken, nothing helps.
          if (messageId === undefined && failure.kind === "refused") return;
          messageId = undefined;
          continue;
        }
        await wait(failure.afterMs ?? backoffMs * (0.5 + Math.random() / 2));
        backoffMs = Math.min(backoffMaxMs, backoffMs * 2);
      }
    }
  }

  return {
    saving(holder) {
      shown = shown.then(() => showStage(savingText(holder)));
    },
    async finished(outcome: Outcome) {
      await shown;
      try {
        const text = outcomeText(fileName, outcome, { author, nowMs: Date.now() });
        await showFinal(text, outcomeKeyboard(configId, outcome));
      } catch (error) {
        onTrouble("telling how an upload ended", error);
      }
    },
  };
}
