// Tells people what became of a change that waits for Keep: in the messages that ask for it, and where it is news, in one of its own.
import type { KeepEvent } from "../model/keep-event.ts";
import { cannotGoBack, changedMeanwhile, wentBack } from "../words/keep-words.ts";
import { goneBackNotTaken } from "../words/service-words.ts";
import { showChangesKeyboard } from "./buttons.ts";
import type { KeepMessages } from "./keep-messages.ts";
import type { Notices } from "./notices.ts";

export function createTellKeep(
  notices: Pick<Notices, "alert">,
  keepMessages: Pick<KeepMessages, "tell">,
): (event: KeepEvent) => Promise<void> {
  function alert(event: KeepEvent): void {
    const { id, fileName } = event.config;
    switch (event.kind) {
      case "reverted": {
        const { entry, changes, note } = event;
        const keyboard = showChangesKeyboard(id, entry.revision);
        const text = wentBack(fileName, note, entry, changes);
        const refused = event.fault === null ? [] : goneBackNotTaken(event.fault);
        notices.alert("read", id, [...text, ...refused], keyboard);
        return;
      }
      case "moved":
        notices.alert("read", id, [changedMeanwhile(fileName, event.revision)], undefined);
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

  return (event) => {
    alert(event);
    return keepMessages.tell(event);
  };
}
