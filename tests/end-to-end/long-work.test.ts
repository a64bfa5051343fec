// Downloads and checks that last, through the real process: how far they are is said, and neither the file nor the next text waits for that.
import { expect, test } from "vitest";
import type { FaultHandle } from "../../sandbox/bot-api/faults.ts";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { feesFile, openStage, type Stage } from "./stage.ts";

const caption = "/set_fees";
const patience = { timeoutMs: 30_000 };

const catalog = `configs:
  fees: { file: fees.yml, schema: builtin:fees }
  slow: { file: slow.yml, schema: slow.schema.json }
`;

async function open(): Promise<Stage> {
  return openStage({
    env: { VALIDATION_SECONDS: "600" },
    configFiles: { "slow.yml": "name: a\n" },
    rootFiles: {
      "airlock.yml": catalog,
      "slow.schema.json": JSON.stringify({ properties: { name: { pattern: "^(a|a)*$" } } }),
    },
  });
}

/** The next download stops after 20 bytes until it is let go. */
function stalled({ server }: Stage): FaultHandle {
  return server.fault({ method: "download", kind: "stall", afterBytes: 20, times: 1 });
}

/** What the message said, one after another. */
function texts({ server }: Stage, { chatId }: Person, start: string): readonly string[] {
  const said = server.events.entries.flatMap((event) =>
    event.kind !== "callback_answer" && event.chatId === chatId && event.by === "bot"
      ? [{ id: event.message.message_id, text: event.message.text ?? "" }]
      : [],
  );
  const id = said.findLast(({ text }) => text.startsWith(start))?.id;
  return said.filter((each) => each.id === id).map(({ text }) => text);
}

test("a long download says how far it is, a long check for how long, to each in their language", async () => {
  const stage = await open();
  const { anna, boris, airlock } = stage;
  boris.send("/language ru");
  await boris.waitForText("по-русски");
  boris.upload("slow.yml", `name: ${"a".repeat(60)}b\n`, { caption: "/set_slow" });
  await airlock.waitForLog(({ msg, step }) => msg === "upload_step" && step === "download");
  const download = stalled(stage);
  anna.upload("fees.yml", feesFile(1), { caption });
  const how =
    /^⏳ Downloading and validating\.\.\.\nDownloaded 20 bytes of 50 bytes in \d+ seconds?\.$/;
  const first = await anna.waitForText(how, patience);
  await anna.waitFor(({ text }) => text !== first.text && how.test(text ?? ""), patience);
  download.open();
  await anna.waitForText("✅ fees.yml updated successfully!");
  const lines = texts(stage, anna, "✅").map((text) => text.split("\n")[0] ?? "");
  expect([...new Set(lines)]).toEqual([
    "⏳ Downloading and validating...",
    "🔒 Acquiring lock and saving...",
    "✅ fees.yml updated successfully!",
  ]);
  expect(lines.slice(0, -2)).not.toContain("🔒 Acquiring lock and saving...");
  const checks = /^⏳ Загружаю и проверяю\.\.\.\nПроверка идёт уже \d+ секунд[уы]?\.$/;
  await boris.waitForText(checks, patience);
  boris.send("/cancel");
  await boris.waitForText("🚫 Отменено. slow.yml не изменён.");
});

test("where the text of how far it is cannot be shown, it is left alone, and the others come as ever", async () => {
  const stage = await open();
  const { server, anna, airlock } = stage;
  const faults = [
    { fault: { kind: "too_many", retryAfterSeconds: 1 }, hits: 1 },
    // With all its entities, with those that every server knows, and with none.
    {
      fault: { kind: "refuse", code: 400, description: "Bad Request: MESSAGE_ID_INVALID" },
      hits: 3,
    },
    { fault: { kind: "hang" }, hits: 1 },
  ] as const;
  for (const [index, { fault, hits }] of faults.entries()) {
    const since = anna.cursor();
    const download = stalled(stage);
    const telling = server.fault({
      method: "editMessageText",
      when: ({ params }) => String(params["text"]).includes("Downloaded"),
      ...fault,
    });
    anna.upload("fees.yml", feesFile(index + 1), { caption });
    await telling.reached;
    download.open();
    await anna.waitForText("🔒 Acquiring lock and saving...", { since, ...patience });
    await anna.waitForText("✅ fees.yml updated successfully!", { since, ...patience });
    expect(texts(stage, anna, "✅").map((text) => text.split("\n")[0])).toEqual([
      "⏳ Downloading and validating...",
      "🔒 Acquiring lock and saving...",
      "✅ fees.yml updated successfully!",
    ]);
    expect(telling.hits).toBe(hits);
    expect((await airlock.live("fees")).toString()).toBe(feesFile(index + 1));
    telling.remove();
  }
});
