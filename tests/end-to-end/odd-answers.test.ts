// Every odd answer that a server may give, to every method that the bot calls, from the start on, through the real process: it goes
// on, the log says which call failed and with what status, and afterwards everything works.
import { expect, test } from "vitest";
import type { Message } from "grammy/types";
import { calledMethods } from "../../src/telegram/api/answer-shapes.ts";
import type { OddAnswer } from "../../sandbox/bot-api/faults.ts";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { startTelegramServer, type TelegramServer } from "../../sandbox/bot-api/telegram-server.ts";
import { type Airlock, startAirlock } from "./airlock-process.ts";
import { readyz, readyzIs } from "./ready.ts";
import { feesFile } from "./stage.ts";

const readyTimeoutMs = 60_000;
/** One bot is answered with so many of them, one after the other: to start it costs more than they do. */
const oddsPerBot = 3;

interface Odd {
  readonly name: string;
  readonly answer: OddAnswer;
  /** What the log must say; null where no status came. */
  readonly status: number | null;
}

const json = (body: string, status = 200): OddAnswer => ({
  kind: "instead",
  status,
  contentType: "application/json",
  body,
});
const page = (status: number): OddAnswer => ({
  kind: "instead",
  status,
  contentType: "text/html; charset=utf-8",
  body: "<!doctype html><title>Sign in to the network</title>",
});
const half = '{"ok":true,"result":{"message_id":1,"chat":{"id":1001,"ty';

const odds: readonly Odd[] = [
  { name: '{"ok":false}', answer: json('{"ok":false}'), status: 200 },
  { name: "[]", answer: json("[]"), status: 200 },
  { name: "null", answer: json("null"), status: 200 },
  { name: "a number", answer: json("42"), status: 200 },
  { name: "an empty body", answer: json(""), status: 200 },
  { name: "no content", answer: json("", 204), status: 204 },
  { name: "a page", answer: page(200), status: 200 },
  { name: "a proxy's 502", answer: page(502), status: 502 },
  { name: "a proxy's 401, which is not about the token", answer: page(401), status: 401 },
  { name: "no result", answer: json('{"ok":true}'), status: 200 },
  { name: "a result of null", answer: json('{"ok":true,"result":null}'), status: 200 },
  { name: "a result that is a text", answer: json('{"ok":true,"result":"yes"}'), status: 200 },
  {
    name: "a result that is a list of null",
    answer: json('{"ok":true,"result":[null]}'),
    status: 200,
  },
  {
    name: "a result whose fields have wrong types",
    answer: json(
      '{"ok":true,"result":{"id":"1","is_bot":1,"username":[],"message_id":{},"file_path":7,"update_id":"x"}}',
    ),
    status: 200,
  },
  {
    name: "a refusal whose code is a text",
    answer: json('{"ok":false,"error_code":"401","description":"Unauthorized"}', 401),
    status: 401,
  },
  {
    name: "a wait that is no number",
    answer: json(
      '{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":"soon"}}',
      429,
    ),
    status: 429,
  },
  { name: "JSON that ends in the middle", answer: json(half), status: 200 },
  {
    name: "a refusal without a description",
    answer: json('{"ok":false,"error_code":400}', 400),
    status: 400,
  },
  {
    name: "a body that is cut off in the middle",
    answer: { kind: "instead", contentType: "application/json", body: half, ending: "cut" },
    status: 200,
  },
  {
    name: "what is said to be compressed and is not",
    answer: {
      kind: "instead",
      contentType: "application/json",
      body: "\u001F\u008B and no more",
      headers: { "content-encoding": "gzip" },
    },
    status: 200,
  },
  {
    name: "a list nested 200,000 deep",
    answer: json("[".repeat(200_000) + "]".repeat(200_000)),
    status: 200,
  },
  {
    name: "another place to ask",
    answer: {
      kind: "instead",
      status: 307,
      contentType: "text/plain",
      body: "",
      headers: { location: "/elsewhere" },
    },
    status: 307,
  },
  {
    name: "what is not HTTP",
    answer: { kind: "raw", bytes: "SSH-2.0-OpenSSH_9.6\r\n" },
    status: null,
  },
];

interface Scene {
  readonly server: TelegramServer;
  readonly airlock: Airlock;
  readonly anna: Person;
  /** The number in the last file that was applied. */
  applied: number;
}

/** How often each method has to fail, and what makes the bot call it. Those without a `drive` are called at every start, and once more after each failure. */
const methods: readonly {
  readonly method: string;
  readonly times: number;
  readonly drive?: (scene: Scene) => void | Promise<void>;
}[] = [
  { method: "getMe", times: 1 },
  { method: "deleteWebhook", times: 1 },
  { method: "getUpdates", times: 1 },
  { method: "setMyCommands", times: 1 },
  { method: "deleteMyCommands", times: 1 },
  { method: "sendMessage", times: 1, drive: ({ anna }) => void anna.send("/whoami") },
  { method: "sendDocument", times: 1, drive: ({ anna }) => void anna.send("/get_rates") },
  {
    method: "sendPhoto",
    times: 1,
    drive: ({ anna }) => void anna.send("/chart_fees maker_percent"),
  },
  { method: "getFile", times: 3, drive: failedUpload },
  { method: "download", times: 3, drive: failedUpload },
  { method: "editMessageText", times: 3, drive: appliedUpload },
  { method: "answerCallbackQuery", times: 1, drive: undone },
  { method: "editMessageReplyMarkup", times: 3, drive: undone },
];

