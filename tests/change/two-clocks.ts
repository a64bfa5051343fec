// Both clocks in a test's own hand.
import type { Clock } from "../../src/change/deadlines.ts";

/** Time as a parameter: it passes where a test says so, and the wall clock can be set apart from it. */
export function createTime(wallMs = 1_000_000) {
  let steadyMs = 0;
  let offMs = wallMs;
  const timers = new Set<{ readonly atMs: number; readonly wake: () => void }>();
  const longest: number[] = [];
  const clock: Clock = {
    wallMs: () => steadyMs + offMs,
    steadyMs: () => steadyMs,
    wakeAfter(ms, wake) {
      longest.push(ms);
      const timer = { atMs: steadyMs + ms, wake };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  async function settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
  return {
    clock,
    timers,
    longestTimerMs: () => Math.max(...longest),
    setWallBy(ms: number) {
      offMs += ms;
    },
    async pass(ms: number): Promise<void> {
      const endMs = steadyMs + ms;
      await settle();
      for (;;) {
        const [next] = [...timers]
          .filter(({ atMs }) => atMs <= endMs)
          .toSorted((one, other) => one.atMs - other.atMs);
        if (next === undefined) break;
        timers.delete(next);
        steadyMs = Math.max(steadyMs, next.atMs);
        next.wake();
        await settle();
      }
      steadyMs = endMs;
    },
  };
}
