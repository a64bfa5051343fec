// How the bot gets its updates: what goes wrong with polls, with a start and with answers, and what it makes of it. Long: each test is one way in which
// Telegram can fail. Most of it is waiting, so the groups are run at the same time.
import { describe, expect, test } from "vitest";
import { startAirlock } from "./airlock-process.ts";
import { readyz, readyzIs } from "./ready.ts";
import { openSharedStage } from "./shared-stage.ts";
import { feesFile, openStage, type Stage } from "./stage.ts";

const pollsInVain = 5;

const polls = ({ method }: { readonly method: string }): boolean => method === "getUpdates";

test.concurrent(
  "while polling is cut off it is tried ever more rarely; then a backlog of hundreds is answered, each once",
  async ({ onTestFinished }) => {
    const { server, airlock, anna, boris, eve } = await openStage({ afterTest: onTestFinished });
    const cut = server.fault({ method: "getUpdates", kind: "reset" });
    const since = server.requestCursor();
    const events = server.events.cursor();
    anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
    for (let index = 0; index < 150; index += 1) {
      anna.send("/whoami");
      boris.send("/whoami");
      eve.send("hello");
    }
    while (server.requests.slice(since).filter(polls).length < pollsInVain) {
      await server.waitForRequest(polls, { since: server.requestCursor() });
    }
    expect((await fetch(`http://127.0.0.1:${airlock.port()}/readyz`)).status).toBe(503);
    const starts = server.requests
      .slice(since)
      .filter(polls)
      .map(({ startedAt }) => startedAt);
    // Half of what 0.5 s, doubled after each poll but the first, comes to; less what a clock rounds.
    expect((starts.at(-1) ?? 0) - (starts.at(-2) ?? 0)).toBeGreaterThan(1990);
    cut.remove();
    const answers = (): number =>
      server.events
        .since(events)
        .filter(
          (event) =>
            "message" in event &&
            event.by === "bot" &&
            event.message.text?.includes("100") === true,
        ).length;
    await server.events.waitFor(() => (answers() >= 300 ? true : undefined), { timeoutMs: 60_000 });
    await anna.waitForText("✅ fees.yml updated successfully!");
    expect(answers()).toBe(300);
    expect((await fetch(`http://127.0.0.1:${airlock.port()}/readyz`)).status).toBe(200);
  },
  120_000,
);

describe.concurrent("the bot works all the same", () => {
  const sharedStage = openSharedStage();
  let fee = 0;
  for (const { name, method, plan } of [
    {
      name: "getMe",
      method: "getMe",
      plan: { kind: "reset" },
    },
    { name: "deleteWebhook", method: "deleteWebhook", plan: { kind: "reset" } },
    {
      name: "setMyCommands",
      method: "setMyCommands",
      plan: { kind: "too_many", retryAfterSeconds: 3600 },
    },
    { name: "getUpdates", method: "getUpdates", plan: { kind: "reset", effect: "after" } },
  ] as const) {
    test.sequential(`when ${name} fails at the start`, async () => {
      const { server, airlock, anna } = sharedStage();
      await airlock.stop();
      server.fault({ method, ...plan, times: 2 });
      await airlock.restart();
      const since = anna.cursor();
      fee += 1;
      anna.upload("fees.yml", feesFile(fee), { caption: "/set_fees" });
      await anna.waitForText("✅ fees.yml updated successfully!", { since });
      expect(airlock.log.filter(({ msg }) => msg === "bug")).toEqual([]);
    });
  }
});

describe.concurrent("what cannot be said is done all the same, and the bot goes on", () => {
  const sharedStage = openSharedStage({ configFiles: { "fees.yml": feesFile(0) } });
  let fee = 0;
  for (const { name, plan } of [
    { name: "put off for an hour", plan: { kind: "too_many", retryAfterSeconds: 3600 } },
    { name: "cut off", plan: { kind: "reset" } },
    { name: "lost on its way back", plan: { kind: "reset", effect: "after" } },
  ] as const) {
    test.sequential(
      `when the answer to a press is ${name}, what was pressed is done once`,
      async () => {
        const { server, airlock, anna } = sharedStage();
        const revisions = (await airlock.history("fees")).length;
        const since = anna.cursor();
        fee += 1;
        anna.upload("fees.yml", feesFile(fee), { caption: "/set_fees" });
        const done = await anna.waitForText("✅ fees.yml updated successfully!", { since });
        const fault = server.fault({ method: "answerCallbackQuery", ...plan });
        anna.press(done, "Undo");
        await anna.waitForText(`Revision ${revisions + 2}.`, { since });
        await fault.reached;
        fault.remove();
        expect((await airlock.live("fees")).toString()).toBe(feesFile(0));
        expect(await airlock.history("fees")).toHaveLength(revisions + 2);
      },
    );

    test.sequential(
      `when a document that the bot sends is ${name}, the bot says so or sends it again`,
      async () => {
        const { server, airlock, anna } = sharedStage();
        const before = anna.cursor();
        const fault = server.fault({ method: "sendDocument", ...plan, times: 1 });
        anna.send("/get_fees");
        anna.send("/whoami");
        await fault.reached;
        await anna.waitForText("Your role", { since: before });
        const since = anna.cursor();
        anna.send("/get_fees");
        const sent = await anna.waitForText("fees.yml, revision ", { since });
        expect(server.fileBytes(sent.document?.file_id ?? "")).toEqual(await airlock.live("fees"));
        expect(airlock.log.filter(({ msg }) => msg === "bug")).toEqual([]);
      },
    );
  }
});

