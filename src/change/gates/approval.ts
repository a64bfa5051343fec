// Who may approve a change.
import type { ConfigId } from "../../model/config-id.ts";
import type { People } from "../../model/people.ts";

/** Who was named when it was proposed; null for everybody who may write. */
type Named = readonly number[] | null;

/** Whoever is named needs no more than to read the config; without names, to write it. Its author never counts. */
export function mayApprove(
  people: Pick<People, "roleOf">,
  configId: ConfigId,
  { by, authorId }: { readonly by: Named; readonly authorId: number },
  id: number,
): boolean {
  if (id === authorId) return false;
  const role = people.roleOf(id, configId);
  return by === null ? role === "write" : role !== undefined && by.includes(id);
}

/** Everybody who may approve it now. */
export function approversOf(
  people: Pick<People, "ids" | "roleOf">,
  configId: ConfigId,
  proposed: { readonly by: Named; readonly authorId: number },
): readonly number[] {
  return people.ids.filter((id) => mayApprove(people, configId, proposed, id));
}
