// A list whose items come and go while somebody reads it, or has one of them in focus.
import { element } from "./element.ts";
import { removeKeepingFocus } from "./focus.ts";

export interface ListItem {
  /** Equal for two items that look the same. */
  readonly key: string;
  readonly draw: () => HTMLElement;
}

const drawnItems = new WeakMap<HTMLElement, Map<string, HTMLElement>>();

/**
 * Shows these items in this order. Those that are shown already stay in the page, with their focus.
 * @param remark - a last line; empty for none
 */
export function showList(list: HTMLElement, items: readonly ListItem[], remark: string): void {
  const before = drawnItems.get(list) ?? new Map<string, HTMLElement>();
  const after = new Map<string, HTMLElement>();
  for (const { key, draw } of items) after.set(key, before.get(key) ?? draw());
  if (remark !== "") after.set("", element("li", {}, remark));
  drawnItems.set(list, after);
  for (const [key, drawn] of before) {
    if (after.get(key) !== drawn) removeKeepingFocus(drawn, list);
  }
  let next = list.firstElementChild;
  for (const drawn of after.values()) {
    if (drawn === next) next = next.nextElementSibling;
    else next?.before(drawn);
    if (!drawn.isConnected) list.append(drawn);
  }
}
