// What was begun and nobody waits for, until somebody wants to know that all of it has ended.

export interface UnderWay {
  /** From now on it is under way. @returns what resolves or rejects with it */
  add<Result>(acting: Promise<Result>): Promise<Result>;
  /** Resolves when nothing is under way any more, however that ended. */
  idle(): Promise<void>;
}

export function createUnderWay(): UnderWay {
  const all = new Set<Promise<unknown>>();
  return {
    add(acting) {
      const tracked = acting.finally(() => all.delete(tracked));
      all.add(tracked);
      return tracked;
    },
    async idle() {
      while (all.size > 0) await Promise.allSettled(all);
    },
  };
}
