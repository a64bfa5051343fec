// After a crash: tells everybody whose upload was in flight what became of it, in the same message.
import type { Api } from "grammy";
import type { InterruptedChange } from "../change/interrupted.ts";
import type { KeepNote } from "../model/outcome.ts";
import { appliedKeyboard } from "./buttons.ts";
import { interruptedText } from "../words/outcome-words.ts";
import type { KeepMessages } from "./keep-messages.ts";
import type { SentMessages } from "./sent-messages.ts";
import { createStatusMessage } from "./status-message.ts";

/** Resolves when the admin knows, or cannot be told; does not reject. */
export async function tellInterrupted(
  api: Api,
  sent: SentMessages,
  botId: number,
  { upload, place, entry, live }: InterruptedChange,
  /** How long the change waits for Keep; null where it does not. */
  keep: KeepNote | null,
  asking: KeepMessages["asking"],
  onTrouble: (what: string, error: unknown) => void,
): Promise<void> {
  if (place === null) return;
  // Another bot's message is not there for this one, and its number may be that of something else.
  const isOwn = (place.bot_id ?? botId) === botId;
  const ownPlace = isOwn ? place : { ...place, reply_to: null, message_id: null };
  try {
    const message = createStatusMessage({
      api,
      sent,
      place: ownPlace,
      onShown: () => {},
      onTrouble,
    });
    const text = interruptedText(upload.file, entry, keep);
    if (entry === undefined || keep === null) {
      await message.showFinal(text, entry && appliedKeyboard(live.config.id, entry));
      return;
    }
    const { revision } = entry;
    const buttons = asking({ config: live.config, revision, keep, text, isAuthor: true });
    await message.showFinal(text, buttons.keyboard);
    const { chat_id, message_id } = message.place;
    if (message_id !== null) await buttons.shownIn({ bot_id: botId, chat_id, message_id });
  } catch (error) {
    onTrouble("telling what became of an upload", error);
  }
}
