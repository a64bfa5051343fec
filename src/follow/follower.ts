// Follows the store with all configs of this machine: looks whenever the store has news, and every second at the files, since somebody may
// edit one by hand. What one config waits for, be it a service or the store, keeps no other one waiting.
import type { ConfigId } from "../model/config-id.ts";
import type { MachineConfig } from "../model/machine.ts";
import { refusedBecause } from "../model/trouble.ts";
import type { FollowedStore } from "../store/followed.ts";
import type { ConfigStore } from "../store/port.ts";
import { type ConfigFollower, followConfig } from "./follow-config.ts";
import type { FollowContext } from "./follow-context.ts";

/** An edit by hand is replaced within two seconds. */
const lookEveryMs = 1000;

export interface FollowerOptions extends Omit<FollowContext, "lookAgainIn" | "onState" | "signal"> {
  readonly store: FollowedStore;
  readonly lives: readonly (ConfigStore & { readonly path: string })[];
  /** Told of trouble that is tried again. */
  readonly report: (what: string, error: unknown) => void;
  /** For bugs: nothing is followed any more. */
  readonly onBug: (error: unknown) => void;
}

export interface Follower {
  readonly configs: readonly ConfigFollower[];
  /** Ends what can be ended, and waits for what is being written. */
  stop(): Promise<void>;
}

export async function startFollower({
  lives,
  report,
  onBug,
  ...options
}: FollowerOptions): Promise<Follower> {
  const { store } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const timers = new Set<NodeJS.Timeout>();
  const tasks = new Map<ConfigId, readonly Task[]>();
  const configs: ConfigFollower[] = [];

  function lookAgainIn(id: ConfigId, ms: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      kick(id);
    }, ms);
    timers.add(timer);
  }

  function onState(): void {
    const states = configs.flatMap(({ config, state }): [string, MachineConfig][] =>
      state === undefined ? [] : [[config.id, state]],
    );
    store.report(Object.fromEntries(states));
  }

  function kick(id: ConfigId): void {
    for (const task of tasks.get(id) ?? []) task.kick();
  }

  const context: FollowContext = { ...options, lookAgainIn, onState, signal };
  for (const live of lives) {
    const follower = await followConfig(live, context);
    configs.push(follower);
    const { id, fileName } = follower.config;
    const telling = createTask(
      follower.tell,
      signal,
      (error) => report(`${fileName}: reporting what this machine did`, error),
      onBug,
    );
    const looking = createTask(
      async () => {
        try {
          await follower.look();
        } finally {
          telling.kick();
        }
      },
      signal,
      (error) => report(`${fileName}: following the store`, error),
      onBug,
    );
    tasks.set(id, [looking, telling]);
  }

  const kickAll = (): void => {
    for (const [looking] of tasks.values()) looking?.kick();
  };
  const unwatch = store.watch(kickAll);
  const ticking = setInterval(kickAll, lookEveryMs);
  // A machine that has nothing to report lives, too.
  onState();
  kickAll();
  return {
    configs,
    async stop() {
      unwatch();
      clearInterval(ticking);
      for (const timer of timers) clearTimeout(timer);
      stopping.abort("stop");
      await Promise.all([...tasks.values()].flat().map(({ idle }) => idle()));
    },
  };
}

interface Task {
  /** Does it, once more where it is being done. */
  readonly kick: () => void;
  /** Resolves when it is not being done. */
  readonly idle: () => Promise<void>;
}

function createTask(
  act: () => Promise<void>,
  signal: AbortSignal,
  onRefused: (error: unknown) => void,
  onBug: (error: unknown) => void,
): Task {
  let isDue = false;
  /** Of trouble in a row the first is told: it is tried every second. */
  let isRefused = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (isDue && !signal.aborted) {
      isDue = false;
      try {
        await act();
        isRefused = false;
      } catch (error) {
        if (signal.aborted) break;
        if (refusedBecause(error) === undefined) onBug(error);
        else if (!isRefused) onRefused(error);
        isRefused = true;
      }
    }
    running = undefined;
  }

  return {
    kick() {
      isDue = true;
      running ??= run();
    },
    async idle() {
      await running;
    },
  };
}
