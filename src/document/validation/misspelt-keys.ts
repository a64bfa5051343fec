// A key with a typo is one mistake, though a schema finds two: the key that it does not know, and the one that is missing.
import type { PathStep } from "../../model/comparison.ts";
import type { Fault } from "../../model/problem.ts";

interface Found {
  readonly path: readonly PathStep[];
  readonly fault: Fault;
}

/** @returns those of `found` that are not about a missing key which stands there misspelt */
export function withoutMisspelt<Each extends Found>(found: readonly Each[]): readonly Each[] {
  const meant = new Set(
    found.flatMap(({ path, fault }) =>
      fault.code === "unknown_key" && fault.params.meant !== null
        ? [JSON.stringify([...path.slice(0, -1), fault.params.meant])]
        : [],
    ),
  );
  if (meant.size === 0) return found;
  return found.filter(
    ({ path, fault }) => fault.code !== "missing_key" || !meant.has(JSON.stringify(path)),
  );
}
