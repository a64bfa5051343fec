// What is counted of changes over many fates, in an order that chance has: each that somebody asked for ends in exactly one outcome.
import { expect, test } from "vitest";
import type { Message } from "grammy/types";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { randomFrom } from "../document/compare/random-documents.ts";
import { feesFile, openStage } from "./stage.ts";

const catalog = `configs:
  fees: { file: fees.yml, schema: builtin:fees, approval: { when: always } }
  rates: { file: rates.yml, schema: builtin:rates, limits: [{ path: rates.JPY, at_most: 50% }] }
`;
const ends = [
  "applied",
  "unchanged",
  "invalid",
  "failed",
  "cancelled",
  "rejected",
  "reverted",
  "blocked",
];
const parkedMax = 10;

test("every change that began ends in exactly one outcome, whatever becomes of it", async () => {
  const { airlock, anna, boris } = await openStage({
    rootFiles: { "airlock.yml": catalog },
    configFiles: { "fees.yml": feesFile(0), "rates.yml": rates(1, 100) },
  });
  const random = randomFrom(14);
  let began = 0;
  let [euro, yen, fee] = [1, 100, 0];

  function rates(eur: number, jpy: number): string {
    return `base: USD\nrates:\n  EUR: ${eur}\n  JPY: ${jpy}\n`;
  }
  const live = (): string => rates(euro, yen);
  async function read(person: Person, act: () => unknown, says: string): Promise<Message> {
    const since = person.cursor();
    act();
    return person.waitForText(says, { since });
  }
  function upload(person: Person, text: string, says: string, caption = "/set_rates") {
    began += 1;
    return read(person, () => person.upload("f.yml", text, { caption }), says);
  }
  const press = (person: Person, message: Message, label: string, says: string) =>
    read(person, () => person.press(message, label), says);
  const done = "✅ rates.yml updated successfully!";
  const cancelled = "🚫 Cancelled. rates.yml was not changed.";

  /** Boris's change, which Anna has not seen. */
  async function change(person = boris): Promise<void> {
    await read(person, () => person.send("/get_rates"), "rates.yml, revision");
    euro += 1;
    await upload(person, live(), done);
  }
  async function stale(): Promise<Message> {
    await read(anna, () => anna.send("/get_rates"), "rates.yml, revision");
    await change();
    return upload(anna, rates(euro + 0.5, yen), "⚠️ rates.yml has changed");
  }
  const beyond = (): Promise<Message> => {
    yen = yen * 2 + 1;
    return upload(anna, live(), "✋ rates.yml holds a change beyond its limit.");
  };
  async function proposed(): Promise<Message> {
    fee += 1;
    const waits = "🕓 fees.yml waits for approval.";
    const since = boris.cursor();
    const message = await upload(anna, feesFile(fee), waits, "/set_fees");
    await boris.waitForText("🕓 Anna wants to change fees.yml.", { since });
    return message;
  }
  const asked = async (): Promise<Message> =>
    boris.messages().findLast(({ text }) => text?.startsWith("🕓 Anna")) ?? expect.unreachable();
  async function previewed(): Promise<Message> {
    return read(anna, () => anna.send("/rollback_rates 1"), "Roll rates.yml back to revision 1");
  }
  /** A rollback that was agreed to, of which another change made something else. */
  async function staleRollback(): Promise<void> {
    const preview = await previewed();
    await change();
    began += 1;
    await press(anna, preview, "Roll back", "⚠️ rates.yml has changed");
  }

  const fates: readonly (() => Promise<unknown>)[] = [
    () => change(),
    () => upload(boris, "base: USD\n", "❌ rates.yml was not changed"),
    async () => {
      await read(boris, () => boris.send("/get_rates"), "rates.yml, revision");
      await upload(boris, live(), "👌 rates.yml is already");
    },
    async () => press(anna, await stale(), "Discard", cancelled),
    async () => {
      euro += 0.5;
      await press(anna, await stale(), "Apply anyway", done);
      euro = Number(/EUR: ([\d.]+)/.exec((await airlock.live("rates")).toString())?.[1]);
    },
    async () => {
      const before = yen;
      await press(anna, await beyond(), "Discard", cancelled);
      yen = before;
    },
    async () => {
      await change(anna);
      await beyond();
      await read(anna, () => anna.send(String(yen)), done);
    },
    async () => {
      await proposed();
      await press(boris, await asked(), "Approve", "Approved by Boris.");
      await anna.waitForText("✅ fees.yml updated successfully!");
    },
    async () => {
      await proposed();
      await press(boris, await asked(), "Reject", "🚫 Rejected by Boris.");
    },
    async () => press(anna, await proposed(), "Withdraw", "🚫 Withdrawn. fees.yml"),
    async () => {
      await change(anna);
      const due = new Date(Date.now() + 86_400_000).toISOString().slice(0, 19);
      const waits = await upload(
        anna,
        rates(euro + 9, yen),
        "🗓 rates.yml",
        `/schedule_rates ${due}`,
      );
      await press(anna, waits, "Withdraw", "🚫 Withdrawn. rates.yml");
    },
    async () => press(anna, await previewed(), "Keep current", "rates.yml stays as it is."),
  ];
  async function counted(outcomes: readonly string[]): Promise<number> {
    const each = outcomes.map((outcome) =>
      Promise.all(
        ["fees", "rates"].map((config_type) =>
          airlock.metric("config_uploads_total", { config_type, outcome }),
        ),
      ),
    );
    return (await Promise.all(each)).flat().reduce((sum, one) => sum + one, 0);
  }

  boris.send("/whoami");
  await boris.waitForText("Your id");
  await change();
  // Each twice, and whatever order.
  const order = [...fates, ...fates];
  while (order.length > 0) {
    const [fate] = order.splice(random(order.length), 1);
    await fate?.();
    await expect.poll(() => counted(ends)).toBe(began);
  }
  // What gives way to newer ones is over too.
  for (let waiting = 0; waiting <= parkedMax; waiting += 1) await staleRollback();
  await expect.poll(() => counted(ends)).toBe(began - parkedMax);
  // What waits is found, and ends, in the list.
  const list = await read(anna, () => anna.send("/pending"), "Waiting now:");
  for (let waiting = parkedMax; waiting > 0; waiting -= 1) {
    const label = waiting === 1 ? "Discard" : "Discard (1)";
    await read(
      anna,
      () => anna.press(list, label),
      waiting === 1 ? "No change is waiting" : "Waiting now:",
    );
  }
  await expect.poll(() => counted(ends)).toBe(began);
});
