// Two processes in the same instant, with one of them stopped in the middle of a step that another one gets past.
import { once } from "node:events";
import { readdir, type unlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { type Deferred, deferred } from "../deferred.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { heldOf, hold, reach } from "./holding.ts";

interface Gate {
  readonly isAtGate: (path: string) => boolean;
  readonly reached: Deferred;
  readonly opened: Deferred;
}

const disk = vi.hoisted((): { gate: Gate | undefined } => ({ gate: undefined }));

vi.mock("node:fs/promises", async (original) => {
  const real = await original<{ readonly unlink: typeof unlink }>();
  return {
    ...real,
    async unlink(path: string) {
      const { gate } = disk;
      if (gate?.isAtGate(path) === true) {
        disk.gate = undefined;
        gate.reached.resolve();
        await gate.opened.promise;
      }
      return real.unlink(path);
    },
  };
});

beforeEach(() => {
  disk.gate = undefined;
});

/** The first removal of such a file waits until the gate is opened. */
function gateAt(isAtGate: (path: string) => boolean): Gate {
  disk.gate = { isAtGate, reached: deferred(), opened: deferred() };
  return disk.gate;
}

test("whoever saw a dead holder and is slow to remove it does not remove the one that came meanwhile", async () => {
  const folder = await temporaryFolder();
  const dead = heldOf(await hold(folder)).server;
  dead.close();
  await once(dead, "close");
  const gate = gateAt((path) => path.includes("/.airlock.lock/"));
  const slow = hold(folder);
  await gate.reached.promise;
  heldOf(await hold(folder));
  gate.opened.resolve();
  expect((await slow).kind).toBe("taken");
  await reach(folder);
  expect(await readdir(join(folder, ".airlock.lock"))).toHaveLength(1);
});

test("whoever lets go does not remove the socket of the one that comes next", async () => {
  const folder = await temporaryFolder();
  const first = heldOf(await hold(folder));
  const gate = gateAt((path) => path.endsWith("/airlock.sock"));
  const releasing = first.release();
  await gate.reached.promise;
  expect((await hold(folder)).kind).toBe("taken");
  gate.opened.resolve();
  await releasing;
  heldOf(await hold(folder));
  await reach(folder);
});
