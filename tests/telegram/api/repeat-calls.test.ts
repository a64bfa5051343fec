// Which calls are made again, when, and how often.
import { Api } from "grammy";
import { expect, onTestFinished, test, vi } from "vitest";
import { NoAnswer } from "../../../src/telegram/api/call-telegram.ts";
import { once, repeated } from "../../../src/telegram/api/repeat-calls.ts";
import { grammySignal } from "../../../src/telegram/api/telegram-api.ts";

type Answer = { readonly code: number; readonly retry_after?: number } | "none" | "ok";

/** A Telegram that gives these answers one after another, and then takes every call; by a clock that stands. */
function open(...answers: readonly Answer[]) {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const startMs = performance.now();
  const callsMs: number[] = [];
  const troubles: unknown[] = [];
  const api = new Api("1:token");
  api.config.use(
    async (_network, method) => {
      const answer = answers[callsMs.length] ?? "ok";
      callsMs.push(performance.now() - startMs);
      if (answer === "none") throw new NoAnswer(method, undefined, "no answer");
      if (answer === "ok") return { ok: true, result: true as never };
      const { code: error_code, ...parameters } = answer;
      return { ok: false, error_code, description: "Refused", parameters };
    },
    repeated((_what, error) => troubles.push(error)),
  );
  /** @returns when calls were made, and how the last one ended */
  async function result(calling: Promise<unknown>) {
    const ended = calling.then(
      () => "ok",
      (error: Error) => error.message,
    );
    await vi.advanceTimersByTimeAsync(60_000);
    return { callsMs, ended: await ended, told: troubles.length };
  }
  return { api, result };
}

test("what Telegram was too busy or too broken for is made three times, half a second and two seconds apart", async () => {
  for (const answer of [{ code: 500 }, { code: 502 }]) {
    const { api, result } = open(answer, answer, answer, "ok");
    const { callsMs, ended, told } = await result(api.sendMessage(1, "text"));
    expect([callsMs, told]).toEqual([[0, 500, 2500], 2]);
    expect(ended).toContain("Refused");
  }
});

test("a wait that Telegram asks for is waited out, up to five seconds; a refusal is one", async () => {
  for (const [answer, callsMs] of [
    [{ code: 429, retry_after: 5 }, [0, 5000]],
    [{ code: 429, retry_after: 0 }, [0, 500]],
    [{ code: 429, retry_after: 6 }, [0]],
    [{ code: 400 }, [0]],
  ] as const) {
    const { api, result } = open(answer);
    expect(await result(api.sendMessage(1, "text"))).toMatchObject({ callsMs });
  }
});

test("without an answer only what may be done twice is made again", async () => {
  for (const [call, calls] of [
    [(api: Api) => api.getFile("file"), 2],
    [(api: Api) => api.editMessageText(1, 2, "text"), 2],
    [(api: Api) => api.editMessageReplyMarkup(1, 2), 2],
    [(api: Api) => api.setMyCommands([]), 2],
    [(api: Api) => api.deleteMyCommands(), 2],
    [(api: Api) => api.sendMessage(1, "text"), 1],
    [(api: Api) => api.answerCallbackQuery("press"), 1],
  ] as const) {
    const { api, result } = open("none");
    const { callsMs, ended } = await result(call(api));
    expect([callsMs.length, ended]).toEqual([calls, calls === 2 ? "ok" : "no answer"]);
  }
});

test("polling, and what is soon out of date, is made once", async () => {
  const signal = grammySignal(once(new AbortController().signal));
  for (const call of [
    (api: Api) => api.getMe(),
    (api: Api) => api.getUpdates(),
    (api: Api) => api.deleteWebhook(),
    (api: Api) => api.editMessageText(1, 2, "text", {}, signal),
  ]) {
    const { api, result } = open({ code: 500 });
    expect(await result(call(api))).toMatchObject({ callsMs: [0], told: 0 });
  }
});

test("nothing is made again once its signal has ended", async () => {
  for (const answer of [{ code: 500 }, "none"] as const) {
    const { api, result } = open(answer);
    const ending = new AbortController();
    const editing = api.editMessageText(1, 2, "text", {}, grammySignal(ending.signal));
    const ended = editing.catch(() => {});
    await vi.advanceTimersByTimeAsync(100);
    ending.abort();
    await ended;
    expect((await result(ended)).callsMs).toEqual([0]);
  }
});

test("what took longer than ten seconds to get no answer is not made again", async () => {
  for (const [lateMs, calls] of [
    [10_000, 2],
    [10_001, 1],
  ] as const) {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    let made = 0;
    const api = new Api("1:token");
    api.config.use(
      async (_network, method) => {
        made += 1;
        if (made > 1) return { ok: true, result: true as never };
        await new Promise((resolve) => setTimeout(resolve, lateMs));
        throw new NoAnswer(method, undefined, "no answer");
      },
      repeated(() => {}),
    );
    const ended = api.getFile("file").catch(() => {});
    await vi.advanceTimersByTimeAsync(60_000);
    await ended;
    expect(made).toBe(calls);
  }
});
