// Where a person writes: a line, and after a slash the bot's commands, by mouse or by keyboard.
import { button, element } from "./element.ts";
import { getMenu, post } from "./requests.ts";

interface Composer {
  readonly parts: readonly Node[];
  readonly input: HTMLInputElement;
}

export function createComposer(person: { readonly id: number; readonly name: string }): Composer {
  const input = element("input", {
    type: "text",
    placeholder: "Message, or /",
    "aria-label": `Message from ${person.name}`,
    autocomplete: "off",
  });
  const menu = element("ul", { class: "menu", "aria-label": "Commands", hidden: true });
  /** Counts what was asked for: an answer that comes after the menu was closed must not open it again. */
  let asked = 0;

  const close = (): void => {
    asked += 1;
    if (menu.contains(document.activeElement)) input.focus();
    menu.hidden = true;
  };
  const send = async (text: string): Promise<void> => {
    input.value = "";
    input.focus();
    close();
    await post(`people/${person.id}/text`, text);
  };
  const offer = async (): Promise<void> => {
    const typed = input.value;
    if (!typed.startsWith("/")) return close();
    asked += 1;
    const ticket = asked;
    const commands = await getMenu(person.id);
    // Somebody walks through the last answer: drawn anew, it would lose the focus.
    if (asked !== ticket || menu.contains(document.activeElement)) return;
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

  const form = element("form", {}, input, element("button", { type: "submit" }, "Send"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim() !== "") void send(input.value);
  });
  input.addEventListener("input", () => void offer());
  const parts: readonly HTMLElement[] = [menu, form];
  for (const part of parts) {
    part.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      else if (!menu.hidden && moveInMenu(menu, input, event.key)) event.preventDefault();
    });
    // Tab leaves it, like a click elsewhere.
    part.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !holds(relatedTarget)) close();
    });
  }
  const holds = (target: Node): boolean => menu.contains(target) || form.contains(target);
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !holds(target)) close();
  });
  return { parts, input };
}

/** The arrows walk through the line and the commands above it, in a circle. @returns whether it was one of them */
function moveInMenu(menu: HTMLElement, input: HTMLInputElement, key: string): boolean {
  const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
  if (step === 0) return false;
  const stops: readonly HTMLElement[] = [...menu.querySelectorAll("button"), input];
  const at = stops.findIndex((stop) => stop === document.activeElement);
  stops.at((at + step) % stops.length)?.focus();
  return true;
}
