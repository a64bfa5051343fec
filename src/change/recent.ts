// Remembers what came lately, and what is known of it, within a limit: the oldest is forgotten first.

export interface RecentSet<Item> {
  has(item: Item): boolean;
  /** @returns whether it was new */
  add(item: Item): boolean;
  remove(item: Item): void;
}

export function createRecentSet<Item>(itemsMax: number): RecentSet<Item> {
  const items = new Set<Item>();
  return {
    has: (item) => items.has(item),
    add(item) {
      if (items.has(item)) return false;
      items.add(item);
      for (const oldest of items) {
        if (items.size <= itemsMax) break;
        items.delete(oldest);
      }
      return true;
    },
    remove(item) {
      items.delete(item);
    },
  };
}

/** What is known of what came lately; the oldest is forgotten first. */
export interface RecentMap<Key, Value> {
  get(key: Key): Value | undefined;
  /** From now on it is the newest. */
  set(key: Key, value: Value): void;
  delete(key: Key): void;
}

export function createRecentMap<Key, Value>(itemsMax: number): RecentMap<Key, Value> {
  const items = new Map<Key, Value>();
  return {
    get: (key) => items.get(key),
    set(key, value) {
      items.delete(key);
      items.set(key, value);
      for (const oldest of items.keys()) {
        if (items.size <= itemsMax) break;
        items.delete(oldest);
      }
    },
    delete(key) {
      items.delete(key);
    },
  };
}
