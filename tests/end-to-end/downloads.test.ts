import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { FaultPlan } from "../../sandbox/bot-api/faults.ts";
import type { UploadOptions } from "../../sandbox/bot-api/incoming.ts";
import { openSharedStage } from "./shared-stage.ts";
import { feesFile } from "./stage.ts";

const caption = "/set_fees";

describe("a document is taken for what it holds", () => {
  const sharedStage = openSharedStage();
  let fee = 0;
  for (const { name, fileName, options } of [
    { name: "a name that is a path", fileName: "../../../etc/passwd", options: {} },
    { name: "a name of control characters", fileName: "fees\u0000\n\u202E.yml", options: {} },
    { name: "a very long name", fileName: `${"x".repeat(2000)}.yml`, options: {} },
    {
      name: "no name, type and size",
      fileName: undefined,
      options: { mimeType: null, fileSize: null },
    },
    { name: "a type that is a lie", fileName: "fees.yml", options: { mimeType: "text/html" } },
  ] satisfies readonly { name: string; fileName: string | undefined; options: UploadOptions }[]) {
    test(`with ${name}`, async () => {
      const { airlock, anna } = sharedStage();
      const since = anna.cursor();
      fee += 1;
      anna.upload(fileName, feesFile(fee), { ...options, caption });
      await anna.waitForText("✅ fees.yml updated successfully!", { since });
      expect((await airlock.live("fees")).toString()).toBe(feesFile(fee));
      expect((await readdir(airlock.configDir)).toSorted()).toEqual(["fees.yml", "rates.yml"]);
      anna.upload(fileName, feesFile(fee), options);
      const question = await anna.waitForText("Which config", { since });
      expect(question.text).not.toMatch(/[\n\u202E]/);
      expect(question.text?.length).toBeLessThan(200);
    });
  }

  test("a download that fails once is tried again, and one that Telegram refuses is not", async () => {
    const { server, airlock, anna } = sharedStage();
    const passing: readonly DistributiveOmit<FaultPlan, "method">[] = [
      { kind: "cut", afterBytes: 10, declared: "sent" },
      { kind: "reset" },
      { kind: "refuse", code: 502, description: "Bad Gateway" },
    ];
    for (const fault of passing) {
      const since = anna.cursor();
      fee += 1;
      server.fault({ ...fault, method: "download", times: 1 });
      anna.upload("fees.yml", feesFile(fee), { caption });
      await anna.waitForText("✅ fees.yml updated successfully!", { since });
      expect((await airlock.live("fees")).toString()).toBe(feesFile(fee));
    }
    const repeated = airlock.log.filter(
      ({ what }) => what === "downloading a document, which is tried again",
    );
    expect(repeated.map(({ status }) => status)).toEqual([200, null, 502]);
    const [code, description] = [404, "Not Found"];
    const refused = server.fault({ method: "download", kind: "refuse", code, description });
    anna.upload("fees.yml", feesFile(fee), { caption });
    await anna.waitForText("💥 fees.yml was not changed: Telegram did not hand out the document.");
    expect(refused.hits).toBe(1);
    refused.remove();
  });
});

const tooLarge =
  "❌ fees.yml was not changed: 1 problem found.\nthe file is too large: at most 1 kB is accepted";
const env = { MAX_UPLOAD_BYTES: "1024", DOWNLOAD_SECONDS: "1" };

