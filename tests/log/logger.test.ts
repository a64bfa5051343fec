import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { HttpError } from "grammy";
import { createLogger, createRedactor, describeError } from "../../src/log/logger.ts";
import { type LogLevel, logLevels } from "../../src/settings/variables.ts";

const token = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_";
const secret = "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_";

function capture(level: LogLevel = "trace", hidden = token) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { logger: createLogger({ level, token: hidden, destination }), lines };
}

function onlyLine(lines: readonly string[]): Record<string, unknown> {
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? "");
}

describe("the token is never written", () => {
  const url = `https://api.telegram.org/bot${token}/getMe`;
  const rows: readonly { name: string; fields: object; message: string }[] = [
    { name: "in the message", fields: {}, message: `asked ${url} twice: ${url}` },
    { name: "in a field", fields: { url }, message: "asked" },
    { name: "in the name of a field", fields: { [token]: 1 }, message: "asked" },
    { name: "deep in a field", fields: { a: [{ b: { c: token } }] }, message: "asked" },
    {
      name: "URL-encoded",
      fields: { url: `https://x/?t=${encodeURIComponent(token)}` },
      message: "asked",
    },
    {
      name: "URL-encoded in lower case",
      fields: { url: encodeURIComponent(token).replace("%3A", "%3a") },
      message: "asked",
    },
    { name: "as JSON in a text", fields: { body: JSON.stringify({ token }) }, message: "asked" },
    { name: "as its secret part alone", fields: { secret: token.split(":")[1] }, message: "asked" },
    { name: "in an error's message", fields: { err: new Error(url) }, message: "failed" },
    {
      name: "in the cause of an error",
      fields: { err: new Error("failed", { cause: new Error(url) }) },
      message: "failed",
    },
    { name: "in an error under another key", fields: { reason: { url } }, message: "failed" },
    {
      name: "in grammY's HttpError",
      fields: { err: new HttpError("failed", Object.assign(new Error(url), { url })) },
      message: "failed",
    },
  ];
  for (const { name, fields, message } of rows) {
    test(name, () => {
      const { logger, lines } = capture();
      logger.error(fields, message);
      expect(lines[0]).toContain("[token]");
      expect(lines[0]).not.toContain(secret);
      onlyLine(lines);
    });
  }
  test("by a child logger", () => {
    const { logger, lines } = capture();
    logger.child({ url }).info("asked");
    expect(lines[0]).not.toContain(secret);
  });
  test("when JSON or a URL writes it in another way", () => {
    const odd = 'a"b\\c/d:e';
    const { logger, lines } = capture("info", odd);
    logger.info({ raw: odd, encoded: encodeURIComponent(odd) }, odd);
    const { raw, encoded, msg } = onlyLine(lines);
    expect([raw, encoded, msg]).toEqual(["[token]", "[token]", "[token]"]);
  });
});

test("a text without the token is left as it is", () => {
  const text = "123456789: AAHdqTcv, 50%, %3A";
  expect(createRedactor(token)(text)).toBe(text);
});

test("a short secret part is not hunted for on its own", () => {
  expect(createRedactor("1:ok")("ok 1:ok")).toBe("ok [token]");
});

