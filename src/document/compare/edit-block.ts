// Writes what the candidate changed in a map whose entries have lines of their own: added entries with their comments, between the same neighbours; removed ones with
// the comments above them; values in the place of values. Everything else stays as it is live.
import { additions } from "./add-entries.ts";
import { type BlockLayout, layoutOf } from "./block-layout.ts";
import type { MapEdit } from "./merge-trees.ts";
import { removals } from "./remove-entries.ts";
import { replacement } from "./replace-value.ts";
import { NotOffered, type Splice } from "./splice.ts";

export interface Texts {
  readonly base: string;
  readonly live: string;
  readonly candidate: string;
}

/** @throws NotOffered */
export function blockSplices(edit: MapEdit, texts: Texts): readonly Splice[] {
  const live = layoutOf(texts.live, edit.live, edit.holders.live);
  const base = layoutWherePossible(() => layoutOf(texts.base, edit.base, edit.holders.base));
  const candidate = layoutWherePossible(() =>
    layoutOf(texts.candidate, edit.candidate, edit.holders.candidate),
  );
  const { candidate: text } = texts;
  return [
    ...edit.replaced.map((each) => replacement({ ...each, live, candidate, text })),
    ...removals(edit, live, base, candidate),
    ...additions(edit, live, base, candidate, text),
  ];
}

/** Without it, the comments of the others are left where they are. */
function layoutWherePossible(layout: () => BlockLayout): BlockLayout | undefined {
  try {
    return layout();
  } catch (error) {
    if (error instanceof NotOffered) return undefined;
    throw error;
  }
}
