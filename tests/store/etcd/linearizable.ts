// Whether what several processes were told of one config can have happened one thing after another, each between its call and its answer.
// The numbers of the revisions say in which order, so that it is enough to look whether that order fits.

export interface Operation {
  /** By one clock for all. */
  readonly calledMs: number;
  /** Undefined where no answer came. */
  readonly answeredMs: number | undefined;
  readonly act:
    | { readonly kind: "write"; readonly text: string; readonly revision: number | undefined }
    | {
        readonly kind: "read";
        readonly text: string | undefined;
        readonly revision: number | undefined;
      };
}

/**
 * @param texts - what the store has in the end, from revision 1 on
 * @returns a line for each thing that cannot have been so; none where all fits
 */
export function oddities(
  operations: readonly Operation[],
  texts: readonly string[],
): readonly string[] {
  const odd: string[] = [];
  const written = new Set(
    operations.flatMap(({ act }) => (act.kind === "write" ? [act.text] : [])),
  );
  for (const [index, text] of texts.entries()) {
    if (!written.has(text)) odd.push(`revision ${index + 1} holds ${text}, which nobody wrote`);
    if (texts.indexOf(text) !== index) odd.push(`${text} was applied twice`);
  }
  for (const { act } of operations) {
    if (act.revision !== undefined && texts[act.revision - 1] !== act.text) {
      odd.push(`${act.kind} of ${act.text}: revision ${act.revision} holds another text`);
    }
  }
  for (const earlier of operations) {
    for (const later of operations) {
      const { answeredMs, act } = earlier;
      if (answeredMs === undefined || answeredMs >= later.calledMs) continue;
      const [one, other] = [act.revision ?? 0, later.act.revision];
      if (other === undefined) continue;
      const isWrong = later.act.kind === "write" ? other <= one : other < one;
      if (isWrong) odd.push(`revision ${other} (${later.act.kind}) came after ${one} was known`);
    }
  }
  return odd;
}
