// Parts of a value whose shape nobody has checked: what is not as it should be is told by the schema, and the rest is looked at all the same.

export function hasKey(value: unknown, key: string): boolean {
  return isRecord(value) && Object.hasOwn(value, key);
}

export function partAt(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** What stands there if it is a map, and an empty one otherwise. */
export function mapAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const found = partAt(value, key);
  return isRecord(found) ? found : {};
}

/** What stands there if it is a list, and an empty one otherwise. */
export function listAt(value: unknown, key: string): readonly unknown[] {
  const found = partAt(value, key);
  return Array.isArray(found) ? found : [];
}

export function textAt(value: unknown, key: string): string | undefined {
  const found = partAt(value, key);
  return typeof found === "string" ? found : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
