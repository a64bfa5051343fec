// Shows an upload's way in one message. Showing never delays the work on the file, and a failure to show never changes what
// happens to it; but the last text arrives.
import type { Config } from "../model/config.ts";
import type { InlineKeyboardMarkup } from "grammy/types";
import type { Outcome } from "../model/outcome.ts";
import type { Author, MessageReference } from "../model/revision.ts";
import type { UploadWatcher } from "../change/upload-request.ts";
import { checkingText, outcomeText, savingText } from "../words/outcome-words.ts";
import { servingText } from "../words/service-words.ts";
import type { Text } from "../words/text.ts";
import { createStatusMessage, type StatusMessageOptions } from "./status-message.ts";

export interface ProgressMessageOptions extends Omit<StatusMessageOptions, "readerId"> {
  readonly config: Config;
  readonly author: Author;
  /** Called once, before the last text is shown. */
  readonly lastButtons: (outcome: Outcome, text: Text) => Promise<LastButtons>;
}

export interface LastButtons {
  readonly keyboard: InlineKeyboardMarkup | undefined;
  /** Told of the message that has them. */
  shownIn(message: MessageReference): Promise<void>;
}

/** Shows the first text at once. */
export function startProgressMessage({
  config: { fileName },
  author,
  lastButtons,
  ...options
}: ProgressMessageOptions): UploadWatcher {
  const message = createStatusMessage({ ...options, readerId: author.id });
  // One after another, so that they arrive in their order.
  let shown: Promise<void> = message.showStage(checkingText);
  return {
    saving(holder) {
      shown = shown.then(() => message.showStage(savingText(holder)));
    },
    serving() {
      shown = shown.then(() => message.showStage(servingText(fileName)));
    },
    async finished(outcome) {
      await shown;
      try {
        const text = outcomeText(fileName, outcome, { author, nowMs: Date.now() });
        const buttons = await lastButtons(outcome, text);
        await message.showFinal(text, buttons.keyboard);
        const { reply_to: _, message_id: messageId, ...chat } = message.place;
        if (messageId !== null) await buttons.shownIn({ ...chat, message_id: messageId });
      } catch (error) {
        options.onTrouble("telling how an upload ended", error);
      }
    },
  };
}
