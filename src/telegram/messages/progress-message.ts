// Shows an upload's way in one message. Showing never delays the work on the file, and a failure to show never changes what
// happens to it; but the last text arrives.
import { isDeepStrictEqual } from "node:util";
import type { Outcome } from "../../model/outcome.ts";
import type { Author, MessageReference } from "../../model/revision.ts";
import type { ConfigStore } from "../../store/port.ts";
import type { UploadWatcher } from "../../change/upload-request.ts";
import { workLine } from "../../words/work-words.ts";
import { checkingText, outcomeText, savingText } from "../../words/outcome-words.ts";
import { servingText } from "../../words/service-words.ts";
import type { Text } from "../../words/text.ts";
import { showWork } from "./show-work.ts";
import type { Spreads } from "./spreads.ts";
import { createStatusMessage, type StatusMessageOptions } from "./status-message.ts";
import type { Keyboard } from "./keyboard.ts";

export interface ProgressMessageOptions extends Omit<StatusMessageOptions, "readerId"> {
  readonly live: ConfigStore;
  readonly spreads: Spreads;
  readonly author: Author;
  /** Called once, before the last text is shown. */
  readonly lastButtons: (outcome: Outcome, text: Text) => Promise<LastButtons>;
}

export interface LastButtons {
  readonly keyboard: Keyboard | undefined;
  /** Told of the message that has them. */
  readonly shownIn?: (message: MessageReference) => Promise<void>;
}

/** Shows the first text at once. */
export function startProgressMessage({
  live,
  spreads,
  author,
  lastButtons,
  ...options
}: ProgressMessageOptions): UploadWatcher {
  const { fileName } = live.config;
  const message = createStatusMessage({ ...options, readerId: author.id });
  // One after another, so that they arrive in their order.
  let shown: Promise<void> = message.showStage(checkingText);
  const work = showWork(shown, (...how) => message.showMeanwhile([checkingText, workLine(...how)]));
  let saver: Author | undefined;
  /** As it was shown last. */
  let saving: Text | undefined;
  let hasEnded = false;

  /** Who holds the lock is worth no more of the last text's time once it has ended; that it is being saved is always said. */
  async function showSaving(): Promise<void> {
    const text = savingText(hasEnded ? undefined : saver);
    if (saving !== undefined && (hasEnded || isDeepStrictEqual(text, saving))) return;
    saving = text;
    await message.showStage(text);
  }

  return {
    working: (now) => work.isNow(now),
    saving(holder) {
      saver = holder;
      // Of two edits on their way at once, either may be the one that stays.
      shown = Promise.all([shown, work.settled()]).then(showSaving);
    },
    serving() {
      shown = shown.then(() => message.showStage(servingText(fileName)));
    },
    async finished(outcome) {
      hasEnded = true;
      await Promise.all([shown, work.settled()]);
      try {
        const said = outcomeText(fileName, outcome, { author, nowMs: Date.now() });
        const entry = outcome.kind === "applied" ? outcome.entry : undefined;
        const text = entry === undefined ? said : [...said, ...spreads.lines(live, entry)];
        const buttons = await lastButtons(outcome, text);
        await message.showFinal(text, buttons.keyboard);
        const { reply_to: _, message_id: messageId, ...chat } = message.place;
        if (messageId !== null) await buttons.shownIn?.({ ...chat, message_id: messageId });
        // What waits for Keep has a message that others edit.
        if (entry === undefined || (outcome.kind === "applied" && outcome.keep !== null)) return;
        if (messageId === null) return;
        spreads.follow(live, entry, {
          message: { ...chat, message_id: messageId },
          readerId: author.id,
          said,
          mergeable: outcome.kind === "applied" && outcome.setBack?.mergeable === true,
        });
      } catch (error) {
        options.onTrouble("telling how an upload ended", error);
      }
    },
  };
}