describe.concurrent(
  "/readyz turns at the first poll that fails, and back at the first that works",
  () => {
    const sharedStage = openSharedStage();
    for (const { name, plan, body } of [
      {
        name: "refused with 500",
        plan: { kind: "refuse", code: 500, description: "Internal Server Error" },
        body: "Telegram refuses to hand out updates\n",
      },
      {
        name: "put off with 429",
        plan: { kind: "too_many", retryAfterSeconds: 1 },
        body: "Telegram refuses to hand out updates\n",
      },
      {
        name: "answered by a proxy",
        plan: { kind: "instead", status: 502, contentType: "text/html", body: "<h1>Bad Gateway" },
        body: "something else answers in Telegram's place\n",
      },
      { name: "cut off", plan: { kind: "reset" }, body: "Telegram cannot be reached\n" },
    ] as const) {
      test.sequential(`when polls are ${name}`, async () => {
        const { server, airlock, anna } = sharedStage();
        const failing = server.fault({ method: "getUpdates", ...plan });
        // The poll under way ends with this; the next one fails.
        anna.send("/whoami");
        await failing.reached;
        expect(await readyzIs(airlock, 503)).toEqual({ status: 503, body });
        expect(failing.hits).toBe(1);
        const hitTwice = server.waitForRequest(polls, { since: server.requestCursor() });
        await hitTwice;
        const since = server.requestCursor();
        failing.remove();
        await server.waitForRequest(polls, { since, timeoutMs: 20_000 });
        expect((await readyzIs(airlock, 200)).body).toBe("ready\n");
        // The first that worked does not wait, and the next one waits for updates.
        expect(server.requests.slice(since).filter(polls).length).toBeLessThanOrEqual(2);
      });
    }
  },
);

describe.concurrent(
  "after a quiet week every update is answered, each once, and polling does not spin",
  () => {
    const sharedStage = openSharedStage();
    let fee = 0;
    for (const { name, step } of [
      { name: "far lower", step: -100_000 },
      { name: "lower, over ids that were used", step: -40 },
      { name: "higher", step: 100_000 },
    ]) {
      test.sequential(
        `when update ids start ${name}`,
        async () => {
          const { server, airlock, anna } = sharedStage();
          const revisions = (await airlock.history("fees")).length;
          const before = 60;
          const after = 230;
          const answers = (since: number): number =>
            server.events
              .since(since)
              .filter(
                (event) =>
                  "message" in event && event.by === "bot" && event.message.text?.includes("1001"),
              ).length;
          let since = server.events.cursor();
          const answered = (count: number): Promise<true> =>
            server.events.waitFor(() => (answers(since) >= count ? true : undefined), {
              since,
              timeoutMs: 30_000,
            });
          for (let index = 0; index < before; index += 1) anna.send("/whoami");
          await answered(before);
          const offset = Number(server.requests.findLast(polls)?.params["offset"]);
          server.restartUpdateIds(offset + step);
          const cursor = server.requestCursor();
          since = server.events.cursor();
          for (let index = 0; index < after; index += 1) anna.send("/whoami");
          await answered(after);
          const beforeUpload = anna.cursor();
          fee += 1;
          anna.upload("fees.yml", feesFile(fee), { caption: "/set_fees" });
          await anna.waitForText("✅ fees.yml updated successfully!", { since: beforeUpload });
          expect(answers(since)).toBe(after);
          expect(await airlock.history("fees")).toHaveLength(revisions + 1);
          expect((await readyz(airlock)).status).toBe(200);
          expect(server.requests.slice(cursor).filter(polls).length).toBeLessThan(20);
        },
        60_000,
      );
    }
  },
);

