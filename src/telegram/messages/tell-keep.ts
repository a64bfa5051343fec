// Tells people what became of a change that waits for Keep: in the messages that ask for it, and where it is news, in one of its own.
import type { KeepEvent } from "../../model/keep-event.ts";
import { cannotGoBack, changedMeanwhile, keepAsked, wentBack } from "../../words/keep-words.ts";
import { goneBackNotTaken } from "../../words/service-words.ts";
import { showChangesKeyboard } from "./buttons.ts";
import type { KeepMessages } from "./keep-messages.ts";
import type { Notices } from "./notices.ts";

export function createTellKeep(
  notices: Pick<Notices, "alert" | "idle">,
  keepMessages: KeepMessages,
): (event: KeepEvent) => Promise<void> {
  /** Whoever presses first decides, the author or not. */
  async function ask(event: Extract<KeepEvent, { readonly kind: "asked" }>): Promise<void> {
    const { config, revision, note: keep, doubt } = event;
    const text = keepAsked(config.fileName, revision, doubt, keep);
    const { keyboard, shownIn } = keepMessages.asking({
      config,
      revision,
      keep,
      text,
      isAuthor: true,
      readerId: undefined,
    });
    const but = await keepMessages.chatsOf(event);
    notices.alert("write", config.id, text, keyboard, { but, shownIn });
    await notices.idle();
  }

  async function alert(event: KeepEvent): Promise<void> {
    const { id, fileName } = event.config;
    switch (event.kind) {
      case "asked":
        return ask(event);
      case "reverted": {
        const { entry, changes, note } = event;
        const keyboard = showChangesKeyboard(id, entry.revision);
        const text = wentBack(fileName, note, entry, changes, event.failure);
        const refused = event.fault === null ? [] : goneBackNotTaken(event.fault);
        notices.alert("read", id, [...text, ...refused], keyboard);
        return;
      }
      case "moved":
        notices.alert(
          "read",
          id,
          changedMeanwhile(fileName, event.revision, event.failure),
          undefined,
        );
        return;
      case "stuck": {
        const text = cannotGoBack(fileName, event.note, event.revision, event.trouble);
        notices.alert("write", id, text, undefined);
        return;
      }
      case "kept":
      case "extended":
        return;
      default:
        event satisfies never;
    }
  }

  return async (event) => {
    await alert(event);
    await keepMessages.tell(event);
  };
}
