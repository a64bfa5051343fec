// Updates that nobody would send: valid ones with fields absent, of the wrong type, or huge.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { openStage } from "./stage.ts";

const updatesCount = 5000;
const batchSize = 250;
const commands = ["set", "check", "get", "diff", "history", "rollback", "schema"].flatMap((verb) =>
  ["fees", "rates", "nothing"].map((id) => `/${verb}_${id}`),
);
const words = ["/cancel", "/status", "/help", "/start", "/whoami", "/mute", "/unmute"];

const userId = fc.constantFrom(1001, 1002, 6660, 0, -1, 2 ** 52);
const commandText = fc
  .tuple(
    fc.constantFrom(...commands, ...words, "hello", ""),
    fc.constantFrom(
      "",
      " 1",
      " 99999999999999999999",
      " -1",
      " __proto__",
      "@airlock_bot",
      " \n🧨",
    ),
  )
  .map((parts) => parts.join(""));

const user = userId.map((id) => ({ id, is_bot: false, first_name: "Somebody" }));
const chat = fc.oneof(
  userId.map((id) => ({ id, type: "private", first_name: "Somebody" })),
  fc.constant({ id: -5, type: "group", title: "Somewhere" }),
);
const entities = (text: string) => [
  { type: "bot_command", offset: 0, length: text.split(/\s/u)[0]?.length ?? 0 },
];
const fileId = fc.string({ minLength: 1, maxLength: 40 });

const message = fc
  .record({
    message_id: fc.nat(),
    from: user,
    chat,
    date: fc.nat(),
    text: commandText,
    kind: fc.constantFrom("text", "document", "photo"),
    file_id: fileId,
    file_name: fc.constantFrom("fees.yml", "../../fees.yml", "a\u202Egnp.yml", "__proto__", ""),
    media_group_id: fc.option(fc.string(), { nil: undefined, freq: 5 }),
  })
  .map(({ kind, text, file_id, file_name, media_group_id, ...fields }) => {
    if (kind === "text") return { ...fields, text, entities: entities(text) };
    const caption = { caption: text, caption_entities: entities(text) };
    const album = media_group_id === undefined ? {} : { media_group_id };
    return kind === "photo"
      ? { ...fields, ...caption, ...album, photo: [{ file_id, file_unique_id: "p", width: 1 }] }
      : {
          ...fields,
          ...caption,
          ...album,
          document: { file_id, file_unique_id: "u", file_name, file_size: 60 },
        };
  });

const press = fc.record({
  id: fc.string(),
  from: user,
  chat_instance: fc.string(),
  data: fc.oneof(
    fc.string({ maxLength: 64 }),
    fc
      .tuple(
        fc.constantFrom(
          "changes",
          "merge",
          "anyway",
          "discard",
          "undo",
          "show",
          "hist",
          "keep",
          "set",
        ),
        fc.constantFrom("fees", "rates", "AAAAAAAAAAAAAAAA", "__proto__", "../x"),
        fc.constantFrom("1", "0", "-1", "abc", ""),
      )
      .map((parts) => parts.join(":")),
  ),
  message: fc.record({ message_id: fc.nat(), chat, date: fc.nat(), text: commandText }),
});

const wrong = fc.constantFrom<unknown>(
  undefined,
  null,
  0,
  -1,
  1e308,
  true,
  "",
  "x".repeat(100_000),
  [],
  [[[[[[]]]]]],
  {},
  { id: 1001 },
  Array.from({ length: 10_000 }, () => ({ type: "bot_command", offset: 0, length: 9 })),
);

/** Changes the field that a walk by these numbers ends at. */
function spoil(content: unknown, walk: readonly number[], value: unknown): unknown {
  if (typeof content !== "object" || content === null) return value;
  const keys = Object.keys(content);
  const key = keys[(walk[0] ?? 0) % Math.max(keys.length, 1)];
  if (key === undefined) return value;
  const inner: unknown = Reflect.get(content, key);
  const spoiled = walk.length <= 1 ? value : spoil(inner, walk.slice(1), value);
  return Array.isArray(content)
    ? content.map((each: unknown, index) => (String(index) === key ? spoiled : each))
    : { ...content, [key]: spoiled };
}

const spoils = fc.array(
  fc.record({ walk: fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 3 }), value: wrong }),
  { maxLength: 3 },
);

const updates = fc
  .tuple(
    fc.oneof(
      message.map((content) => ({ kind: "message" as const, content })),
      press.map((content) => ({ kind: "callback_query" as const, content })),
    ),
    spoils,
  )
  .map(([{ kind, content }, faults]) => ({
    kind,
    content: faults.reduce<unknown>((so, { walk, value }) => spoil(so, walk, value), content),
  }));

test(`${updatesCount} random updates neither end the bot nor change a file`, async () => {
  const { server, airlock, anna } = await openStage();
  const files = ["fees.yml", "rates.yml"].map((name) => join(airlock.configDir, name));
  const contents = (): Promise<readonly Buffer[]> =>
    Promise.all(files.map((file) => readFile(file)));
  const before = await contents();
  const pid = airlock.pid();
  const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
  const all = fc.sample(updates, { numRuns: updatesCount, seed });
  for (let first = 0; first < all.length; first += batchSize) {
    for (const { kind, content } of all.slice(first, first + batchSize)) {
      server.deliver(kind, content);
    }
    const since = server.events.cursor();
    anna.send("/whoami");
    await anna.waitForText("1001", { since, timeoutMs: 60_000 });
  }
  const told = `with FUZZ_SEED=${seed}`;
  expect(await contents(), told).toEqual(before);
  expect(await airlock.backups("fees"), told).toEqual([]);
  expect(await airlock.history("fees"), told).toHaveLength(1);
  expect(
    airlock.log.filter(({ msg }) => msg === "bug"),
    told,
  ).toEqual([]);
  expect(airlock.pid(), told).toBe(pid);
  anna.send("/cancel");
  anna.upload("fees.yml", "currency: EUR\nmaker_percent: 1\ntaker_percent: 1\n", {
    caption: "/set_fees",
  });
  await anna.waitForText("✅ fees.yml updated successfully!");
}, 180_000);
