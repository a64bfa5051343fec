import { afterEach, expect, test, vi } from "vitest";
import { type Check, createReadiness } from "../../src/metrics/readiness.ts";
import { deferred } from "../deferred.ts";

afterEach(() => {
  vi.useRealTimers();
});

const well = () => Promise.resolve(undefined);

test("what is wrong is told with its reason, in the order of the checks, and what is well is not", async () => {
  const look = createReadiness(
    () => [
      {
        reason: "polling",
        key: "polling",
        what: "updates arrive",
        look: () => Promise.resolve("no updates"),
      },
      { reason: "state_dir", key: "state_dir", what: "STATE_DIR can be written", look: well },
      {
        reason: "backup_dir",
        key: "backup_dir",
        what: "BACKUP_DIR can be written",
        look: async () => "disk full",
      },
    ],
    () => {},
  );
  expect(await look()).toEqual([
    { reason: "polling", text: "no updates" },
    { reason: "backup_dir", text: "disk full" },
  ]);
});

test("a look that fails is told without details, with its reason, and the log gets them", async () => {
  const errors: unknown[] = [];
  const error = new Error("/srv/secret is gone");
  const look = createReadiness(
    () => [
      {
        reason: "config_dir",
        key: "config_dir",
        what: "fees.yml can be written",
        look: () => Promise.reject(error),
      },
      { reason: "state_dir", key: "state_dir", what: "STATE_DIR can be written", look: well },
    ],
    (each) => errors.push(each),
  );
  expect(await look()).toEqual([
    { reason: "config_dir", text: "could not find out whether fees.yml can be written" },
  ]);
  expect(errors).toEqual([error]);
});

test("a look that hangs is told after two seconds, holds up no other, and is not begun a second time", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  let looks = 0;
  const hanging = deferred();
  const checks: readonly Check[] = [
    {
      reason: "state_dir",
      key: "state_dir",
      what: "STATE_DIR can be written",
      look: () => {
        looks += 1;
        return hanging.promise.then(() => undefined);
      },
    },
    { reason: "polling", key: "polling", what: "updates arrive", look: async () => "no updates" },
  ];
  const look = createReadiness(
    () => checks,
    () => {},
  );
  const first = look();
  await vi.advanceTimersByTimeAsync(2000);
  expect(await first).toEqual([
    {
      reason: "state_dir",
      text: "could not find out within 2 s whether STATE_DIR can be written",
    },
    { reason: "polling", text: "no updates" },
  ]);
  const second = look();
  hanging.resolve();
  expect(await second).toEqual([{ reason: "polling", text: "no updates" }]);
  expect(looks).toBe(1);
  expect(await look()).toHaveLength(1);
  expect(looks).toBe(2);
});
