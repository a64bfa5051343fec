// What one can try, and the disk on which it plays.
import { button, byId, element } from "./element.ts";

export interface StoryView {
  readonly id: string;
  readonly title: string;
  readonly watch: string;
  /** Why it cannot be played here. */
  readonly missing: string | null;
}

export interface StageView {
  readonly disk: string;
  /** The story that was begun last. */
  readonly story: string | null;
  /** null where the story has none. */
  readonly service: { readonly makerFee: string | null; readonly refusesNext: boolean } | null;
}

export function showStories(stories: readonly StoryView[], play: (id: string) => void): void {
  const items = stories.map(({ id, title, watch, missing }) => {
    const watchId = `watch-${id}`;
    const pressed = button(title, () => play(id), {
      "data-story": id,
      "aria-describedby": watchId,
      disabled: missing !== null,
    });
    const text = element("p", { id: watchId }, missing ?? watch);
    return element("li", { class: "story" }, pressed, text);
  });
  byId("stories", HTMLElement).replaceChildren(...items);
}

export function showStage({ disk, story, service }: StageView): void {
  // In a narrow window, where the stories are out of sight once one is pressed.
  const watch = byId("watch", HTMLElement);
  watch.textContent = story === null ? "" : (byId(`watch-${story}`, HTMLElement).textContent ?? "");
  watch.hidden = story === null;
  for (const pressed of document.querySelectorAll<HTMLElement>("[data-story]")) {
    pressed.setAttribute("aria-current", String(pressed.dataset["story"] === story));
  }
  for (const pressed of document.querySelectorAll<HTMLElement>("[data-disk]")) {
    pressed.setAttribute("aria-pressed", String(pressed.dataset["disk"] === disk));
  }
  byId("service", HTMLElement).hidden = service === null;
  if (service === null) return;
  const { makerFee } = service;
  byId("charged", HTMLElement).textContent =
    makerFee === null ? "" : `maker fee now charged: ${makerFee} %`;
  byId("refuse", HTMLElement).setAttribute("aria-pressed", String(service.refusesNext));
}
