import { expect, test } from "vitest";
import type { FaultPlan } from "../../../sandbox/bot-api/faults.ts";
import { refusalOf, startSandbox, type Sandbox } from "./sandbox.ts";

const megabyte = 1024 * 1024;

async function download({ api, anna, server }: Sandbox, bytes: Uint8Array): Promise<Response> {
  const message = anna.upload("fees.yml", bytes);
  const { file_path } = await api.getFile(message.document?.file_id ?? "");
  return fetch(`${server.root}/file/bot${server.token}/${file_path}`);
}

test("an upload comes down byte for byte", async () => {
  const bytes = Buffer.from([0, 255, 10, 13]);
  const response = await download(await startSandbox(), bytes);
  expect(response.headers.get("content-length")).toBe("4");
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
});

test("a download may yield other bytes than were declared", async () => {
  const { api, anna, server } = await startSandbox();
  const { document } = anna.upload("fees.yml", "short", {
    fileSize: 3,
    actualBytes: Buffer.from("much longer"),
  });
  const file = await api.getFile(document?.file_id ?? "");
  expect(file.file_size).toBe(3);
  const response = await fetch(`${server.root}/file/bot${server.token}/${file.file_path}`);
  expect(await response.text()).toBe("much longer");
});

test("a file over 20 MB is too big, already when it only says so", async () => {
  const { api, anna } = await startSandbox();
  for (const message of [
    anna.upload("big.yml", Buffer.alloc(20 * megabyte + 1)),
    anna.upload("liar.yml", "x", { fileSize: 20 * megabyte + 1 }),
  ]) {
    expect(await refusalOf(api.getFile(message.document?.file_id ?? ""))).toBe(
      "400 Bad Request: file is too big",
    );
  }
});

test("a file id that was never given out is refused", async () => {
  const { api } = await startSandbox();
  expect(await refusalOf(api.getFile("BQACmadeup"))).toBe(
    "400 Bad Request: wrong file_id or the file is temporarily unavailable",
  );
});

test("a path is good for one hour", async () => {
  const clock = { aheadMs: 0 };
  const { api, anna, server } = await startSandbox(clock);
  const { document } = anna.upload("fees.yml", "x");
  const { file_path } = await api.getFile(document?.file_id ?? "");
  const url = `${server.root}/file/bot${server.token}/${file_path}`;
  clock.aheadMs = 59 * 60 * 1000;
  expect((await fetch(url)).status).toBe(200);
  clock.aheadMs = 61 * 60 * 1000;
  expect((await fetch(url)).status).toBe(404);
});

for (const { name, fault } of [
  {
    name: "a cut below its declared length",
    fault: { kind: "cut", afterBytes: 3, declared: "whole" },
  },
  { name: "a reset", fault: { kind: "reset" } },
] as const satisfies readonly { name: string; fault: Partial<FaultPlan> }[]) {
  test(`${name} fails the download`, async () => {
    const sandbox = await startSandbox();
    sandbox.server.fault({ method: "download", ...fault });
    const read = async (): Promise<string> =>
      (await download(sandbox, Buffer.from("maker_percent: 0.08"))).text();
    await expect(read()).rejects.toThrow();
  });
}

for (const { name, fault, text } of [
  {
    name: "a cut that declares what it sends",
    fault: { kind: "cut", afterBytes: 3, declared: "sent" },
    text: "mak",
  },
  {
    name: "a cut that declares nothing",
    fault: { kind: "cut", afterBytes: 3, declared: "nothing" },
    text: "mak",
  },
  {
    name: "a page instead of the file",
    fault: { kind: "instead", contentType: "text/html", body: "<p>" },
    text: "<p>",
  },
] as const satisfies readonly { name: string; fault: Partial<FaultPlan>; text: string }[]) {
  test(`${name} looks like a success to fetch`, async () => {
    const sandbox = await startSandbox();
    sandbox.server.fault({ method: "download", ...fault });
    const response = await download(sandbox, Buffer.from("maker"));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(text);
  });
}

test("a stalled download sends a part and no more", async () => {
  const sandbox = await startSandbox();
  sandbox.server.fault({ method: "download", kind: "stall", afterBytes: 3 });
  const response = await download(sandbox, Buffer.from("maker"));
  const reader = response.body?.getReader();
  const first = await reader?.read();
  expect(Buffer.from(first?.value ?? []).toString()).toBe("mak");
  const next = reader?.read();
  await expect(Promise.race([next, Promise.resolve("nothing yet")])).resolves.toBe("nothing yet");
  await reader?.cancel();
});
