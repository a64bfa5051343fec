import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { checkDocument } from "../../../src/change/validation/check-document.ts";
import {
  createValidator,
  type Validator,
  type ValidatorOptions,
} from "../../../src/change/validation/validator.ts";

const never = new AbortController().signal;
const bytes = Buffer.from("currency: USD\n");

function open(options: Partial<ValidatorOptions> & { readonly worker?: string } = {}): Validator {
  const { worker, ...rest } = options;
  const validator = createValidator({
    timeoutMs: 20_000,
    ...rest,
    ...(worker === undefined
      ? {}
      : { workerUrl: new URL(`./workers/${worker}.js`, import.meta.url) }),
  });
  onTestFinished(() => validator.close());
  return validator;
}

test("a thread finds what the main thread finds", async () => {
  const validator = open();
  for (const document of [
    readFileSync("config/fees.yml"),
    bytes,
    Buffer.from("a: b: c"),
    Buffer.from([0xff]),
    Buffer.from("[".repeat(20_000)),
    Buffer.from("maker_percent: yes\n".repeat(100)),
  ]) {
    expect(await validator.validate(document, "builtin:fees", never)).toEqual(
      checkDocument(document, "builtin:fees"),
    );
  }
});

test("more documents than threads are all checked, and the caller's bytes stay", async () => {
  const validator = open({ threadsMax: 2 });
  const document = readFileSync("config/fees.yml");
  const all = Array.from({ length: 20 }, () => validator.validate(document, "builtin:fees", never));
  expect(new Set((await Promise.all(all)).map(({ kind }) => kind))).toEqual(new Set(["valid"]));
  expect(document.length).toBeGreaterThan(100);
});

test("a check that does not end is stopped, told as too complex, and the next one works", async () => {
  const validator = open({ worker: "endless", timeoutMs: 200, threadsMax: 1 });
  const endless = validator.validate(bytes, "builtin:fees", never);
  const next = validator.validate(bytes, "builtin:rates", never);
  expect(await endless).toEqual({
    kind: "invalid",
    problems: [
      {
        line: null,
        column: null,
        path: "",
        message: "the file is too complex: checking it takes longer than 0.2 seconds",
      },
    ],
    total: 1,
  });
  expect(await next).toEqual({ kind: "valid" });
});

test("a check that needs too much memory is stopped, told as too complex, and the next one works", async () => {
  const validator = open({ worker: "hungry", threadsMax: 1 });
  expect(await validator.validate(bytes, "builtin:fees", never)).toMatchObject({
    kind: "invalid",
    problems: [{ message: expect.stringContaining("more than 512 MB of memory") }],
  });
  expect(await validator.validate(bytes, "builtin:rates", never)).toEqual({ kind: "valid" });
});

test("a bug in the thread is thrown, and the next check works", async () => {
  const validator = open({ worker: "broken", threadsMax: 1 });
  await expect(validator.validate(bytes, "builtin:fees", never)).rejects.toThrow("thread failed");
  expect(await validator.validate(bytes, "builtin:rates", never)).toEqual({ kind: "valid" });
});

test("a check is aborted while it runs, and while it waits for a thread", async () => {
  const validator = open({ worker: "endless", threadsMax: 1 });
  const running = new AbortController();
  const waiting = new AbortController();
  const first = validator.validate(bytes, "builtin:fees", running.signal);
  const second = validator.validate(bytes, "builtin:rates", waiting.signal);
  const third = validator.validate(bytes, "builtin:rates", never);
  waiting.abort("admin");
  expect(await second).toEqual({ kind: "aborted" });
  running.abort("admin");
  expect(await first).toEqual({ kind: "aborted" });
  expect(await third).toEqual({ kind: "valid" });
  expect(await validator.validate(bytes, "builtin:rates", AbortSignal.abort("stop"))).toEqual({
    kind: "aborted",
  });
});

test("closing aborts what is still being checked", async () => {
  const validator = open({ worker: "endless" });
  const running = validator.validate(bytes, "builtin:fees", never);
  await validator.close();
  expect(await running).toEqual({ kind: "aborted" });
});