describe.concurrent("polling goes on", () => {
  const sharedStage = openSharedStage();
  const rolesTold = ({ anna }: Stage): number => anna.transcript().split("Your role").length - 1;
  test.sequential(
    "a batch that comes again and again is handled once, noticed, and waited after",
    async () => {
      const { server, airlock, anna } = sharedStage();
      const before = rolesTold(sharedStage());
      const sent = anna.cursor();
      const message = anna.send("/whoami");
      await anna.waitForText("1001", { since: sent });
      const update = { update_id: 7, message };
      const stuck = server.fault({
        method: "getUpdates",
        kind: "instead",
        contentType: "application/json",
        body: JSON.stringify({ ok: true, result: [update] }),
      });
      const since = anna.cursor();
      const cursor = server.requestCursor();
      anna.send("/status");
      expect(await readyzIs(airlock, 503)).toEqual({
        status: 503,
        body: "Telegram hands out the same updates again\n",
      });
      await airlock.waitForLog(({ err }) => JSON.stringify(err ?? null).includes("handled before"));
      while (stuck.hits < 5) {
        await server.waitForRequest(polls, { since: server.requestCursor() });
      }
      const starts = server.requests
        .slice(cursor)
        .filter(polls)
        .map(({ startedAt }) => startedAt);
      // Half of 2 s, which 0.5 s has doubled to by then, less what a clock rounds.
      expect((starts.at(-1) ?? 0) - (starts.at(-2) ?? 0)).toBeGreaterThan(990);
      stuck.remove();
      await anna.waitForText("up for", { since, timeoutMs: 20_000 });
      expect((await readyzIs(airlock, 200)).body).toBe("ready\n");
      // What it was sent, and what came again under another id.
      expect(rolesTold(sharedStage())).toBe(before + 2);
    },
  );

  test.sequential(
    "an update that is nested without end is left out, and what came with it is answered",
    async () => {
      const { server, airlock, anna } = sharedStage();
      const before = rolesTold(sharedStage());
      const since = anna.cursor();
      const { id, ...user } = anna.account;
      const update = (updateId: number, more: string): string =>
        `{"update_id":${updateId},"message":{"message_id":${updateId},"date":1,"from":${JSON.stringify({ id, ...user })},` +
        `"chat":{"id":${id},"type":"private"},"text":"/whoami","entities":[{"type":"bot_command","offset":0,"length":7}]${more}}}`;
      const depth = 50_000;
      const deep = update(9, `,"x":${"[".repeat(depth)}${"]".repeat(depth)}`);
      server.fault({
        method: "getUpdates",
        kind: "instead",
        contentType: "application/json",
        body: `{"ok":true,"result":[${deep},${update(10, "")}]}`,
        times: 1,
      });
      // The poll under way ends with this; the next one brings the two.
      anna.send("/status");
      await anna.waitForText("Your role", { since });
      await airlock.waitForLog(({ what }) => what === "reading updates");
      expect(rolesTold(sharedStage())).toBe(before + 1);
      expect((await readyz(airlock)).status).toBe(200);
    },
  );

  test.sequential("polls that are answered with nothing at once do not spin", async () => {
    const { server, airlock, anna } = sharedStage();
    const empty = server.fault({
      method: "getUpdates",
      kind: "instead",
      contentType: "application/json",
      body: '{"ok":true,"result":[]}',
    });
    anna.send("/whoami");
    await empty.reached;
    const cursor = server.requestCursor();
    for (let count = 0; count < 3; count += 1) {
      await server.waitForRequest(polls, { since: server.requestCursor() });
    }
    const starts = server.requests
      .slice(cursor)
      .filter(polls)
      .map(({ startedAt }) => startedAt);
    // Two pauses of a second; on a busy machine the first poll is noticed late.
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(1000);
    empty.remove();
    expect((await readyz(airlock)).status).toBe(200);
  });

  test.sequential("a webhook that somebody sets while the bot runs is removed again", async () => {
    const { server, airlock, anna } = sharedStage();
    const conflict = server.fault({
      method: "getUpdates",
      kind: "refuse",
      code: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    });
    const cursor = server.requestCursor();
    anna.send("/whoami");
    await server.waitForRequest(({ method }) => method === "deleteWebhook", { since: cursor });
    expect((await readyzIs(airlock, 503)).body).toBe(
      "a webhook is set for this bot; it is being removed\n",
    );
    conflict.remove();
    await readyzIs(airlock, 200);
  });
});

test.concurrent(
  "two bots with one token both go on trying, and the one that stays takes over",
  async ({ onTestFinished }) => {
    const { server, airlock, anna } = await openStage({ afterTest: onTestFinished });
    const second = await startAirlock({ server, afterTest: onTestFinished });
    await airlock.waitForLog(
      ({ msg, err }) => msg === "trouble" && JSON.stringify(err).includes("Conflict"),
      { timeoutMs: 30_000 },
    );
    await airlock.stop();
    const since = anna.cursor();
    anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
    await anna.waitForText("✅ fees.yml updated successfully!", { since, timeoutMs: 60_000 });
    expect((await second.live("fees")).toString()).toBe(feesFile(1));
    expect((await fetch(`http://127.0.0.1:${second.port()}/readyz`)).status).toBe(200);
  },
);
