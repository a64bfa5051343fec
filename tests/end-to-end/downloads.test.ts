import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import type { FaultPlan } from "../../sandbox/bot-api/faults.ts";
import type { UploadOptions } from "../../sandbox/bot-api/incoming.ts";
import { feesFile, openStage } from "./stage.ts";

const caption = "/set_fees";

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
  test(`a document with ${name} is taken for what it holds`, async () => {
    const { airlock, anna } = await openStage();
    anna.upload(fileName, feesFile(1), { ...options, caption });
    await anna.waitForText("✅ fees.yml updated successfully!");
    expect((await airlock.live("fees")).toString()).toBe(feesFile(1));
    expect((await readdir(airlock.configDir)).toSorted()).toEqual(["fees.yml", "rates.yml"]);
    anna.upload(fileName, feesFile(2), options);
    const question = await anna.waitForText("Which config");
    expect(question.text).not.toMatch(/[\n\u202E]/);
    expect(question.text?.length).toBeLessThan(200);
  });
}

const tooLarge =
  "❌ fees.yml was not changed: 1 problem found.\nthe file is too large: at most 1 kB is accepted";
const env = { MAX_UPLOAD_BYTES: "1024", DOWNLOAD_SECONDS: "1" };

test("a document that is declared too large is refused before it is asked for", async () => {
  const { server, anna } = await openStage({ env });
  anna.upload("fees.yml", "x".repeat(1025), { caption });
  expect((await anna.waitForText("❌")).text).toBe(tooLarge);
  expect(
    server.requests.filter(({ method }) => method === "getFile" || method === "download"),
  ).toEqual([]);
});

test("a document of exactly the largest size is taken", async () => {
  const { anna } = await openStage({ env });
  const fees = feesFile(1);
  anna.upload("fees.yml", `${fees}#${"x".repeat(1024 - fees.length - 1)}`, { caption });
  await anna.waitForText("✅");
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
    const { server, airlock, anna } = await openStage({ env });
    if (fault !== undefined) server.fault({ ...fault, method: "download", times: 1 });
    anna.upload("fees.yml", feesFile(1), { ...options, caption });
    const ended = await anna.waitForText(/❌|💥/);
    expect(ended.text?.split("\nPlease")[0]).toBe(text);
    expect(await airlock.history("fees")).toHaveLength(1);
    anna.upload("fees.yml", feesFile(2), { caption });
    await anna.waitForText("✅");
  });
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never;

test("a file that Telegram has no more is told, and nothing is changed", async () => {
  const { server, anna } = await openStage();
  server.fault({
    method: "getFile",
    kind: "refuse",
    code: 400,
    description: "Bad Request: wrong file_id or the file is temporarily unavailable",
    times: 1,
  });
  anna.upload("fees.yml", feesFile(1), { caption });
  await anna.waitForText("💥 fees.yml was not changed: Telegram did not hand out the document.");
});
