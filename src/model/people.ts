// Who may do what: the admins of the settings, who may write everything, and the people of the catalog with their roles.
import type { ConfigId } from "./config-id.ts";

/** `read` sees a config and its past; `write` may do everything with it. */
export const roles = ["read", "write"] as const;
export type Role = (typeof roles)[number];

/** Stands for every config that a person is given no role of their own for. */
export const everyConfig = "*";

/** A person as the catalog describes them. */
export interface Person {
  readonly id: number;
  /** What they are called here, whatever they call themselves; null for their own name. */
  readonly name: string | null;
  /** By config id, or {@link everyConfig}. */
  readonly may: ReadonlyMap<string, Role>;
}

export interface People {
  /** Everybody, each once. */
  readonly ids: readonly number[];
  /** Those who may write everything. */
  readonly writersOfAll: readonly number[];
  has(id: number): boolean;
  /** undefined for nobody, and for whom the catalog gives no name. */
  nameOf(id: number): string | undefined;
  /** undefined where the person may do nothing with this config. */
  roleOf(id: number, configId: ConfigId): Role | undefined;
  /** Everybody whose role with this config is enough for what needs `needed`. */
  whoMay(needed: Role, configId: ConfigId): readonly number[];
}

/** @param adminIds - they may write everything, whatever the catalog says of them */
export function createPeople(adminIds: readonly number[], described: readonly Person[]): People {
  const admins = new Set(adminIds);
  const byId = new Map(described.map((person) => [person.id, person]));
  const ids = [...new Set([...adminIds, ...byId.keys()])];
  const writesAll = ({ may }: Person): boolean =>
    may.get(everyConfig) === "write" && ![...may.values()].includes("read");

  function roleOf(id: number, configId: ConfigId): Role | undefined {
    if (admins.has(id)) return "write";
    const may = byId.get(id)?.may;
    return may?.get(configId) ?? may?.get(everyConfig);
  }

  return {
    ids,
    writersOfAll: [...new Set([...adminIds, ...described.filter(writesAll).map(({ id }) => id)])],
    has: (id) => admins.has(id) || byId.has(id),
    nameOf: (id) => byId.get(id)?.name ?? undefined,
    roleOf,
    whoMay: (needed, configId) => ids.filter((id) => isEnough(roleOf(id, configId), needed)),
  };
}

/** @returns whether `role` is enough for what needs `needed` */
export function isEnough(role: Role | undefined, needed: Role): boolean {
  return role === "write" || role === needed;
}
