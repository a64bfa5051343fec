import { randomInt } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { feesFile, openStage, ratesFile } from "../end-to-end/stage.ts";
import { expectFatesTold, expectPromises, expectSettled, type SentFile } from "./promises.ts";
import { straceIsMissing, trace } from "./strace.ts";

/** What a change does to files, its journal and its history; each kind is counted by itself. */
const kinds = [
  { calls: "fsync", timesMin: 8 },
  { calls: "/^rename", timesMin: 1 },
  { calls: "/^link", timesMin: 1 },
  { calls: "/^unlink", timesMin: 1 },
] as const;
/** More than a change makes of one kind; a test ends at the first that a change does not reach. */
const timesMax = 40;
const roundsStandard = 5;
const rounds = Number(process.env["CRASH_ROUNDS"]) || roundsStandard;
const killAfterMsMax = 120;
/** One thread for all files, since calls are counted per thread. */
const env = { UV_THREADPOOL_SIZE: "1" };

describe.skipIf(straceIsMissing)("SIGKILL at a system call of a change", () => {
  for (const { calls, timesMin } of kinds) {
    test(`before each ${calls} leaves everything as promised, and its sender is told`, async () => {
      const { airlock, anna } = await openStage({ env });
      const before = (await airlock.live("fees")).toString();
      const sent: SentFile[] = [];
      let time = 1;
      for (; time <= timesMax; time += 1) {
        const inject = `inject=${calls}:signal=SIGKILL:when=${time}`;
        const traced = await trace(airlock.pid(), ["-e", `trace=${calls}`, "-e", inject]);
        const text = feesFile(time / 1000);
        const message = anna.upload("fees.yml", text, { caption: "/set_fees" });
        sent.push({ person: anna, message, config: "fees", text });
        const wasKilled = await Promise.race([
          airlock.waitForEnd().then(() => true),
          expectFatesTold(airlock, sent).then(() => false),
        ]);
        if (!wasKilled) {
          await traced.stop();
          break;
        }
        await traced.ended;
        await airlock.restart(env);
        await expectSettled(airlock);
        await expectFatesTold(airlock, sent);
        await expectPromises(airlock, "fees", before, sent);
      }
      expect(time).toBeGreaterThan(timesMin);
      expect(time).toBeLessThan(timesMax);
    }, 120_000);
  }
});

test(`SIGKILL at ${rounds} random instants, with two admins and two configs, leaves everything as promised`, async () => {
  const { airlock, anna, boris } = await openStage();
  const before = {
    fees: (await airlock.live("fees")).toString(),
    rates: (await airlock.live("rates")).toString(),
  };
  const sent: SentFile[] = [];
  const send = (person: SentFile["person"], config: "fees" | "rates", text: string): void => {
    const message = person.upload(`${config}.yml`, text, { caption: `/set_${config}` });
    sent.push({ person, message, config, text });
  };
  for (let round = 1; round <= rounds; round += 1) {
    send(anna, "fees", feesFile(round / 10_000));
    send(boris, "fees", feesFile(50 + round / 10_000));
    send(anna, "rates", ratesFile(round));
    send(boris, "rates", ratesFile(10_000 + round));
    await wait(randomInt(killAfterMsMax));
    await airlock.kill();
    await airlock.restart();
    await expectSettled(airlock);
    await expectFatesTold(airlock, sent.slice(-4));
    await expectPromises(airlock, "fees", before.fees, sent);
    await expectPromises(airlock, "rates", before.rates, sent);
  }
}, 600_000);
