// One person's chat with the bot: bubbles that change in place, the line to write in, files by drop, picker, editor.
import { type Bubble, type BubbleReader, drawBubble } from "./bubble.ts";
import { createComposer } from "./composer.ts";
import { type LiveFile, openEditor } from "./dialogs.ts";
import { button, counted, element } from "./element.ts";
import { removeKeepingFocus, replaceKeepingFocus } from "./focus.ts";
import { createLanguageSwitch } from "./language-switch.ts";
import { keepUnfolded } from "./message-text.ts";
import { getText, post, sendDocument } from "./requests.ts";

/** Whose chat it is. */
export interface ChatPerson {
  readonly id: number;
  readonly name: string;
  /** Of their app. */
  readonly language: string;
}

export interface ChatWindow {
  readonly section: HTMLElement;
  /** The language of their app is another one now: what comes is drawn in it. */
  setLanguage(language: string): void;
  /** Adds the message, or changes it in place. */
  show(bubble: Bubble, fresh: boolean): void;
  remove(messageId: number): void;
  /** How many messages are older than those that come. */
  setOlder(count: number): void;
  /** What only this person sees for a moment. */
  toast(text: string): void;
  /** Brings it into view, ready to be written in. */
  enter(): void;
}

const nearEndPixels = 60;
/** The page gets no slower however long one plays. */
const bubblesMax = 200;

const examples = [
  ["valid", "Valid change"],
  ["typo", "Typo"],
  ["duplicate", "Duplicate key"],
] as const;

export function createChatWindow(person: ChatPerson, files: () => readonly LiveFile[]): ChatWindow {
  const titleId = `chat-${person.id}`;
  const messages = element("div", {
    class: "messages",
    role: "log",
    tabindex: "0",
    "aria-label": `Messages between ${person.name} and the bot`,
  });
  const olderNote = element("p", { class: "hint older", hidden: true });
  const emptyNote = element("p", { class: "empty" }, "No messages yet. Begin with /start.");
  messages.append(olderNote, emptyNote);
  const toast = element("p", { class: "toast", role: "status" });
  const { parts, input } = createComposer(person);
  const languages = createLanguageSwitch(person);
  const reader: BubbleReader = {
    id: person.id,
    get language() {
      return languages.current();
    },
    send: (command) => void post(`people/${person.id}/text`, command),
    tell: (text) => (toast.textContent = text),
  };
  /** The oldest first. */
  const bubbles = new Map<number, HTMLElement>();
  let older = 0;
  const section = element(
    "section",
    { class: "chat", "aria-labelledby": titleId },
    element(
      "header",
      {},
      element("span", { class: "avatar", "aria-hidden": "true" }, person.name.slice(0, 1)),
      element("h2", { id: titleId }, person.name),
      languages.group,
    ),
    messages,
    element("div", { class: "composer" }, ...parts, tools(person, files), toast),
  );
  acceptDrops(section, person.id);

  /** Whoever reads further up is not torn away by an edit below, nor by a window of another size. */
  let isAtEnd = true;
  const showEnd = (): void => {
    messages.scrollTop = messages.scrollHeight;
    isAtEnd = true;
  };
  messages.addEventListener("scroll", () => {
    const { scrollTop, scrollHeight, clientHeight } = messages;
    isAtEnd = scrollHeight - scrollTop - clientHeight < nearEndPixels;
  });
  new ResizeObserver(() => {
    if (isAtEnd) showEnd();
  }).observe(messages);

  function setOlder(count: number): void {
    older = count;
    olderNote.hidden = count === 0;
    olderNote.textContent = `${counted(count)} older messages are not shown.`;
  }

  function dropOldest(): void {
    const [oldest] = bubbles;
    if (oldest === undefined || bubbles.size <= bubblesMax) return;
    removeKeepingFocus(oldest[1], messages);
    bubbles.delete(oldest[0]);
    setOlder(older + 1);
  }

  return {
    section,
    setLanguage: languages.show,
    setOlder,
    show(bubble, fresh) {
      const before = bubbles.get(bubble.id);
      const [oldestId = 0] = bubbles.keys();
      // An edit of a message that is not shown any more.
      if (before === undefined && bubble.id < oldestId) return;
      const drawn = drawBubble(bubble, fresh, reader);
      const showsEnd = before === undefined || isAtEnd;
      if (before === undefined) {
        messages.append(drawn);
      } else {
        keepUnfolded(before, drawn);
        replaceKeepingFocus(before, drawn);
      }
      bubbles.set(bubble.id, drawn);
      dropOldest();
      if (showsEnd) showEnd();
    },
    remove(messageId) {
      const gone = bubbles.get(messageId);
      if (gone === undefined) {
        setOlder(Math.max(0, older - 1));
        return;
      }
      removeKeepingFocus(gone, messages);
      bubbles.delete(messageId);
    },
    toast: (text) => (toast.textContent = text),
    enter() {
      section.scrollIntoView({ block: "nearest" });
      input.focus({ preventScroll: true });
    },
  };
}

function tools(person: ChatPerson, files: () => readonly LiveFile[]): HTMLElement {
  const picker = element("input", { type: "file", class: "visually-hidden" });
  picker.addEventListener("change", () => {
    for (const file of picker.files ?? []) void sendDocument(person.id, file, "");
    picker.value = "";
  });
  const sendExample = async (name: string): Promise<void> => {
    const text = await getText(`examples/${name}`);
    const [main] = files();
    if (main === undefined) return;
    await sendDocument(person.id, new File([text], main.fileName), `/set_${main.id}`);
  };
  return element(
    "div",
    { class: "actions tools" },
    element("label", { class: "button" }, "Send a file…", picker),
    button("Change the live file…", () => {
      void openEditor({ personId: person.id, name: person.name, files: files() });
    }),
    ...examples.map(([name, label]) => button(label, () => void sendExample(name))),
  );
}

function acceptDrops(section: HTMLElement, personId: number): void {
  section.addEventListener("dragover", (event) => {
    event.preventDefault();
    section.classList.add("dragging");
  });
  section.addEventListener("dragleave", () => section.classList.remove("dragging"));
  section.addEventListener("drop", (event) => {
    event.preventDefault();
    section.classList.remove("dragging");
    for (const file of event.dataTransfer?.files ?? []) void sendDocument(personId, file, "");
  });
}
