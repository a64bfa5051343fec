import { describe, expect, test } from "vitest";
import { type Acted, createDeadlines } from "../../src/change/deadlines.ts";
import { createTime } from "./two-clocks.ts";

const day = 24 * 60 * 60 * 1000;

interface Setup {
  readonly time: ReturnType<typeof createTime>;
  readonly deadlines: ReturnType<typeof createDeadlines>;
  /** What acted, and when by the clock that does not go back. */
  readonly acted: string[];
  readonly thrown: unknown[];
  readonly act: (name: string, answer?: () => Acted) => () => Promise<Acted>;
}

function setUp(): Setup {
  const time = createTime();
  const acted: string[] = [];
  const thrown: unknown[] = [];
  return {
    time,
    acted,
    thrown,
    deadlines: createDeadlines(time.clock, (error) => thrown.push(error)),
    act: (name, answer) => () => {
      acted.push(`${name} at ${time.clock.steadyMs()}`);
      return Promise.resolve(answer?.() ?? "done");
    },
  };
}

describe("a deadline while the bot runs", () => {
  test("is acted on once, at its instant and not before", async () => {
    const { time, deadlines, acted, act } = setUp();
    await deadlines.start();
    deadlines.set("fees", time.clock.wallMs() + 5000, act("fees"));
    await time.pass(4999);
    expect(acted).toEqual([]);
    await time.pass(1);
    expect(acted).toEqual(["fees at 5000"]);
    await time.pass(day);
    expect(acted).toHaveLength(1);
  });

  for (const { name, jumpMs } of [
    { name: "a wall clock that is set back", jumpMs: -3_600_000 },
    { name: "a wall clock that is set forward", jumpMs: 3_600_000 },
  ]) {
    test(`is not moved by ${name}`, async () => {
      const { time, deadlines, acted, act } = setUp();
      await deadlines.start();
      deadlines.set("fees", time.clock.wallMs() + 5000, act("fees"));
      time.setWallBy(jumpMs);
      await time.pass(5000);
      expect(acted).toEqual(["fees at 5000"]);
    });
  }

  test("may be further away than the longest timer of Node", async () => {
    const { time, deadlines, acted, act } = setUp();
    await deadlines.start();
    deadlines.set("fees", time.clock.wallMs() + 60 * day, act("fees"));
    await time.pass(60 * day - 1);
    expect(acted).toEqual([]);
    await time.pass(1);
    expect(acted).toEqual([`fees at ${60 * day}`]);
    expect(time.longestTimerMs()).toBe(2_147_483_647);
  });

  test("that has passed already is acted on at once", async () => {
    const { time, deadlines, acted, act } = setUp();
    await deadlines.start();
    deadlines.set("fees", time.clock.wallMs() - 1, act("fees"));
    await time.pass(0);
    expect(acted).toEqual(["fees at 0"]);
  });

  test("is replaced by a later one under the same key, and forgotten when cleared", async () => {
    const { time, deadlines, acted, act } = setUp();
    await deadlines.start();
    deadlines.set("fees", time.clock.wallMs() + 1000, act("first"));
    deadlines.set("fees", time.clock.wallMs() + 2000, act("second"));
    deadlines.set("rates", time.clock.wallMs() + 1500, act("rates"));
    deadlines.clear("rates");
    await time.pass(10_000);
    expect(acted).toEqual(["second at 2000"]);
  });

  test("that cannot be acted on is tried again, ever more rarely, up to a minute apart", async () => {
    const { time, deadlines, acted, act } = setUp();
    await deadlines.start();
    deadlines.set(
      "fees",
      time.clock.wallMs(),
      act("fees", () => (acted.length < 9 ? "again" : "done")),
    );
    await time.pass(600_000);
    const seconds = acted.map((line) => Number(line.replace("fees at ", "")) / 1000);
    expect(seconds).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
  });

  test("whose action throws is reported, and tried again", async () => {
    const { time, deadlines, acted, thrown, act } = setUp();
    await deadlines.start();
    const broken = new Error("broken");
    deadlines.set(
      "fees",
      time.clock.wallMs(),
      act("fees", () => {
        if (acted.length < 2) throw broken;
        return "done";
      }),
    );
    await time.pass(1000);
    expect(acted).toEqual(["fees at 0", "fees at 1000"]);
    expect(thrown).toEqual([broken]);
  });

  test("that is cleared while it acts is not tried again", async () => {
    const { time, deadlines, acted, act } = setUp();
    await deadlines.start();
    deadlines.set(
      "fees",
      time.clock.wallMs(),
      act("fees", () => {
        deadlines.clear("fees");
        return "again";
      }),
    );
    await time.pass(day);
    expect(acted).toHaveLength(1);
  });

  test("may set the next one under its own key as it acts", async () => {
    const { time, deadlines, acted, act } = setUp();
    await deadlines.start();
    deadlines.set(
      "fees",
      time.clock.wallMs(),
      act("first", () => {
        deadlines.set("fees", time.clock.wallMs() + 500, act("second"));
        return "done";
      }),
    );
    await time.pass(500);
    expect(acted).toEqual(["first at 0", "second at 500"]);
  });
});

describe("a deadline across a start", () => {
  test("that passed while the bot was down was tried when the start resolves, the earliest first", async () => {
    const { time, deadlines, acted, act } = setUp();
    deadlines.set("later", time.clock.wallMs() - 1000, act("later"));
    deadlines.set(
      "earlier",
      time.clock.wallMs() - 2000,
      act("earlier", () => "again"),
    );
    deadlines.set("to come", time.clock.wallMs() + 1000, act("to come"));
    await time.pass(0);
    expect(acted).toEqual([]);
    await deadlines.start();
    expect(acted).toEqual(["earlier at 0", "later at 0"]);
    await time.pass(1000);
    expect(acted.slice(2)).toEqual(["to come at 1000", "earlier at 1000"]);
  });

  test("that an earlier one has settled is not acted on", async () => {
    const { time, deadlines, acted, act } = setUp();
    deadlines.set(
      "earlier",
      time.clock.wallMs() - 2000,
      act("earlier", () => {
        deadlines.clear("later");
        return "done";
      }),
    );
    deadlines.set("later", time.clock.wallMs() - 1000, act("later"));
    await deadlines.start();
    expect(acted).toEqual(["earlier at 0"]);
  });

  test("is left alone after a stop, which waits for what acts", async () => {
    const { time, deadlines, acted, act } = setUp();
    await deadlines.start();
    let end: (acted: Acted) => void = () => {};
    deadlines.set("slow", time.clock.wallMs(), () => {
      acted.push("slow began");
      return new Promise((resolve) => {
        end = resolve;
      });
    });
    deadlines.set("fees", time.clock.wallMs() + 1000, act("fees"));
    await time.pass(0);
    let stopped = false;
    const stopping = (async () => {
      await deadlines.stop();
      stopped = true;
    })();
    await time.pass(5000);
    expect(stopped).toBe(false);
    end("again");
    await stopping;
    await time.pass(day);
    expect(acted).toEqual(["slow began"]);
    expect(time.timers.size).toBe(0);
  });
});