/** An upload ends as failed, and says so. */
async function failedUpload({ anna }: Scene): Promise<void> {
  const since = anna.cursor();
  anna.upload("fees.yml", feesFile(2), { caption: "/set_fees" });
  await anna.waitForText(/^(💥|❌) fees.yml was not changed/u, { since });
}

async function appliedUpload(scene: Scene): Promise<void> {
  scene.applied += 1;
  const caption = "/set_fees";
  const sent = scene.anna.upload("fees.yml", feesFile(scene.applied), { caption });
  await success(scene, sent);
}

/** What was pressed is done, whatever the calls about the button come to. */
async function undone(scene: Scene): Promise<void> {
  const { anna } = scene;
  const done = anna.messages().findLast(({ text }) => text?.startsWith("✅"));
  if (done === undefined) throw new Error("nothing to undo");
  anna.press(done, "Undo");
  await success(scene, done);
}

/** The bot says so in answer to this message. */
async function success({ anna }: Scene, { message_id: id }: Message): Promise<void> {
  await anna.waitFor(
    ({ text, reply_to_message: to }) =>
      to?.message_id === id && text?.startsWith("✅ fees.yml updated successfully!") === true,
    { timeoutMs: 20_000 },
  );
}

test("the table has every method that the bot calls", () => {
  expect(methods.map(({ method }) => method).toSorted()).toEqual(
    [...calledMethods, "download"].toSorted(),
  );
});

test.concurrent(
  "an answer that stops in the middle, with the connection open, ends after the time limit of its call",
  async ({ onTestFinished }) => {
    const server = await startTelegramServer();
    onTestFinished(() => server.close());
    const stalled = { contentType: "application/json", body: half, ending: "stalled" } as const;
    server.fault({ method: "getMe", kind: "instead", ...stalled, times: 1 });
    const airlock = await startAirlock({
      server,
      afterTest: onTestFinished,
      until: "listening",
    });
    const line = await airlock.waitForLog(({ msg }) => msg === "trouble", { timeoutMs: 25_000 });
    expect(line).toMatchObject({ method: "getMe", status: 200 });
    await readyzIs(airlock, 200, readyTimeoutMs);
  },
  60_000,
);

for (let first = 0; first < odds.length; first += oddsPerBot) {
  const mine = odds.slice(first, first + oddsPerBot);
  // At the same time, since most of it is waiting.
  test.concurrent(
    `whatever method is answered with ${mine.map(({ name }) => name).join(", or with ")}, the bot goes on, the log says so, and it works afterwards`,
    async ({ onTestFinished }) => {
      const server = await startTelegramServer();
      onTestFinished(() => server.close());
      const anna = server.user({ id: 1001, firstName: "Anna" });
      anna.send("/start");
      const called = methods.filter(({ drive }) => drive === undefined);
      const atStart = called.flatMap(({ method, times }) =>
        mine.map(({ answer }) => server.fault({ method, ...answer, times })),
      );
      const airlock = await startAirlock({
        server,
        afterTest: onTestFinished,
        until: "listening",
        // Somebody who was an admin once: their menu is taken back.
        rootFiles: { "state/people/1001.json": '{"muted":false}', "state/people/77.json": "{}" },
      });
      const pid = airlock.pid();
      const scene: Scene = { server, airlock, anna, applied: 2 };
      const troubles = (method: string) =>
        airlock.log.filter((line) => line.msg === "trouble" && line["method"] === method);
      const statuses = mine.map(({ status }) => status);

      expect((await readyz(airlock)).status).toBe(503);
      for (const { method } of called) {
        await airlock.waitForLog(() => troubles(method).length >= mine.length, {
          timeoutMs: readyTimeoutMs,
        });
        const told = troubles(method).map(({ status }) => status);
        expect(told, method).toEqual(statuses);
      }
      await readyzIs(airlock, 200, readyTimeoutMs);
      expect(atStart.map(({ hits }) => hits)).toEqual(atStart.map(() => 1));

      for (const { answer, status } of mine) {
        for (const { method, times, drive } of methods) {
          if (drive === undefined) continue;
          await appliedUpload(scene);
          const since = airlock.logCursor();
          const fault = server.fault({ method, ...answer, times });
          await drive(scene);
          const line = await airlock.waitForLog(
            ({ msg, method: of }) => msg === "trouble" && of === method,
            { since, timeoutMs: readyTimeoutMs },
          );
          // A download is not JSON: what came is read as the file, and is too short.
          expect(line, method).toMatchObject({ method, status });
          expect(fault.hits, method).toBeGreaterThan(0);
          fault.remove();
        }
      }

      await appliedUpload(scene);
      expect((await readyz(airlock)).status).toBe(200);
      expect(airlock.pid()).toBe(pid);
      expect(airlock.log.filter(({ msg }) => msg === "bug")).toEqual([]);
      expect(airlock.stderr()).toBe("");
      expect((await airlock.live("fees")).toString()).toBe(feesFile(scene.applied));
      const asked = new Set(server.requests.map(({ method }) => method));
      expect([...asked].toSorted()).toEqual(methods.map(({ method }) => method).toSorted());
    },
    180_000,
  );
}