describe("with limits", () => {
  const sharedStage = openSharedStage({ env });
  let fee = 1;

  test("a document that is declared too large is refused before it is asked for", async () => {
    const { server, anna } = sharedStage();
    const since = anna.cursor();
    const requests = server.requestCursor();
    anna.upload("fees.yml", "x".repeat(1025), { caption });
    expect((await anna.waitForText("❌", { since })).text).toBe(tooLarge);
    expect(
      server.requests
        .slice(requests)
        .filter(({ method }) => method === "getFile" || method === "download"),
    ).toEqual([]);
  });

  test("a document of exactly the largest size is taken", async () => {
    const { anna } = sharedStage();
    const since = anna.cursor();
    const fees = feesFile(1);
    anna.upload("fees.yml", `${fees}#${"x".repeat(1024 - fees.length - 1)}`, { caption });
    await anna.waitForText("✅", { since });
  });

  for (const { name, options, fault, text } of [
    {
      name: "larger than Telegram says, and declares nothing",
      options: { fileSize: null, actualBytes: Buffer.from("x".repeat(5000)) },
      fault: { kind: "cut", afterBytes: 5000, declared: "nothing" },
      text: tooLarge,
    },
    {
      name: "larger than Telegram says",
      options: { fileSize: 100, actualBytes: Buffer.from("x".repeat(5000)) },
      fault: undefined,
      text: tooLarge,
    },
    {
      name: "cut short without an error",
      options: {},
      fault: { kind: "cut", afterBytes: 10, declared: "sent" },
      text: "💥 fees.yml was not changed: the download was cut short, 10 of 50 bytes arrived.",
    },
    {
      name: "cut off",
      options: {},
      fault: { kind: "cut", afterBytes: 10, declared: "whole" },
      text: "💥 fees.yml was not changed: Telegram could not be reached.",
    },
    {
      name: "stalled",
      options: {},
      fault: { kind: "stall", afterBytes: 10 },
      text: "💥 fees.yml was not changed: downloading it took longer than 1 seconds.",
    },
    {
      name: "an error page",
      options: {},
      fault: { kind: "instead", contentType: "text/html", body: "<html>Bad Gateway</html>" },
      text: "💥 fees.yml was not changed: Telegram did not hand out the document.",
    },
    {
      name: "refused",
      options: {},
      fault: { kind: "refuse", code: 404, description: "Not Found" },
      text: "💥 fees.yml was not changed: Telegram did not hand out the document.",
    },
    {
      name: "reset",
      options: {},
      fault: { kind: "reset" },
      text: "💥 fees.yml was not changed: Telegram could not be reached.",
    },
  ] satisfies readonly {
    name: string;
    options: UploadOptions;
    fault: DistributiveOmit<FaultPlan, "method"> | undefined;
    text: string;
  }[]) {
    test(`a download that is ${name} changes nothing, says so, and the next one works`, async () => {
      const { server, airlock, anna } = sharedStage();
      const revisions = (await airlock.history("fees")).length;
      let since = anna.cursor();
      const faults = fault && server.fault({ ...fault, method: "download" });
      fee += 1;
      anna.upload("fees.yml", feesFile(fee), { ...options, caption });
      const ended = await anna.waitForText(/❌|💥/, { since });
      expect(ended.text?.split("\nPlease")[0]).toBe(text);
      expect(await airlock.history("fees")).toHaveLength(revisions);
      faults?.remove();
      since = anna.cursor();
      anna.upload("fees.yml", feesFile(fee), { caption });
      await anna.waitForText("✅", { since });
      expect(await airlock.history("fees")).toHaveLength(revisions + 1);
    });
  }

  test("where Telegram asks to wait for longer than a download may, that is told, and when to send it again", async () => {
    const { server, anna } = sharedStage();
    for (const { method, text } of [
      { method: "getFile", text: "to wait 5 minutes (send the file again after that)." },
      { method: "download", text: "to wait (send the file again in a few minutes)." },
    ]) {
      const since = anna.cursor();
      const busy = server.fault({ method, kind: "too_many", retryAfterSeconds: 300 });
      anna.upload("fees.yml", feesFile(1), { caption });
      const told = `💥 fees.yml was not changed: Telegram asked the bot ${text}`;
      await anna.waitForText(told, { since });
      busy.remove();
    }
  });

  test("a file that Telegram has no more is told, and nothing is changed", async () => {
    const { server, anna } = sharedStage();
    const since = anna.cursor();
    server.fault({
      method: "getFile",
      kind: "refuse",
      code: 400,
      description: "Bad Request: wrong file_id or the file is temporarily unavailable",
      times: 1,
    });
    anna.upload("fees.yml", feesFile(1), { caption });
    await anna.waitForText("💥 fees.yml was not changed: Telegram did not hand out the document.", {
      since,
    });
  });
});

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never;
