// Remembers what came lately, within a limit: the oldest is forgotten first.

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
