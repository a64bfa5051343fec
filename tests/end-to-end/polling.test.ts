import { expect, test } from "vitest";
import { startAirlock } from "./airlock-process.ts";
import { feesFile, openStage } from "./stage.ts";

const pollsInVain = 5;

const polls = ({ method }: { readonly method: string }): boolean => method === "getUpdates";

test("while polling is cut off it is tried ever more rarely; then a backlog of hundreds is answered, each once", async () => {
  const { server, airlock, anna, boris, eve } = await openStage();
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
          "message" in event && event.by === "bot" && event.message.text?.includes("100") === true,
      ).length;
  await server.events.waitFor(() => (answers() >= 300 ? true : undefined), { timeoutMs: 60_000 });
  await anna.waitForText("✅ fees.yml updated successfully!");
  expect(answers()).toBe(300);
  expect((await fetch(`http://127.0.0.1:${airlock.port()}/readyz`)).status).toBe(200);
}, 120_000);

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
  test(`when ${name} fails at the start, the bot works all the same`, async () => {
    const stage = await openStage();
    const { server, airlock, anna } = stage;
    await airlock.stop();
    server.fault({ method, ...plan, times: 2 });
    await airlock.restart();
    anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
    await anna.waitForText("✅ fees.yml updated successfully!");
    expect(airlock.log.filter(({ msg }) => msg === "bug")).toEqual([]);
  });
}

for (const { name, plan } of [
  { name: "put off for an hour", plan: { kind: "too_many", retryAfterSeconds: 3600 } },
  { name: "cut off", plan: { kind: "reset" } },
  { name: "lost on its way back", plan: { kind: "reset", effect: "after" } },
] as const) {
  test(`when the answer to a press is ${name}, what was pressed is done once all the same`, async () => {
    const { server, airlock, anna } = await openStage({ configFiles: { "fees.yml": feesFile(0) } });
    anna.upload("fees.yml", feesFile(1), { caption: "/set_fees" });
    const done = await anna.waitForText("✅ fees.yml updated successfully!");
    server.fault({ method: "answerCallbackQuery", ...plan });
    anna.press(done, "Undo");
    await anna.waitForText("Revision 3.");
    expect((await airlock.live("fees")).toString()).toBe(feesFile(0));
    expect(await airlock.history("fees")).toHaveLength(3);
  });

  test(`when a document that the bot sends is ${name}, the bot says so or sends it again, and goes on`, async () => {
    const { server, airlock, anna } = await openStage();
    server.fault({ method: "sendDocument", ...plan, times: 1 });
    anna.send("/get_fees");
    anna.send("/whoami");
    await anna.waitForText("1001");
    const since = anna.cursor();
    anna.send("/get_fees");
    const sent = await anna.waitForText("fees.yml, revision 1", { since });
    expect(server.fileBytes(sent.document?.file_id ?? "")).toEqual(await airlock.live("fees"));
    expect(airlock.log.filter(({ msg }) => msg === "bug")).toEqual([]);
  });
}

test("two bots with one token both go on trying, and the one that stays takes over", async () => {
  const { server, airlock, anna } = await openStage();
  const second = await startAirlock({ server });
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
});
