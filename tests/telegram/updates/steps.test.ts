import { expect, test } from "vitest";
import type { BotContext } from "../../../src/telegram/updates/bot-context.ts";
import { inOrder, only } from "../../../src/telegram/updates/steps.ts";

const ctx = {} as BotContext;

test("a message goes through each step that the one before it lets it through to, and back", async () => {
  const passed: string[] = [];
  const step =
    (name: string, goesOn = true) =>
    async (_ctx: BotContext, next: () => Promise<void>): Promise<void> => {
      passed.push(name);
      if (goesOn) await next();
      passed.push(`${name} ended`);
    };
  const whole = inOrder(
    step("first"),
    only(() => false, step("for others")),
    only(() => true, step("meant"), step("meant too")),
    step("taker", false),
    step("never"),
  );
  await whole(ctx, () => Promise.reject(new Error("nobody took it")));
  expect(passed).toEqual([
    "first",
    "meant",
    "meant too",
    "taker",
    "taker ended",
    "meant too ended",
    "meant ended",
    "first ended",
  ]);
});

test("what no step takes goes on behind them, and what is thrown there comes back through them", async () => {
  const failure = new Error("thrown behind");
  const caught: unknown[] = [];
  const whole = inOrder(
    async (_ctx, next) => {
      try {
        await next();
      } catch (error) {
        caught.push(error);
      }
    },
    (_ctx, next) => next(),
  );
  await whole(ctx, () => Promise.reject(failure));
  expect(caught).toEqual([failure]);
});
