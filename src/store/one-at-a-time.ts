// What must not overlap: of each key one after another, in the order in which it was asked for.

/** Does this when everything before it under the same key has ended, well or not. @returns what it comes to */
export type OneAtATime = <Result>(key: string, act: () => Promise<Result>) => Promise<Result>;

export function oneAtATime(): OneAtATime {
  const lastOf = new Map<string, Promise<unknown>>();
  return (key, act) => {
    // Whoever waits for the one before is told of what it failed of.
    const acting = (lastOf.get(key) ?? Promise.resolve()).then(act, act);
    lastOf.set(key, acting);
    const forget = (): void => {
      if (lastOf.get(key) === acting) lastOf.delete(key);
    };
    acting.then(forget, forget);
    return acting;
  };
}
