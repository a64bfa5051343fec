// Shows an upload's way in one message. Showing never delays the work on the file, and a failure to show never changes what
// happens to it; but the last text arrives.
import type { Config } from "../model/config.ts";
import type { MessageReference } from "../model/revision.ts";
import type { Author } from "../model/revision.ts";
import type { UploadWatcher } from "../change/upload-job.ts";
import { outcomeKeyboard } from "./buttons.ts";
import { checkingText, outcomeText, savingText } from "../words/outcome-phrases.ts";
import { createStatusMessage, type StatusMessageOptions } from "./status-message.ts";

export interface ProgressMessageOptions extends StatusMessageOptions {
  readonly config: Config;
  readonly author: Author;
  /** Told of the message whose buttons a parked change waits for. */
  readonly onParked: (parkedId: string, message: MessageReference) => Promise<void>;
}

/** Shows the first text at once. */
export function startProgressMessage({
  config: { id, fileName },
  author,
  onParked,
  ...options
}: ProgressMessageOptions): UploadWatcher {
  const message = createStatusMessage(options);
  // One after another, so that they arrive in their order.
  let shown: Promise<void> = message.showStage(checkingText);
  return {
    saving(holder) {
      shown = shown.then(() => message.showStage(savingText(holder)));
    },
    async finished(outcome) {
      await shown;
      try {
        const text = outcomeText(fileName, outcome, { author, nowMs: Date.now() });
        await message.showFinal(text, outcomeKeyboard(id, outcome));
        const { reply_to: _, message_id: messageId, ...chat } = message.place;
        if (outcome.kind === "stale" && messageId !== null) {
          await onParked(outcome.parkedId, { ...chat, message_id: messageId });
        }
      } catch (error) {
        options.onTrouble("telling how an upload ended", error);
      }
    },
  };
}
