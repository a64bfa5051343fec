// One person's chat with the bot: bubbles that change in place, buttons, the menu after a slash, files by drop, picker, editor.
import { type LiveFile, openEditor, showText } from "./dialogs.ts";
import { button, clockTime, element } from "./element.ts";
import { getMenu, getText, post, sendDocument } from "./requests.ts";

export interface Bubble {
  readonly id: number;
  readonly by: "bot" | "person";
  readonly name: string;
  readonly text: string;
  readonly atMs: number;
  readonly edited: boolean;
  readonly replyTo?: string;
  readonly document?: { readonly fileId: string; readonly name: string; readonly bytes?: number };
  readonly buttons: readonly (readonly string[])[];
}

export interface ChatWindow {
  readonly section: HTMLElement;
  /** Adds the message, or changes it in place. */
  show(bubble: Bubble, fresh: boolean): void;
  remove(messageId: number): void;
  /** What only this person sees for a moment. */
  toast(text: string): void;
}

const nearEndPixels = 60;

const examples = [
  ["valid", "A valid change"],
  ["typo", "A typo"],
  ["duplicate", "A duplicate key"],
] as const;

export function createChatWindow(
  person: { readonly id: number; readonly name: string },
  files: () => readonly LiveFile[],
): ChatWindow {
  const titleId = `chat-${person.id}`;
  const messages = element("div", {
    class: "messages",
    role: "log",
    tabindex: "0",
    "aria-label": `Messages between ${person.name} and the bot`,
  });
  const toast = element("p", { class: "toast", role: "status" });
  const bubbles = new Map<number, HTMLElement>();
  const section = element(
    "section",
    { class: "chat", "aria-labelledby": titleId },
    element("h2", { id: titleId }, person.name),
    messages,
    element("div", { class: "composer" }, ...composer(person), tools(person, files), toast),
  );
  acceptDrops(section, person.id);

  return {
    section,
    show(bubble, fresh) {
      const drawn = drawBubble(person.id, bubble, fresh, (text) => (toast.textContent = text));
      const before = bubbles.get(bubble.id);
      const { scrollTop, scrollHeight, clientHeight } = messages;
      // Whoever reads further up is not torn away by an edit below.
      const atEnd = scrollHeight - scrollTop - clientHeight < nearEndPixels;
      if (before === undefined) messages.append(drawn);
      else before.replaceWith(drawn);
      bubbles.set(bubble.id, drawn);
      if (before === undefined || atEnd) messages.scrollTop = messages.scrollHeight;
    },
    remove(messageId) {
      bubbles.get(messageId)?.remove();
      bubbles.delete(messageId);
    },
    toast: (text) => (toast.textContent = text),
  };
}

function drawBubble(
  personId: number,
  bubble: Bubble,
  fresh: boolean,
  tell: (text: string) => void,
): HTMLElement {
  const { document, replyTo, text, buttons } = bubble;
  const parts: Node[] = [];
  if (replyTo !== undefined) parts.push(element("p", { class: "reply" }, replyTo));
  if (document !== undefined) parts.push(drawDocument(document));
  if (text !== "") parts.push(element("p", {}, text));
  const time = `${bubble.edited ? "edited " : ""}${clockTime(bubble.atMs)}`;
  parts.push(element("p", { class: "meta" }, time));
  for (const row of buttons) {
    const press = async (label: string): Promise<void> => {
      const done = await post(`people/${personId}/press/${bubble.id}`, label);
      if (!done) tell("That button is gone.");
    };
    const keys = row.map((label) => button(label, () => void press(label)));
    parts.push(element("div", { class: "keys" }, ...keys));
  }
  const kind = `bubble ${bubble.by}${fresh ? " fresh" : ""}`;
  return element("article", { class: kind, "aria-label": `${bubble.name}, ${time}` }, ...parts);
}

function drawDocument(document: NonNullable<Bubble["document"]>): HTMLElement {
  const { fileId, name, bytes } = document;
  const path = `documents/${encodeURIComponent(fileId)}`;
  const size = bytes === undefined ? "" : `, ${bytes} bytes`;
  const open = async (): Promise<void> => showText(name, await getText(path));
  return element(
    "div",
    { class: "document" },
    element("span", {}, `📄 ${name}${size}`),
    button("Open", () => void open()),
    element("a", { href: `/api/${path}`, download: name }, "Save"),
  );
}

function composer(person: { readonly id: number; readonly name: string }): readonly Node[] {
  const input = element("input", {
    type: "text",
    placeholder: "Message, or / for the commands",
    "aria-label": `Message from ${person.name}`,
    autocomplete: "off",
  });
  const menu = element("ul", { class: "menu", "aria-label": "Commands", hidden: true });
  const send = async (text: string): Promise<void> => {
    input.value = "";
    menu.hidden = true;
    await post(`people/${person.id}/text`, text);
    input.focus();
  };
  const offerMenu = async (): Promise<void> => {
    const typed = input.value;
    const commands = typed.startsWith("/") ? await getMenu(person.id) : [];
    if (input.value !== typed) return;
    const fitting = commands.filter(({ command }) => `/${command}`.startsWith(typed));
    menu.replaceChildren(
      ...fitting.map(({ command, description }) =>
        element(
          "li",
          {},
          button(`/${command} – ${description}`, () => void send(`/${command}`)),
        ),
      ),
    );
    menu.hidden = fitting.length === 0;
  };
  input.addEventListener("input", () => void offerMenu());
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") menu.hidden = true;
  });
  const form = element("form", {}, input, element("button", { type: "submit" }, "Send"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim() !== "") void send(input.value);
  });
  return [menu, form];
}

function tools(
  person: { readonly id: number; readonly name: string },
  files: () => readonly LiveFile[],
): HTMLElement {
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