describe("an error is logged by name, message, code, stack and causes", () => {
  test("and by nothing else", () => {
    const cause = Object.assign(new TypeError("no route"), { code: "EHOSTUNREACH", errno: -113 });
    const error = Object.assign(new Error("could not ask", { cause }), { payload: { chat_id: 1 } });
    const { logger, lines } = capture();
    logger.error(error, "failed");
    expect(onlyLine(lines)["err"]).toEqual({
      name: "Error",
      message: "could not ask",
      stack: error.stack,
      cause: { name: "TypeError", message: "no route", code: "EHOSTUNREACH", stack: cause.stack },
    });
  });
  test("what grammY's HttpError wraps counts as its cause", () => {
    const { logger, lines } = capture();
    logger.error({ error: new HttpError("failed", new RangeError("inner")) }, "failed");
    const error = onlyLine(lines)["error"];
    expect(error).toMatchObject({
      name: "HttpError",
      cause: { name: "RangeError", message: "inner" },
    });
    expect(error).not.toHaveProperty("error");
  });
  test("a chain of causes ends after eight errors, also where it is a ring", () => {
    const ring = new Error("round");
    ring.cause = ring;
    const { logger, lines } = capture();
    logger.error(ring);
    expect(lines[0]?.match(/"message":"round"/g)).toHaveLength(8);
  });
  for (const { name, thrown, message } of [
    { name: "a thrown text", thrown: "no", message: "no" },
    { name: "a thrown object", thrown: { a: { b: 1 } }, message: "{ a: [Object] }" },
    { name: "a thrown null", thrown: null, message: "null" },
  ]) {
    test(`${name} is a cause too`, () => {
      const { logger, lines } = capture();
      logger.error(new Error("outer", { cause: thrown }));
      expect(onlyLine(lines)["err"]).toMatchObject({ cause: { name: typeof thrown, message } });
    });
  }
});

test("a line is the message with its fields, its time in ISO 8601 and pino's level", () => {
  const { logger, lines } = capture();
  logger.info({ config_type: "fees", user_id: 1001 }, "config_upload_lock_acquired");
  const line = onlyLine(lines);
  expect(line).toMatchObject({
    level: 30,
    config_type: "fees",
    user_id: 1001,
    msg: "config_upload_lock_acquired",
  });
  expect(line["time"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test("a file name with a newline and a forged line stays within one line", () => {
  const { logger, lines } = capture();
  const file = 'fees.yml\n{"level":30,"msg":"access granted"}\r\n\u2028x';
  logger.info({ file }, file);
  expect(lines[0]?.indexOf("\n")).toBe((lines[0]?.length ?? 0) - 1);
  expect(onlyLine(lines)).toMatchObject({ file, msg: file });
});

test("every level is one that pino takes, and silent writes nothing", () => {
  for (const level of logLevels) expect(capture(level).logger.level).toBe(level);
  const { logger, lines } = capture("silent");
  logger.fatal("x");
  expect(lines).toEqual([]);
});

test("a process that is killed right after logging loses no line, and prints no token", () => {
  const script = `
    import { createLogger } from ${JSON.stringify(resolve("dist/log/logger.js"))};
    import { openLogOutput } from ${JSON.stringify(resolve("dist/log/log-output.js"))};
    const destination = openLogOutput();
    const logger = createLogger({ level: "info", token: ${JSON.stringify(token)}, destination });
    for (let i = 0; i < 1000; i += 1) logger.info({ i, token: ${JSON.stringify(token)} }, "line");
    process.kill(process.pid, "SIGKILL");`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  expect(run.signal).toBe("SIGKILL");
  const lines = run.stdout.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).i)).toEqual(
    Array.from({ length: 1000 }, (_, i) => i),
  );
  expect(run.stdout + run.stderr).not.toContain(secret);
});

describe("an error is described on one line", () => {
  const refused = Object.assign(new Error("connect failed"), { code: "ECONNREFUSED" });
  const rows: readonly { name: string; error: unknown; text: string }[] = [
    { name: "with its code", error: refused, text: "connect failed (ECONNREFUSED)" },
    {
      name: "with its causes",
      error: new Error("could not start", { cause: refused }),
      text: "could not start: connect failed (ECONNREFUSED)",
    },
    { name: "without its line breaks", error: new Error("a\n  b\r\nc"), text: "a b c" },
    { name: "by name where it has no message", error: new RangeError(), text: "RangeError" },
    { name: "also where it is a text", error: "no", text: "no" },
    { name: "with a cause that is null", error: new Error("x", { cause: null }), text: "x: null" },
  ];
  for (const { name, error, text } of rows) {
    test(name, () => {
      expect(describeError(error)).toBe(text);
    });
  }
});
