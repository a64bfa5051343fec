// Telegram failing at random, in all the ways that it can: what is said in the end is what is true on disk, each time.
import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { FaultPlan } from "../../sandbox/bot-api/faults.ts";
import type { Airlock } from "./airlock-process.ts";
import { feesFile, openStage, ratesFile, type Stage } from "./stage.ts";

const rounds = Number(process.env["FAULT_ROUNDS"] ?? 8);
const lastWords = /^(?:✅|👌|❌|💥|⚠️|🔁)/u;
const saysChanged = /^(?:✅|🔁 The bot restarted\. \S+ was updated)/u;
/** From one kill to the next, or from the uploads to the first. */
const killAfterMsMax = 700;

const times = fc.integer({ min: 1, max: 3 });
const callFault: fc.Arbitrary<FaultPlan> = fc.oneof(
  fc.record({
    kind: fc.constant("refuse" as const),
    method: fc.constantFrom("sendMessage", "editMessageText", "getFile", "getUpdates", "download"),
    code: fc.constantFrom(500, 502),
    description: fc.constant("Bad Gateway"),
    times,
  }),
  fc.record({
    kind: fc.constant("too_many" as const),
    method: fc.constantFrom("sendMessage", "editMessageText", "getFile", "getUpdates"),
    retryAfterSeconds: fc.constant(1),
    times: fc.constant(1),
  }),
  fc.record({
    kind: fc.constant("reset" as const),
    method: fc.constantFrom("sendMessage", "editMessageText", "getFile", "getUpdates", "download"),
    effect: fc.constantFrom("before" as const, "after" as const),
    times,
  }),
  fc.record({
    kind: fc.constant("delay" as const),
    method: fc.constantFrom("sendMessage", "editMessageText", "getFile", "download"),
    delayMs: fc.integer({ min: 1, max: 300 }),
    times,
  }),
  fc.record({
    kind: fc.constant("cut" as const),
    method: fc.constant("download"),
    afterBytes: fc.integer({ min: 0, max: 30 }),
    declared: fc.constantFrom("whole" as const, "nothing" as const),
    times: fc.constant(1),
  }),
);

interface Upload {
  readonly who: "anna" | "boris";
  readonly config: "fees" | "rates";
  readonly value: number;
}

const upload: fc.Arbitrary<Upload> = fc.record({
  who: fc.constantFrom("anna", "boris"),
  config: fc.constantFrom("fees", "rates"),
  // Above a hundred is refused for fees.
  value: fc.integer({ min: 1, max: 130 }),
});

async function uploadAll(stage: Stage, uploads: readonly Upload[]) {
  const { server } = stage;
  const sent = uploads.map(({ who, config, value }) => {
    const text = config === "fees" ? feesFile(value) : ratesFile(value);
    const document = stage[who].upload(`${config}.yml`, text, { caption: `/set_${config}` });
    return { config, text, document };
  });
  return Promise.all(
    sent.map(async ({ config, text, document }) => {
      const told = await server.events.waitFor(
        (event) =>
          "message" in event &&
          event.by === "bot" &&
          event.message.chat.id === document.chat.id &&
          event.message.reply_to_message?.message_id === document.message_id &&
          lastWords.test(event.message.text ?? "")
            ? event.message.text
            : undefined,
        { timeoutMs: 60_000, describe: () => server.transcript(document.chat.id) },
      );
      return { config, text, document, told };
    }),
  );
}

/** Kills the bot after each of these times, starts it again at once, and lets the last one run. */
async function killEach(airlock: Airlock, afterMs: readonly number[]): Promise<void> {
  for (const ms of afterMs) {
    await wait(ms);
    await airlock.kill();
    airlock.begin();
  }
  // It may be killed before it is ready; only the last one has to be.
  if (afterMs.length > 0) await airlock.kill();
  if (afterMs.length > 0) await airlock.restart();
}

for (const { name, kills } of [
  {
    name: "whatever Telegram does to the calls of uploads",
    kills: fc.constant<readonly number[]>([]),
  },
  {
    name: "whatever Telegram does, and however often and close together the bot is killed",
    kills: fc.array(fc.integer({ min: 0, max: killAfterMsMax }), { minLength: 1, maxLength: 3 }),
  },
]) {
  test(`${name}, what is said in the end is what is true`, () => expectTruth(kills), 300_000);
}

async function expectTruth(kills: fc.Arbitrary<readonly number[]>): Promise<void> {
  const stage = await openStage();
  const { server, airlock } = stage;
  await fc.assert(
    fc.asyncProperty(
      fc.array(callFault, { minLength: 1, maxLength: 4 }),
      fc.array(upload, { minLength: 1, maxLength: 4 }),
      kills,
      async (plans, uploads, killsAfterMs) => {
        const faults = plans.map((plan) => server.fault(plan));
        const uploading = uploadAll(stage, uploads);
        await killEach(airlock, killsAfterMs);
        const ended = await uploading;
        for (const fault of faults) fault.remove();
        for (const config of ["fees", "rates"] as const) {
          const history = await airlock.history(config);
          for (const each of ended.filter((one) => one.config === config)) {
            const { message_id: messageId, chat } = each.document;
            const entries = history.filter(({ message }) =>
              expect
                .objectContaining({ chat_id: chat.id, message_id: messageId })
                .asymmetricMatch(message),
            );
            const told = server
              .messages(chat.id)
              .filter((message) => message.reply_to_message?.message_id === messageId)
              .flatMap(({ text = "" }) => (lastWords.test(text) ? [saysChanged.test(text)] : []));
            expect(told.length).toBeGreaterThan(0);
            expect(told, each.told).toEqual(told.map(() => entries.length === 1));
          }
          const live = await airlock.live(config);
          expect(history.at(-1)?.["sha256"]).toBe(sha256(live));
          const kept = [...(await airlock.backupTexts(config)), live].map(sha256);
          for (const { sha256: hash } of history) expect(kept).toContain(hash);
          expect(history.map(({ revision }) => revision)).toEqual(history.map((_, at) => at + 1));
        }
      },
    ),
    { numRuns: rounds },
  );
  expect(airlock.log.filter(({ msg }) => msg === "bug")).toEqual([]);
}

function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
