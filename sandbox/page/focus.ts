// Keeps the keyboard's focus where somebody works, while what they work with is drawn anew, taken away or switched off.

/**
 * Draws something anew in the place of `before`. The focus goes to what is called like what had it, else to the whole.
 * @param after - not in the page yet; must be able to take the focus
 */
export function replaceKeepingFocus(before: HTMLElement, after: HTMLElement): void {
  const focused = document.activeElement;
  const isWithin = before.contains(focused);
  const label = focused === before ? undefined : focused?.textContent;
  before.replaceWith(after);
  if (!isWithin) return;
  const controls = [...after.querySelectorAll<HTMLElement>("button, a")];
  const same = controls.find(({ textContent }) => textContent === label);
  (same ?? after).focus({ preventScroll: true });
}

/** Takes an element out of the page; its focus goes to `heir`, or to the first thing in it that takes one. */
export function removeKeepingFocus(gone: Element, heir: HTMLElement): void {
  const hadFocus = gone.contains(document.activeElement);
  gone.remove();
  if (hadFocus) focusWithin(heir);
}

/** Hides or shows a control; hidden, the focus that it had goes to `heir`. */
export function withdraw(control: HTMLElement, isHidden: boolean, heir: HTMLElement): void {
  const hadFocus = document.activeElement === control;
  control.hidden = isHidden;
  if (isHidden && hadFocus) heir.focus();
}

/** Focuses it, or else the first thing in it that can be focused. */
export function focusWithin(target: HTMLElement | null | undefined): void {
  target?.focus({ preventScroll: true });
  if (target === null || target === undefined || document.activeElement === target) return;
  const first = target.querySelector<HTMLElement>("button:enabled, input:enabled, a, [tabindex]");
  first?.focus({ preventScroll: true });
}
