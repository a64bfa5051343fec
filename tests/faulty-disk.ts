// Real files, with a hand on the operating system's calls: a test can make one fail, or hold it at a gate and wait until
// somebody stands there. Used with `vi.mock("node:fs/promises", faultyDisk)`.
import type { PathLike } from "node:fs";
import type * as fs from "node:fs/promises";
import { vi } from "vitest";

/** A call as tests see it: `rename`, or `sync` of a file or folder that was opened at `path`. */
export interface DiskCall {
  readonly name: string;
  readonly path: string;
  /** The second path of a rename or a link. */
  readonly to: string | undefined;
}

type Hook = (call: DiskCall) => Promise<void> | void;

const hooks = new Set<Hook>();

/** Every call in its order, since {@link resetDisk}. */
export const diskCalls: DiskCall[] = [];

export function resetDisk(): void {
  hooks.clear();
  diskCalls.length = 0;
}

/** Makes every matching call fail as the operating system would, before it has any effect. */
export function failing(code: string, matches: (call: DiskCall) => boolean): { stop: () => void } {
  const hook: Hook = (call) => {
    if (!matches(call)) return;
    throw Object.assign(new Error(`${code}: planted, ${call.name}`), { code, syscall: call.name });
  };
  hooks.add(hook);
  return { stop: () => hooks.delete(hook) };
}

/** Throws what no disk would: a bug. */
export function buggy(matches: (call: DiskCall) => boolean): { stop: () => void } {
  const hook: Hook = (call) => {
    if (matches(call)) throw new Error(`a planted bug in ${call.name}`);
  };
  hooks.add(hook);
  return { stop: () => hooks.delete(hook) };
}

/** Does something just before every matching call. */
export function before(matches: (call: DiskCall) => boolean, act: () => Promise<void>): void {
  const hook: Hook = async (call) => {
    if (!matches(call)) return;
    hooks.delete(hook);
    await act();
  };
  hooks.add(hook);
}

/** Holds the first matching call. */
export function gate(matches: (call: DiskCall) => boolean): {
  /** Somebody stands at the gate. */
  readonly reached: Promise<void>;
  open(): void;
} {
  let arrive = (): void => {};
  let open = (): void => {};
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  before(matches, async () => {
    arrive();
    await opened;
  });
  return { reached, open: () => open() };
}

async function pass(name: string, path: PathLike | number, to?: PathLike): Promise<void> {
  const call = { name, path: String(path), to: to?.toString() };
  diskCalls.push(call);
  for (const hook of hooks) await hook(call);
}

const watchedHandleMethods = ["sync", "write", "writeFile", "chown", "chmod", "close"] as const;

/** The module that stands in for node:fs/promises. */
export async function faultyDisk(): Promise<typeof fs> {
  const real = await vi.importActual<typeof fs>("node:fs/promises");
  return {
    ...real,
    open: async (...args: Parameters<typeof fs.open>) => {
      const path = String(args[0]);
      await pass("open", path);
      const handle = await real.open(...args);
      for (const method of watchedHandleMethods) {
        const act = handle[method].bind(handle) as (...args: unknown[]) => Promise<void>;
        Object.assign(handle, {
          [method]: async (...rest: unknown[]) => {
            await pass(method, path);
            return act(...rest);
          },
        });
      }
      return handle;
    },
    rename: async (from, to) => {
      await pass("rename", from, to);
      return real.rename(from, to);
    },
    link: async (from, to) => {
      await pass("link", from, to);
      return real.link(from, to);
    },
    unlink: async (path) => {
      await pass("unlink", path);
      return real.unlink(path);
    },
  };
}
